//! What configuration says when it is wrong: file, line, column, and how to mend it.

use worky_tests::Project;

const FINE: &str = "export default { fetch: () => new Response() };";

/// `worky check` must end with 2 and say all of `parts`. `config` starts on line 4, after `name`, `main` and the date.
#[track_caller]
fn refused(config: &str, parts: &[&str]) {
    let finished = Project::worker_with(FINE, config).check();
    finished.assert_code(2);
    for part in parts {
        finished.assert_says(part);
    }
}

/// Like [`refused`], for a whole file.
#[track_caller]
fn file_refused(file: &str, parts: &[&str]) {
    let finished = Project::worker(FINE).file("worky.toml", file).check();
    finished.assert_code(2);
    for part in parts {
        finished.assert_says(part);
    }
}

#[test]
fn what_is_no_toml_has_a_place() {
    file_refused("name = \"a\"\nmain = = 1\n", &["worky.toml:2:"]);
    file_refused("name = \"a\"\nname = \"b\"\n", &["worky.toml:2:", "name"]);
    file_refused("name = \"unclosed\nmain = 1\n", &["worky.toml:1:"]);
    Project::worker(FINE).file("worky.toml", b"name = \"\xff\"\n").check().assert_code(2).assert_says("worky.toml");
}

#[test]
fn unknown_keys_have_a_place_and_a_hint() {
    refused("kv_namespace = 1\n", &["worky.toml:4:1", "kv_namespace", "did you mean `kv_namespaces`?"]);
    refused("[limits]\ncpu = 5\n", &["worky.toml:5:1", "unknown key `cpu`", "cpu_ms"]);
    refused("[server]\nlisten_on = \"x\"\n", &["worky.toml:5:1", "listen_on"]);
    refused("[egress.networks]\nallowed = []\n", &["worky.toml:5:1", "allowed", "did you mean `allow`?"]);
    refused("[[kv_namespaces]]\nbinding = \"KV\"\nid = \"a\"\nident = 1\n", &["worky.toml:7:1", "ident"]);
    refused("[env.staging]\nvar = 1\n", &["worky.toml:5:1", "var"]);
}

#[test]
fn wrong_types_have_a_place() {
    refused("[limits]\ncpu_ms = \"fast\"\n", &["worky.toml:5:10", "limits.cpu_ms", "integer"]);
    refused("secrets = \"API_KEY\"\n", &["worky.toml:4:11", "secrets", "array"]);
    refused("vars = 3\n", &["worky.toml:4:8", "vars", "table"]);
    refused("[server]\nhttp2 = \"yes\"\n", &["worky.toml:5:9", "http2"]);
    refused("[kv_namespaces]\nbinding = \"KV\"\n", &["worky.toml:4:", "kv_namespaces"]);
}

#[test]
fn numbers_have_bounds() {
    refused("[limits]\ncpu_ms = 0\n", &["worky.toml:5:10", "limits.cpu_ms"]);
    refused("[limits]\nmemory_mb = -1\n", &["worky.toml:5:13", "limits.memory_mb"]);
    refused("[limits]\nwall_ms = 99999999999999999999\n", &["worky.toml:5:11"]);
    refused("[server]\nmax_connections = 0\n", &["worky.toml:5:19", "max_connections"]);
}

#[test]
fn words_are_checked() {
    refused("[storage]\nbackend = \"postgres\"\n", &["worky.toml:5:11", "sqlite"]);
    refused("[storage]\ndurability = \"maybe\"\n", &["worky.toml:5:14", "full", "relaxed"]);
    refused("[log]\nformat = \"xml\"\n", &["worky.toml:5:10", "json", "pretty"]);
    refused("[log]\nlevel = \"loud=very=much\"\n", &["worky.toml:5:9", "log.level"]);
    refused("[server]\nlisten = \"8080\"\n", &["worky.toml:5:10", "server.listen"]);
}

#[test]
fn the_worker_itself_is_checked() {
    file_refused("main = \"src/index.ts\"\ncompatibility_date = \"2026-01-01\"\n", &["`name` is missing"]);
    file_refused("name = \"a\"\ncompatibility_date = \"2026-01-01\"\n", &["`main` is missing"]);
    file_refused("name = \"a b\"\nmain = \"src/index.ts\"\n", &["worky.toml:1:8", "a b"]);
    file_refused("name = \"a\"\nmain = \"src/index.js\"\n", &["worky.toml:2:8", "src/index.js", "there is index.ts"]);
    file_refused("name = \"a\"\nmain = \"../x.ts\"\n", &["worky.toml:2:8", "../x.ts"]);
    file_refused("name = \"a\"\nmain = \"/etc/passwd\"\n", &["worky.toml:2:8", "/etc/passwd"]);
    file_refused(
        "name = \"a\"\nmain = \"src/index.ts\"\ncompatibility_date = \"2026-02-30\"\n",
        &["worky.toml:3:22", "2026-02-30"],
    );
}

#[test]
fn bindings_are_checked() {
    refused("[[kv_namespaces]]\nbinding = \"KV\"\n", &["`kv_namespaces.id` is missing"]);
    refused("[[kv_namespaces]]\nbinding = \"K-V\"\nid = \"a\"\n", &["worky.toml:5:11", "K-V"]);
    refused(
        "globals = [\"KW\"]\n[[kv_namespaces]]\nbinding = \"KV\"\nid = \"a\"\n",
        &["worky.toml:4:12", "KW", "`KV`"],
    );
    refused("[vars]\nKV = \"x\"\n[[kv_namespaces]]\nbinding = \"KV\"\nid = \"a\"\n", &["env.KV", "worky.toml:7:11"]);
}

#[test]
fn egress_is_checked() {
    refused("[egress]\nallow = [\"example.com\"]\n", &["worky.toml:5:10", "example.com"]);
    refused("[egress]\nallow = [\"https://example.com/path\"]\n", &["worky.toml:5:10"]);
    refused("[egress]\nallow = [\"https://a.*.com\"]\n", &["worky.toml:5:10"]);
    refused("[egress]\nnetworks.allow = [\"10.0.0.0/99\"]\n", &["worky.toml:5:19", "10.0.0.0/99"]);
    refused("[egress]\nnetworks.deny = [\"somewhere\"]\n", &["worky.toml:5:18", "somewhere"]);
}

#[test]
fn what_wrangler_has_and_worky_has_not_is_named() {
    refused("[[r2_buckets]]\nbinding = \"B\"\n", &["worky.toml:4:", "r2_buckets", "not supported"]);
}

#[test]
fn every_problem_is_reported_at_once() {
    refused(
        "unknown_one = 1\n[limits]\ncpu_ms = \"x\"\nwrong = 2\n[server]\nlisten = \"nowhere\"\n",
        &["worky.toml:4:1", "worky.toml:6:10", "worky.toml:7:1", "worky.toml:9:10"],
    );
}

#[test]
fn config_and_modules_are_reported_together() {
    let project = Project::worker_with("export default { fetch( };", "unknown_one = 1\n");
    let finished = project.check();
    finished.assert_code(2).assert_says("worky.toml:4:1");
    finished.assert_says("src/index.ts:1:");
}

#[test]
fn serve_and_dev_refuse_what_check_refuses() {
    let project = Project::worker_with(FINE, "[limits]\ncpu = 5\n");
    project.serve_fails().assert_code(2).assert_says("worky.toml:5:1").assert_silent_on("listening");
    project.run(&["dev", "--port", "0"]).assert_code(2).assert_says("worky.toml:5:1").assert_silent_on("listening");
}
