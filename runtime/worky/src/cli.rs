mod help;
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

/// Of a test or hook that says nothing else.
const TEST_TIMEOUT_MS: u64 = 5_000;

/// A self-hosted serverless runtime: runs JavaScript and TypeScript workers behind HTTP.
#[derive(Debug, Parser)]
#[command(name = "worky", version, after_help = help::EXAMPLES, max_term_width = 110, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a project from a template
    #[command(long_about = help::INIT_HELP)]
    Init(InitArgs),
    /// Run a project on this machine, for its developer
    #[command(long_about = help::DEV_HELP)]
    Dev(DevArgs),
    /// Run one or many workers in production
    #[command(long_about = help::SERVE_HELP)]
    Serve(ServeArgs),
    /// Put a worker with all that it needs into one file
    #[command(long_about = help::BUILD_HELP)]
    Build(BuildArgs),
    /// Report everything that is wrong with a project
    #[command(long_about = help::CHECK_HELP)]
    Check(CheckArgs),
    /// Run a project's tests inside of the runtime
    #[command(long_about = help::TEST_HELP, after_help = help::TEST_EXAMPLES)]
    Test(TestArgs),
    /// Write TypeScript declarations of a project's bindings and plugins
    #[command(long_about = help::TYPES_HELP)]
    Types(TypesArgs),
    /// Run a WebAssembly command once
    #[command(long_about = help::RUN_HELP, after_help = help::RUN_EXAMPLES)]
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
