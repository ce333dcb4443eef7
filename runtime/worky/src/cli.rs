mod inspect;

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use worky_wasm::{Access, Preopen};

use crate::explorer::ExplorerPort;

use crate::test::Reporter;

pub(crate) use inspect::InspectArgs;

/// What a command's memories may take where nothing is said, in MiB: room for any tool, and none for a leak to fill the
/// machine.
const RUN_MEMORY_MB: u32 = 1_024;

const EXAMPLES: &str = "\
Examples:
  worky init my-app --template api       make a project to begin with
  worky dev                              run the project in this directory on http://127.0.0.1:8787
  worky dev src/hello.ts --port 0        run one module, without any configuration, on a free port
  worky check                            report everything that is wrong, and serve nothing
  worky test                             run the project's tests
  worky build -o hello.worky             put the project into one file; worky serve hello.worky runs it
  worky serve --config /etc/worky.toml   production
  worky run tool.wasm --dir .::/work x   run a WebAssembly command once, with what its flags grant

Settings are taken from the first of: flags, WORKY_* variables, worky.toml, defaults. WORKY_SERVER_LISTEN
overrides `listen` in `[server]`, WORKY_STORAGE_PATH `path` in `[storage]`, WORKY_LOG_LEVEL `level` in `[log]`,
and so on for each key of these three. WORKY_SECRET_NAME gives the value of the secret NAME.

Exit codes: 0 success, 1 failure, 2 bad usage or configuration; of `worky run`, those of the command.";

const DEV_HELP: &str = "\
Runs one project for its developer: logs to read, error pages with the worker's own stack, secrets from
`.dev.vars` beside worky.toml, and data in `.worky/state` beside it.

Keys: o opens the browser, c clears, r restarts, q quits, h helps. With --live-reload an HTML answer to a navigation gets
a script behind its end, unless it is compressed or its content security policy refuses it.

Beside the address of the worker it prints that of the explorer: a page that shows requests, logs, namespaces and
isolates as they are. It is for this machine alone, and for whoever has the address.

With --inspect, debuggers attach at the address that is printed: open chrome://inspect in Chrome, or attach from
Visual Studio Code. Whoever can reach that address runs code as you. A held request has no deadline.

Of the file, `listen`, `[storage] path` and `[log] format` do not hold here: they are for `worky serve`.";

const SERVE_HELP: &str = "\
Runs one worker, or all workers of `[[workers]]`, in production: JSON logs on standard error, and error answers
that tell a code and a request id and nothing of the worker.

Once it accepts connections it prints one line on standard output: `listening on http://ADDRESS:PORT`, and
`admin listening on http://ADDRESS:PORT` where `admin_listen` is set. SIGTERM and SIGINT let what has begun
finish for `shutdown_grace_ms`; a second one ends the process at once.";

const CHECK_HELP: &str = "\
Reads the configuration, compiles every module, starts every worker and looks for every secret, then reports all
problems at once. Nothing is served and nothing is written. Values of secrets are never shown.";

const BUILD_HELP: &str = "\
Puts a worker with all that it needs into one file, or a directory: its modules, packed, with source maps, its
components and plugins, its own settings, and `manifest.json`, which names every file with its size and hash. The
same sources give the same bytes. `worky serve` and `worky dev` run it like a project.

Values of secrets and `.dev.vars` never get into it, nor do `[server]`, `[storage]` and `[log]`: they belong to the
machine that serves it. An environment is chosen here, with --env.";

const TEST_HELP: &str = "\
Runs the tests of a project inside of the runtime, with the bindings of its worky.toml and secrets of `.dev.vars`.
Test files are those named *.test.ts or *.spec.ts (or .tsx, .js, .jsx, .mts, .mjs); NAMES choose among them.

Tests import `test`, `describe`, `expect` and more from `worky:test`; every export with a method
`test(controller, env, ctx)` is a test, too. `SELF.fetch` reaches the worker. There is no network: what is fetched
goes to the handlers that tests give to `upstream`. What one test writes to KV and files, no other one sees, and
nothing of it is kept.

Exit codes: 0 all passed; 1 some failed; 2 bad usage or configuration, or there are no tests.";

const TEST_EXAMPLES: &str = "\
Examples:
  worky test                             all tests of the project around this directory
  worky test users test/api              of files with `users` in their path, and in the directory test/api
  worky test -t 'refuses a bad name'     those with this in their name
  worky test --watch                     again, whenever something changes that they are made of
  worky test --reporter junit --output report.xml
  worky test --coverage                  with a table of lines that ran, and coverage/lcov.info";

