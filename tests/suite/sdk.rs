//! The npm package: what `npm pack` makes of it, installed into an empty project and used there.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use worky_tests::guest::guest_bytes;
use worky_tests::project::program;
use worky_tests::{PATIENCE, Project, workspace_dir};

/// What the worker of the package's tests does.
const WORKER: &str = r#"
export default {
  async fetch(request, env) {
    const { pathname, search, host } = new URL(request.url);
    if (pathname === "/log") console.log("logged by the worker");
    if (pathname === "/redirect") return new Response(null, { status: 302, headers: { location: "/elsewhere" } });
    if (pathname === "/none") return new Response(null, { status: 204 });
    if (pathname === "/count") {
      const count = Number(await env.COUNT.get("n")) + 1;
      await env.COUNT.put("n", String(count));
      return new Response(String(count));
    }
    const body = await request.text();
    const length = env.TOKEN.length;
    return new Response(`${env.GREETING} from ${host}${pathname}${search} ${request.method} ${length} ${body}`.trim());
  },
};
"#;
const CONFIG: &str = r#"name = "hello"
main = "index.js"
compatibility_date = "2026-01-01"
secrets = ["TOKEN"]
[vars]
GREETING = "Hello"
[[kv_namespaces]]
binding = "COUNT"
id = "count"
"#;

/// Why these tests cannot run here, where node or npm are not there.
fn without_npm() -> Option<&'static str> {
    static WHY: OnceLock<Option<&str>> = OnceLock::new();
    *WHY.get_or_init(|| {
        let runs = |name: &str| Command::new(name).arg("--version").output().is_ok_and(|done| done.status.success());
        let why = (!runs("node") || !runs("npm")).then_some("not run: there is no node or no npm");
        why.inspect(|why| eprintln!("{why}"))
    })
}

/// What of the packages of `tests/sdk` or `tests/types` is installed; tells what to type where it is not.
fn installed(dir: &str, file: &str) -> Option<PathBuf> {
    let path = workspace_dir().join("tests").join(dir).join("node_modules").join(file);
    if !path.exists() {
        eprintln!("not run: {file} is not installed; type: npm install --prefix tests/{dir}");
    }
    path.exists().then_some(path)
}

/// The package as a file, made once.
fn packed() -> &'static Path {
    static PACKED: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, file) = PACKED.get_or_init(|| {
        let dir = TempDir::with_prefix("worky-test-").expect("a temporary directory");
        let package = workspace_dir().join("sdk-js");
        let made = run(Command::new("npm")
            .args(["pack", "--silent", "--pack-destination"])
            .arg(dir.path())
            .current_dir(package));
        let name = String::from_utf8(made.stdout).expect("a name");
        let file = dir.path().join(name.trim());
        (dir, file)
    });
    file
}

