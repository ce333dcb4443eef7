use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

const EXAMPLES: &str = "\
Examples:
  worky dev                              run the project in this directory on http://127.0.0.1:8787
  worky dev src/hello.ts --port 0        run one module, without any configuration, on a free port
  worky check                            report everything that is wrong, and serve nothing
  worky serve --config /etc/worky.toml   production

Settings are taken from the first of: flags, WORKY_* variables, worky.toml, defaults. WORKY_SERVER_LISTEN
overrides `listen` in `[server]`, WORKY_STORAGE_PATH `path` in `[storage]`, WORKY_LOG_LEVEL `level` in `[log]`,
and so on for each key of these three. WORKY_SECRET_NAME gives the value of the secret NAME.

Exit codes: 0 success, 1 failure, 2 bad usage or configuration.";

const DEV_HELP: &str = "\
Runs one project for its developer: logs to read, error pages with the worker's own stack, secrets from
`.dev.vars` beside worky.toml, and data in `.worky/state` beside it.

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

/// A self-hosted serverless runtime: runs JavaScript and TypeScript workers behind HTTP.
#[derive(Debug, Parser)]
#[command(name = "worky", version, after_help = EXAMPLES, max_term_width = 110, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a project on this machine, for its developer
    #[command(long_about = DEV_HELP)]
    Dev(DevArgs),
    /// Run one or many workers in production
    #[command(long_about = SERVE_HELP)]
    Serve(ServeArgs),
    /// Report everything that is wrong with a project
    #[command(long_about = CHECK_HELP)]
    Check(CheckArgs),
}

#[derive(Debug, Args)]
pub(crate) struct DevArgs {
    /// The project's directory, its configuration file, or a module to run without one
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
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// The configuration file
    #[arg(long, value_name = "FILE", default_value = "worky.toml", env = "WORKY_CONFIG")]
    pub(crate) config: PathBuf,
    /// The address to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<String>,
    /// The environment of the workers' files to run: `[env.NAME]`
    #[arg(long, value_name = "NAME", env = "WORKY_ENV", hide_env_values = true)]
    pub(crate) env: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// The project's directory, its configuration file, or a module
    #[arg(value_name = "DIR|FILE", default_value = ".")]
    pub(crate) target: PathBuf,
    /// The environment of the file to check: `[env.NAME]`
    #[arg(long, value_name = "NAME", env = "WORKY_ENV", hide_env_values = true)]
    pub(crate) env: Option<String>,
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
        assert_eq!(dev.persist_to, Some(PathBuf::from("state")));
    }

    #[test]
    fn defaults_are_the_directory_and_its_file() {
        let Command::Dev(dev) = parse("worky dev").unwrap().command else { panic!("not dev") };
        assert_eq!(dev.target, PathBuf::from("."));
        let Command::Serve(serve) = parse("worky serve").unwrap().command else { panic!("not serve") };
        assert_eq!(serve.config, PathBuf::from("worky.toml"));
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
            "worky serve extra",
            "worky check --port 1",
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