/// Of a test or hook that says nothing else.
const TEST_TIMEOUT_MS: u64 = 5_000;

const INIT_HELP: &str = "\
Makes a project that runs, in a directory that is made if it is not there. No file that is there already is ever changed:
where one stands in the way nothing is written, and the exit code is 2.

Templates:
  hello        one handler, one variable
  api          a JSON API over a KV namespace, without packages
  ssr          pages rendered with hono and its JSX, from npm
  plugin-rust  a component in Rust, called from TypeScript
  plugin-go    a component in Go, called from TypeScript";

const TYPES_HELP: &str = "\
Writes what TypeScript is to know of a project: the interface `Env` of what the worker is granted, a module for each
component that it imports, as `plugin:NAME` or by its path, and the runtime's own. The globals of workers are in it
where `lib` in tsconfig.json has neither DOM nor WebWorker; with the npm package in `types`, nothing of the runtime is.
The file needs TypeScript 5.6 or newer. `worky dev` keeps it up to date where it lies beside worky.toml.

Comments of plugins come from their WIT text, where it lies beside the component (`NAME.wit`, or a directory
`wit`) or is named with --wit: components do not carry any. Values of secrets are neither needed nor shown.";

const RUN_HELP: &str = "\
Runs a WebAssembly command to its end: a component that exports `wasi:cli/run`, of WASI 0.2 or 0.3, or a core
module of WASI 0.1. It has standard input, output and error, clocks and random numbers, and what the flags grant;
no environment, directory or network else.

Flags stand before or after FILE. From the first argument on that is none of these flags, all are the command's;
so are those behind `--`, whatever they look like.

Exit codes: the command's own; 126 it cannot be run; 134 it trapped; 2 bad usage.";

const RUN_EXAMPLES: &str = "\
Examples:
  worky run hello.wasm
  worky run grep.wasm --dir ./src::/src:ro -n TODO /src/main.rs
  worky run tool.wasm --env LANG=C -- --env is-mine";

/// A self-hosted serverless runtime: runs JavaScript and TypeScript workers behind HTTP.
#[derive(Debug, Parser)]
#[command(name = "worky", version, after_help = EXAMPLES, max_term_width = 110, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a project from a template
    #[command(long_about = INIT_HELP)]
    Init(InitArgs),
    /// Run a project on this machine, for its developer
    #[command(long_about = DEV_HELP)]
    Dev(DevArgs),
    /// Run one or many workers in production
    #[command(long_about = SERVE_HELP)]
    Serve(ServeArgs),
    /// Put a worker with all that it needs into one file
    #[command(long_about = BUILD_HELP)]
    Build(BuildArgs),
    /// Report everything that is wrong with a project
    #[command(long_about = CHECK_HELP)]
    Check(CheckArgs),
    /// Run a project's tests inside of the runtime
    #[command(long_about = TEST_HELP, after_help = TEST_EXAMPLES)]
    Test(TestArgs),
    /// Write TypeScript declarations of a project's bindings and plugins
    #[command(long_about = TYPES_HELP)]
    Types(TypesArgs),
    /// Run a WebAssembly command once
    #[command(long_about = RUN_HELP, after_help = RUN_EXAMPLES)]
    Run(RunArgs),
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The project's directory
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) dir: PathBuf,
    /// What the project begins with
    #[arg(short, long, value_name = "TEMPLATE", default_value = "hello")]
    pub(crate) template: Template,
    /// The worker's name [default: the directory's]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Template {
    Hello,
    Api,
    Ssr,
    PluginRust,
    PluginGo,
}

