//! `kill -9` in the midst of replacing files: each is the old one or the new one, whole, and nothing else is left.

use std::collections::HashMap;

use tokio::task::JoinSet;
use worky_tests::client::{Connection, Protocol, full};
use worky_tests::{Project, within};

const SOURCE: &str = r#"
export default {
  async fetch(request, env) {
    const { searchParams } = new URL(request.url);
    const name = searchParams.get("name");
    const value = searchParams.get("value");
    const file = await env.DATA.getFileHandle(name, { create: true });
    const stream = await file.createWritable();
    // In parts, so that a kill falls between them.
    for (let part = 0; part < 20; part++) await stream.write((value + "\n").repeat(1000));
    await stream.close();
    return new Response("acknowledged");
  },
};
"#;

const CONFIG: &str = "[[files]]\nbinding = \"DATA\"\npath = \"files\"\nmode = \"read-write\"\n[log]\nlevel = \"warn\"\n[limits]\ncpu_ms = 30000\n";

const ROUNDS: usize = 5;
const WRITERS: usize = 4;
/// After so many replacements of a round the program is killed, in the midst of others.
const BEFORE_KILL: usize = 25;

#[tokio::test]
async fn a_replaced_file_is_old_or_new_and_whole() {
    let mut project = Project::worker_with(SOURCE, CONFIG);
    let mut acknowledged: HashMap<usize, usize> = HashMap::new();
    let mut left_behind = 0;
    for round in 0..ROUNDS {
        let worky = project.serve();
        let data = worky.project().path().join("files");
        let reserved = std::fs::read_dir(&data)
            .expect("there")
            .filter(|entry| entry.as_ref().expect("read").file_name().to_string_lossy().starts_with(".worky-tmp-"));
        assert_eq!(reserved.count(), 0, "a start removes what a killed process left");

        let (done, mut count) = tokio::sync::mpsc::channel::<(usize, usize)>(WRITERS);
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let mut connection = Connection::to(worky.address(), Protocol::Http1).await;
            let done = done.clone();
            writers.spawn(async move {
                for number in round * 1_000_000.. {
                    let path = format!("/?name={writer}&value={number}");
                    let request = http::Request::get(path).header("host", "x").body(full("")).expect("valid");
                    let Ok(answer) = connection.try_open(request).await else { return };
                    if !answer.try_collect().await.is_ok_and(|answer| answer.body == "acknowledged") {
                        return;
                    }
                    if done.send((writer, number)).await.is_err() {
                        return;
                    }
                }
            });
        }
        drop(done);
        for _ in 0..BEFORE_KILL {
            let (writer, number) = within("the load", count.recv()).await.expect("somebody writes");
            acknowledged.insert(writer, number);
        }
        project = worky.kill();
        while let Some((writer, number)) = count.recv().await {
            acknowledged.insert(writer, number);
        }
        within("the writers", writers.join_all()).await;
        let data = project.path().join("files");
        for entry in std::fs::read_dir(&data).expect("there") {
            let entry = entry.expect("read");
            let name = entry.file_name().into_string().expect("text");
            if name.starts_with(".worky-tmp-") {
                left_behind += 1;
                continue;
            }
            let text = std::fs::read_to_string(entry.path()).expect("text");
            let Some(number) = text.lines().next() else {
                // It was made and not written yet.
                assert!(!acknowledged.contains_key(&name.parse().expect("a writer")), "{name} was emptied");
                continue;
            };
            assert!(text.lines().count() == 20_000 && text.lines().all(|line| line == number), "{name} is torn");
            let number: usize = number.parse().expect("a number");
            let last = acknowledged.get(&name.parse().expect("a writer")).copied().unwrap_or(0);
            assert!(number >= last, "{name} holds {number}, and {last} was acknowledged");
        }
    }
    assert!(left_behind > 0, "no kill fell between the parts of a write");
}
