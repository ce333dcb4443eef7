//! A directory with a worker in it, and the program run on it.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::worky::Worky;

/// The file that holds the configuration of a project.
pub const CONFIG: &str = "worky.toml";

/// A worker's directory, which goes away with the value.
pub struct Project {
    dir: TempDir,
    env: Vec<(String, String)>,
}

/// A command that ran to its end.
#[derive(Debug)]
pub struct Finished {
    /// `None` when a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Finished {
    /// Both streams, for messages whose stream does not matter.
    pub fn text(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }

    #[track_caller]
    pub fn assert_code(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub fn assert_says(&self, part: &str) -> &Self {
        assert!(self.text().contains(part), "{part:?} is not in:\n{}", self.text());
        self
    }

    #[track_caller]
    pub fn assert_silent_on(&self, part: &str) -> &Self {
        assert!(!self.text().contains(part), "{part:?} is in:\n{}", self.text());
        self
    }
}

impl Project {
    /// An empty directory.
    pub fn empty() -> Self {
        Project { dir: TempDir::with_prefix("worky-test-").expect("a temporary directory"), env: Vec::new() }
    }

    /// A worker of one module and the shortest configuration.
    pub fn worker(source: &str) -> Self {
        Project::worker_with(source, "")
    }

    /// A worker of one module; `config` continues the configuration after its top-level keys.
    pub fn worker_with(source: &str, config: &str) -> Self {
        Project::empty().file("src/index.ts", source).config(config)
    }

    /// A copy of `tests/guests/NAME`; `config` continues the configuration after its top-level keys.
    pub fn guest(name: &str, config: &str) -> Self {
        let project = Project::empty().config(config);
        each_file(&workspace_dir().join("tests/guests").join(name), project.path(), copy);
        project
    }

    /// A copy of `examples/NAME`, whose configuration stays as its author wrote it.
    pub fn example(name: &str) -> Self {
        let project = Project::empty();
        each_file(&workspace_dir().join("examples").join(name), project.path(), copy);
        project
    }

    /// Has a directory of `from`, with the same files and no copies where the file system can do so.
    pub fn linked(self, from: &Path, name: &str) -> Self {
        each_file(&from.join(name), &self.path().join(name), link);
        self
    }

    /// Has the directory `from` under another name, in the same way.
    pub fn linked_as(self, from: &Path, name: &str) -> Self {
        each_file(from, &self.path().join(name), link);
        self
    }

    /// Writes one file, with its directories.
    pub fn file(self, path: &str, contents: impl AsRef<[u8]>) -> Self {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a file has a directory")).expect("its directory is made");
        fs::write(&path, contents).expect("the file is written");
        self
    }

    /// Writes the configuration: a name, the main module, and what follows. Top-level keys come first in `rest`.
    pub fn config(self, rest: &str) -> Self {
        let text = format!("name = \"worker\"\nmain = \"src/index.ts\"\ncompatibility_date = \"2026-01-01\"\n{rest}\n");
        self.file(CONFIG, text)
    }

    /// Adds to the end of the configuration.
    pub fn append_config(self, more: &str) -> Self {
        let before = fs::read_to_string(self.path().join(CONFIG)).expect("the configuration is there");
        self.file(CONFIG, format!("{before}\n{more}\n"))
    }

    /// A variable of the environment that the program runs in.
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.push((name.to_owned(), value.into()));
        self
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).expect("the file is there")
    }

    /// `worky serve` on a free port.
    #[track_caller]
    pub fn serve(self) -> Worky {
        self.start(&["serve", "--config", CONFIG, "--listen", "127.0.0.1:0"])
    }

    /// `worky dev` on a free port.
    #[track_caller]
    pub fn dev(self) -> Worky {
        self.start(&["dev", "--port", "0"])
    }

    /// A command that listens; it is up when this returns.
    #[track_caller]
    pub fn start(self, args: &[&str]) -> Worky {
        match Worky::try_start(self, args) {
            Ok(worky) => worky,
            Err(output) => panic!("worky {} did not start listening:\n{output}", args.join(" ")),
        }
    }

    /// `worky check` on this project.
    pub fn check(&self) -> Finished {
        self.run(&["check"])
    }

    /// `worky serve` that is expected to give up.
    pub fn serve_fails(&self) -> Finished {
        self.run(&["serve", "--config", CONFIG, "--listen", "127.0.0.1:0"])
    }

    /// A command that ends by itself; one that does not is stopped and fails the test.
    #[track_caller]
    pub fn run(&self, args: &[&str]) -> Finished {
        let mut child = self
            .command(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let stdout = read_on_thread(child.stdout.take().expect("piped"));
        let stderr = read_on_thread(child.stderr.take().expect("piped"));
        let deadline = Instant::now() + crate::PATIENCE;
        let status = loop {
            if let Some(status) = child.try_wait().expect("its state can be asked") {
                break Some(status);
            }
            if Instant::now() > deadline {
                child.kill().expect("it can be stopped");
                child.wait().expect("it is gone");
                break None;
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let (stdout, stderr) = (stdout.join().expect("read"), stderr.join().expect("read"));
        let Some(status) = status else {
            panic!("worky {} did not end by itself:\n{stdout}\n{stderr}", args.join(" "));
        };
        Finished { code: status.code(), stdout, stderr }
    }

    /// A command that talks with its test: all three streams are pipes. It is the test's to end it.
    pub fn spawn(&self, args: &[&str]) -> Child {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs")
    }

    /// The program with these arguments, in this directory, with a clean environment.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(args).current_dir(self.path()).env_clear();
        // Without HOME and PATH of its own the program could not tell a temporary directory or a cache directory.
        for name in ["PATH", "TMPDIR", "RUST_BACKTRACE"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.env("HOME", self.path());
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// The directory of the whole repository.
pub fn workspace_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the suite is a member of the workspace").to_owned()
}

/// `WORKY_BIN`, or the program that was built beside this suite.
pub fn program() -> PathBuf {
    let path = match std::env::var_os("WORKY_BIN") {
        Some(path) => PathBuf::from(path),
        None => built_dir().join("worky"),
    };
    assert!(path.is_file(), "{} is missing: build it with `cargo build -p worky`, or set WORKY_BIN", path.display());
    path
}

/// `target/PROFILE`: where cargo put the program. Tests lie in `deps` under it, programs in it.
pub(crate) fn built_dir() -> PathBuf {
    let own = std::env::current_exe().expect("a program has a path");
    let dir = own.parent().expect("a file is in a directory");
    if dir.ends_with("deps") { dir.parent().expect("target/PROFILE/deps").to_owned() } else { dir.to_owned() }
}

fn copy(from: &Path, to: &Path) {
    fs::copy(from, to).expect("the file is copied");
}

fn link(from: &Path, to: &Path) {
    if fs::hard_link(from, to).is_err() {
        // Another file system, or a link that leads to nothing.
        let _copied = fs::copy(from, to);
    }
}

/// Makes the directory `to`, and `place`s every file of `from` in it.
fn each_file(from: &Path, to: &Path, place: fn(&Path, &Path)) {
    fs::create_dir_all(to).expect("the directory is made");
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let entry = entry.expect("the directory can be read");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("its type is known").is_dir() {
            each_file(&entry.path(), &target, place);
        } else {
            place(&entry.path(), &target);
        }
    }
}

fn read_on_thread(mut pipe: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("the pipe can be read");
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