#[derive(Debug, Args)]
pub(crate) struct DevArgs {
    /// The project's directory, its configuration file, a bundle, or a module to run without one
    #[arg(value_name = "DIR|FILE", default_value = ".")]
    pub(crate) target: PathBuf,
    /// The port to listen on; 0 takes a free one [default: 8787]
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// The address to listen on [default: 127.0.0.1]
    #[arg(long, value_name = "ADDRESS", value_parser = parse_host)]
    pub(crate) host: Option<IpAddr>,
    /// The environment of the file to run: `[env.NAME]`
    #[arg(long, value_name = "NAME", env = "WORKY_ENV", hide_env_values = true)]
    pub(crate) env: Option<String>,
    /// A var of the worker, over the one in the file; may be given many times
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_var)]
    pub(crate) var: Vec<(String, String)>,
    /// The directory for data [default: .worky/state in the project]
    #[arg(long, value_name = "DIR")]
    pub(crate) persist_to: Option<PathBuf>,
    /// The port of the explorer, a page that shows requests, logs, namespaces and isolates; 0 takes a free one
    #[arg(long, value_name = "PORT|off", default_value = "0", value_parser = ExplorerPort::parse)]
    pub(crate) explorer: ExplorerPort,
    #[command(flatten)]
    pub(crate) inspect: InspectArgs,
    /// Tell what happens to a program: one JSON object a line, on standard output
    #[arg(long)]
    pub(crate) json: bool,
    /// Have pages in the browser look again when something is served anew: a script is added to HTML
    #[arg(long)]
    pub(crate) live_reload: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// A bundle, or a project's directory, to run instead of what a configuration file names
    #[arg(value_name = "DIR|FILE", conflicts_with = "config")]
    pub(crate) target: Option<PathBuf>,
    /// The configuration file
    #[arg(long, value_name = "FILE", default_value = "worky.toml", env = "WORKY_CONFIG")]
    pub(crate) config: PathBuf,
    /// The address to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<String>,
    /// Refused: see `worky serve`
    #[arg(long, hide = true, aliases = ["inspect-brk", "inspect-wait"], num_args = 0..=1, require_equals = true,
        default_missing_value = "")]
    pub(crate) inspect: Option<String>,
    /// The environment of the workers' files to run: `[env.NAME]`
    #[arg(long, value_name = "NAME", env = "WORKY_ENV", hide_env_values = true)]
    pub(crate) env: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    /// The project's directory, its configuration file, or a module
    #[arg(value_name = "DIR|FILE", default_value = ".")]
    pub(crate) target: PathBuf,
    /// The bundle to write, a directory if it ends in `/` [default: NAME.worky]
    #[arg(short, long, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,
    /// Whether the bundle is a file or a directory, whatever its path looks like
    #[arg(long, value_name = "FORM")]
    pub(crate) format: Option<Format>,
    /// Make the code as small as it gets
    #[arg(long)]
    pub(crate) minify: bool,
    /// An expression and what stands for it: branches that it makes dead are left out; may be given many times
    #[arg(long, value_name = "NAME=EXPRESSION", value_parser = parse_define)]
    pub(crate) define: Vec<(String, String)>,
    /// Write what is made of which files, and how large it is, as JSON [default FILE: beside the bundle, .meta.json]
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    pub(crate) metafile: Option<Option<PathBuf>>,
    /// The environment of the file to build: `[env.NAME]`
    #[arg(long, value_name = "NAME", env = "WORKY_ENV", hide_env_values = true)]
    pub(crate) env: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    File,
    Dir,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// The project's directory, its configuration file, a bundle, or a module
    #[arg(value_name = "DIR|FILE", default_value = ".")]
    pub(crate) target: PathBuf,
    /// The environment of the file to check: `[env.NAME]`
    #[arg(long, value_name = "NAME", env = "WORKY_ENV", hide_env_values = true)]
    pub(crate) env: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Test files, directories with them, or parts of their paths [default: all of the project]
    #[arg(value_name = "NAMES")]
    pub(crate) names: Vec<String>,
    /// Only tests with this in their name, suites included: `suite > test`
    #[arg(short = 't', long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,
    /// Run again what a change concerns, until Ctrl-C
    #[arg(long)]
    pub(crate) watch: bool,
    /// How the report looks
    #[arg(long, value_name = "FORM", default_value = "spec")]
    pub(crate) reporter: Reporter,
    /// The file for the report, which is written beside the usual one
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Test files that run at the same time [default: one for each processor]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub(crate) jobs: Option<u32>,
    /// How long a test or hook may take that says nothing else, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = TEST_TIMEOUT_MS, value_parser = clap::value_parser!(u64).range(1..=600_000))]
    pub(crate) timeout: u64,
    /// Begin nothing more after so many failures [default N: 1]
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) bail: Option<Option<u32>>,
    /// Tell which lines of the project ran, and write DIR/lcov.info [default DIR: coverage]
    #[arg(long, value_name = "DIR", num_args = 0..=1, require_equals = true)]
    pub(crate) coverage: Option<Option<PathBuf>>,
    /// The project's configuration file, or its directory [default: the nearest worky.toml above]
    #[arg(long, value_name = "FILE|DIR")]
    pub(crate) config: Option<PathBuf>,
    /// The environment of the file to test: `[env.NAME]`
    #[arg(long, value_name = "NAME", env = "WORKY_ENV", hide_env_values = true)]
    pub(crate) env: Option<String>,
    /// A var of the worker, over the one in the file; may be given many times
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_var)]
    pub(crate) var: Vec<(String, String)>,
}