/// An empty project that the package was installed into, with a worker in `hello/`.
fn project() -> Project {
    let project = Project::empty()
        .file("package.json", r#"{ "private": true, "type": "module" }"#)
        .file("hello/index.js", WORKER)
        .file("hello/worky.toml", CONFIG);
    let install = ["install", "--offline", "--no-audit", "--no-fund", "--no-save", "--silent"];
    run(Command::new("npm").args(install).arg(packed()).current_dir(project.path()));
    project
}

fn run(command: &mut Command) -> Output {
    let done = command.stdin(Stdio::null()).output().expect("it runs");
    assert!(done.status.success(), "{command:?}:\n{}", text(&done));
    done
}

fn text(done: &Output) -> String {
    format!("{}\n{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(workspace_dir().join("tests/sdk").join(name)).expect("it is there")
}

#[test]
fn the_package_has_what_a_user_needs_and_nothing_else() {
    if without_npm().is_some() {
        return;
    }
    let listed = run(Command::new("tar").arg("-tzf").arg(packed()));
    let mut files: Vec<String> = String::from_utf8(listed.stdout).expect("names").lines().map(str::to_owned).collect();
    files.sort();
    let expected = [
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "bin/worky.js",
        "lib/binary.js",
        "lib/index.d.ts",
        "lib/index.js",
        "lib/request.js",
        "lib/worker.js",
        "package.json",
        "types/files.d.ts",
        "types/globals.d.ts",
        "types/index.d.ts",
        "types/plugins.d.ts",
        "types/scope.d.ts",
        "types/test.d.ts",
        "types/worky.d.ts",
    ];
    assert_eq!(files, expected.map(|file| format!("package/{file}")));
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        let text = |path: &str| std::fs::read_to_string(workspace_dir().join(path)).expect("it is there");
        assert_eq!(text(&format!("sdk-js/{name}")), text(name));
    }
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(workspace_dir().join("sdk-js/package.json")).expect("there"))
            .expect("JSON");
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn a_runtime_in_node_test() {
    if without_npm().is_some() {
        return;
    }
    let project = project().file("worker.test.mjs", fixture("node.mjs"));
    let mut node = Command::new("node");
    node.args(["--test", "worker.test.mjs"]).current_dir(project.path()).env("WORKY_BINARY", program());
    let done = run(&mut node);
    assert!(text(&done).contains("# pass 6") || text(&done).contains("ℹ pass 6"), "{}", text(&done));
}

#[test]
fn a_runtime_in_vitest() {
    let (None, Some(vitest)) = (without_npm(), installed("sdk", ".bin/vitest")) else { return };
    // Its packages are where the test is, which is how it finds itself.
    let project = project().file("worker.test.mjs", fixture("vitest.mjs"));
    for entry in std::fs::read_dir(workspace_dir().join("tests/sdk/node_modules")).expect("installed") {
        let entry = entry.expect("it can be read");
        link(&entry.path(), &project.path().join("node_modules").join(entry.file_name()));
    }
    let mut command = Command::new(vitest);
    command
        .args(["run", "worker.test.mjs"])
        .current_dir(project.path())
        .env("WORKY_BINARY", program())
        .env("NO_COLOR", "1");
    let done = run(&mut command);
    assert!(text(&done).contains("1 passed"), "{}", text(&done));
}

/// Where it is not there already.
fn link(from: &Path, to: &Path) {
    if !to.exists() {
        std::os::unix::fs::symlink(from, to).expect("linked");
    }
}

#[test]
fn the_command_is_the_program() {
    if without_npm().is_some() {
        return;
    }
    let project = project();
    let command = |args: &[&str]| {
        let mut command = Command::new(project.path().join("node_modules/.bin/worky"));
        command.args(args).current_dir(project.path()).env("WORKY_BINARY", program()).stdin(Stdio::null());
        command
    };
    let version = run(&mut command(&["--version"]));
    assert!(text(&version).contains("worky 0."), "{}", text(&version));
    // Its exit code and its streams.
    let refused = command(&["check", "nowhere"]).output().expect("it runs");
    assert!(refused.status.code() == Some(2) && text(&refused).contains("nowhere"), "{}", text(&refused));
    // On PATH, where npm puts the command itself first.
    let path = format!(
        "{}:{}",
        project.path().join("node_modules/.bin").display(),
        program().parent().expect("in a directory").display()
    );
    let path = format!("{path}:{}", std::env::var("PATH").expect("there is one"));
    let found = run(command(&["--version"]).env_remove("WORKY_BINARY").env("PATH", path));
    assert_eq!(found.stdout, version.stdout);
    // A script that runs it, which it cannot tell from the program, does not run it for ever.
    let project = project.file("bin/worky", "#!/bin/sh\nexec node ./node_modules/worky/bin/w*.js \"$@\"\n");
    run(Command::new("chmod").arg("+x").arg(project.path().join("bin/worky")));
    let command = |args: &[&str]| {
        let mut command = Command::new(project.path().join("node_modules/.bin/worky"));
        command.args(args).current_dir(project.path()).stdin(Stdio::null());
        command
    };
    let looped = command(&["--version"]).env("WORKY_BINARY", "bin/worky").output().expect("it runs");
    assert_eq!(looped.status.code(), Some(127), "{}", text(&looped));
    assert!(text(&looped).contains("bin/worky is npm's command worky"), "{}", text(&looped));
    // None at all.
    let node = run(Command::new("sh").args(["-c", "command -v node"]));
    let node = String::from_utf8(node.stdout).expect("a path");
    let mut bare = Command::new(node.trim());
    bare.arg("node_modules/.bin/worky").current_dir(project.path()).env_remove("WORKY_BINARY").env("PATH", "/nowhere");
    let bare = bare.output().expect("it runs");
    assert_eq!(bare.status.code(), Some(127), "{}", text(&bare));
    for part in ["there is no program worky", "make build", "WORKY_BINARY=/path/to/worky"] {
        assert!(text(&bare).contains(part), "{part}: {}", text(&bare));
    }
}

#[test]
fn the_command_passes_signals_on() {
    if without_npm().is_some() {
        return;
    }
    let project = project();
    for (signal, code) in [("TERM", 0), ("INT", 0)] {
        let mut command = Command::new(project.path().join("node_modules/.bin/worky"));
        command.args(["dev", "hello", "--port", "0"]).current_dir(project.path());
        command.env("WORKY_BINARY", program()).env("WORKY_SECRET_TOKEN", "x");
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it runs");
        let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().expect("piped")));
        assert!(lines.any(|line| line.expect("text").starts_with("listening on ")), "it listens");
        run(Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]));
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = child.try_wait().expect("its state can be asked") {
                break status;
            }
            assert!(Instant::now() < deadline, "{signal} did not end it");
            std::thread::sleep(Duration::from_millis(5));
        };
        assert_eq!(status.code(), Some(code), "{signal}");
    }
}

