//! `[egress]` of a worker's configuration: parsed once, valid by construction.

use std::net::IpAddr;

use ipnet::IpNet;
use url::{Host, Url};

use super::network::{AddressKind, WORDS, block_of, embedded_ipv4};
use super::{Destination, EgressDenied, Scheme};

/// The most entries of one list.
pub const RULES_MAX: usize = 1024;

/// `[egress]` as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawEgress {
    /// `allow`: `scheme://host[:port]`, where a host may begin with `*.` for every name below it. Absent: every name.
    /// Empty: none.
    pub allow: Option<Vec<String>>,
    /// `networks.allow`: CIDR blocks and words. Absent: `["public"]`. Empty: no address at all.
    pub networks_allow: Option<Vec<String>>,
    /// `networks.deny`: the same; it wins over `networks.allow`.
    pub networks_deny: Vec<String>,
}

/// One entry of `[egress]` that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}[{index}] = {value:?}: {problem}; {hint}")]
pub struct EgressProblem {
    /// `egress.allow`, `egress.networks.allow` or `egress.networks.deny`.
    pub field: &'static str,
    /// The entry's place in the list, from 0.
    pub index: usize,
    pub value: String,
    pub problem: String,
    pub hint: String,
}

/// What one worker may reach. The default is every name, on public addresses only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EgressPolicy {
    /// `None` for every name.
    names: Option<Vec<NameRule>>,
    allow: Vec<NetworkRule>,
    deny: Vec<NetworkRule>,
}

impl Default for EgressPolicy {
    fn default() -> Self {
        EgressPolicy { names: None, allow: vec![NetworkRule::Kind(AddressKind::Public)], deny: Vec::new() }
    }
}

impl EgressPolicy {
    /// All problems at once.
    pub fn parse(raw: &RawEgress) -> Result<EgressPolicy, Vec<EgressProblem>> {
        let mut problems = Vec::new();
        let public = [AddressKind::Public.as_str().to_owned()];
        let networks_allow = raw.networks_allow.as_deref().unwrap_or(&public);
        let policy = EgressPolicy {
            names: raw.allow.as_ref().map(|allow| parse_list("egress.allow", allow, parse_name, &mut problems)),
            allow: parse_list("egress.networks.allow", networks_allow, parse_network, &mut problems),
            deny: parse_list("egress.networks.deny", &raw.networks_deny, parse_network, &mut problems),
        };
        if problems.is_empty() { Ok(policy) } else { Err(problems) }
    }

    /// The name rules: before any DNS question is asked.
    pub(super) fn check_name(&self, destination: &Destination) -> Result<(), EgressDenied> {
        match &self.names {
            Some(names) if !names.iter().any(|rule| rule.matches(destination)) => {
                Err(EgressDenied::Name { origin: destination.origin() })
            }
            _ => Ok(()),
        }
    }

    /// The network rules, for an address about to be connected to and for every IPv4 address inside it.
    pub(super) fn check_address(&self, destination: &Destination, address: IpAddr) -> Result<(), EgressDenied> {
        self.check_form(destination, address)?;
        embedded_ipv4(address).into_iter().try_for_each(|inside| self.check_form(destination, inside.into()))
    }

