//! What each command asks for, and how its end is told.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use worky_bundle::archive::Form;
use worky_explorer::Hub;
use worky_host::metrics::Metrics;
use worky_js::InspectStart;
use worky_server::{ErrorDetail, Pages};

use crate::build;
use crate::cli::{
    BuildArgs, CheckArgs, Command, DevArgs, Format, InitArgs, InspectArgs, ServeArgs, TestArgs, TypesArgs,
};
use crate::config::{
    self, Config, Defaults, DevFiles, FILE_NAME, Flag, LogFormat, Origin, Problem, Report, Request, ServicesWanted,
    is_bundle,
};
use crate::explorer::ExplorerPort;
use crate::logging::Tap;
use crate::terminal::{Color, stderr_color};
use crate::types::{self, Output};
use crate::{check, explorer, init, machine, run, run_command, test};

/// Where `worky dev` listens.
const DEV_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8787);
/// Where `worky serve` listens: this machine only, until someone says otherwise.
const SERVE_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
/// Where `worky dev` keeps data, in the project.
const DEV_STATE: &str = ".worky/state";
/// Where `worky serve` keeps data, beside its configuration.
const SERVE_DATA: &str = "worky-data";

/// Where `worky test --coverage` writes, in the directory that it is called in.
const COVERAGE_DIR: &str = "coverage";

/// How a command ended. The numbers are part of the public interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Success,
    Failure,
    BadConfig,
    /// Of a command that `worky run` ran.
    Command(u8),
    /// The same program is to begin anew.
    Again,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Success => 0,
            Exit::Failure => 1,
            Exit::BadConfig => 2,
            Exit::Command(code) => code,
            Exit::Again => begin_anew(),
        })
    }
}

/// Runs this program with its arguments in the place of this process. Answers only where that fails.
fn begin_anew() -> u8 {
    let program = std::env::current_exe();
    let error = match program {
        Ok(program) => std::process::Command::new(program).args(std::env::args_os().skip(1)).exec(),
        Err(error) => error,
    };
    eprintln!("error: worky cannot be started again: {error}");
    1
}

/// What differs between the commands that serve.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mode {
    pub(crate) errors: ErrorDetail,
    pub(crate) color: Color,
    /// Whether what is saved is served.
    pub(crate) reload: bool,
    pub(crate) explorer: ExplorerPort,
    /// Where debuggers attach, if they may.
    pub(crate) inspect: Option<(SocketAddr, InspectStart)>,
    pub(crate) voice: Voice,
    pub(crate) pages: Pages,
}

/// How it is told what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    /// As lines of a log, on standard error.
    Lines,
    /// One JSON object for each thing that happens, on standard output.
    Events,
}

impl Mode {
    /// What is wrong with a project.
    pub(crate) fn tell(self, report: &Report) {
        match self.voice {
            Voice::Lines => print_report(report, self.color),
            Voice::Events => {
                let lines = crate::logging::report_lines(report);
                // Where standard output is gone there is nobody to tell.
                let _gone = std::io::stdout().lock().write_all(lines.as_bytes());
            }
        }
    }

    /// Tells what is wrong. A configuration that cannot be used has its own exit code.
    fn give_up(self, report: &Report) -> Exit {
        match self.voice {
            Voice::Lines => give_up(report, self.color),
            Voice::Events => {
                self.tell(report);
                Exit::BadConfig
            }
        }
    }
}

pub(crate) fn run(command: Command) -> Exit {
    let color = stderr_color();
    let working_dir = match std::env::current_dir() {
        Ok(dir) => dir,
        Err(error) => {
            eprintln!("error: the working directory cannot be told: {error}");
            return Exit::Failure;
        }
    };
    match command {
        Command::Init(args) => init(args, working_dir, color),
        Command::Dev(args) => dev(args, working_dir, color),
        Command::Serve(args) => serve(args, working_dir, color),
        Command::Build(args) => build(args, working_dir, color),
        Command::Check(args) => check(args, working_dir, color),
        Command::Test(args) => test(args, working_dir, color),
        Command::Types(args) => types(args, working_dir, color),
        Command::Run(args) => run_command::run(args),
    }
}

