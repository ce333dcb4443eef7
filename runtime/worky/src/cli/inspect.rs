//! How `worky dev` is told that debuggers may attach.

use std::net::{Ipv4Addr, SocketAddr};

use clap::Args;

/// Where Node listens for debuggers, too.
const INSPECT_LISTEN: &str = "127.0.0.1:9229";

/// How a debugger attaches. One of them at a time.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct InspectArgs {
    /// Let debuggers attach: Chrome DevTools, Visual Studio Code [default: 127.0.0.1:9229; port 0 takes a free one]
    #[arg(long, value_name = "[HOST:]PORT", num_args = 0..=1, require_equals = true,
        default_missing_value = INSPECT_LISTEN, value_parser = parse_inspect)]
    pub(crate) inspect: Option<SocketAddr>,
    /// Let debuggers attach, and wait for one before a worker first starts
    #[arg(long, value_name = "[HOST:]PORT", num_args = 0..=1, require_equals = true,
        default_missing_value = INSPECT_LISTEN, value_parser = parse_inspect)]
    pub(crate) inspect_wait: Option<SocketAddr>,
    /// Let debuggers attach, wait for one, and stop at the first statement of a worker
    #[arg(long, value_name = "[HOST:]PORT", num_args = 0..=1, require_equals = true,
        default_missing_value = INSPECT_LISTEN, value_parser = parse_inspect)]
    pub(crate) inspect_brk: Option<SocketAddr>,
}

fn parse_inspect(text: &str) -> Result<SocketAddr, String> {
    let wrong = || "write it as PORT, ADDRESS:PORT or localhost:PORT, as in 9230 or 127.0.0.1:0".to_owned();
    let port = |port: &str| port.parse().map_err(|_| wrong());
    match text.rsplit_once(':') {
        None => Ok((Ipv4Addr::LOCALHOST, port(text)?).into()),
        Some(("localhost", number)) => Ok((Ipv4Addr::LOCALHOST, port(number)?).into()),
        Some(_) => text.parse().map_err(|_| wrong()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::{Cli, Command};
    use super::*;

    #[test]
    fn debuggers_attach_where_they_are_told() {
        let inspect = |line: &str| match Cli::try_parse_from(line.split(' ')).expect(line).command {
            Command::Dev(args) => args.inspect,
            other => panic!("{line} is {other:?}"),
        };
        let at = |address: &str| Some(address.parse::<SocketAddr>().expect("an address"));
        assert_eq!(inspect("worky dev").inspect, None);
        assert_eq!(inspect("worky dev --inspect app").inspect, at("127.0.0.1:9229"));
        assert_eq!(inspect("worky dev --inspect-brk=0").inspect_brk, at("127.0.0.1:0"));
        assert_eq!(inspect("worky dev --inspect-wait=localhost:1").inspect_wait, at("127.0.0.1:1"));
        assert_eq!(inspect("worky dev --inspect=[::1]:9").inspect, at("[::1]:9"));
        for bad in
            ["--inspect=", "--inspect=x", "--inspect=example.com:1", "--inspect=70000", "--inspect --inspect-brk"]
        {
            assert_eq!(
                Cli::try_parse_from(format!("worky dev {bad}").split(' ')).expect_err(bad).exit_code(),
                2,
                "{bad}"
            );
        }
    }
}