    fn check_form(&self, destination: &Destination, address: IpAddr) -> Result<(), EgressDenied> {
        let kind = AddressKind::of(address);
        if let Some(rule) = self.deny.iter().find(|rule| rule.matches(address, kind)) {
            let target = destination.describe(address, kind);
            return Err(EgressDenied::DeniedNetwork { target, rule: rule.to_string() });
        }
        if self.allow.iter().any(|rule| rule.matches(address, kind)) {
            return Ok(());
        }
        // The list replaces its default, so the proposal keeps what the worker has.
        let block = block_of(address).to_string();
        let proposal: Vec<String> =
            self.allow.iter().map(NetworkRule::to_string).chain([block]).map(|rule| format!("{rule:?}")).collect();
        Err(EgressDenied::Address { target: destination.describe(address, kind), kind, proposal: proposal.join(", ") })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct NameRule {
    scheme: Scheme,
    host: HostRule,
    port: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum HostRule {
    Exact(Host<String>),
    /// Every name that ends in this, which begins with a dot.
    Below(String),
}

impl NameRule {
    fn matches(&self, destination: &Destination) -> bool {
        self.scheme == destination.scheme
            && self.port == destination.port
            && match (&self.host, &destination.host) {
                (HostRule::Below(suffix), Host::Domain(name)) => {
                    let name = without_root_dot(name);
                    name.len() > suffix.len() && name.ends_with(suffix.as_str())
                }
                (HostRule::Below(_), _) => false,
                (HostRule::Exact(Host::Domain(own)), Host::Domain(name)) => own == without_root_dot(name),
                (HostRule::Exact(own), host) => own == host,
            }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum NetworkRule {
    Kind(AddressKind),
    Block(IpNet),
}

impl NetworkRule {
    fn matches(&self, address: IpAddr, kind: AddressKind) -> bool {
        match self {
            NetworkRule::Kind(own) => *own == kind,
            NetworkRule::Block(block) => block.contains(&address),
        }
    }
}

impl std::fmt::Display for NetworkRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NetworkRule::Kind(kind) => kind.fmt(f),
            NetworkRule::Block(block) => block.fmt(f),
        }
    }
}

/// What is wrong with an entry, and how to mend it.
struct Wrong {
    problem: String,
    hint: String,
}

fn wrong<T>(problem: impl Into<String>, hint: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong { problem: problem.into(), hint: hint.into() })
}

fn parse_list<T>(
    field: &'static str,
    entries: &[String],
    parse: fn(&str) -> Result<T, Wrong>,
    problems: &mut Vec<EgressProblem>,
) -> Vec<T> {
    let mut rules = Vec::with_capacity(entries.len().min(RULES_MAX));
    for (index, value) in entries.iter().enumerate() {
        let parsed = if index < RULES_MAX {
            parse(value)
        } else {
            wrong(format!("the list has {} entries", entries.len()), format!("write at most {RULES_MAX}"))
        };
        match parsed {
            Ok(rule) => rules.push(rule),
            Err(Wrong { problem, hint }) => {
                problems.push(EgressProblem { field, index, value: value.clone(), problem, hint });
                if index >= RULES_MAX {
                    break;
                }
            }
        }
    }
    rules
}

fn parse_name(value: &str) -> Result<NameRule, Wrong> {
    let shape = "write scheme://host or scheme://host:port, such as \"https://api.example.com\"";
    let Some((scheme, rest)) = value.split_once("://") else {
        return wrong("the scheme is missing", shape);
    };
    let Some(scheme) = Scheme::from_word(&scheme.to_ascii_lowercase()) else {
        return wrong(format!("{scheme:?} is not a scheme that fetch speaks"), "use \"http\" or \"https\"");
    };
    let (below, host) = match rest.strip_prefix("*.") {
        Some(host) => (true, host),
        None => (false, rest),
    };
    if host.contains('*') {
        return wrong("a wildcard stands only for whole labels in front", "write \"https://*.example.com\"");
    }
    let bare = host.strip_suffix('/').unwrap_or(host);
    if bare.is_empty() || bare.starts_with(':') {
        return wrong("the host is missing", shape);
    }
    // Backslashes are slashes to a URL parser, tabs and newlines are nothing to it.
    if bare.contains(['/', '\\', '?', '#']) {
        return wrong("a rule has no path, query or fragment", "leave out everything behind the host and port");
    }
    if bare.contains('@') {
        return wrong("a rule has no user name or password", "leave out everything up to the \"@\"");
    }
    if bare.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return wrong("a rule has no spaces", shape);
    }
    let url = match Url::parse(&format!("{scheme}://{bare}")) {
        Ok(url) => url,
        Err(error) => return wrong(error.to_string(), shape),
    };
    let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
        return wrong("the host is missing", shape);
    };
    if port == 0 {
        return wrong("port 0 cannot be reached", "write a port from 1 to 65535");
    }
    let host = match (host.to_owned(), below) {
        (Host::Domain(name), true) => HostRule::Below(format!(".{}", without_root_dot(&name))),
        (Host::Domain(name), false) => HostRule::Exact(Host::Domain(without_root_dot(&name).to_owned())),
        (address, false) => HostRule::Exact(address),
        (address, true) => return wrong(format!("{address} has no names below it"), "leave out the \"*.\""),
    };
    Ok(NameRule { scheme, host, port })
}

