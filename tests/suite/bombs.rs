//! One hundred bombs in one process: each is answered with a clear code, the process lives, and so does a bystander.

mod table;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use worky_tests::{Answer, Project, Worky};

use table::{BOMBS, End, PRELUDE};

/// Workers that explode at the same time, each bomb after the other.
const LANES: usize = 3;

/// What is the same for all; the CPU time of a request stands before it.
const LIMITS: &str = "memory_mb = 48\nwall_ms = 20000\nwait_until_ms = 200\nresponse_bytes = 1000000\n";

/// Where bombs explode: the first part of a path, before the number of its lane, and `limits.cpu_ms` there. What must be
/// stopped for its memory has time to fill it, however slow the machine is at the moment.
const PLACES: [(&str, u32); 2] = [("lane", 300), ("roomy", 3_000)];

/// What the process may hold while all lanes explode. V8 notices a heap that is full only when it collects, one huge value
/// is there before it does, and an instance that cannot be stopped keeps what it has: up to 2 GiB each, for a few of them.
const CEILING_BYTES: u64 = 6 << 30;

/// From the request to its answer, on a machine that builds something else as well.
const PATIENCE: Duration = Duration::from_secs(120);

impl End {
    /// Whether an answer is one of those that this end has. An empty code is a success.
    fn is(self, code: &str) -> bool {
        let memory = ["memory_exceeded", "worker_exception"];
        match self {
            End::Memory => memory.contains(&code),
            End::Cpu => ["cpu_exceeded", "memory_exceeded"].contains(&code),
            // Native code that takes no notice of being stopped may take so long that its caller is sent away.
            End::MemoryOrCpu => memory.contains(&code) || ["cpu_exceeded", "broken_off"].contains(&code),
            End::Throws => code == "worker_exception",
            End::Hangs => code == "wall_time_exceeded",
            End::Whatever => {
                memory.contains(&code) || ["", "broken_off", "cpu_exceeded", "wall_time_exceeded"].contains(&code)
            }
        }
    }
}

fn source() -> String {
    let mut source = format!("{PRELUDE}\nconst bombs = {{\n");
    for (name, _, body) in BOMBS {
        writeln!(source, "  {name}: async (env, ctx, request, self) => {{ {body} }},").expect("a String takes it");
    }
    source.push_str(
        "};\nexport default { async fetch(request, env, ctx) {\n\
           const result = await bombs[new URL(request.url).pathname.split('/')[2]](env, ctx, request, request.url);\n\
           return result instanceof Response ? result : new Response(String(result));\n\
         } };\n",
    );
    source
}

fn worky() -> Worky {
    let mut config = String::from("[[workers]]\npath = \"bystander\"\nroutes = [\"/bystander\"]\n");
    let mut project = Project::empty()
        .file("bystander/worky.toml", "name = \"bystander\"\nmain = \"index.js\"\n")
        .file("bystander/index.js", "export default { fetch: () => new Response('well') };");
    let source = source();
    for (place, cpu_ms) in PLACES {
        for name in (0..LANES).map(|lane| format!("{place}{lane}")) {
            writeln!(config, "[[workers]]\npath = \"{name}\"\nroutes = [\"/{name}/*\"]").expect("a String takes it");
            let worker = format!(
                "name = \"{name}\"\nmain = \"index.js\"\n[[kv_namespaces]]\nbinding = \"KV\"\nid = \"{name}\"\n\
                 [limits]\ncpu_ms = {cpu_ms}\n{LIMITS}"
            );
            project = project
                .file(&format!("{name}/worky.toml"), worker)
                .file(&format!("{name}/index.js"), &source)
                .file(&format!("{name}/other.js"), "export default 1;");
        }
    }
    let worky = project.file("worky.toml", config).serve();
    worky.kill_beyond(CEILING_BYTES);
    worky
}

/// Asks again while the worker is still being cleared of the bomb before.
async fn begun_at_once(worky: &Worky, path: &str) -> std::io::Result<Answer> {
    loop {
        match worky.try_get(path).await {
            Ok(answer) if answer.header("worky-error") == "instance_stopped" => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            other => return other,
        }
    }
}

/// What went wrong with one bomb, if anything did.
async fn explode(worky: &Worky, lane: usize, name: &str, end: End) -> Option<String> {
    let begun = Instant::now();
    let (place, _) = PLACES[usize::from(end == End::Memory)];
    let path = format!("/{place}{lane}/{name}");
    let (answer, bystander) = tokio::join!(begun_at_once(worky, &path), worky.try_get("/bystander"));
    let took = begun.elapsed();
    let code = match &answer {
        Ok(answer) => answer.header("worky-error").to_owned(),
        Err(_) => "broken_off".to_owned(),
    };
    if std::env::var_os("BOMBS_VERBOSE").is_some() {
        eprintln!("{name}: {code:?} after {took:?}, {} MiB", worky.resident_bytes() >> 20);
    }
    let lives = |answer: std::io::Result<Answer>| answer.is_ok_and(|answer| answer.body == "well");
    if !lives(bystander) {
        return Some(format!("{name}: a bystander got no answer"));
    }
    if !lives(worky.try_get("/bystander").await) {
        return Some(format!("{name}: a bystander got no answer afterwards"));
    }
    if !end.is(&code) {
        return Some(format!("{name}: {code:?} is not {end:?}: {answer:?}"));
    }
    (took > PATIENCE).then(|| format!("{name}: {took:?}"))
}

#[tokio::test]
async fn a_hundred_bombs_hurt_nobody_else() {
    assert!(BOMBS.len() >= 100, "{}", BOMBS.len());
    let only = std::env::var("BOMBS_ONLY").unwrap_or_default();
    let worky = worky();
    let lanes = (0..LANES).map(|lane| {
        let worky = &worky;
        let bombs = BOMBS.iter().filter(|(name, ..)| name.contains(&only)).skip(lane).step_by(LANES);
        async move {
            let mut failed = Vec::new();
            for (name, end, _) in bombs {
                failed.extend(explode(worky, lane, name, *end).await);
            }
            failed
        }
    });
    let failed: Vec<String> = join_all(lanes).await.concat();
    assert!(failed.is_empty(), "{} of {} bombs\n{}", failed.len(), BOMBS.len(), failed.join("\n"));
}
