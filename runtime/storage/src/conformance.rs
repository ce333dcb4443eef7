//! The cases every backend of [`KvStore`] must pass. [`kv_conformance!`](crate::kv_conformance) makes a test of each.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::join_all;

use crate::{KvEntry, KvExpected, KvIncrement, KvPut, KvStore, KvStoreError, READ_BYTES_MAX};

/// Makes one test of each case. Takes an expression that makes a fresh backend: a function from a namespace's id to its
/// store. What has to live as long as the backend is moved into that function.
#[macro_export]
macro_rules! kv_conformance {
    ($backend:expr) => {
        $crate::kv_conformance!(@each $backend;
            absent, overwrite, empty_value, odd_keys, order_is_that_of_bytes, prefixes, prefix_at_the_edge_of_a_character,
            pages, expiry_at_once, expiry_of_lists, many_keys_at_once, large_value, large_values_together,
            concurrent_writers, put_if, concurrent_swaps, increment, concurrent_increments, namespaces_are_apart, sweep, reads_see_acknowledged_writes,
        );
    };
    (@each $backend:expr; $($case:ident,)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let backend = $backend;
                $crate::conformance::$case(&backend).await;
            }
        )*
    };
}

/// A backend under test.
pub trait Backend: Fn(&str) -> Arc<dyn KvStore> {}
impl<F: Fn(&str) -> Arc<dyn KvStore>> Backend for F {}

/// An instant in the middle of time.
const NOW: u64 = 1_800_000_000_000;

pub async fn absent(backend: &impl Backend) {
    let kv = backend("ns");
    assert_eq!(get(&kv, "nothing").await, None);
    kv.delete("nothing".to_owned()).await.expect("deleting what is absent succeeds");
    assert_eq!(names(&kv, "", None, 10).await, (vec![], false));
    assert_eq!(kv.get(vec![], NOW).await.expect("no keys are fine"), vec![]);
}

