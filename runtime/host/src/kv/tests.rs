use std::time::Duration;

use worky_storage::MemoryStorage;

use super::*;
use crate::clock::ManualClock;
use crate::{Blame, InvocationLimits, RequestId, TraceContext};

const NOW_SECONDS: u64 = 1_800_000_000;

struct Case {
    kv: Kv,
    store: Arc<dyn KvStore>,
    clock: Arc<ManualClock>,
    metrics: Metrics,
    context: InvocationContext,
}

impl Case {
    fn new() -> Self {
        let (store, metrics) = (MemoryStorage::default().kv("ns"), Metrics::default());
        // Between two seconds, so that rounding shows.
        let clock = Arc::new(ManualClock::at_unix_ms(NOW_SECONDS * 1000 + 700));
        Case {
            kv: Kv::new("worker".into(), store.clone(), clock.clone(), metrics.clone()),
            store,
            clock,
            metrics,
            context: InvocationContext::new(RequestId::random(), TraceContext::root(), InvocationLimits::UNBOUNDED),
        }
    }

    async fn put(&self, key: &str, value: &str, options: PutOptions) -> Result<(), KvError> {
        self.kv.put(&self.context, key.to_owned(), Bytes::copy_from_slice(value.as_bytes()), options).await
    }

    async fn get(&self, key: &str) -> Result<Option<Entry>, KvError> {
        self.kv.get(&self.context, vec![key.to_owned()]).await.map(|mut found| found.remove(0))
    }

    async fn list(&self, prefix: &str, limit: Option<usize>, cursor: Option<String>) -> Result<ListPage, KvError> {
        self.kv.list(&self.context, ListOptions { prefix: prefix.to_owned(), limit, cursor }).await
    }
}

fn ttl(seconds: u64) -> PutOptions {
    PutOptions { expiration_ttl: Some(seconds), ..PutOptions::default() }
}

fn until(unix_seconds: u64) -> PutOptions {
    PutOptions { expiration: Some(unix_seconds), ..PutOptions::default() }
}

fn refused<T: std::fmt::Debug>(result: Result<T, KvError>, text: &str) {
    let error = result.expect_err(text);
    assert_eq!(error.to_string(), text);
    assert_eq!(error.blame(), Blame::Guest, "{error}");
}

