//! Sources that nest deeper than any parser's stack: an error with a name, and the program lives.

use std::time::Duration;

use worky_tests::Project;

const LEVELS: usize = 100_000;
const TOLD: &str = "the code nests more than 2500 levels deep";

/// The end of a file's name, and what nests in it.
fn sources() -> Vec<(&'static str, String)> {
    let times = |part: &str| part.repeat(LEVELS);
    let of = |expression: String| format!("export default {{ fetch: () => new Response({expression}) }};\n");
    vec![
        ("js", of(format!("{}{}", times("["), times("]")))),
        ("js", of(format!("{}1{}", times("("), times(")")))),
        // One that does not end: what was read is dropped again.
        ("js", of(times("["))),
        ("js", of(format!("{}1{}", times("{ a: "), times("}")))),
        ("js", of(format!("1{}", times(" + 1")))),
        ("js", of(format!("{}1{}", times("`${"), times("}`")))),
        ("js", of(format!("{}1", times("a => ")))),
        ("js", of(format!("{}1{}", times("function () { return "), times("}")))),
        ("js", format!("{}{}\nexport default {{ fetch() {{}} }};\n", times("{"), times("}"))),
        ("ts", format!("type A = {}1{};\nexport default {{ fetch() {{}} }};\n", times("Array<"), times(">"))),
        ("tsx", of(format!("{}{}", times("<a>"), times("</a>")))),
    ]
}

#[test]
fn a_workers_own_file_is_refused() {
    for (ending, source) in sources() {
        let main = format!("src/main.{ending}");
        let project = Project::empty().file(&main, &source);
        let shown = source[..60].to_owned();
        let told = project.run(&["check", &main]);
        assert!(told.text().contains(TOLD), "{shown}: {}", told.text());
        told.assert_code(1).assert_says(&format!("main.{ending}:1"));
    }
}

#[test]
fn a_packages_file_is_refused() {
    for (ending, source) in sources() {
        let entry = format!("index.{ending}");
        let package = format!(r#"{{"name": "deep", "version": "1.0.0", "type": "module", "exports": "./{entry}"}}"#);
        let project = Project::worker("import deep from 'deep';\nexport default deep;\n")
            .file("package.json", "{}")
            .file("node_modules/deep/package.json", package)
            .file(&format!("node_modules/deep/{entry}"), &source);
        let told = project.run(&["build"]);
        assert!(told.text().contains(TOLD), "{}: {}", &source[..60], told.text());
        told.assert_code(1).assert_says(&format!("node_modules/deep/{entry}")).assert_says("no bundle was written");
    }
}

/// What is deep, and has too few tokens to be tried, gets through every pass of the bundler, whose threads are not ours.
#[test]
fn a_package_may_nest_as_deep_as_it_may() {
    let deep = |part: &str, middle: &str, end: &str| format!("{}{middle}{}", part.repeat(2_300), end.repeat(2_300));
    for value in
        [deep("[", "", "]"), deep("{ a: ", "1", "}"), deep("(", "1", ")"), deep("!", "1", ""), deep("f(", "", ")")]
    {
        let project =
            Project::worker("import deep from 'deep';\nexport default { fetch: () => new Response(typeof deep) };\n")
                .file("package.json", "{}")
                .file("node_modules/deep/package.json", r#"{"name": "deep", "version": "1.0.0", "type": "module"}"#)
                .file("node_modules/deep/index.js", format!("const f = (x) => x;\nexport default {value};\n"));
        project.run(&["build", "--minify"]).assert_code(0);
    }
}

/// A file with as many tokens that does not nest is nothing special.
#[tokio::test]
async fn large_files_are_served() {
    let lines: String = (0..20_000).map(|n| format!("export const n{n} = [{n}, 'x', {{ a: 1 }}];\n")).collect();
    let worky = Project::worker("import { n19999 } from './large.ts';\nimport sum from 'large';\nexport default { fetch: () => Response.json([n19999[0], sum]) };\n")
        .file("src/large.ts", &lines)
        .file("package.json", "{}")
        .file("node_modules/large/package.json", r#"{"name": "large", "version": "1.0.0", "main": "index.js"}"#)
        .file("node_modules/large/index.js", format!("module.exports = [\n{}].length;\n", "1,\n".repeat(20_000)))
        .serve();
    assert_eq!(worky.get("/").await.ok().text(), "[19999,20000]");
}

#[tokio::test]
async fn a_save_that_nests_too_deep_is_told_and_the_program_lives() {
    let worky = Project::worker("export default { fetch: () => new Response('one') };").dev();
    let main = worky.project().path().join("src/index.ts");
    std::fs::write(&main, &sources()[0].1).expect("written");
    worky.output().line(TOLD).await;
    assert_eq!(worky.get("/").await.ok().text(), "one");
    worky.output().line("this cannot be served").await;
    std::fs::write(&main, "export default { fetch: () => new Response('two') };").expect("written");
    let mut tries = 0;
    while worky.get("/").await.ok().text() != "two" {
        tries += 1;
        assert!(tries < 1_000, "it is not served");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