fn parse_network(value: &str) -> Result<NetworkRule, Wrong> {
    if let Some(kind) = AddressKind::from_word(value) {
        return Ok(NetworkRule::Kind(kind));
    }
    if let Ok(address) = value.parse::<IpAddr>() {
        return Ok(NetworkRule::Block(address.into()));
    }
    match value.parse::<IpNet>() {
        Ok(block) if block.trunc() == block => Ok(NetworkRule::Block(block)),
        Ok(block) => {
            wrong("the address has bits set behind its prefix", format!("write {:?}", block.trunc().to_string()))
        }
        Err(_) => {
            let words: Vec<String> = WORDS.iter().map(|kind| format!("{:?}", kind.as_str())).collect();
            let hint = format!("write a block such as \"10.1.0.0/16\" or \"fd00::/8\", or one of {}", words.join(", "));
            wrong("this is neither a CIDR block nor a known word", hint)
        }
    }
}

/// `example.com.` and `example.com` are the same name.
fn without_root_dot(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(allow: &[&str], networks_allow: &[&str], networks_deny: &[&str]) -> EgressPolicy {
        let own = |list: &[&str]| list.iter().map(|&entry| entry.to_owned()).collect::<Vec<_>>();
        let raw = RawEgress {
            allow: (!allow.is_empty()).then(|| own(allow)),
            networks_allow: Some(own(networks_allow)),
            networks_deny: own(networks_deny),
        };
        EgressPolicy::parse(&raw).expect("a valid policy")
    }

    fn destination(url: &str) -> Destination {
        Destination::of(&Url::parse(url).expect(url)).expect(url)
    }

    #[test]
    fn names_match_by_scheme_host_and_port() {
        let policy = policy(
            &["https://api.stripe.com", "https://*.Example.com:443", "http://127.0.0.1:8080", "https://bücher.de/"],
            &["public"],
            &[],
        );
        for url in [
            "https://api.stripe.com/v1?x=1",
            "https://API.stripe.com:443/",
            "https://api.stripe.com./",
            "https://a.example.com/",
            "https://a.b.example.com./",
            "http://127.0.0.1:8080/",
            "http://0x7f.1:8080/",
            "http://2130706433:8080/",
            "https://xn--bcher-kva.de/",
            "https://BÜCHER.de/",
        ] {
            assert_eq!(policy.check_name(&destination(url)), Ok(()), "{url}");
        }
        for url in [
            "http://api.stripe.com/",
            "https://api.stripe.com:8443/",
            "https://stripe.com/",
            "https://api.stripe.com.evil.test/",
            "https://xapi.stripe.com/",
            "https://example.com/",
            "https://notexample.com/",
            "https://.example.com/",
            "https://a.example.com:444/",
            "http://127.0.0.1/",
            "http://127.0.0.2:8080/",
            "http://[::ffff:127.0.0.1]:8080/",
        ] {
            assert!(matches!(policy.check_name(&destination(url)), Err(EgressDenied::Name { .. })), "{url}");
        }
    }

    #[test]
    fn networks_open_only_what_they_say() {
        let check = |policy: &EgressPolicy, address: &str| {
            policy.check_address(&destination("http://upstream.test/"), address.parse().expect(address)).is_ok()
        };
        let default = EgressPolicy::default();
        assert!(check(&default, "1.1.1.1") && check(&default, "2606:4700::1"));
        for closed in ["127.0.0.1", "10.0.0.1", "::1", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1"] {
            assert!(!check(&default, closed), "{closed}");
        }

        let private = policy(&[], &["public", "private"], &["10.1.9.0/24", "8.8.8.8"]);
        assert!(check(&private, "10.1.8.1") && check(&private, "192.168.0.1") && check(&private, "fd12::1"));
        for closed in ["10.1.9.1", "8.8.8.8", "127.0.0.1", "fd00:ec2::254", "169.254.169.254"] {
            assert!(!check(&private, closed), "{closed}");
        }

        // A form that carries an IPv4 address needs a grant for both.
        let nat64 = policy(&[], &["public", "64:ff9b::/96", "::ffff:0:0/96"], &["9.9.9.9"]);
        assert!(check(&nat64, "64:ff9b::1.1.1.1") && check(&nat64, "::ffff:1.1.1.1"));
        for closed in ["64:ff9b::127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::9.9.9.9", "::ffff:169.254.169.254"] {
            assert!(!check(&nat64, closed), "{closed}");
        }
        let loopback = policy(&[], &["loopback"], &[]);
        assert!(check(&loopback, "127.0.0.1") && check(&loopback, "::1"));
        assert!(!check(&loopback, "::ffff:127.0.0.1") && !check(&loopback, "1.1.1.1"));

        assert!(!check(&policy(&[], &[], &[]), "1.1.1.1"));
        assert!(!check(&policy(&[], &["0.0.0.0/0"], &["public"]), "1.1.1.1"));
        assert!(check(&policy(&[], &["0.0.0.0/0"], &[]), "169.254.169.254"));
    }

    #[test]
    fn denials_say_what_to_grant() {
        let default = EgressPolicy::default();
        let check = |url: &str, address: &str| {
            default.check_address(&destination(url), address.parse().expect(address)).expect_err(url).to_string()
        };
        assert_eq!(
            check("http://127.0.0.1:9/", "127.0.0.1"),
            "egress to 127.0.0.1:9 (loopback) is not allowed; \
             grant it with [egress] networks.allow = [\"public\", \"127.0.0.0/8\"]"
        );
        assert_eq!(
            check("https://db.internal/", "fd12::1"),
            "egress to db.internal:443 (at fd12::1, private) is not allowed; \
             grant it with [egress] networks.allow = [\"public\", \"fc00::/7\"]"
        );
        let denied = policy(&[], &["public"], &["1.1.1.0/24"])
            .check_address(&destination("https://one.test/"), "1.1.1.1".parse().expect("an address"))
            .expect_err("denied");
        assert_eq!(
            denied.to_string(),
            "egress to one.test:443 (at 1.1.1.1, public) is not allowed: [egress] networks.deny has \"1.1.1.0/24\""
        );
        let name =
            policy(&["https://a.test"], &["public"], &[]).check_name(&destination("https://b.test:444/x?secret"));
        assert_eq!(
            name.expect_err("not in the list").to_string(),
            "egress to https://b.test:444 is not allowed: it is not in [egress] allow; add \"https://b.test:444\" to it"
        );
    }

    #[test]
    fn every_bad_entry_is_reported() {
        let names = [
            "api.stripe.com",
            "ftp://a.test",
            "https://",
            "https://:443",
            "https://a.test/path",
            "https://a.test?x",
            "https://a.test#x",
            "https://a.test\\x",
            "https://u:p@a.test",
            "https://a b.test",
            "https://a.test:99999",
            "https://a.test:0",
            "https://*",
            "https://a.*.test",
            "https://a*.test",
            "https://*.*.test",
            "https://*.10.0.0.1",
            "https://[::1",
            "https://a%zz.test",
            "",
        ];
        let networks = ["", "10.0.0.0/33", "127.0.0.1/8", "Public", "everything", "10.0.0.0/8 ", "fd00::/129"];
        let own = |list: &[&str]| list.iter().map(|&entry| entry.to_owned()).collect::<Vec<_>>();
        let raw =
            RawEgress { allow: Some(own(&names)), networks_allow: Some(own(&networks)), networks_deny: own(&networks) };
        let problems = EgressPolicy::parse(&raw).expect_err("nothing of it is valid");
        let values: Vec<&str> = problems.iter().map(|problem| problem.value.as_str()).collect();
        assert_eq!(values, [&names[..], &networks, &networks].concat());
        assert_eq!(
            problems[names.len() + 2].to_string(),
            "egress.networks.allow[2] = \"127.0.0.1/8\": the address has bits set behind its prefix; write \"127.0.0.0/8\""
        );
    }

    #[test]
    fn a_list_has_an_end() {
        let raw = RawEgress { networks_deny: vec!["10.0.0.0/8".to_owned(); RULES_MAX + 5], ..RawEgress::default() };
        let problems = EgressPolicy::parse(&raw).expect_err("too long");
        assert_eq!((problems.len(), problems[0].index), (1, RULES_MAX));
    }
}