fn init(args: InitArgs, working_dir: PathBuf, color: Color) -> Exit {
    let root = working_dir.join(&args.dir);
    let request = names_only(Origin::File(root.join(FILE_NAME)), None, working_dir);
    init::run(&args, &root, &request, color)
}

fn dev(args: DevArgs, working_dir: PathBuf, color: Color) -> Exit {
    let report = Report::default();
    let voice = if args.json { Voice::Events } else { Voice::Lines };
    let inspect = {
        let InspectArgs { inspect, inspect_wait, inspect_brk } = args.inspect;
        let run = inspect.map(|address| (address, InspectStart::Run));
        let wait = inspect_wait.map(|address| (address, InspectStart::Wait));
        run.or(wait).or(inspect_brk.map(|address| (address, InspectStart::Break)))
    };
    let explorer = args.explorer;
    let pages = if args.live_reload { Pages::Reloading } else { Pages::AsTheyAre };
    let mode = Mode { errors: ErrorDetail::Development, color, reload: true, explorer, inspect, voice, pages };
    let Some(origin) = origin_of(&args.target, &working_dir, &report) else { return mode.give_up(&report) };
    let mut flags = Vec::new();
    if args.port.is_some() || args.host.is_some() {
        let address = SocketAddr::new(args.host.unwrap_or(DEV_LISTEN.ip()), args.port.unwrap_or(DEV_LISTEN.port()));
        let name = if args.port.is_some() { "--port" } else { "--host" };
        flags.push(Flag { name, path: &["server", "listen"], value: address.to_string() });
    }
    if let Some(dir) = args.persist_to {
        let value = dir.to_string_lossy().into_owned();
        flags.push(Flag { name: "--persist-to", path: &["storage", "path"], value });
    }
    let request = Request {
        defaults: Defaults {
            memory_bytes: machine::memory_bytes(),
            listen: DEV_LISTEN,
            storage_path: directory_of(&origin, &working_dir).join(DEV_STATE),
            log_level: "info,worker=debug",
            log_format: LogFormat::Pretty,
        },
        origin,
        environment: selected(args.env),
        variables: std::env::vars_os().collect(),
        flags,
        dev_files: DevFiles::Read,
        vars: args.var,
        ignored: &[["server", "listen"], ["storage", "path"], ["log", "format"]],
        services: ServicesWanted::Deployed,
        working_dir,
    };
    start(request, report, mode)
}

fn serve(args: ServeArgs, working_dir: PathBuf, color: Color) -> Exit {
    let report = Report::default();
    if args.inspect.is_some() {
        let problem = Problem::error("worky serve has no debugger");
        report.push(problem.hint(
            "whoever reaches a debugger runs code in every worker and reads its secrets; worky dev --inspect is for that",
        ));
        return give_up(&report, color);
    }
    let origin = match args.target {
        None => Origin::File(args.config),
        Some(target) => match origin_of(&target, &working_dir, &report) {
            Some(file @ Origin::File(_)) => file,
            Some(Origin::Module(_)) => {
                let problem = Problem::error(format!("{} is neither a bundle nor a project", target.display()));
                report.push(problem.hint("worky build makes a bundle, worky dev runs a module by itself"));
                return give_up(&report, color);
            }
            None => return give_up(&report, color),
        },
    };
    let listen = |value| Flag { name: "--listen", path: &["server", "listen"], value };
    let request = Request {
        defaults: Defaults {
            memory_bytes: machine::memory_bytes(),
            listen: SERVE_LISTEN,
            storage_path: directory_of(&origin, &working_dir).join(SERVE_DATA),
            log_level: "info",
            log_format: LogFormat::Json,
        },
        origin,
        environment: selected(args.env),
        variables: std::env::vars_os().collect(),
        flags: args.listen.map(listen).into_iter().collect(),
        dev_files: DevFiles::Ignored,
        vars: Vec::new(),
        ignored: &[],
        services: ServicesWanted::Deployed,
        working_dir,
    };
    let mode = Mode {
        errors: ErrorDetail::Production,
        color,
        reload: false,
        explorer: ExplorerPort::Off,
        inspect: None,
        voice: Voice::Lines,
        pages: Pages::AsTheyAre,
    };
    start(request, report, mode)
}

