//! The shape of the repository: which crate may use which, where unsafe code may stand, how long a file may be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use worky_tests::workspace_dir;

/// Which of worky's crates each of them may use. Everything else is a defect.
const EDGES: &[(&str, &[&str])] = &[
    ("worky", &["server", "dispatch", "js", "wasm", "engine", "host", "storage", "bundle", "explorer"]),
    ("worky-server", &["dispatch", "engine", "host", "bundle"]),
    ("worky-explorer", &["dispatch", "engine", "host"]),
    ("worky-dispatch", &["engine", "host", "bundle"]),
    ("worky-js", &["engine", "host"]),
    ("worky-wasm", &["engine", "host"]),
    ("worky-engine", &["host"]),
    ("worky-host", &["storage"]),
    ("worky-storage", &[]),
    ("worky-bundle", &[]),
    ("worky-tests", &[]),
];

/// The crates that own an engine, where V8 and wasmtime ask for unsafe code.
const UNSAFE_CRATES: &[&str] = &["js", "wasm"];

/// How long a file may be before it should split, and the files that are longer, each with its reason.
const FILE_LINES_MAX: usize = 500;
const LONGER_FILES: &[(&str, &str)] = &[];

#[test]
fn crates_use_only_what_they_may() {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(workspace_dir())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let names: BTreeSet<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();

    let mut wrong = Vec::new();
    let mut allowed: BTreeMap<&str, &[&str]> = EDGES.iter().copied().collect();
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        let Some(may) = allowed.remove(name) else {
            wrong.push(format!("{name} is not in the list of crates"));
            continue;
        };
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let used = dependency["name"].as_str().expect("a name");
            let short = used.strip_prefix("worky-").unwrap_or(used);
            if names.contains(used) && !may.contains(&short) {
                wrong.push(format!("{name} may not use {used}"));
            }
        }
    }
    wrong.extend(allowed.keys().map(|name| format!("{name} is in the list and not in the workspace")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn unsafe_code_stands_where_it_may_and_says_why() {
    let mut wrong = Vec::new();
    for root in crate_roots() {
        let text = fs::read_to_string(&root).expect("it can be read");
        let name = root
            .ancestors()
            .nth(2)
            .and_then(Path::file_name)
            .expect("a crate's directory")
            .to_string_lossy()
            .into_owned();
        if !UNSAFE_CRATES.contains(&name.as_str()) && !text.contains("#![forbid(unsafe_code)]") {
            wrong.push(format!("{} lacks #![forbid(unsafe_code)]", shown(&root)));
        }
    }
    for file in sources() {
        let text = fs::read_to_string(&file).expect("it can be read");
        let lines: Vec<&str> = text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let opens = ["unsafe {", "unsafe impl", "unsafe extern"].iter().any(|opening| code.contains(opening));
            // The comment stands right above, over the whole of a run of lines that share it.
            let said = lines[index.saturating_sub(12)..=index].iter().any(|above| above.contains("SAFETY:"));
            if opens && !said && !code.contains('"') {
                wrong.push(format!("{}:{} lacks a SAFETY comment", shown(&file), index + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_short_enough_to_be_read() {
    let mut wrong = Vec::new();
    for file in sources() {
        let lines = fs::read_to_string(&file).expect("it can be read").lines().count();
        let listed = LONGER_FILES.iter().any(|(name, _)| *name == shown(&file));
        if lines > FILE_LINES_MAX && !listed {
            wrong.push(format!("{} has {lines} lines", shown(&file)));
        }
        if lines <= FILE_LINES_MAX && listed {
            wrong.push(format!("{} is in the list of longer files and is not longer", shown(&file)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_architecture_page_names_every_crate() {
    let page = fs::read_to_string(workspace_dir().join("runtime/ARCHITECTURE.md")).expect("runtime/ARCHITECTURE.md");
    for root in crate_roots() {
        let name = root
            .ancestors()
            .nth(2)
            .and_then(Path::file_name)
            .expect("a crate's directory")
            .to_string_lossy()
            .into_owned();
        assert!(page.contains(&format!("`{name}")) || page.contains(&format!("{name}/")), "{name} is not named");
    }
}

/// `lib.rs` or `main.rs` of every crate of the runtime.
fn crate_roots() -> Vec<PathBuf> {
    let runtime = workspace_dir().join("runtime");
    let mut roots: Vec<PathBuf> = fs::read_dir(&runtime)
        .expect("runtime/ is there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.join("Cargo.toml").is_file())
        .flat_map(|path| ["src/lib.rs", "src/main.rs"].map(|root| path.join(root)))
        .filter(|root| root.is_file())
        .collect();
    roots.sort();
    assert!(roots.len() >= 8, "{roots:?}");
    roots
}

/// Every file of Rust and JavaScript that is ours.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = ["runtime", "tests", "examples"].map(|dir| workspace_dir().join(dir)).to_vec();
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display())) {
            let path = entry.expect("it can be read").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            // What tools/node/build and tools/testing/build make is not for reading.
            let is_generated =
                ["runtime/bundle/node", "runtime/worky/guest/packed"].iter().any(|made| path.ends_with(made));
            if path.is_dir() && !is_generated && !["target", "node_modules"].contains(&name.as_str()) {
                open.push(path);
            } else if ["rs", "js", "ts"].iter().any(|kind| path.extension().is_some_and(|extension| extension == *kind))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn shown(path: &Path) -> String {
    path.strip_prefix(workspace_dir()).unwrap_or(path).display().to_string()
}