pub async fn overwrite(backend: &impl Backend) {
    let kv = backend("ns");
    let first =
        KvEntry { value: "one".into(), metadata: Some(r#"{"n":1}"#.to_owned()), expires_ms: Some(NOW + 60_000) };
    put(&kv, "key", first.clone()).await;
    assert_eq!(get(&kv, "key").await, Some(first));
    put(&kv, "key", plain("two")).await;
    assert_eq!(get(&kv, "key").await, Some(plain("two")), "metadata and expiry are replaced too");
    kv.delete("key".to_owned()).await.expect("it deletes");
    assert_eq!(get(&kv, "key").await, None);
}

pub async fn empty_value(backend: &impl Backend) {
    let kv = backend("ns");
    put(&kv, "key", KvEntry { metadata: Some(String::new()), ..plain("") }).await;
    assert_eq!(get(&kv, "key").await, Some(KvEntry { metadata: Some(String::new()), ..plain("") }));
}

pub async fn odd_keys(backend: &impl Backend) {
    let kv = backend("ns");
    let long = "k".repeat(512);
    let keys = ["", "\0", "a\0b", "a\0", "%", "_", "'; --", " ", "\u{10ffff}", "é", "e\u{301}", &long];
    for key in keys {
        put(&kv, key, plain(key)).await;
    }
    for key in keys {
        assert_eq!(get(&kv, key).await, Some(plain(key)), "{key:?}");
    }
    assert_eq!(names(&kv, "", None, 100).await.0.len(), keys.len());
}

pub async fn order_is_that_of_bytes(backend: &impl Backend) {
    let kv = backend("ns");
    // In UTF-16 order U+10000 comes before U+FFFD; in the order of bytes it comes after.
    let ordered = ["", "A", "B", "a", "a\0", "aa", "b", "é", "\u{fffd}", "\u{10000}", "\u{10ffff}"];
    for key in ordered.iter().rev() {
        put(&kv, key, plain("")).await;
    }
    assert_eq!(names(&kv, "", None, 100).await.0, ordered);
}

pub async fn prefixes(backend: &impl Backend) {
    let kv = backend("ns");
    for key in ["user", "user:", "user:1", "user:2", "user;", "users", "usez", "%", "%a", "_a"] {
        put(&kv, key, plain("")).await;
    }
    assert_eq!(names(&kv, "user:", None, 100).await.0, ["user:", "user:1", "user:2"]);
    assert_eq!(names(&kv, "user", None, 100).await.0, ["user", "user:", "user:1", "user:2", "user;", "users"]);
    assert_eq!(names(&kv, "%", None, 100).await.0, ["%", "%a"], "no character is special");
    assert_eq!(names(&kv, "nobody", None, 100).await.0, Vec::<String>::new());
}

pub async fn prefix_at_the_edge_of_a_character(backend: &impl Backend) {
    let kv = backend("ns");
    // U+00FF is C3 BF: one more in its last byte is C3 C0, which is no character. U+10FFFF is the last of all.
    for key in ["ÿ", "ÿ1", "\u{100}", "\u{10ffff}", "\u{10ffff}x", "\u{7f}", "\u{7f}x", "\u{80}"] {
        put(&kv, key, plain("")).await;
    }
    assert_eq!(names(&kv, "ÿ", None, 100).await.0, ["ÿ", "ÿ1"]);
    assert_eq!(names(&kv, "\u{10ffff}", None, 100).await.0, ["\u{10ffff}", "\u{10ffff}x"]);
    assert_eq!(names(&kv, "\u{7f}", None, 100).await.0, ["\u{7f}", "\u{7f}x"]);
}

pub async fn pages(backend: &impl Backend) {
    let kv = backend("ns");
    let keys: Vec<String> = (0..25).map(|n| format!("p{n:02}")).collect();
    join_all(keys.iter().map(|key| put(&kv, key, plain("")))).await;
    put(&kv, "o", plain("")).await;
    put(&kv, "q", plain("")).await;
    let (mut seen, mut after, mut pages) = (Vec::new(), None, 0);
    loop {
        let (page, more) = names(&kv, "p", after.as_deref(), 10).await;
        after = page.last().cloned();
        seen.extend(page);
        pages += 1;
        if !more {
            break;
        }
    }
    assert_eq!((seen, pages), (keys, 3));
    assert!(!names(&kv, "p", None, 25).await.1, "a last page that is full is the last");
    assert!(names(&kv, "p", None, 24).await.1);
    assert_eq!(names(&kv, "p", Some("p23x"), 10).await.0, ["p24"], "`after` need not exist");
    assert_eq!(names(&kv, "p", Some("a"), 1).await.0, ["p00"], "`after` may come before the prefix");
    assert_eq!(names(&kv, "p", Some("z"), 10).await, (vec![], false), "… and behind it");
}

pub async fn expiry_at_once(backend: &impl Backend) {
    let kv = backend("ns");
    put(&kv, "key", KvEntry { expires_ms: Some(NOW), ..plain("x") }).await;
    let at = async |now_ms| kv.get(vec!["key".to_owned()], now_ms).await.expect("it reads")[0].is_some();
    assert!(at(NOW - 1).await);
    assert!(!at(NOW).await, "it is gone at its instant");
    assert!(!at(NOW + 1).await);
    put(&kv, "key", plain("again")).await;
    assert!(at(u64::MAX).await, "what never expires never does");
}

pub async fn expiry_of_lists(backend: &impl Backend) {
    let kv = backend("ns");
    for (key, expires_ms) in [("a", None), ("b", Some(NOW)), ("c", Some(NOW + 1)), ("d", Some(NOW - 1))] {
        put(&kv, key, KvEntry { expires_ms, ..plain("") }).await;
    }
    let page = kv.list(String::new(), None, 2, NOW).await.expect("it lists");
    assert_eq!(
        page.keys.iter().map(|key| (&*key.name, key.expires_ms)).collect::<Vec<_>>(),
        [("a", None), ("c", Some(NOW + 1))]
    );
    assert!(!page.more, "what is expired does not remain");
}

pub async fn many_keys_at_once(backend: &impl Backend) {
    let kv = backend("ns");
    let keys: Vec<String> = (0..100).map(|n| format!("k{n}")).collect();
    join_all(keys.iter().step_by(2).map(|key| put(&kv, key, plain(key)))).await;
    let mut asked = keys.clone();
    asked.push("k0".to_owned());
    let found = kv.get(asked.clone(), NOW).await.expect("it reads");
    let expected: Vec<_> =
        asked.iter().map(|key| keys.iter().step_by(2).any(|k| k == key).then(|| plain(key))).collect();
    assert_eq!(found, expected, "in the order asked for, the same key twice");
}

pub async fn large_value(backend: &impl Backend) {
    let kv = backend("ns");
    let value: Bytes = (0..25 << 20).map(|n: u32| (n % 251) as u8).collect();
    put(&kv, "large", KvEntry { value: value.clone(), metadata: Some("{}".to_owned()), expires_ms: None }).await;
    assert!(get(&kv, "large").await.expect("it is there").value == value);
    assert_eq!(names(&kv, "", None, 10).await.0, ["large"]);
}

pub async fn large_values_together(backend: &impl Backend) {
    let kv = backend("ns");
    let half = Bytes::from(vec![7; READ_BYTES_MAX / 2]);
    let keys = ["a", "b", "c"].map(str::to_owned);
    for key in &keys {
        put(&kv, key, KvEntry { value: half.clone(), ..plain("") }).await;
    }
    assert_eq!(kv.get(keys[..2].to_vec(), NOW).await.expect("two fit").len(), 2);
    let error = kv.get(keys.to_vec(), NOW).await.expect_err("three do not");
    assert!(matches!(error, KvStoreError::TooLarge { max_bytes: READ_BYTES_MAX }), "{error}");
}

pub async fn concurrent_writers(backend: &impl Backend) {
    let kv = backend("ns");
    let writers = (0..8).map(|writer| {
        let kv = kv.clone();
        tokio::spawn(async move {
            for n in 0..40 {
                put(&kv, &format!("own:{writer}:{n:02}"), plain(&n.to_string())).await;
                put(&kv, "shared", plain(&writer.to_string())).await;
                if n % 2 == 1 {
                    kv.delete(format!("own:{writer}:{n:02}")).await.expect("it deletes");
                }
            }
        })
    });
    for done in join_all(writers).await {
        done.expect("no writer panics");
    }
    assert_eq!(names(&kv, "own:", None, 1000).await.0.len(), 8 * 20);
    assert!(get(&kv, "shared").await.is_some());
}

pub async fn put_if(backend: &impl Backend) {
    let kv = backend("ns");
    let is = |value: &str| KvExpected::of(Some(value.as_bytes()));
    let swap = async |expected, entry| {
        let put = KvPut { key: "key".to_owned(), entry };
        kv.put_if(put, expected, NOW).await.expect("it compares")
    };
    assert!(!swap(is("nothing"), plain("x")).await, "nothing is there");
    assert!(!swap(is(""), plain("x")).await, "an empty value is not the absence of one");
    assert_eq!(get(&kv, "key").await, None);
    let with_metadata = KvEntry { metadata: Some("1".to_owned()), ..plain("one") };
    assert!(swap(KvExpected::Absent, with_metadata.clone()).await);
    assert_eq!(get(&kv, "key").await, Some(with_metadata));
    assert!(!swap(KvExpected::Absent, plain("x")).await, "it is there");
    assert!(!swap(is("two"), plain("x")).await);
    assert!(swap(is("one"), KvEntry { expires_ms: Some(NOW), ..plain("two") }).await);
    assert!(!swap(is("two"), plain("x")).await, "it is expired");
    assert!(swap(KvExpected::Absent, plain("three")).await);
    assert_eq!(get(&kv, "key").await, Some(plain("three")));
    let large: Bytes = vec![7; READ_BYTES_MAX].into();
    put(&kv, "key", KvEntry { value: large.clone(), ..plain("") }).await;
    assert!(swap(KvExpected::of(Some(&large)), plain("small")).await);
}

pub async fn concurrent_swaps(backend: &impl Backend) {
    let kv = backend("ns");
    put(&kv, "list", plain("")).await;
    let tasks = (0..4).map(|task| {
        let kv = kv.clone();
        tokio::spawn(async move {
            for n in 0..25 {
                loop {
                    let before = get(&kv, "list").await.expect("it is there").value;
                    let after = format!("{}{task}.{n} ", std::str::from_utf8(&before).expect("text"));
                    let put = KvPut { key: "list".to_owned(), entry: plain(&after) };
                    if kv.put_if(put, KvExpected::of(Some(&before)), NOW).await.expect("it compares") {
                        break;
                    }
                }
            }
        })
    });
    for done in join_all(tasks).await {
        done.expect("no task panics");
    }
    let list = get(&kv, "list").await.expect("it is there").value;
    assert_eq!(std::str::from_utf8(&list).expect("text").split_whitespace().count(), 100, "no update is lost");
}

pub async fn increment(backend: &impl Backend) {
    let kv = backend("ns");
    let add = async |delta, min| {
        kv.increment(KvIncrement { key: "n".to_owned(), delta, min }, NOW).await.map_err(|error| error.to_string())
    };
    assert_eq!(add(5, i64::MIN).await, Ok(5));
    assert_eq!(add(-7, i64::MIN).await, Ok(-2));
    assert_eq!(get(&kv, "n").await, Some(plain("-2")), "decimal text");
    assert_eq!(add(1, 0).await, Err(KvStoreError::OutOfRange { min: 0 }.to_string()));
    assert_eq!(add(2, 0).await, Ok(0));
    assert_eq!(add(i64::MAX, 0).await, Ok(i64::MAX));
    assert_eq!(add(1, i64::MIN).await, Err(KvStoreError::OutOfRange { min: i64::MIN }.to_string()));
    assert_eq!(get(&kv, "n").await, Some(plain(&i64::MAX.to_string())), "what is refused is not written");
    let kept = KvEntry { metadata: Some("1".to_owned()), expires_ms: Some(NOW + 1), ..plain("41") };
    put(&kv, "n", kept.clone()).await;
    assert_eq!(add(1, 0).await, Ok(42));
    assert_eq!(get(&kv, "n").await, Some(KvEntry { value: "42".into(), ..kept }), "metadata and expiry are kept");
    put(&kv, "n", KvEntry { expires_ms: Some(NOW), metadata: Some("1".to_owned()), ..plain("41") }).await;
    assert_eq!(add(1, 0).await, Ok(1), "what is expired is absent");
    assert_eq!(get(&kv, "n").await, Some(plain("1")));
    for bad in ["", " 1", "1.0", "x", "9223372036854775808", "\u{661}"] {
        put(&kv, "n", plain(bad)).await;
        assert_eq!(add(1, 0).await, Err(KvStoreError::NotANumber.to_string()), "{bad:?}");
        assert_eq!(get(&kv, "n").await, Some(plain(bad)));
    }
}

pub async fn concurrent_increments(backend: &impl Backend) {
    let kv = backend("ns");
    let tasks = (0..8).map(|_| {
        let kv = kv.clone();
        tokio::spawn(async move {
            // In groups, so that one commit has many of them.
            for _ in 0..5 {
                let one = || kv.increment(KvIncrement { key: "n".to_owned(), delta: 1, min: 0 }, NOW);
                for sum in join_all((0..10).map(|_| one())).await {
                    sum.expect("it adds");
                }
            }
        })
    });
    for done in join_all(tasks).await {
        done.expect("no task panics");
    }
    assert_eq!(get(&kv, "n").await, Some(plain("400")), "no update is lost");
}

pub async fn namespaces_are_apart(backend: &impl Backend) {
    let ids: Vec<String> = ["A", "a", "..", "../ns", "ns/x", "%41", " ", "é"].map(str::to_owned).into();
    let ids: Vec<String> = ids.into_iter().chain((0..24).map(|n| format!("ns{n}"))).collect();
    for id in &ids {
        put(&backend(id), "key", plain(id)).await;
    }
    for id in &ids {
        let kv = backend(id);
        assert_eq!(get(&kv, "key").await, Some(plain(id)));
        assert!(Arc::ptr_eq(&kv, &backend(id)), "the same store for the same id");
    }
}

pub async fn sweep(backend: &impl Backend) {
    let kv = backend("ns");
    for n in 0..10_u64 {
        put(&kv, &format!("old{n}"), KvEntry { expires_ms: Some(NOW - n), ..plain("x") }).await;
    }
    put(&kv, "later", KvEntry { expires_ms: Some(NOW + 1), ..plain("x") }).await;
    put(&kv, "never", plain("x")).await;
    assert_eq!(kv.sweep(NOW - 100, 100).await.expect("it sweeps"), 0);
    assert_eq!(kv.sweep(NOW, 4).await.expect("it sweeps"), 4, "no more than asked for");
    assert_eq!(kv.sweep(NOW, 100).await.expect("it sweeps"), 6);
    assert_eq!(kv.sweep(NOW, 100).await.expect("it sweeps"), 0);
    let left = kv.list(String::new(), None, 100, 0).await.expect("it lists");
    assert_eq!(left.keys.iter().map(|key| &*key.name).collect::<Vec<_>>(), ["later", "never"]);
}

pub async fn reads_see_acknowledged_writes(backend: &impl Backend) {
    let kv = backend("ns");
    let tasks = (0..4).map(|task| {
        let kv = kv.clone();
        tokio::spawn(async move {
            let key = format!("k{task}");
            for n in 0..100 {
                put(&kv, &key, plain(&n.to_string())).await;
                assert_eq!(get(&kv, &key).await, Some(plain(&n.to_string())));
            }
        })
    });
    for done in join_all(tasks).await {
        done.expect("every read saw its write");
    }
}

fn plain(value: &str) -> KvEntry {
    KvEntry { value: Bytes::copy_from_slice(value.as_bytes()), metadata: None, expires_ms: None }
}

async fn put(kv: &Arc<dyn KvStore>, key: &str, entry: KvEntry) {
    kv.put(KvPut { key: key.to_owned(), entry }).await.expect("it writes");
}

async fn get(kv: &Arc<dyn KvStore>, key: &str) -> Option<KvEntry> {
    kv.get(vec![key.to_owned()], NOW).await.expect("it reads").remove(0)
}

async fn names(kv: &Arc<dyn KvStore>, prefix: &str, after: Option<&str>, limit: usize) -> (Vec<String>, bool) {
    let list = kv.list(prefix.to_owned(), after.map(str::to_owned), limit, NOW).await.expect("it lists");
    (list.keys.into_iter().map(|key| key.name).collect(), list.more)
}