#[test]
fn every_example_compiles_strictly() {
    let (None, Some(tsc)) = (without_npm(), installed("types", ".bin/tsc")) else { return };
    let examples = std::fs::read_dir(workspace_dir().join("examples")).expect("there");
    for example in examples.map(|entry| entry.expect("it can be read")).filter(|entry| entry.path().is_dir()) {
        let name = example.file_name().into_string().expect("UTF-8");
        let mut project = Project::example(&name);
        for guest in ["markdown", "csv-stats"] {
            if project.read("worky.toml").contains(guest) {
                let config = project.read("worky.toml").replace("../../target/guests/", "");
                project = project.file("worky.toml", config).file(&format!("{guest}.wasm"), guest_bytes(guest));
            }
        }
        let project = with_package(project, r#""types": ["worky/types"]"#);
        project.run(&["types"]).assert_code(0);
        let declared = project.read("worky.d.ts");
        assert!(!declared.contains("KVNamespace {"), "{name}: what the package declares is declared twice");
        compile(&tsc, &project, &name);
    }
}

#[test]
fn code_for_cloudflare_workers_compiles_with_either_types() {
    let (None, Some(tsc), Some(_)) =
        (without_npm(), installed("types", ".bin/tsc"), installed("sdk", "@cloudflare/workers-types"))
    else {
        return;
    };
    let types = workspace_dir().join("tests/sdk/node_modules");
    for option in [r#""types": ["worky/types"]"#, r#""types": ["@cloudflare/workers-types"]"#] {
        let project = with_package(Project::empty().file("src/portable.ts", fixture("portable.ts")), option);
        link(&types.join("@cloudflare"), &project.path().join("node_modules/@cloudflare"));
        compile(&tsc, &project, option);
    }
    let project = Project::empty().file("src/bindings.ts", fixture("bindings.ts"));
    let project = with_package(project, r#""types": ["worky/types"]"#);
    link(&types.join("@cloudflare"), &project.path().join("node_modules/@cloudflare"));
    compile(&tsc, &project, "bindings");
    // Beside Node's types, whose globals are others; nobody checks what lies in packages then.
    let source = "import { AsyncLocalStorage } from 'node:async_hooks';\n\
        const storage = new AsyncLocalStorage<number>();\n\
        export default { fetch: (request) => storage.run(1, () => new Response(Buffer.from(request.url).toString('hex'))) } satisfies ExportedHandler<Env>;\n";
    let project = Project::empty().file("src/node.ts", source);
    let project = with_package(project, r#""types": ["worky/types", "node"], "skipLibCheck": true"#);
    for name in ["@types", "undici-types"] {
        link(&types.join(name), &project.path().join("node_modules").join(name));
    }
    compile(&tsc, &project, "node");
}

/// The package where npm would put it, and a `tsconfig.json` with this option.
fn with_package(project: Project, option: &str) -> Project {
    let config = format!(
        r#"{{ "compilerOptions": {{ "target": "esnext", "lib": ["esnext"], "module": "esnext", "moduleResolution": "bundler",
            "strict": true, "noEmit": true, "allowImportingTsExtensions": true, {option} }}, "include": ["src", "worky.d.ts"] }}"#
    );
    project.file("tsconfig.json", config).linked_as(&workspace_dir().join("sdk-js"), "node_modules/worky")
}

fn compile(tsc: &Path, project: &Project, what: &str) {
    let done = Command::new(tsc).current_dir(project.path()).output().expect("it runs");
    assert!(done.status.success(), "{what}:\n{}", text(&done));
}

/// TypeScript's declarations, less what a worker does not have, are those that are there; and nothing of a worker is missing.
#[tokio::test]
async fn the_globals_are_those_that_a_worker_has() {
    let (None, Some(tsc)) = (without_npm(), installed("types", ".bin/tsc")) else { return };
    let surface_worker = std::fs::read(workspace_dir().join("tools/types/surface.js")).expect("there");
    let worky = Project::empty().file("src/index.ts", surface_worker).config("").dev();
    let surface = worky.get("/").await.ok();
    let project = Project::empty().file("surface.json", surface.text());
    let written = project.path().join("globals.d.ts");
    let mut build = Command::new("node");
    build.arg(workspace_dir().join("tools/types/build.mjs")).arg(project.path().join("surface.json")).arg(&written);
    run(&mut build);
    let committed = std::fs::read_to_string(workspace_dir().join("sdk-js/types/globals.d.ts")).expect("there");
    assert!(project.read("globals.d.ts") == committed, "a worker's globals have changed; type: tools/types/build");

    let names = surface.json().as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    let source: String =
        names.iter().filter(|name| !UNTYPED.contains(&name.as_str())).map(|name| format!("void {name};\n")).collect();
    let project = with_package(project.file("src/every.ts", source + "export {};\n"), r#""types": ["worky/types"]"#);
    compile(&tsc, &project, "every global");
}

/// What V8 has and this TypeScript does not know yet.
const UNTYPED: &[&str] = &["Temporal"];
