//! How an instance starts: in an isolate that was made in advance, from code that was compiled before; and that nothing
//! of it is left when it has ended.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::Digest;
use worky_tests::{Project, Worky, within};

use crate::placement::{ask, metric, reaches};
use crate::services::project;

const TAKEN: &str = "worky_blank_isolates_total{outcome=\"taken\"}";
const MISSING: &str = "worky_blank_isolates_total{outcome=\"missing\"}";

/// Two workers of which one is resident at a time.
fn two(source: &str, own: &str, rest: &str) -> Worky {
    let config = |name: &str| format!("routes = [\"{name}.test/*\"]\n{own}\n");
    let server = format!("[server]\nadmin_listen = \"127.0.0.1:0\"\nmax_isolates = 1\n{rest}\n");
    project(&[("a", source, &config("a")), ("b", source, &config("b"))], &server).start(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
    ])
}

#[tokio::test]
async fn a_worker_moves_into_an_isolate_made_in_advance() {
    let worky = two("export default { fetch: () => new Response('hello') }", "", "blank_isolates = 1");
    within("an isolate made in advance", async {
        while metric(&worky, TAKEN).await == 0 {
            for worker in ["a", "b"] {
                assert_eq!(ask(&worky, worker, "").await.ok().text(), "hello");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn none_are_made_in_advance_where_none_are_wanted() {
    let worky = two("export default { fetch: () => new Response('hello') }", "", "blank_isolates = 0");
    let before = metric(&worky, MISSING).await;
    for worker in ["a", "b", "a", "b"] {
        ask(&worky, worker, "").await.ok();
    }
    reaches(&worky, MISSING, before + 2).await;
    assert_eq!(metric(&worky, TAKEN).await, 0);
}

#[tokio::test]
async fn an_isolate_made_in_advance_has_its_workers_limits_and_time() {
    // Each has a heap of its own size, and knows nothing of the time before it.
    let source = r#"
        const origin = performance.timeOrigin;
        export default { fetch: () => Response.json({ origin, now: performance.now(), date: Date.now() }) };
    "#;
    let worky = two(source, "[limits]\nmemory_mb = 32\n", "");
    for _ in 0..5 {
        for worker in ["a", "b"] {
            let asked = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs_f64() * 1_000.0;
            let cold = metric(&worky, &format!("worky_cold_starts_total{{worker=\"{worker}\"}}")).await;
            let told = ask(&worky, worker, "").await.ok().json();
            let told = |key: &str| told[key].as_f64().expect("a number");
            assert!((told("origin") + told("now") - told("date")).abs() < 1_000.0);
            if metric(&worky, &format!("worky_cold_starts_total{{worker=\"{worker}\"}}")).await > cold {
                assert!(told("origin") >= asked - 1.0, "{} is before {asked}", told("origin"));
            }
        }
    }
    let grows = "const kept = []; for (let i = 0; i < 1e6; i++) kept.push(new Array(100).fill(i)); export default {}";
    let finished = Project::worker_with(grows, "[limits]\nmemory_mb = 32\n").serve_fails();
    finished.assert_says("memory_mb");
}

#[tokio::test]
async fn nothing_is_left_of_instances_that_ended() {
    let worky = two("export default { fetch: () => new Response('hello') }", "", "");
    let rounds = async |rounds: u64| {
        for _ in 0..rounds {
            for worker in ["a", "b"] {
                ask(&worky, worker, "").await.ok();
            }
        }
    };
    // Until the allocators have what they need.
    rounds(30).await;
    let before = worky.resident_bytes();
    rounds(50).await;
    let (after, started) = (worky.resident_bytes(), metric(&worky, "worky_instance_starts_total{worker=\"a\"}").await);
    assert!(started > 30, "a was started {started} times only");
    // A hundred isolates that were kept would take 250 MiB.
    assert!(after < before + (32 << 20), "{before} bytes before, {after} after");
}

/// Long enough to be worth keeping.
fn long() -> String {
    let functions: String = (0..100)
        .map(|f| {
            format!("function f{f}(x) {{ const o = {{ x, y: [x, {f}] }}; return o.y.map((y) => y + {f}).length; }}\n")
        })
        .collect();
    format!("{functions}export default {{ fetch: () => new Response(String(f7(1) + f70(2))) }}")
}

fn serve(source: &str, config: &str) -> Worky {
    Project::worker_with(source, &format!("[server]\nadmin_listen = \"127.0.0.1:0\"\n{config}\n")).serve()
}

fn kept(project: &Project) -> Vec<PathBuf> {
    let dir = project.path().join("worky-data/code-cache");
    let files = fs::read_dir(dir).into_iter().flatten().map(|entry| entry.expect("read").path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "v8code")).collect()
}

async fn kept_once(project: &Project) -> PathBuf {
    within("compiled code is kept", async {
        while kept(project).is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    let [file] = kept(project).try_into().expect("one file");
    file
}

fn outcome(outcome: &str) -> String {
    format!("worky_code_cache_total{{outcome=\"{outcome}\"}}")
}

#[tokio::test]
async fn compiled_code_is_kept_and_used_by_the_next_process() {
    let worky = serve(&long(), "");
    assert_eq!(metric(&worky, &outcome("missing")).await, 1);
    assert_eq!(worky.get("/").await.ok().text(), "4");
    let file = kept_once(worky.project()).await;
    let dir = file.parent().expect("it is in one");
    assert_eq!(fs::metadata(dir).expect("there").permissions().mode() & 0o777, 0o700);

    let worky = worky.kill().serve();
    assert_eq!(metric(&worky, &outcome("read")).await, 1);
    assert_eq!(worky.get("/").await.ok().text(), "4");
    assert_eq!(metric(&worky, &outcome("rejected")).await, 0);
    assert_eq!(kept(worky.project()), [file]);

    // Another text has code of its own.
    let project = worky.kill();
    let main = project.path().join("src/index.ts");
    fs::write(&main, long().replace("f70(2)", "'!'")).expect("written");
    let worky = project.serve();
    assert_eq!(metric(&worky, &outcome("missing")).await, 1);
    assert_eq!(worky.get("/").await.ok().text(), "2!");
}

#[tokio::test]
async fn damaged_code_is_replaced() {
    let worky = serve(&long(), "");
    worky.get("/").await.ok();
    let file = kept_once(worky.project()).await;
    let project = worky.kill();
    let good = fs::read(&file).expect("there");
    let mut damaged = good.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    fs::write(&file, &damaged).expect("written");

    let worky = project.serve();
    worky.output().line("compiled code is damaged").await;
    assert_eq!(metric(&worky, &outcome("missing")).await, 1);
    assert_eq!(worky.get("/").await.ok().text(), "4");
    within("a good file", async {
        while fs::read(&file).expect("there") == damaged {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    let worky = worky.kill().serve();
    assert_eq!(metric(&worky, &outcome("read")).await, 1);
}

#[tokio::test]
async fn code_that_v8_does_not_take_is_not_needed() {
    let worky = serve(&long(), "");
    worky.get("/").await.ok();
    let file = kept_once(worky.project()).await;
    let project = worky.kill();
    // What it begins with is its digest; V8's own mark of its version follows the place and the length of a module.
    let mut foreign = fs::read(&file).expect("there");
    foreign[16 + 32 + 8 + 4] ^= 0xff;
    let digest = sha2::Sha256::digest(&foreign[16 + 32..]);
    foreign[16..16 + 32].copy_from_slice(&digest);
    fs::write(&file, &foreign).expect("written");

    let worky = project.serve();
    assert_eq!(worky.get("/").await.ok().text(), "4");
    assert_eq!(metric(&worky, &outcome("rejected")).await, 1);
    within("code that V8 takes", async {
        while fs::read(&file).expect("there") == foreign {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn short_code_is_not_kept_and_no_code_where_none_is_wanted() {
    let worky = serve("export default { fetch: () => new Response('hello') }", "");
    worky.get("/").await.ok();
    let off = serve(&long(), "[storage]\ncode_cache_mb = 0\n");
    off.get("/").await.ok();
    for worky in [worky, off] {
        assert_eq!(metric(&worky, &outcome("missing")).await, 0);
        assert!(!worky.kill().path().join("worky-data/code-cache").exists());
    }
}