fn check(args: CheckArgs, working_dir: PathBuf, color: Color) -> Exit {
    let report = Report::default();
    let Some(origin) = origin_of(&args.target, &working_dir, &report) else { return give_up(&report, color) };
    let request = Request {
        variables: std::env::vars_os().collect(),
        dev_files: DevFiles::Read,
        ignored: &[["log", "level"], ["log", "format"]],
        ..names_only(origin, args.env, working_dir)
    };
    check::run(&request, report, color)
}

fn build(args: BuildArgs, working_dir: PathBuf, color: Color) -> Exit {
    let report = Report::default();
    let Some(origin) = origin_of(&args.target, &working_dir, &report) else { return give_up(&report, color) };
    let BuildArgs { output, format, minify, define, metafile, env, .. } = args;
    // No value of a secret can get into a bundle that is never looked for.
    let request = names_only(origin, env, working_dir);
    let form = format.map(|format| match format {
        Format::File => Form::File,
        Format::Dir => Form::Directory,
    });
    build::run(&request, &report, &build::Options { output, form, minify, define, metafile }, color)
}

fn test(args: TestArgs, working_dir: PathBuf, color: Color) -> Exit {
    let report = Report::default();
    let target = args.config.unwrap_or_else(|| around(&working_dir));
    let Some(origin) = origin_of(&target, &working_dir, &report) else { return give_up(&report, color) };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let options = test::Options {
        run: test::RunOptions {
            names: args.names,
            filter: args.filter,
            jobs: args.jobs.map_or(cores, |jobs| jobs as usize),
            timeout: Duration::from_millis(args.timeout),
            bail: args.bail.map(|failures| failures.unwrap_or(1)),
            coverage: args.coverage.map(|dir| working_dir.join(dir.unwrap_or_else(|| COVERAGE_DIR.into()))),
        },
        reporter: args.reporter,
        output: args.output.map(|path| working_dir.join(path)),
        watch: args.watch,
    };
    let request = Request {
        variables: std::env::vars_os().collect(),
        dev_files: DevFiles::Read,
        vars: args.var,
        ignored: &[["server", "listen"], ["storage", "path"], ["log", "level"], ["log", "format"]],
        services: ServicesWanted::Any,
        ..names_only(origin, args.env, working_dir)
    };
    test::run(&request, report, options)
}

/// The nearest configuration around a directory; where there is none, the one that is missing in it.
fn around(working_dir: &Path) -> PathBuf {
    let found = working_dir.ancestors().map(|directory| directory.join(FILE_NAME)).find(|file| file.is_file());
    found.unwrap_or_else(|| working_dir.to_owned())
}

fn types(args: TypesArgs, working_dir: PathBuf, color: Color) -> Exit {
    let report = Report::default();
    let Some(origin) = origin_of(&args.target, &working_dir, &report) else { return give_up(&report, color) };
    let in_working_dir = |path: PathBuf| working_dir.join(path);
    let output = match (args.output, args.stdout) {
        (Some(path), _) => Output::File(in_working_dir(path)),
        (None, true) => Output::Stdout,
        (None, false) => Output::BesideConfig,
    };
    let wit = args.wit.into_iter().map(in_working_dir).collect();
    let request = names_only(origin, args.env, working_dir);
    types::run(&request, &report, wit, &output, color)
}

/// What a command asks for that serves nothing: settings, and of secrets their names alone.
fn names_only(origin: Origin, environment: Option<String>, working_dir: PathBuf) -> Request {
    Request {
        defaults: Defaults {
            memory_bytes: machine::memory_bytes(),
            listen: SERVE_LISTEN,
            storage_path: directory_of(&origin, &working_dir).join(SERVE_DATA),
            log_level: "error",
            log_format: LogFormat::Pretty,
        },
        origin,
        environment: selected(environment),
        variables: Vec::new(),
        flags: Vec::new(),
        dev_files: DevFiles::NamesOnly,
        vars: Vec::new(),
        ignored: &[],
        services: ServicesWanted::Deployed,
        working_dir,
    }
}

/// Reads the configuration and, if it is good, serves.
fn start(request: Request, report: Report, mode: Mode) -> Exit {
    match config::load(&request, &report) {
        Some(config) if report.errors() == 0 => {
            mode.tell(&report);
            serve_config(config, mode, mode.reload.then_some(request))
        }
        _ => mode.give_up(&report),
    }
}

