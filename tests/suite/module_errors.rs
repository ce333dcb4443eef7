//! Modules that do not load: each is refused with its place, by `check` as by `serve`.

use worky_tests::Project;

const FINE: &str = "export default { fetch: () => new Response() };\n";

/// Checks that `worky check` and `worky serve` both fail and that both say every part.
#[track_caller]
fn refused(project: Project, parts: &[&str]) {
    let checked = project.check();
    assert_ne!(checked.code, Some(0), "{}", checked.text());
    let served = project.serve_fails();
    assert_ne!(served.code, Some(0), "{}", served.text());
    for part in parts {
        checked.assert_says(part);
        served.assert_says(part);
    }
}

#[test]
fn a_syntax_error_has_a_place() {
    let project = Project::worker("export default {\n  fetch() { return new Response( }\n};\n");
    refused(project, &["src/index.ts:2:34"]);
}

#[test]
fn await_in_a_plain_function_stays_a_syntax_error() {
    let project =
        Project::worker("function load() {\n  return await fetch('http://x/');\n}\nexport default { fetch: load };\n");
    refused(project, &["src/index.ts:2:", "await"]);
}

#[test]
fn a_missing_module_names_the_import() {
    let project = Project::worker(&format!("import {{ x }} from \"./nowhere.ts\";\nx();\n{FINE}"));
    refused(project, &["src/index.ts:1:19", "./nowhere.ts"]);
}

#[test]
fn a_bare_name_needs_an_import_map() {
    let project = Project::worker(&format!("import x from \"left-pad\";\nx();\n{FINE}"));
    refused(project, &["src/index.ts:1:15", "left-pad"]);
}

#[test]
fn a_missing_export_names_both_modules() {
    let project = Project::worker(&format!("import {{ gone }} from \"./other.ts\";\ngone();\n{FINE}"))
        .file("src/other.ts", "export const here = 1;\n");
    refused(project, &["gone", "other.ts"]);
}

#[test]
fn a_path_out_of_the_directory_is_refused() {
    let project = Project::worker(&format!("import x from \"../../outside.ts\";\nx();\n{FINE}"));
    refused(project, &["src/index.ts:1:15", "../../outside.ts"]);
}

#[test]
fn a_url_is_refused() {
    for url in
        ["https://example.com/x.ts", "file:///etc/passwd", "data:text/javascript,0", "node:fs", "ext:core/mod.js"]
    {
        let project = Project::worker(&format!("import x from \"{url}\";\nx();\n{FINE}"));
        refused(project, &["src/index.ts:1:15", url]);
    }
}

#[test]
fn a_symlink_out_of_the_directory_is_refused() {
    let outside = Project::empty().file("secret.ts", "export default 'must not be read';\n");
    for (link, target) in [("src/link.ts", "secret.ts"), ("linked", "")] {
        let import = if target.is_empty() { "../linked/secret.ts" } else { "./link.ts" };
        let project = Project::worker(&format!("import x from \"{import}\";\nx();\n{FINE}"));
        std::os::unix::fs::symlink(outside.path().join(target), project.path().join(link)).expect("a link");
        let checked = project.check();
        assert_ne!(checked.code, Some(0), "{}", checked.text());
        checked.assert_says("src/index.ts:1:15").assert_says("link").assert_silent_on("must not be read");
    }
}

#[test]
fn a_symlink_within_the_directory_is_followed() {
    let project = Project::worker(&format!("import x from \"./link.ts\";\nx;\n{FINE}"))
        .file("src/target.ts", "export default 1;\n");
    std::os::unix::fs::symlink("target.ts", project.path().join("src/link.ts")).expect("a link");
    project.check().assert_code(0);
}

#[test]
fn a_main_that_is_a_symlink_out_is_refused() {
    let outside = Project::empty().file("index.ts", FINE);
    let project = Project::empty().config("").file("src/keep", "");
    std::os::unix::fs::symlink(outside.path().join("index.ts"), project.path().join("src/index.ts")).expect("a link");
    let checked = project.check();
    assert_ne!(checked.code, Some(0), "{}", checked.text());
    checked.assert_says("src/index.ts");
}

#[test]
fn bad_json_has_a_place() {
    let project = Project::worker(&format!("import data from \"./data.json\";\ndata;\n{FINE}"))
        .file("src/data.json", "{\n  \"a\": 1,\n}\n");
    refused(project, &["src/data.json:3:1"]);
}

#[test]
fn bad_wasm_names_the_file() {
    let project = Project::worker(&format!("import module from \"./bad.wasm\";\nmodule;\n{FINE}"))
        .file("src/bad.wasm", b"\0asm\x01\0\0\0\xff\xff");
    refused(project, &["bad.wasm"]);
}

#[test]
fn an_unknown_kind_of_file_is_refused() {
    let project = Project::worker(&format!("import x from \"./style.css\";\nx;\n{FINE}")).file("src/style.css", "a {}");
    refused(project, &["src/index.ts:1:15", "style.css"]);
}

#[test]
fn every_problem_is_reported_at_once() {
    let project = Project::worker(&format!("import \"./a.ts\";\nimport \"./b.ts\";\nimport \"./gone.ts\";\n{FINE}"))
        .file("src/a.ts", "let x = ;\n")
        .file("src/b.ts", "const y;\n");
    refused(project, &["src/a.ts:1:9", "src/b.ts:1:", "src/index.ts:3:8"]);
}

#[test]
fn a_top_level_that_throws_is_a_load_error_with_its_place() {
    let project = Project::worker(&format!(
        "interface Padding {{\n  moves: \"lines\";\n}}\nthrow new RangeError(\"at the top\");\n{FINE}"
    ));
    refused(project, &["RangeError", "at the top", "src/index.ts:4:7"]);
}

#[test]
fn a_package_has_its_place_from_wherever_the_program_is_started() {
    let deep = "a/b/c/d/e/f/g/h";
    let project = Project::empty()
        .file(&format!("{deep}/worky.toml"), "name = \"worker\"\nmain = \"index.js\"\n")
        .file(&format!("{deep}/index.js"), "import 'p';\nexport default { fetch: () => new Response() };")
        .file(&format!("{deep}/node_modules/p/index.js"), "let a = 1;\nlet a = ;");
    let checked = project.run(&["check", deep]);
    checked.assert_code(1).assert_says(&format!("{deep}/node_modules/p/index.js:2:9"));
}
