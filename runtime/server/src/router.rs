//! Which worker a request goes to. A pattern is `HOST/PATH`: the host may be left out or begin with `*.`, the path may
//! end in `*`. The most specific pattern wins: a host named whole before a wildcard, a longer wildcard before a shorter
//! one, any host before none; then a whole path before a prefix, and a longer prefix before a shorter one.

mod path;
mod pattern;

use std::collections::HashMap;
use std::sync::Arc;

use pattern::{HostPattern, PathPattern, Pattern};

pub(crate) use path::normalized;
pub use pattern::PatternError;

/// One pattern and the worker it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub pattern: String,
    pub worker: Arc<str>,
}

/// What is wrong with the routes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RouteProblem {
    #[error("route {pattern:?} of worker {worker:?}: {problem}")]
    Pattern { pattern: String, worker: Arc<str>, problem: PatternError },
    #[error(
        "route {pattern:?} of worker {second:?} matches exactly what route {first_pattern:?} of worker {first:?} matches; \
         remove one or make it more specific"
    )]
    Ambiguous { pattern: String, first_pattern: String, first: Arc<str>, second: Arc<str> },
}

/// The routing table. It does not change once it is made.
#[derive(Debug, Default)]
pub struct Router {
    /// `api.example.com`, in lower case.
    hosts: Names<Paths>,
    /// `example.com` for `*.example.com`.
    wildcards: Names<Paths>,
    any_host: Paths,
}

/// By names that the operator gave: nobody else fills these tables, so they need no hashes that resist attacks.
type Names<T> = HashMap<Box<str>, T, foldhash::fast::RandomState>;

#[derive(Debug, Default)]
struct Paths {
    exact: Names<Arc<str>>,
    prefixes: Names<Arc<str>>,
    /// The lengths of the prefixes, longest first. There are few, however many prefixes there are.
    lengths: Vec<usize>,
}

impl Router {
    /// Makes the table, or answers everything that is wrong with it.
    pub fn new(routes: Vec<Route>) -> Result<Self, Vec<RouteProblem>> {
        let mut router = Router::default();
        let mut problems = Vec::new();
        let mut seen: HashMap<Pattern, Route> = HashMap::new();
        for route in routes {
            let pattern = match route.pattern.parse::<Pattern>() {
                Ok(pattern) => pattern,
                Err(problem) => {
                    problems.push(RouteProblem::Pattern { pattern: route.pattern, worker: route.worker, problem });
                    continue;
                }
            };
            if let Some(first) = seen.get(&pattern) {
                if first.worker != route.worker {
                    problems.push(RouteProblem::Ambiguous {
                        pattern: route.pattern,
                        first_pattern: first.pattern.clone(),
                        first: Arc::clone(&first.worker),
                        second: route.worker,
                    });
                }
                continue;
            }
            router.add(pattern.clone(), Arc::clone(&route.worker));
            seen.insert(pattern, route);
        }
        if problems.is_empty() { Ok(router) } else { Err(problems) }
    }

    /// The worker for a request. `host` is without its port; `path` is without its query.
    pub fn route(&self, host: &str, path: &str) -> Option<&Arc<str>> {
        let path = normalized(path);
        if self.hosts.is_empty() && self.wildcards.is_empty() {
            return self.any_host.find(&path);
        }
        let lowered: String;
        let host = host.strip_suffix('.').unwrap_or(host);
        let host = if host.bytes().any(|b| b.is_ascii_uppercase()) {
            lowered = host.to_ascii_lowercase();
            &lowered
        } else {
            host
        };
        self.hosts
            .get(host)
            .and_then(|paths| paths.find(&path))
            .or_else(|| self.route_wildcard(host, &path))
            .or_else(|| self.any_host.find(&path))
    }

    fn route_wildcard(&self, host: &str, path: &str) -> Option<&Arc<str>> {
        if self.wildcards.is_empty() {
            return None;
        }
        let mut rest = host;
        while let Some((label, parent)) = rest.split_once('.') {
            let found = self.wildcards.get(parent).filter(|_| !label.is_empty()).and_then(|paths| paths.find(path));
            if found.is_some() {
                return found;
            }
            rest = parent;
        }
        None
    }

    fn add(&mut self, pattern: Pattern, worker: Arc<str>) {
        let paths = match pattern.host {
            HostPattern::Any => &mut self.any_host,
            HostPattern::Exact(host) => self.hosts.entry(host).or_default(),
            HostPattern::Below(parent) => self.wildcards.entry(parent).or_default(),
        };
        match pattern.path {
            PathPattern::Exact(path) => drop(paths.exact.insert(path, worker)),
            PathPattern::Prefix(prefix) => {
                if let Err(place) = paths.lengths.binary_search_by(|length| prefix.len().cmp(length)) {
                    paths.lengths.insert(place, prefix.len());
                }
                drop(paths.prefixes.insert(prefix, worker));
            }
        }
    }
}

impl Paths {
    fn find(&self, path: &str) -> Option<&Arc<str>> {
        if !self.exact.is_empty()
            && let Some(worker) = self.exact.get(path)
        {
            return Some(worker);
        }
        self.lengths.iter().find_map(|&length| self.prefixes.get(path.get(..length)?))
    }
}

#[cfg(test)]
mod tests;
