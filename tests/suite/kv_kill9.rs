//! `kill -9` under load: every write that was acknowledged is there afterwards.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::task::JoinSet;
use worky_tests::client::{Connection, Protocol, full};
use worky_tests::{Project, within};

const SOURCE: &str = r#"
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/put") {
      await env.KV.put(searchParams.get("key"), searchParams.get("value"));
      return new Response("acknowledged");
    }
    if (pathname === "/delete") {
      await env.KV.delete(searchParams.get("key"));
      return new Response("acknowledged");
    }
    const found = {};
    let cursor;
    do {
      const page = await env.KV.list({ cursor });
      const names = page.keys.map((key) => key.name);
      for (let n = 0; n < names.length; n += 100) {
        for (const [name, value] of await env.KV.get(names.slice(n, n + 100))) found[name] = value;
      }
      cursor = page.cursor;
    } while (cursor);
    return Response.json(found);
  },
};
"#;

const CONFIG: &str = "[[kv_namespaces]]\nbinding = \"KV\"\nid = \"main\"\n[storage]\npath = \"data\"\n[log]\nlevel = \"warn\"\n[limits]\ncpu_ms = 30000\n";

const ROUNDS: usize = 4;
const WRITERS: usize = 6;
/// Keys of one writer; each is written again and again, and sometimes deleted.
const KEYS: usize = 7;
/// After so many acknowledged writes of a round the program is killed, in the midst of others.
const ACKNOWLEDGED_BEFORE_KILL: usize = 150;

/// What one key may hold now: what was acknowledged last, or what was on its way when the program died.
#[derive(Debug, Clone, Default)]
struct Expected {
    acknowledged: Option<String>,
    /// The write that got no answer, if there was one.
    pending: Option<Option<String>>,
}

type Log = HashMap<String, Expected>;

#[tokio::test]
async fn no_acknowledged_write_is_lost() {
    let mut project = Project::worker_with(SOURCE, CONFIG);
    let mut logs: Vec<Log> = vec![Log::new(); WRITERS];
    for round in 0..ROUNDS {
        let worky = project.serve();
        verify(&mut logs, worky.get("/all").await.ok().json());

        let acknowledged = Arc::new(AtomicUsize::new(0));
        let enough = Arc::new(tokio::sync::Notify::new());
        let mut writers = JoinSet::new();
        for (writer, log) in logs.drain(..).enumerate() {
            let connection = Connection::to(worky.address(), Protocol::Http1).await;
            let (acknowledged, enough) = (acknowledged.clone(), enough.clone());
            writers.spawn(async move { (writer, write(connection, round, writer, log, &acknowledged, &enough).await) });
        }
        within("the load", enough.notified()).await;
        project = worky.kill();
        let mut ended = within("the writers", writers.join_all()).await;
        ended.sort_by_key(|(writer, _)| *writer);
        logs = ended.into_iter().map(|(_, log)| log).collect();
    }
    let worky = project.serve();
    verify(&mut logs, worky.get("/all").await.ok().json());
    assert!(logs.iter().map(Log::len).sum::<usize>() > WRITERS, "something was written");
}

/// Writes until the connection breaks.
async fn write(
    mut connection: Connection,
    round: usize,
    writer: usize,
    mut log: Log,
    acknowledged: &AtomicUsize,
    enough: &tokio::sync::Notify,
) -> Log {
    for count in 0.. {
        let key = format!("{writer}-{}", count % KEYS);
        let value = (count % 5 != 4).then(|| format!("{round}.{count}-{}", "x".repeat(count % 300)));
        let path = match &value {
            Some(value) => format!("/put?key={key}&value={value}"),
            None => format!("/delete?key={key}"),
        };
        let expected = log.entry(key).or_default();
        expected.pending = Some(value.clone());
        let request = http::Request::get(path).header("host", "x").body(full("")).expect("a valid request");
        let answered = match connection.try_open(request).await {
            Ok(response) => response.try_collect().await.is_ok_and(|answer| answer.body == "acknowledged"),
            Err(_) => false,
        };
        if !answered {
            break;
        }
        *expected = Expected { acknowledged: value, pending: None };
        if acknowledged.fetch_add(1, Ordering::SeqCst) + 1 == ACKNOWLEDGED_BEFORE_KILL {
            enough.notify_one();
        }
    }
    log
}

/// Compares what is stored with the logs, and takes over which of two possible values it is.
fn verify(logs: &mut [Log], found: serde_json::Value) {
    let mut found = found.as_object().expect("values by key").clone();
    for log in logs {
        for (key, expected) in log.iter_mut() {
            let stored = found.remove(key).map(|value| value.as_str().expect("text").to_owned());
            let pending = expected.pending.take();
            assert!(
                stored == expected.acknowledged || pending.as_ref() == Some(&stored),
                "{key} holds {stored:?}; acknowledged {:?}, on its way {pending:?}",
                expected.acknowledged,
            );
            expected.acknowledged = stored;
        }
    }
    assert!(found.is_empty(), "nobody wrote {found:?}");
}