#[tokio::test]
async fn a_value_goes_and_comes_with_its_metadata() {
    let case = Case::new();
    let options = PutOptions { metadata: Some(r#"{"by":"me"}"#.to_owned()), ..ttl(60) };
    case.put("key", "value", options).await.expect("it puts");
    let entry = Entry {
        value: "value".into(),
        metadata: Some(r#"{"by":"me"}"#.to_owned()),
        expiration: Some(NOW_SECONDS + 60),
    };
    assert_eq!(case.get("key").await.expect("it gets"), Some(entry.clone()));
    let found = case.kv.get(&case.context, vec!["none".to_owned(), "key".to_owned()]).await.expect("it gets");
    assert_eq!(found, [None, Some(entry)]);
    case.kv.delete(&case.context, "key".to_owned()).await.expect("it deletes");
    assert_eq!(case.get("key").await.expect("it gets"), None);
}

#[tokio::test]
async fn bad_keys_are_refused_by_every_operation() {
    let case = Case::new();
    // 512 bytes in 256 characters are fine, 514 are not.
    case.put(&"é".repeat(256), "", PutOptions::default()).await.expect("it fits");
    let long = "é".repeat(257);
    for (key, text) in [
        ("", "Key name cannot be empty."),
        (".", "\".\" is not allowed as a key name."),
        ("..", "\"..\" is not allowed as a key name."),
        (&long, "KV {} failed: 414 UTF-8 encoded length of 514 exceeds key length limit of 512."),
    ] {
        refused(case.get(key).await, &text.replace("{}", "GET"));
        refused(case.put(key, "", PutOptions::default()).await, &text.replace("{}", "PUT"));
        refused(case.kv.delete(&case.context, key.to_owned()).await, &text.replace("{}", "DELETE"));
        let keys = vec!["fine".to_owned(), key.to_owned()];
        refused(case.kv.get(&case.context, keys).await, &text.replace("{}", "GET_BULK"));
    }
    refused(
        case.list(&"x".repeat(513), None, None).await,
        "KV LIST failed: 414 UTF-8 encoded length of 513 exceeds key length limit of 512.",
    );
    assert!(case.get("").await.expect_err("it is empty").is_type_error());
    assert!(!case.get(&long).await.expect_err("it is long").is_type_error());
}

#[tokio::test]
async fn sizes_have_limits() {
    let case = Case::new();
    let put = |value: Bytes| case.kv.put(&case.context, "key".to_owned(), value, PutOptions::default());
    put(Bytes::from(vec![0; VALUE_BYTES_MAX])).await.expect("it fits");
    refused(
        put(Bytes::from(vec![0; VALUE_BYTES_MAX + 1])).await,
        "KV PUT failed: 413 Value length of 26214401 exceeds limit of 26214400.",
    );
    let metadata =
        |bytes: usize| PutOptions { metadata: Some(format!("\"{}\"", "m".repeat(bytes - 2))), ..PutOptions::default() };
    case.put("key", "", metadata(1024)).await.expect("it fits");
    refused(
        case.put("key", "", metadata(1025)).await,
        "KV PUT failed: 413 Metadata length of 1025 exceeds limit of 1024.",
    );
    let broken = PutOptions { metadata: Some("{".to_owned()), ..PutOptions::default() };
    let error = case.put("key", "", broken).await.expect_err("it is not JSON");
    assert!(error.to_string().starts_with("KV PUT failed: 400 Metadata is not JSON: "), "{error}");
    for keys in [0, 101] {
        refused(
            case.kv.get(&case.context, vec!["key".to_owned(); keys]).await,
            &format!("KV GET_BULK failed: 400 You can request a minimum of 1 and a maximum of 100 keys, not {keys}."),
        );
    }
    assert_eq!(case.kv.get(&case.context, vec!["key".to_owned(); 100]).await.expect("it gets").len(), 100);
}

#[tokio::test]
async fn expiry_takes_effect_at_its_time() {
    let case = Case::new();
    case.put("ttl", "", ttl(60)).await.expect("it puts");
    case.put("at", "", until(NOW_SECONDS + 60)).await.expect("it puts");
    case.put("both", "", PutOptions { expiration: Some(1), ..ttl(90) }).await.expect("the time to live wins");
    let page = case.list("", None, None).await.expect("it lists");
    let expirations: Vec<_> = page.keys.iter().map(|key| (&*key.name, key.expiration)).collect();
    let second = |n| Some(NOW_SECONDS + n);
    assert_eq!(expirations, [("at", second(60)), ("both", second(90)), ("ttl", second(60))]);
    case.clock.advance_ms(59_300);
    assert!(case.get("ttl").await.expect("it gets").is_some(), "60 seconds are not over");
    assert!(case.get("at").await.expect("it gets").is_none());
    case.clock.advance_ms(700);
    assert!(case.get("ttl").await.expect("it gets").is_none());
    assert_eq!(case.list("", None, None).await.expect("it lists").keys.len(), 1);
}

#[tokio::test]
async fn bad_expiries_are_refused() {
    let case = Case::new();
    for (seconds, rule) in [
        (0, "Please specify integer greater than 0."),
        (10, "Expiration TTL must be at least 60."),
        (59, "Expiration TTL must be at least 60."),
        (u64::MAX, "Please specify an integer that is not so large."),
    ] {
        let text = format!("KV PUT failed: 400 Invalid expiration_ttl of {seconds}. {rule}");
        refused(case.put("key", "", ttl(seconds)).await, &text);
    }
    let past = "Please specify integer greater than the current number of seconds since the UNIX epoch.";
    for (unix_seconds, rule) in [
        (0, past),
        (NOW_SECONDS, past),
        (NOW_SECONDS + 59, "Expiration times must be at least 60 seconds in the future."),
        (u64::MAX, "Please specify an integer that is not so large."),
    ] {
        let text = format!("KV PUT failed: 400 Invalid expiration of {unix_seconds}. {rule}");
        refused(case.put("key", "", until(unix_seconds)).await, &text);
    }
    for largest in [ttl(EXPIRATION_UNIX_SECONDS_MAX - NOW_SECONDS - 1), until(EXPIRATION_UNIX_SECONDS_MAX)] {
        case.put("key", "", largest).await.expect("it fits");
        assert!(case.get("key").await.expect("it gets").is_some());
    }
}

#[tokio::test]
async fn a_swap_happens_only_on_what_was_read() {
    let case = Case::new();
    let swap = async |value: &'static str, version| {
        case.kv.put_if(&case.context, "key".to_owned(), value.into(), version).await
    };
    let absent = Version::of(None);
    assert!(swap("one", absent).await.expect("it compares"));
    assert!(!swap("two", absent).await.expect("it compares"));
    let version = Version::of(case.get("key").await.expect("it gets").as_ref());
    assert!(swap("two", version).await.expect("it compares"));
    assert!(!swap("three", version).await.expect("it compares"));
    assert_eq!(case.get("key").await.expect("it gets").expect("it is there").value, "two");
    let large = case.kv.put_if(&case.context, "key".to_owned(), vec![0; VALUE_BYTES_MAX + 1].into(), version);
    refused(large.await, "KV PUT failed: 413 Value length of 26214401 exceeds limit of 26214400.");
    let empty = case.kv.put_if(&case.context, String::new(), Bytes::new(), version);
    refused(empty.await, "Key name cannot be empty.");
}

#[tokio::test]
async fn numbers_add_up() {
    let case = Case::new();
    let add = async |key: &str, delta| case.kv.increment(&case.context, key.to_owned(), delta, 0).await;
    case.put("n", "40", ttl(60)).await.expect("it puts");
    assert_eq!(add("n", 2).await.expect("it adds"), 42);
    refused(add("n", -43).await, "KV INCREMENT failed: 400 The sum is not between 0 and 9223372036854775807.");
    case.put("text", "x", ttl(60)).await.expect("it puts");
    refused(
        add("text", 1).await,
        "KV INCREMENT failed: 400 The value is not a whole number in decimal digits, from -2^63 to 2^63 - 1.",
    );
    refused(add("", 1).await, "Key name cannot be empty.");
    case.clock.advance_ms(60_000);
    assert_eq!(add("n", 1).await.expect("it adds"), 1, "what is expired is absent");
}

#[tokio::test]
async fn what_exists_is_told_without_its_value() {
    let case = Case::new();
    let exists = async |key: &str| case.kv.exists(&case.context, key.to_owned()).await;
    case.put("key:1", "", ttl(60)).await.expect("it puts");
    assert!(exists("key:1").await.expect("it looks"));
    assert!(!exists("key").await.expect("it looks"), "a longer key is another");
    refused(exists("").await, "Key name cannot be empty.");
    case.clock.advance_ms(60_000);
    assert!(!exists("key:1").await.expect("it looks"));
}

#[tokio::test]
async fn lists_go_on_where_they_stopped() {
    let case = Case::new();
    for n in 0..7 {
        case.put(&format!("p{n}"), "", PutOptions::default()).await.expect("it puts");
    }
    case.put("other", "", PutOptions::default()).await.expect("it puts");
    let (mut names, mut cursor, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = case.list("p", Some(3), cursor).await.expect("it lists");
        names.extend(page.keys.into_iter().map(|key| key.name));
        pages += 1;
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!((names.join(" "), pages), ("p0 p1 p2 p3 p4 p5 p6".to_owned(), 3));
    assert_eq!(case.list("", None, Some(String::new())).await.expect("no cursor").keys.len(), 8);
    for limit in [0, 1001] {
        let error = case.list("", Some(limit), None).await.expect_err("out of bounds").to_string();
        assert!(error.starts_with(&format!("KV LIST failed: 400 Invalid key_count_limit of {limit}.")), "{error}");
    }
    let cursor = case.list("p", Some(1), None).await.expect("it lists").cursor.expect("more remain");
    for (prefix, cursor) in [("", &*cursor), ("p0", &cursor), ("p", "nonsense")] {
        refused(
            case.list(prefix, None, Some(cursor.to_owned())).await,
            &format!(
                "KV LIST failed: 400 Invalid cursor {cursor:?}. Please pass a cursor that list() returned for the \
                 same prefix."
            ),
        );
    }
}

#[tokio::test]
async fn operations_are_counted_by_outcome() {
    let case = Case::new();
    case.put("key", "", PutOptions::default()).await.expect("it puts");
    case.put("", "", PutOptions::default()).await.expect_err("it is empty");
    let text = case.metrics.encode();
    for line in [
        r#"worky_kv_operations_total{op="put",outcome="ok"} 1"#,
        r#"worky_kv_operations_total{op="put",outcome="refused"} 1"#,
        r#"worky_kv_operation_duration_seconds_count{op="put"} 2"#,
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[tokio::test]
async fn an_answer_at_once_follows_the_same_rules() {
    let case = Case::new();
    case.put("key", "value", PutOptions { metadata: Some("1".to_owned()), ..ttl(60) }).await.expect("it puts");
    let at_once = |key: &str| case.kv.get_at_once(&case.context, key).expect("memory has it at hand");
    let entry = at_once("key").expect("it reads").expect("it is there");
    assert_eq!((&*entry.value, entry.metadata.as_deref()), (&b"value"[..], Some("1")));
    assert_eq!(at_once("other").expect("it reads"), None);
    refused(at_once(""), "Key name cannot be empty.");
    case.clock.advance_ms(60_000);
    assert_eq!(at_once("key").expect("it reads"), None);
    let text = case.metrics.encode();
    for line in [
        r#"worky_kv_operations_total{op="get",outcome="ok"} 3"#,
        r#"worky_kv_operations_total{op="get",outcome="refused"} 1"#,
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    let limits = InvocationLimits { kv_operations: 2, ..InvocationLimits::UNBOUNDED };
    let context = InvocationContext::new(RequestId::random(), TraceContext::root(), limits);
    let at_once = || case.kv.get_at_once(&context, "key").expect("memory has it at hand");
    assert!(at_once().is_ok() && at_once().is_ok());
    assert!(matches!(at_once(), Err(KvError::Operations { .. })));
}

#[test]
fn errors_of_the_store_keep_its_secrets() {
    let error = |source| KvError::Store { operation: KvOperation::Get, source };
    let failed = error(KvStoreError::Failed("/var/lib/worky/kv/ns.db: disk I/O error".to_owned()));
    assert_eq!((failed.to_string().as_str(), failed.blame()), ("KV GET failed: 500 Internal error.", Blame::Host));
    let full = error(KvStoreError::Overloaded { queued: 9 });
    assert_eq!(full.blame(), Blame::Overload);
    assert!(full.to_string().starts_with("KV GET failed: 503 "), "{full}");
}

#[tokio::test]
async fn the_sweeper_removes_what_expired() {
    let case = Case::new();
    for n in 0..10 {
        case.put(&format!("old{n}"), "", ttl(60)).await.expect("it puts");
    }
    case.put("later", "", ttl(600)).await.expect("it puts");
    let settings = SweepSettings { interval: Duration::from_secs(60), batch_entries: 3, batches_max: 2 };
    let sweeper = Sweeper::new(vec![("ns".to_owned(), case.store.clone())], case.clock.clone(), settings);
    assert_eq!(sweeper.round().await, 0);
    case.clock.advance_ms(60_000);
    assert_eq!(sweeper.round().await, 6, "no more than two batches of three");
    assert_eq!(sweeper.round().await, 4);
    let left = case.store.list(String::new(), None, 100, 0).await.expect("it lists").keys;
    assert_eq!(left.iter().map(|key| &*key.name).collect::<Vec<_>>(), ["later"]);
}

#[tokio::test(start_paused = true)]
async fn the_sweeper_runs_by_itself() {
    let case = Case::new();
    case.put("old", "", ttl(60)).await.expect("it puts");
    case.clock.advance_ms(60_000);
    let sweeper =
        Sweeper::new(vec![("ns".to_owned(), case.store.clone())], case.clock.clone(), SweepSettings::default());
    let run = tokio::time::timeout(Duration::from_secs(61), sweeper.run());
    assert!(run.await.is_err(), "it never ends by itself");
    assert!(case.store.list(String::new(), None, 100, 0).await.expect("it lists").keys.is_empty());
}