#[derive(Debug, Args)]
pub(crate) struct TypesArgs {
    /// The project's directory or its configuration file
    #[arg(value_name = "DIR|FILE", default_value = ".")]
    pub(crate) target: PathBuf,
    /// The file to write [default: worky.d.ts beside the worker's worky.toml]
    #[arg(short, long, value_name = "FILE", conflicts_with = "stdout")]
    pub(crate) output: Option<PathBuf>,
    /// Print the declarations and write nothing
    #[arg(long)]
    pub(crate) stdout: bool,
    /// WIT text with the comments of plugins, a file or a directory; may be given many times
    #[arg(long, value_name = "PATH")]
    pub(crate) wit: Vec<PathBuf>,
    /// The environment of the file: `[env.NAME]`
    #[arg(long, value_name = "NAME", env = "WORKY_ENV", hide_env_values = true)]
    pub(crate) env: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// The command: a component or a core module, in its binary form
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    /// A variable of its environment; may be given many times
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_var)]
    pub(crate) env: Vec<(String, String)>,
    /// A directory it sees, as GUEST, with `:ro` to read only; may be given many times
    #[arg(long, value_name = "HOST::GUEST[:ro]", value_parser = parse_dir)]
    pub(crate) dir: Vec<Preopen>,
    /// What its memories and tables may take, in MiB
    #[arg(long, value_name = "MB", default_value_t = RUN_MEMORY_MB, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub(crate) memory_mb: u32,
    /// Its arguments
    #[arg(value_name = "ARGS", trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) args: Vec<String>,
}

fn parse_host(text: &str) -> Result<IpAddr, String> {
    match text {
        "localhost" => Ok(Ipv4Addr::LOCALHOST.into()),
        _ => text.parse().map_err(|_| "not an IP address; write 127.0.0.1, ::1, or 0.0.0.0 for all".to_owned()),
    }
}

fn parse_var(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as NAME=VALUE".to_owned()),
    }
}

fn parse_define(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as NAME=EXPRESSION: DEBUG=false, or VERSION='\"1.2\"' for a text".to_owned()),
    }
}

