//! `worky dev` serves what is saved.

use std::time::Duration;

use worky_tests::client::full;
use worky_tests::{Answer, Project, Worky};

const FIRST: &str = "import { text } from './text.ts';\nexport default { fetch: () => new Response(text) };\n";

/// At once, as an editor does it: of a file that is written where it is, the first half may be seen alone.
fn save(worky: &Worky, path: &str, contents: &str) {
    let path = worky.project().path().join(path);
    let other = path.with_extension("saving");
    std::fs::write(&other, contents).expect("the file is written");
    std::fs::rename(other, path).expect("the file is renamed");
}

/// Asks until the answer is as wanted: a save is seen a moment later.
async fn until(worky: &Worky, wanted: impl Fn(&Answer) -> bool) -> Answer {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    loop {
        let answer = worky.get("/").await;
        if wanted(&answer) {
            return answer;
        }
        assert!(tokio::time::Instant::now() < deadline, "still {} {}", answer.status, answer.text());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn until_text(worky: &Worky, text: &str) {
    until(worky, |answer| answer.text() == text).await;
}

async fn in_browser(worky: &Worky) -> Answer {
    let request = worky.request("GET", "/").header("accept", "text/html,*/*").body(full("")).expect("a valid request");
    worky.send(request).await
}

#[tokio::test]
async fn what_is_saved_is_served() {
    let worky = Project::worker(FIRST).file("src/text.ts", "export const text = 'one';").dev();
    assert_eq!(worky.get("/").await.ok().text(), "one");
    save(&worky, "src/text.ts", "export const text: string = 'two';");
    until_text(&worky, "two").await;
    // Where it is.
    let path = worky.project().path().join("src/text.ts");
    std::fs::write(path, "export const text = 'three';").expect("written");
    until_text(&worky, "three").await;
    save(&worky, "src/index.ts", "export default { fetch: () => new Response('without it') };");
    until_text(&worky, "without it").await;
    worky.output().line("reloaded").await;
}

#[tokio::test]
async fn a_broken_save_is_told_and_what_was_there_is_served() {
    let worky = Project::worker(FIRST).file("src/text.ts", "export const text = 'good';").dev();
    save(&worky, "src/text.ts", "export const text = ;");
    worky.output().line("src/text.ts:1:21").await;
    worky.output().line("this cannot be served").await;
    assert_eq!(worky.get("/").await.ok().text(), "good");
    let page = in_browser(&worky).await;
    assert_eq!((page.status.as_u16(), page.header("worky-error")), (500, "build_failed"));
    for part in ["src/text.ts:1:21", "export const text = ;", "refresh"] {
        assert!(page.text().contains(part), "{part}: {}", page.text());
    }
    save(&worky, "src/text.ts", "throw new Error('at the start');\nexport const text = '';");
    worky.output().line("at the start").await;
    assert_eq!(worky.get("/").await.ok().text(), "good");
    save(&worky, "src/text.ts", "export const text = 'mended';");
    until_text(&worky, "mended").await;
    assert_eq!(in_browser(&worky).await.ok().text(), "mended");
}

#[tokio::test]
async fn a_worker_that_is_broken_from_the_start_is_waited_for() {
    let worky = Project::worker(FIRST).dev();
    worky.output().line("cannot find module \"./text.ts\"").await;
    let refused = worky.get("/").await;
    refused.assert_error(500, "build_failed");
    assert!(refused.text().contains("./text.ts"), "{}", refused.text());
    save(&worky, "src/text.ts", "export const text = 'there';");
    until_text(&worky, "there").await;
}

#[tokio::test]
async fn a_file_that_was_missing_is_noticed() {
    let worky = Project::worker(FIRST).file("src/text.ts", "export const text = 'one';").dev();
    save(&worky, "src/text.ts", "export { text } from './deep/other';");
    worky.output().line("cannot find module").await;
    std::fs::create_dir(worky.project().path().join("src/deep")).expect("a directory");
    save(&worky, "src/deep/other.ts", "export const text = 'found';");
    until_text(&worky, "found").await;
}

#[tokio::test]
async fn a_file_that_a_computed_import_could_mean_is_noticed() {
    let source = "export default { async fetch(request) {\n\
        const name = new URL(request.url).searchParams.get('page') ?? 'new';\n\
        try { return new Response((await import(`./pages/${name}.ts`)).text); }\n\
        catch { return new Response('none'); } } };";
    let worky = Project::worker(source).file("src/pages/old.ts", "export const text = 'old';").dev();
    assert_eq!(worky.get("/?page=old").await.ok().text(), "old");
    assert_eq!(worky.get("/").await.ok().text(), "none");
    save(&worky, "src/pages/new.ts", "export const text = 'new';");
    until_text(&worky, "new").await;
}

#[tokio::test]
async fn settings_are_read_again() {
    let source = "export default { fetch: (request, env) => new Response(`${env.A} ${env.B}`) };";
    let config = "secrets = [\"B\"]\n[vars]\nA = \"1\"\n";
    let worky = Project::worker_with(source, config).file(".dev.vars", "B=x\n").dev();
    assert_eq!(worky.get("/").await.ok().text(), "1 x");
    save(&worky, ".dev.vars", "B=y\n");
    until_text(&worky, "1 y").await;
    let settings = worky.project().read("worky.toml");
    save(&worky, "worky.toml", &settings.replace("A = \"1\"", "A = 1 2"));
    worky.output().line("worky.toml:").await;
    assert_eq!(worky.get("/").await.ok().text(), "1 y");
    save(&worky, "worky.toml", &settings.replace("A = \"1\"", "A = \"2\""));
    until_text(&worky, "2 y").await;
}

#[tokio::test]
async fn data_and_what_has_begun_survive() {
    let source = |text: &str| {
        format!(
            "export default {{ async fetch(request, env) {{\n\
             if (request.method === 'POST') {{ await env.KV.put('key', await request.text()); return new Response('put'); }}\n\
             return new Response('{text} ' + await env.KV.get('key')); }} }};"
        )
    };
    let worky = Project::worker_with(&source("one"), "[[kv_namespaces]]\nbinding = \"KV\"\nid = \"kv\"\n").dev();
    let (mut sender, body) = worky_tests::client::channel();
    let begun = worky.request("POST", "/").body(body).expect("a valid request");
    sender.send_data("kept ".into()).await.expect("it is read");
    let begun = async { worky.open(begun).await.collect().await };
    let (begun, ()) = tokio::join!(begun, async {
        // The request has arrived once the head of another one behind it is answered.
        worky.get("/").await.ok();
        save(&worky, "src/index.ts", &source("two"));
        until(&worky, |answer| answer.text().starts_with("two")).await;
        sender.send_data("value".into()).await.expect("it is read");
        drop(sender);
    });
    assert_eq!(begun.ok().text(), "put");
    until_text(&worky, "two kept value").await;
}

#[tokio::test]
async fn a_storm_of_saves_is_one_reload() {
    let mut project = Project::worker("import './text.ts';\nexport default { fetch: () => new Response('start') };");
    for number in 0..50 {
        project = project.file(&format!("src/{number}.ts"), "export const version = 0;");
    }
    let imports: String =
        (0..50).map(|number| format!("import {{ version as v{number} }} from './{number}.ts';\n")).collect();
    let sum: Vec<String> = (0..50).map(|number| format!("v{number}")).collect();
    let main = format!("{imports}export default {{ fetch: () => new Response(String({})) }};", sum.join(" + "));
    let worky = project.file("src/text.ts", "").dev();
    save(&worky, "src/index.ts", &main);
    until_text(&worky, "0").await;
    let reloads = || worky.output().lines().iter().filter(|line| line.contains("reloaded")).count();
    let before = reloads();
    for number in 0..50 {
        save(&worky, &format!("src/{number}.ts"), "export const version = 1;");
    }
    until_text(&worky, "50").await;
    assert!(reloads() - before <= 2, "{} reloads", reloads() - before);
}

#[tokio::test]
async fn files_that_nothing_uses_change_nothing() {
    let worky = Project::worker(FIRST).file("src/text.ts", "export const text = 'one';").dev();
    save(&worky, "src/unused.ts", "syntax error");
    save(&worky, "README.md", "new");
    save(&worky, "src/text.ts", "export const text = 'two';");
    until_text(&worky, "two").await;
    worky.output().line("reloaded").await;
    let reloads = worky.output().lines().iter().filter(|line| line.contains("reloaded")).count();
    assert_eq!(reloads, 1);
}