fn serve_config(config: Config, mode: Mode, reload: Option<Request>) -> Exit {
    let metrics = Metrics::default();
    let explorer = match mode.explorer {
        ExplorerPort::Off => None,
        ExplorerPort::On(port) => Some((port, Hub::default())),
    };
    let log = &config.process.log;
    let logging = match &explorer {
        None => crate::logging::init(log, mode.color, mode.voice, metrics.clone()),
        Some((_, hub)) => {
            let hub = hub.clone();
            let tap = Tap::new(move |line| explorer::log(&hub, line)).layer(log);
            crate::logging::init_with(log, mode.color, mode.voice, metrics.clone(), tap)
        }
    };
    let _logging = match logging {
        Ok(logging) => logging,
        Err(error) => {
            eprintln!("error: the thread that writes the log cannot be started: {error}");
            return Exit::Failure;
        }
    };
    raise_file_limit();
    run::run(config, mode, metrics, reload, explorer)
}

/// Every connection takes a file descriptor, and the limit that a shell gives is there for programs of another kind.
fn raise_file_limit() {
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) => tracing::debug!(limit, "open files"),
        Err(error) => tracing::warn!(%error, "the limit on open files cannot be raised"),
    }
}

/// Prints what is wrong. A configuration that cannot be used has its own exit code.
pub(crate) fn give_up(report: &Report, color: Color) -> Exit {
    print_report(report, color);
    eprintln!("error: the configuration has {}", count(report.errors(), "error"));
    Exit::BadConfig
}

pub(crate) fn print_report(report: &Report, color: Color) {
    // Where standard error is gone there is nobody to tell.
    let _gone = std::io::stderr().lock().write_all(report.render(color).as_bytes());
}

/// `1 error`, `2 errors`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// An empty name, as an empty WORKY_ENV gives it, selects nothing.
fn selected(environment: Option<String>) -> Option<String> {
    environment.filter(|name| !name.is_empty())
}

/// What a directory or a file on the command line stands for.
fn origin_of(target: &Path, working_dir: &Path, report: &Report) -> Option<Origin> {
    let path = working_dir.join(target);
    if is_bundle(&path) && path.exists() {
        return Some(Origin::File(path));
    }
    if path.is_dir() {
        return Some(Origin::File(path.join(FILE_NAME)));
    }
    if !path.exists() {
        let problem = Problem::error(format!("there is no file or directory {}", target.display()));
        report.push(problem.hint("name a project's directory, its worky.toml or a bundle; worky dev also runs a module by itself, such as hello.ts"));
        return None;
    }
    let is_config = path.extension().is_some_and(|extension| extension == "toml");
    Some(if is_config { Origin::File(path) } else { Origin::Module(path) })
}

/// The project's directory.
fn directory_of(origin: &Origin, working_dir: &Path) -> PathBuf {
    let (Origin::File(path) | Origin::Module(path)) = origin;
    working_dir.join(path).parent().unwrap_or(working_dir).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_directory_a_configuration_or_a_module() {
        let dir = tempfile::tempdir().expect("a directory");
        for file in ["other.toml", "hello.ts"] {
            std::fs::write(dir.path().join(file), "").expect("written");
        }
        let report = Report::default();
        let origin = |target: &str| origin_of(Path::new(target), dir.path(), &report);
        let path = |name: &str| dir.path().join(name);
        assert_eq!(origin("."), Some(Origin::File(path("./worky.toml"))));
        assert_eq!(origin("other.toml"), Some(Origin::File(path("other.toml"))));
        assert_eq!(origin("hello.ts"), Some(Origin::Module(path("hello.ts"))));
        assert_eq!((report.errors(), origin("nowhere"), report.errors()), (0, None, 1));
        assert!(report.render(Color::Never).starts_with("error: there is no file or directory nowhere"));
    }

    #[test]
    fn an_empty_environment_selects_nothing() {
        assert_eq!(selected(Some(String::new())), None);
        assert_eq!(selected(Some("staging".to_owned())).as_deref(), Some("staging"));
    }
}
