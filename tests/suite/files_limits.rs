//! What a worker may fill, and what it is told when it may not.

use serde_json::json;
use worky_tests::{Project, Worky};

/// Runs a script with `env`, `root` (a directory that is written) and `tmp`; answers what it returns or throws.
const SCRIPTS: &str = r#"
const scripts = {
    async fill(directory) {
        const file = await directory.getFileHandle("a", { create: true });
        const stream = await file.createWritable();
        let written = 0;
        try {
            while (true) {
                await stream.write(new Uint8Array(1000));
                written += 1000;
            }
        } catch (error) {
            return [written, error.name, error instanceof DOMException, (await file.getFile()).size];
        }
    },
    async truncate(directory) {
        const stream = await (await directory.getFileHandle("a", { create: true })).createWritable();
        try {
            await stream.truncate(2 ** 50);
        } catch (error) {
            return [error.name, error.message];
        }
    },
    async entries(directory) {
        let made = 0;
        try {
            for (;; made++) await directory.getDirectoryHandle(String(made), { create: true });
        } catch (error) {
            return [made, error.name, error.message];
        }
    },
    async deep(directory) {
        let made = 0;
        try {
            for (;; made++) directory = await directory.getDirectoryHandle("d", { create: true });
        } catch (error) {
            return [made, error.name];
        }
    },
    async open(directory) {
        const file = await directory.getFileHandle("a", { create: true });
        const open = [];
        try {
            while (true) open.push(await file.createWritable());
        } catch (error) {
            return [open.length, error.name, error.message];
        }
    },
    async parallel(directory) {
        const write = async (index) => {
            const stream = await (await directory.getFileHandle(String(index), { create: true })).createWritable();
            await stream.write(new Uint8Array(4000));
            await stream.close();
        };
        const done = await Promise.allSettled([1, 2, 3, 4, 5, 6].map(write));
        return [done.filter((one) => one.status === "fulfilled").length, ...new Set(done.map((one) => String(one.reason?.name)).sort())];
    },
};
export default { async fetch(request, env) {
    const [script, where] = new URL(request.url).pathname.slice(1).split("/");
    const tmp = await (await navigator.storage.getDirectory()).getDirectoryHandle("tmp");
    return Response.json(await scripts[script](where === "tmp" ? tmp : env.DATA));
} };
"#;

fn serve(files: &str, limits: &str) -> Worky {
    let config = format!(
        "[[files]]\nbinding = \"DATA\"\npath = \"files\"\nmode = \"read-write\"\n{files}\n[limits]\ncpu_ms = 30000\n{limits}\n[server]\nadmin_listen = \"127.0.0.1:0\"\n"
    );
    Project::worker_with(SCRIPTS, &config).serve()
}

fn disk_bytes(worky: &Worky) -> u64 {
    let entries = std::fs::read_dir(worky.project().path().join("files")).expect("there");
    entries.map(|entry| entry.expect("read").metadata().expect("known").len()).sum()
}

#[tokio::test]
async fn bytes_have_a_quota() {
    let worky = serve("quota_bytes = 10000", "tmp_bytes = 5000");
    for (place, fits) in [("data", 10_000), ("tmp", 5_000)] {
        let filled = worky.get(&format!("/fill/{place}")).await.ok().json();
        assert_eq!(filled, json!([fits, "QuotaExceededError", true, 0]), "{place}");
        let refused = worky.get(&format!("/truncate/{place}")).await.ok().json();
        assert_eq!(refused[0], "QuotaExceededError", "{place}: {refused}");
        let key = if place == "tmp" { "limits.tmp_bytes" } else { "files.quota_bytes" };
        assert!(refused[1].as_str().expect("text").contains(key), "{refused}");
        let fulfilled = worky.get(&format!("/parallel/{place}")).await.ok().json();
        assert_eq!(fulfilled, json!([fits / 4000, "QuotaExceededError", "undefined"]), "{place}");
    }
    assert_eq!(disk_bytes(&worky), 8000);
    let metrics = worky_tests::client::get(worky.admin_address().await, "/metrics").await;
    for limit in ["quota_bytes", "tmp_bytes"] {
        assert!(metrics.text().contains(&format!("limit=\"{limit}\"")), "{}", metrics.text());
    }
}

#[tokio::test]
async fn entries_and_depth_are_bounded() {
    let worky = serve("quota_entries = 20", "tmp_entries = 10");
    for (place, fits, key) in [("data", 20, "files.quota_entries"), ("tmp", 10, "limits.tmp_entries")] {
        let made = worky.get(&format!("/entries/{place}")).await.ok().json();
        assert_eq!((&made[0], &made[1]), (&json!(fits), &json!("QuotaExceededError")), "{made}");
        assert!(made[2].as_str().expect("text").contains(key), "{made}");
    }
    let worky = serve("", "");
    for place in ["data", "tmp"] {
        let made = worky.get(&format!("/deep/{place}")).await.ok().json();
        assert_eq!(made, json!([64, "TypeError"]), "{place}");
    }
}

#[tokio::test]
async fn open_files_are_counted_over_all_requests() {
    let worky = serve("", "open_files = 5");
    for place in ["data", "tmp", "data"] {
        let opened = worky.get(&format!("/open/{place}")).await.ok().json();
        assert_eq!(opened[1], "QuotaExceededError", "{opened}");
        assert!(opened[2].as_str().expect("text").contains("limits.open_files"), "{opened}");
        // Those of the request before may be on their way out.
        assert!((1..=5).contains(&opened[0].as_u64().expect("a number")), "{opened}");
    }
}

#[tokio::test]
async fn tmp_counts_against_the_memory_of_the_worker() {
    let worky = serve("", "memory_mb = 32\ntmp_bytes = 1000000000");
    worky.kill_beyond(1 << 30);
    let filled = worky.get("/fill/tmp").await.ok().json();
    let written = filled[0].as_u64().expect("a number");
    assert_eq!(filled[1], "QuotaExceededError", "{filled}");
    assert!((1 << 20..32 << 20).contains(&written), "{filled}");
    // The next one starts from nothing.
    let again = worky.get("/fill/tmp").await.ok().json()[0].as_u64().expect("a number");
    assert!(again > written / 2, "{again} after {written}");
}
