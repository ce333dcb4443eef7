use std::str::FromStr;

/// A route's pattern, read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Pattern {
    pub(crate) host: HostPattern,
    pub(crate) path: PathPattern,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum HostPattern {
    Any,
    /// In lower case.
    Exact(Box<str>),
    /// Every host below this one, at any depth, but not itself. In lower case.
    Below(Box<str>),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum PathPattern {
    Exact(Box<str>),
    Prefix(Box<str>),
}

/// Why a pattern cannot be a route.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    #[error("it is empty; write \"/*\" for every request")]
    Empty,
    #[error("it has no path; write {0:?} for the whole host")]
    NoPath(String),
    #[error("it has a scheme; leave {0:?} out")]
    Scheme(String),
    #[error("it has a query or a fragment; routes match host and path only")]
    Query,
    #[error("\"*\" may stand for the first labels of the host (\"*.example.com\") and at the end of the path, only")]
    Star,
    #[error("{0:?} is not a host name; use letters, digits, \"-\", \"_\" and \".\", and punycode for others")]
    Host(String),
    #[error("{0:?} is not a port between 1 and 65535")]
    Port(String),
    #[error("{0:?} cannot stand in a path; percent-encode it")]
    PathCharacter(char),
    #[error("its path has \".\" or \"..\" segments, which no request has after normalization; write {0:?}")]
    Dots(String),
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        if text.is_empty() {
            return Err(PatternError::Empty);
        }
        if let Some((scheme, _)) = text.split_once("://") {
            return Err(PatternError::Scheme(format!("{scheme}://")));
        }
        if text.contains(['?', '#']) {
            return Err(PatternError::Query);
        }
        let Some(slash) = text.find('/') else {
            return Err(if text == "*" { PatternError::Star } else { PatternError::NoPath(format!("{text}/*")) });
        };
        let (host, path) = text.split_at(slash);
        Ok(Pattern { host: host_pattern(host)?, path: path_pattern(path)? })
    }
}

fn host_pattern(text: &str) -> Result<HostPattern, PatternError> {
    if text.is_empty() {
        return Ok(HostPattern::Any);
    }
    let host = without_port(text)?.to_ascii_lowercase();
    if let Some(parent) = host.strip_prefix("*.") {
        check_host(parent, text)?;
        return Ok(HostPattern::Below(parent.into()));
    }
    check_host(&host, text)?;
    Ok(HostPattern::Exact(host.into()))
}

/// A port in a pattern is allowed and ignored: the server listens on one.
fn without_port(text: &str) -> Result<&str, PatternError> {
    let colon = if text.starts_with('[') { text.find("]:").map(|at| at + 1) } else { text.find(':') };
    let Some(colon) = colon else { return Ok(text) };
    let (host, port) = (&text[..colon], &text[colon + 1..]);
    match port.parse::<u16>() {
        Ok(port) if port != 0 => Ok(host),
        _ => Err(PatternError::Port(port.to_owned())),
    }
}

fn check_host(host: &str, whole: &str) -> Result<(), PatternError> {
    if host.contains('*') {
        return Err(PatternError::Star);
    }
    let literal = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let good = match literal {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => host.split('.').all(|label| {
            !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        }),
    };
    if good { Ok(()) } else { Err(PatternError::Host(whole.to_owned())) }
}

fn path_pattern(text: &str) -> Result<PathPattern, PatternError> {
    let (path, prefix) = match text.strip_suffix('*') {
        Some(prefix) => (prefix, true),
        None => (text, false),
    };
    if path.contains('*') {
        return Err(PatternError::Star);
    }
    if let Some(bad) = path.chars().find(|c| !c.is_ascii_graphic() || "\"<>\\^`{|}".contains(*c)) {
        return Err(PatternError::PathCharacter(bad));
    }
    let normalized = super::normalized(path);
    if normalized != path {
        return Err(PatternError::Dots(normalized.into_owned()));
    }
    Ok(if prefix { PathPattern::Prefix(path.into()) } else { PathPattern::Exact(path.into()) })
}
