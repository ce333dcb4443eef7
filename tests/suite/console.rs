//! `console`: every method becomes a structured record with its worker, its request and its level.

use std::sync::OnceLock;

use worky_tests::{Project, Worky};

const SOURCE: &str = r#"
const acts = {
  levels() {
    console.debug("at debug");
    console.log("at log");
    console.info("at info");
    console.warn("at warn");
    console.error("at error");
    console.trace("at trace");
  },
  formats() {
    console.log("%s is %d years and %i, %f, %o %O %j %% %c!", "Ann", 42.5, 7.9, 1.5, [1], { a: 1 }, 2, "color: red", "rest");
  },
  values() {
    console.log("values", { nested: { deep: [1, "two", null] } }, new Map([["k", 1]]), new Set([1]), Symbol("s"), 10n, undefined);
    console.log(new Error("an error value"));
    const circular = { name: "circle" };
    circular.self = circular;
    console.log(circular);
  },
  table() {
    console.table([{ fruit: "apple", n: 1 }, { fruit: "pear", n: 2 }]);
  },
  groups() {
    console.group("outer");
    console.log("indented");
    console.groupEnd();
    console.log("flush left");
  },
  counts() {
    console.count("visits");
    console.count("visits");
    console.countReset("visits");
    console.count("visits");
  },
  timers() {
    console.time("job");
    console.timeLog("job", "halfway");
    console.timeEnd("job");
  },
  asserts() {
    console.assert(true, "never said");
    console.assert(1 > 2, "said because false");
  },
  dir() {
    console.dir({ directory: 1 });
  },
  newlines() {
    console.log('first line\nsecond {"level":"error","message":"forged"}\r\n{"level":"error","message":"forged"}');
  },
  long() {
    console.log("L".repeat(100_000));
  },
  many() {
    for (let i = 0; i < 50; i += 1) console.log(`many ${i}`);
  },
};
console.log("at the top level");
export default {
  fetch(request) {
    acts[new URL(request.url).pathname.slice(1)]();
    return new Response("done");
  },
};
"#;

const CONFIG: &str = "[log]\nlevel = \"debug\"\n[limits]\nlog_lines = 20\nlog_line_bytes = 1000\n";

fn worky() -> &'static Worky {
    static WORKY: OnceLock<Worky> = OnceLock::new();
    WORKY.get_or_init(|| Project::worker_with(SOURCE, CONFIG).serve())
}

async fn act(name: &str) -> String {
    worky().get(&format!("/{name}")).await.ok().header("x-request-id").to_owned()
}

#[tokio::test]
async fn levels_follow_the_method() {
    let request_id = act("levels").await;
    for (message, level) in
        [("at debug", "debug"), ("at log", "info"), ("at info", "info"), ("at warn", "warn"), ("at error", "error")]
    {
        let record = worky().output().record(message).await;
        assert_eq!(record.level(), level, "{message}");
        assert_eq!(record.worker(), "worker");
        assert_eq!(record.request_id(), request_id);
    }
    let trace = worky().output().find_record("at trace", |record| record.message().contains("at trace")).await;
    assert!(trace.message().contains("src/index.ts:"), "{trace:?}");
}

#[tokio::test]
async fn formats_are_filled_in() {
    act("formats").await;
    let record = worky().output().find_record("Ann", |record| record.message().starts_with("Ann is ")).await;
    let message = record.message();
    for part in ["42 years and 7, 1.5", "{ a: 1 }", " % ", "! rest"] {
        assert!(message.contains(part), "{part:?} in {message:?}");
    }
    assert!(!message.contains("color"), "{message:?}");
}

#[tokio::test]
async fn values_are_inspected() {
    act("values").await;
    let record = worky().output().find_record("values", |record| record.message().starts_with("values ")).await;
    for part in ["deep: [", "\"two\"", "\"k\" => 1", "Symbol(s)", "10n", "undefined"] {
        assert!(record.message().contains(part), "{part:?} in {record:?}");
    }
    let error = worky().output().find_record("an error", |record| record.message().contains("an error value")).await;
    assert!(error.message().contains("src/index.ts:"), "its stack is source-mapped: {error:?}");
    let circle = worky().output().find_record("circle", |record| record.message().contains("\"circle\"")).await;
    assert!(circle.message().contains("Circular"), "{circle:?}");
}

#[tokio::test]
async fn tables_groups_counts_and_timers() {
    for name in ["table", "groups", "counts", "timers", "asserts", "dir"] {
        act(name).await;
    }
    let output = worky().output();
    let table = output.find_record("table", |record| record.message().contains("apple")).await;
    assert!(table.message().contains("pear") && table.message().contains("fruit"), "{table:?}");
    output.find_record("indented", |record| record.message() == "  indented").await;
    output.record("flush left").await;
    output.record("visits: 2").await;
    output
        .find_record("job", |record| record.message().starts_with("job: ") && record.message().contains("halfway"))
        .await;
    let assertion = output.find_record("assert", |record| record.message().contains("said because false")).await;
    assert_eq!(assertion.level(), "error");
    output.find_record("dir", |record| record.message().contains("directory: 1")).await;
    assert!(!output.has("never said"));
}

#[tokio::test]
async fn the_top_level_logs_without_a_request() {
    let record = worky().output().record("at the top level").await;
    assert_eq!((record.worker(), record.request_id()), ("worker", ""));
}

#[tokio::test]
async fn a_guest_cannot_forge_a_record() {
    act("newlines").await;
    let record = worky().output().find_record("first line", |record| record.message().starts_with("first line")).await;
    assert_eq!(record.level(), "info");
    assert!(worky().output().records().iter().all(|record| record.message() != "forged"));
}

#[tokio::test]
async fn a_long_line_is_cut() {
    act("long").await;
    let record = worky().output().find_record("L…", |record| record.message().starts_with("LLLL")).await;
    let message = record.message();
    assert!((900..1200).contains(&message.len()), "{} bytes", message.len());
}

#[tokio::test]
async fn lines_of_one_request_are_counted() {
    let request_id = act("many").await;
    act("many").await;
    let output = worky().output();
    let about = output
        .find_record("the limit is named", |record| {
            record.request_id() == request_id && record.message().contains("log_lines")
        })
        .await;
    assert_eq!(about.level(), "warn");
    let kept = output
        .records()
        .iter()
        .filter(|record| record.request_id() == request_id && record.message().starts_with("many "))
        .count();
    assert_eq!(kept, 20);
}

#[tokio::test]
async fn the_log_level_leaves_records_out() {
    let source = "export default { fetch() { console.log('quiet'); console.warn('loud'); return new Response(); } };";
    let worky = Project::worker_with(source, "[log]\nlevel = \"warn\"\n").serve();
    worky.get("/").await.ok();
    worky.output().record("loud").await;
    assert!(!worky.output().has("quiet"));
}

#[tokio::test]
async fn dev_logs_are_for_reading() {
    let source = "export default { fetch() { console.log('to a person'); return new Response(); } };";
    let worky = Project::worker(source).dev();
    worky.get("/").await.ok();
    let line = worky.output().line("to a person").await;
    assert!(serde_json::from_str::<serde_json::Value>(&line).is_err(), "{line}");
}
