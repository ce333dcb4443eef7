//! What is done with a case, and everything that is told.

use std::fmt::Write as _;
use std::net::TcpListener;

use worky_tests::client::full;
use worky_tests::{Answer, Project, Worky};

use super::case::{Case, Production, Request, Step};
use super::readable::{Readable, page};

/// One text with a part for each place where something is told.
pub(super) async fn of(case: Case) -> String {
    let Case { project, steps, requests, taken, production } = case;
    let listener = taken.as_ref().map(|_| TcpListener::bind("127.0.0.1:0").expect("a free port"));
    let port = listener.as_ref().map(|listener| listener.local_addr().expect("it is bound").port().to_string());
    let readable = Readable::new(project.path(), port.as_deref());
    let mut told = String::new();
    for step in steps {
        match step {
            Step::Append { path, text } => {
                let path = project.path().join(path);
                let before = std::fs::read_to_string(&path).expect("the file is there");
                std::fs::write(path, format!("{before}{text}\n")).expect("it is written");
            }
            Step::Command(line) => {
                let line = match (&taken, &port) {
                    (Some(name), Some(port)) => line.replace(name.as_str(), port),
                    _ => line,
                };
                let finished = project.run(&line.split(' ').collect::<Vec<_>>());
                let text = readable.text(&format!("{}{}", finished.stdout, finished.stderr));
                if finished.code != Some(0) || !finished.stderr.is_empty() {
                    let code = finished.code.expect("no signal ends it");
                    let _infallible = write!(told, "== worky {}: exit code {code}\n{text}", readable.text(&line));
                }
            }
        }
    }
    if !requests.is_empty() {
        let project = in_development(project, &requests, &readable, &mut told).await;
        if let Production::Asked = production {
            in_production(project, &requests, &readable, &mut told).await;
        }
    }
    told
}

/// Asks `worky dev` as a browser does.
async fn in_development(project: Project, requests: &[Request], readable: &Readable, told: &mut String) -> Project {
    let mut worky = project.dev();
    let answer = send(&worky, requests, "text/html,*/*").await;
    let terminal = printed(&mut worky).await;
    let _infallible = write!(told, "== terminal\n{}", readable.terminal(&terminal));
    if answer.header("content-type").starts_with("text/html") {
        let _infallible = write!(told, "== page\n{}", page(&readable.text(answer.text())));
    } else {
        let _infallible = write!(told, "== answer\n{}", answered(&answer, readable));
    }
    worky.kill()
}

/// Asks `worky serve`, whose log has what its answer does not tell.
async fn in_production(project: Project, requests: &[Request], readable: &Readable, told: &mut String) {
    let mut worky = project.serve();
    let answer = send(&worky, requests, "*/*").await;
    printed(&mut worky).await;
    let _infallible = write!(told, "== answer in production\n{}== log in production\n", answered(&answer, readable));
    for record in worky.output().records() {
        if record.level() == "info" && record.text("target") != "worker" {
            continue;
        }
        for field in ["level", "message", "code", "error", "hint", "stack"] {
            let text = record.text(field);
            if !text.is_empty() {
                let _infallible = writeln!(told, "{field}: {}", readable.text(text).trim_end());
            }
        }
    }
}

/// Sends each, and answers the last one's answer.
async fn send(worky: &Worky, requests: &[Request], accept: &str) -> Answer {
    let mut answer = None;
    for request in requests {
        answer = Some(send_one(worky, request, accept).await);
    }
    answer.expect("there is a request")
}

async fn send_one(worky: &Worky, request: &Request, accept: &str) -> Answer {
    let mut builder = worky.request(&request.method, &request.path).header("accept", accept);
    let body = match &request.body {
        Some((kind, text)) => {
            builder = builder.header("content-type", kind);
            full(text.clone())
        }
        None => full(""),
    };
    worky.send(builder.body(body).expect("a valid request")).await
}

/// Everything that was printed up to an orderly end: what goes on after the answer has ended by then.
async fn printed(worky: &mut Worky) -> String {
    worky.terminate();
    worky.exited().await;
    worky.output().closed().await;
    worky.output().text()
}

fn answered(answer: &Answer, readable: &Readable) -> String {
    let code = answer.header("worky-error");
    let body = match serde_json::from_slice::<serde_json::Value>(&answer.body) {
        Ok(json) => serde_json::to_string_pretty(&json).expect("it was JSON"),
        Err(_) => String::from_utf8_lossy(&answer.body).into_owned(),
    };
    readable.text(&format!("{} {code}\n{body}\n", answer.status.as_u16()))
}
