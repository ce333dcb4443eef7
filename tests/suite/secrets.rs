//! Secrets: where they come from, and that their values go nowhere else.

use serde_json::json;
use worky_tests::Project;

const VALUE: &str = "hunter2-and-some-more";

const SOURCE: &str = r#"
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/log") {
      console.log("the key is " + env.API_KEY + " as a whole");
      console.error({ nested: [env.API_KEY] });
      return new Response("logged");
    }
    if (pathname === "/throw") throw new Error("failed with " + env.API_KEY);
    if (pathname === "/rejected") Promise.reject(new Error("rejected with " + env.API_KEY));
    if (pathname === "/length") return Response.json([env.API_KEY.length, env.API_KEY === "hunter2-and-some-more"]);
    return new Response("fine");
  },
};
"#;

fn project() -> Project {
    Project::worker_with(SOURCE, "secrets = [\"API_KEY\"]\n")
}

#[tokio::test]
async fn a_secret_reaches_the_guest() {
    let worky = project().env("WORKY_SECRET_API_KEY", VALUE).serve();
    assert_eq!(worky.get("/length").await.ok().json(), json!([21, true]));
}

#[tokio::test]
async fn dev_reads_dev_vars() {
    let text = format!("# a comment\n\nAPI_KEY=\"{VALUE}\"\nUNDECLARED=x\n");
    let worky = project().file(".dev.vars", text).dev();
    assert_eq!(worky.get("/length").await.ok().json(), json!([21, true]));
}

#[test]
fn serve_does_not_read_dev_vars() {
    project()
        .file(".dev.vars", format!("API_KEY={VALUE}\n"))
        .serve_fails()
        .assert_says("API_KEY")
        .assert_silent_on(VALUE);
}

#[tokio::test]
async fn a_credentials_directory_holds_a_file_for_each_secret() {
    let project = project().file("credentials/API_KEY", format!("{VALUE}\n"));
    let dir = project.path().join("credentials").to_str().expect("a UTF-8 path").to_owned();
    let worky = project.env("WORKY_CREDENTIALS_DIR", dir.clone()).serve();
    assert_eq!(worky.get("/length").await.ok().json(), json!([21, true]));

    let project =
        Project::worker_with(SOURCE, "secrets = [\"API_KEY\"]\n[server]\ncredentials_dir = \"credentials\"\n")
            .file("credentials/API_KEY", VALUE);
    let worky = project.serve();
    assert_eq!(worky.get("/length").await.ok().json(), json!([21, true]));
}

#[test]
fn a_missing_secret_is_a_start_error() {
    for finished in [project().serve_fails(), project().run(&["dev", "--port", "0"])] {
        assert!(matches!(finished.code, Some(1 | 2)), "{}", finished.text());
        finished.assert_says("API_KEY").assert_says("WORKY_SECRET_API_KEY").assert_silent_on("listening");
    }
}

#[tokio::test]
async fn a_value_never_reaches_the_log() {
    let worky = project().env("WORKY_SECRET_API_KEY", VALUE).env("WORKY_LOG_LEVEL", "debug").serve();
    worky.get("/log").await.ok();
    let record = worky.output().find_record("the key", |record| record.message().starts_with("the key is ")).await;
    assert!(record.message().ends_with(" as a whole"), "{record:?}");
    worky.get("/throw").await.assert_error(500, "worker_exception");
    worky.output().line("failed with").await;
    worky.get("/rejected").await.ok();
    worky.output().line("rejected with").await;
    assert!(!worky.output().has(VALUE), "{}", worky.output().text());
}

#[tokio::test]
async fn a_value_never_reaches_an_answer_of_worky() {
    for worky in [
        project().env("WORKY_SECRET_API_KEY", VALUE).serve(),
        project().file(".dev.vars", format!("API_KEY={VALUE}\n")).dev(),
    ] {
        let answer = worky.get("/throw").await;
        assert_eq!(answer.status, 500);
        assert!(!answer.text().contains(VALUE), "{}", answer.text());
    }
}

#[test]
fn check_does_not_print_values() {
    let source = "import { env } from 'worky:workers';\nthrow new Error('top level has ' + env.API_KEY);";
    for project in [project(), Project::worker_with(source, "secrets = [\"API_KEY\"]\n")] {
        let project = project.env("WORKY_SECRET_API_KEY", VALUE).file(".dev.vars", format!("API_KEY={VALUE}\n"));
        project.check().assert_silent_on(VALUE);
    }
}

#[test]
fn a_load_error_does_not_print_values() {
    let source = "import { env } from 'worky:workers';\nthrow new Error('top level has ' + env.API_KEY);";
    let project = Project::worker_with(source, "secrets = [\"API_KEY\"]\n").env("WORKY_SECRET_API_KEY", VALUE);
    project.serve_fails().assert_says("top level has").assert_silent_on(VALUE);
}