fn parse_dir(text: &str) -> Result<Preopen, String> {
    let (sides, access) = match text.strip_suffix(":ro") {
        Some(sides) if sides.contains("::") => (sides, Access::Read),
        _ => (text, Access::ReadWrite),
    };
    // The last one: a path of the host's may hold anything.
    let Some((host, guest)) = sides.rsplit_once("::") else {
        return Err("write it as HOST::GUEST, or HOST::GUEST:ro to read only: ./data::/data".to_owned());
    };
    match (host, guest) {
        ("", _) => Err("the directory of the host is missing before `::`".to_owned()),
        (_, "") => Err("the guest's name for it is missing after `::`".to_owned()),
        _ => Ok(Preopen { host: PathBuf::from(host), guest: guest.to_owned(), access }),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use clap::error::ErrorKind;

    use super::*;

    fn parse(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(line.split(' '))
    }

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn dev_takes_its_arguments() {
        let cli = parse("worky dev app --port 0 --host localhost --var A=1 --var B=x=y --persist-to state").unwrap();
        let Command::Dev(dev) = cli.command else { panic!("not dev") };
        assert_eq!(dev.target, PathBuf::from("app"));
        assert_eq!((dev.port, dev.host), (Some(0), Some(Ipv4Addr::LOCALHOST.into())));
        assert_eq!(dev.var, [("A".to_owned(), "1".to_owned()), ("B".to_owned(), "x=y".to_owned())]);
        assert_eq!((dev.persist_to, dev.explorer), (Some(PathBuf::from("state")), ExplorerPort::On(0)));
    }

    #[test]
    fn defaults_are_the_directory_and_its_file() {
        let Command::Dev(dev) = parse("worky dev").unwrap().command else { panic!("not dev") };
        assert_eq!(dev.target, PathBuf::from("."));
        let Command::Serve(serve) = parse("worky serve").unwrap().command else { panic!("not serve") };
        assert_eq!(serve.config, PathBuf::from("worky.toml"));
    }

    #[test]
    fn build_takes_its_arguments() {
        let build = |line: &str| match parse(line).expect(line).command {
            Command::Build(args) => args,
            other => panic!("{line} is {other:?}"),
        };
        let args = build("worky build app -o out/ --minify --define A=1 --metafile --format dir");
        assert_eq!((args.target, args.output), (PathBuf::from("app"), Some(PathBuf::from("out/"))));
        assert_eq!((args.minify, args.format, args.metafile), (true, Some(Format::Dir), Some(None)));
        assert_eq!(args.define, [("A".to_owned(), "1".to_owned())]);
        assert_eq!(build("worky build --metafile=m.json").metafile, Some(Some(PathBuf::from("m.json"))));
        assert_eq!(build("worky build --metafile app").target, PathBuf::from("app"));
    }

    fn run(line: &str) -> RunArgs {
        match parse(line).expect(line).command {
            Command::Run(args) => args,
            other => panic!("{line} is {other:?}"),
        }
    }

    #[test]
    fn run_takes_its_flags_on_both_sides_of_the_file() {
        for line in [
            "worky run --env A=1 --dir ./d::/d:ro tool.wasm --memory-mb 64 x",
            "worky run tool.wasm --env A=1 --dir ./d::/d:ro --memory-mb 64 x",
        ] {
            let args = run(line);
            assert_eq!(args.file, "tool.wasm");
            assert_eq!(args.env, [("A".to_owned(), "1".to_owned())]);
            let dir = Preopen { host: "./d".into(), guest: "/d".to_owned(), access: Access::Read };
            assert_eq!(args.dir, [dir]);
            assert_eq!((args.memory_mb, args.args), (64, vec!["x".to_owned()]), "{line}");
        }
        assert_eq!(run("worky run tool.wasm").memory_mb, RUN_MEMORY_MB);
    }

    #[test]
    fn what_is_none_of_its_flags_is_the_commands() {
        for (line, expected) in [
            ("worky run tool.wasm x --env A=1", "x --env A=1"),
            ("worky run tool.wasm -n --env A=1 --", "-n --env A=1 --"),
            ("worky run tool.wasm --unknown=1 --memory-mb 3", "--unknown=1 --memory-mb 3"),
            ("worky run tool.wasm -- --env A=1", "--env A=1"),
            ("worky run tool.wasm -- --", "--"),
            ("worky run tool.wasm - -x", "- -x"),
        ] {
            let args = run(line);
            assert_eq!((args.args.join(" ").as_str(), args.env), (expected, vec![]), "{line}");
        }
    }

    #[test]
    fn a_directory_names_both_sides() {
        let dir = parse_dir("/a::b::/x:y:ro").expect("it is whole");
        assert_eq!((dir.host, dir.guest.as_str(), dir.access), (PathBuf::from("/a::b"), "/x:y", Access::Read));
        assert_eq!(parse_dir(".::/").expect("it is whole").access, Access::ReadWrite);
        for bad in ["", ".", "::/x", ".::", ".:::ro", "a:b"] {
            parse_dir(bad).expect_err(bad);
        }
    }

    #[test]
    fn bad_usage_is_exit_code_2() {
        for line in [
            "worky",
            "worky deploy",
            "worky dev --port 70000",
            "worky dev --host example.com",
            "worky dev --var =1",
            "worky dev --var A",
            "worky dev --explorer no",
            "worky serve --explorer 0",
            "worky serve one two",
            "worky serve app.worky --config worky.toml",
            "worky build one two",
            "worky build --format zip",
            "worky check --port 1",
            "worky run",
            "worky run --dir . tool.wasm",
            "worky run --env =1 tool.wasm",
            "worky run --memory-mb 0 tool.wasm",
            "worky run --unknown tool.wasm",
        ] {
            assert_eq!(parse(line).expect_err(line).exit_code(), 2, "{line}");
        }
    }

    #[test]
    fn help_and_version_are_exit_code_0() {
        for line in ["worky --help", "worky -h", "worky dev --help", "worky serve -h", "worky check --help"] {
            let shown = parse(line).expect_err(line);
            assert_eq!((shown.kind(), shown.exit_code()), (ErrorKind::DisplayHelp, 0), "{line}");
        }
        assert!(parse("worky --version").expect_err("shown").to_string().starts_with("worky 0."));
    }
}
