//! `_redirects` and `_headers`: lines of text beside the assets, as Cloudflare publishes their form.
//! <https://developers.cloudflare.com/workers/static-assets/redirects/>,
//! <https://developers.cloudflare.com/workers/static-assets/headers/>

use std::collections::{HashMap, HashSet};
use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::pattern::{self, Pattern};

/// Redirects without and with `*` or `:name`.
const STATIC_MAX: usize = 2_000;
const DYNAMIC_MAX: usize = 100;
const HEADER_RULES_MAX: usize = 100;
const LINE_CHARS_MAX: usize = 2_000;

/// What a browser would read in another way than it was written.
const UNSAFE_IN_LOCATION: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'`');

/// A line that has no effect.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// From 1.
    pub(super) line: usize,
    pub(super) message: String,
}

impl Problem {
    fn new(line: usize, message: impl fmt::Display) -> Self {
        Problem { line, message: message.to_string() }
    }
}

/// What became of a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Redirected {
    /// The status and the new address, as `location` has it.
    To(StatusCode, String),
    /// The path whose asset is served here.
    Rewritten(String),
}

#[derive(Debug, Default)]
pub(super) struct Redirects {
    fixed: HashMap<String, Target>,
    patterns: Vec<(Pattern, Target)>,
}

#[derive(Debug)]
struct Target {
    line: usize,
    to: String,
    /// `None`: what is there is served in the place.
    status: Option<StatusCode>,
}

impl Redirects {
    pub(super) fn parse(text: &str) -> (Self, Vec<Problem>) {
        let (mut redirects, mut problems) = (Redirects::default(), Vec::new());
        for (line, text) in lines(text) {
            if let Err(message) = redirects.add(line, text.trim()) {
                problems.push(Problem::new(line, message));
            }
        }
        (redirects, problems)
    }

    fn add(&mut self, line: usize, text: &str) -> Result<(), String> {
        check_length(text)?;
        let parts: Vec<&str> = text.split_whitespace().collect();
        let (from, to, code) = match parts[..] {
            [from, to] => (from, to, "302"),
            [from, to, code] => (from, to, code),
            _ => return Err("a redirect is FROM TO [CODE]".to_owned()),
        };
        let from = from.split('#').next().unwrap_or_default();
        let is_address = |text: &str| text.starts_with("https://") || text.starts_with("http://");
        if !from.starts_with('/') && !from.starts_with("https://") {
            return Err(format!("{from} must begin with / or https://"));
        }
        if !to.starts_with('/') && !is_address(to) {
            return Err(format!("{to} must begin with /, https:// or http://"));
        }
        let status = match code {
            "200" if is_address(to) => return Err(format!("{to} is elsewhere, and 200 serves what is here")),
            "200" => None,
            "301" | "302" | "303" | "307" | "308" => StatusCode::from_bytes(code.as_bytes()).ok(),
            _ => return Err(format!("the code is {code}, and must be 200, 301, 302, 303, 307 or 308")),
        };
        if status.is_some() && from.ends_with("/*") && (to.ends_with("/index") || to.ends_with("/index.html")) {
            return Err(format!("{to} leads back to {from}, and so on; write 200 to serve it in the place"));
        }
        let target = Target { line, to: to.to_owned(), status };
        if !pattern::is_dynamic(from) {
            if self.fixed.len() == STATIC_MAX {
                return Err(format!("there are more than {STATIC_MAX} redirects"));
            }
            // The first one holds.
            self.fixed.entry(from.to_owned()).or_insert(target);
            return Ok(());
        }
        if self.patterns.len() == DYNAMIC_MAX {
            return Err(format!("there are more than {DYNAMIC_MAX} redirects with * or :name"));
        }
        self.patterns.push((Pattern::of_rule(from)?, target));
        Ok(())
    }

    /// `path` is as it was sent.
    pub(super) fn find(&self, host: &str, path: &str, query: Option<&str>) -> Option<Redirected> {
        if self.fixed.is_empty() && self.patterns.is_empty() {
            return None;
        }
        let with_host = self.fixed.get(&format!("https://{host}{path}"));
        let fixed = with_host.into_iter().chain(self.fixed.get(path)).min_by_key(|target| target.line);
        let (target, to) = match fixed {
            Some(target) => (target, target.to.clone()),
            None => self
                .patterns
                .iter()
                .find_map(|(pattern, target)| Some((target, pattern.captures(host, path)?.fill(&target.to))))?,
        };
        let (to, fragment) = to.split_once('#').map_or((&*to, None), |(to, fragment)| (to, Some(fragment)));
        let (place, own_query) = to.split_once('?').map_or((to, None), |(place, query)| (place, Some(query)));
        // Two slashes would be the beginning of another host.
        let place = if place.starts_with('/') { without_empty_parts(place) } else { place.to_owned() };
        let Some(status) = target.status else { return Some(Redirected::Rewritten(place)) };
        let query = merged(query, own_query).map(|query| format!("?{query}")).unwrap_or_default();
        let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
        let location = format!("{place}{query}{fragment}");
        Some(Redirected::To(status, utf8_percent_encode(&location, UNSAFE_IN_LOCATION).to_string()))
    }
}

/// `/a//b` as `/a/b`.
pub(super) fn without_empty_parts(path: &str) -> String {
    let mut clean = String::with_capacity(path.len());
    path.chars().for_each(|c| {
        if c != '/' || !clean.ends_with('/') {
            clean.push(c);
        }
    });
    clean
}

/// What the address says goes before what was asked with.
fn merged(asked: Option<&str>, own: Option<&str>) -> Option<String> {
    let (Some(asked), Some(own)) = (asked, own) else { return own.or(asked).map(str::to_owned) };
    let parse = |query: &str| url::form_urlencoded::parse(query.as_bytes()).into_owned().collect::<Vec<_>>();
    let own = parse(own);
    let names: HashSet<&String> = own.iter().map(|(name, _)| name).collect();
    let asked = parse(asked).into_iter().filter(|(name, _)| !names.contains(name)).collect::<Vec<_>>();
    Some(url::form_urlencoded::Serializer::new(String::new()).extend_pairs(asked.iter().chain(&own)).finish())
}

#[derive(Debug, Default)]
pub(super) struct Headers(Vec<HeaderRule>);

#[derive(Debug)]
struct HeaderRule {
    pattern: Pattern,
    removed: Vec<HeaderName>,
    /// Values may name what the pattern holds.
    set: Vec<(HeaderName, String)>,
}

impl Headers {
    pub(super) fn parse(text: &str) -> (Self, Vec<Problem>) {
        let (mut rules, mut problems) = (Vec::<HeaderRule>::new(), Vec::new());
        // Whether what is indented belongs to the last rule, or to one that has no effect.
        let mut open = false;
        for (line, text) in lines(text) {
            let is_rule = text.starts_with('/') || text.starts_with("https://");
            let read = if is_rule { rule(text.trim(), rules.len()).map(Some) } else { Ok(None) };
            match read {
                Ok(Some(rule)) => {
                    rules.push(rule);
                    open = true;
                }
                Ok(None) => match rules.last_mut().filter(|_| open) {
                    Some(rule) => {
                        if let Err(message) = field(text.trim(), rule) {
                            problems.push(Problem::new(line, message));
                        }
                    }
                    None => problems.push(Problem::new(line, "a header belongs under a path, which begins with /")),
                },
                Err(message) => {
                    problems.push(Problem::new(line, message));
                    open = false;
                }
            }
        }
        (Headers(rules), problems)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts to a response what the rules say for a path, in any of its spellings. A rule replaces what is there by default, and
    /// adds to what another rule has set.
    pub(super) fn apply(&self, host: &str, spellings: [&str; 2], headers: &mut HeaderMap) {
        let mut set: HashSet<&HeaderName> = HashSet::new();
        for rule in &self.0 {
            let captures = spellings.into_iter().find_map(|path| rule.pattern.captures(host, path));
            let Some(captures) = captures else { continue };
            for name in &rule.removed {
                headers.remove(name);
            }
            for (name, value) in &rule.set {
                // What was captured may be no text of a header.
                let Ok(value) = HeaderValue::from_str(&captures.fill(value)) else { continue };
                if set.insert(name) {
                    headers.insert(name, value);
                } else {
                    headers.append(name, value);
                }
            }
        }
    }
}

fn rule(path: &str, rules: usize) -> Result<HeaderRule, String> {
    check_length(path)?;
    if rules == HEADER_RULES_MAX {
        return Err(format!("there are more than {HEADER_RULES_MAX} rules"));
    }
    Ok(HeaderRule { pattern: Pattern::of_rule(path)?, removed: Vec::new(), set: Vec::new() })
}

fn field(text: &str, rule: &mut HeaderRule) -> Result<(), String> {
    check_length(text)?;
    let parse =
        |name: &str| name.trim().parse::<HeaderName>().map_err(|_| format!("{name:?} is not the name of a header"));
    if let Some(name) = text.strip_prefix('!') {
        rule.removed.push(parse(name)?);
        return Ok(());
    }
    let (name, value) = text.split_once(':').ok_or("a header is NAME: VALUE, or ! NAME to take it away")?;
    let value = value.trim();
    if value.is_empty() || HeaderValue::from_str(value).is_err() {
        return Err(format!("{value:?} cannot be the value of a header"));
    }
    rule.set.push((parse(name)?, value.to_owned()));
    Ok(())
}

/// Lines that say something, with their numbers from 1.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    numbered.filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
}

fn check_length(text: &str) -> Result<(), String> {
    if text.chars().count() > LINE_CHARS_MAX {
        return Err(format!("the line is longer than {LINE_CHARS_MAX} characters"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(text: &str, path: &str) -> Option<String> {
        let (redirects, problems) = Redirects::parse(text);
        assert_eq!(problems, []);
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        redirects.find("a.test", path, query).map(|redirected| match redirected {
            Redirected::To(status, location) => format!("{} {location}", status.as_u16()),
            Redirected::Rewritten(path) => format!("is {path}"),
        })
    }

    #[test]
    fn redirects() {
        for (rule, path, expected) in [
            ("/a /b", "/a", Some("302 /b")),
            ("/a /b 301", "/a?x=1", Some("301 /b?x=1")),
            ("/a /b?y=2#z 308", "/a?x=1&y=1", Some("308 /b?x=1&y=2#z")),
            ("/a https://b.test/c", "/a", Some("302 https://b.test/c")),
            ("/a /b", "/a/", None),
            ("/a /b", "/c", None),
            ("# /a /c\n\n/a /b 307 ", "/a", Some("307 /b")),
            ("/a /b\n/a /c", "/a", Some("302 /b")),
            ("/x/* /b\n/x/a /c", "/x/a", Some("302 /c")),
            ("/old/* /new/:splat", "/old/a/b", Some("302 /new/a/b")),
            ("/old/* /:splat", "/old//evil.test", Some("302 /evil.test")),
            ("/old/* /:splat", "/old/\\evil.test", Some("302 /%5Cevil.test")),
            ("/p/:id/:id_2 /q/:id_2/:id/:none", "/p/1/2", Some("302 /q/2/1/:none")),
            ("/p/:id /q", "/p/1/2", None),
            ("https://a.test/a /b", "/a", Some("302 /b")),
            ("https://b.test/a /b", "/a", None),
            ("https://:sub.test/a /:sub", "/a", Some("302 /a")),
            ("/app/* /index.html 200", "/app/x", Some("is /index.html")),
        ] {
            assert_eq!(to(rule, path).as_deref(), expected, "{rule} for {path}");
        }
    }

    #[test]
    fn lines_without_effect_are_told() {
        for (text, part) in [
            ("/a", "FROM TO"),
            ("/a /b 302 x", "FROM TO"),
            ("a /b", "a must begin with /"),
            ("/a b", "b must begin with /"),
            ("/a /b 404", "404"),
            ("/a https://b.test/ 200", "elsewhere"),
            ("/* /index.html 302", "leads back"),
            ("/:a/:a /b", ":a"),
            ("/*/* /b", "one *"),
        ] {
            let (_, problems) = Redirects::parse(&format!("\n{text}\n/good /b"));
            assert!(matches!(&problems[..], [Problem { line: 2, message }] if message.contains(part)), "{problems:?}");
        }
    }

    fn headers(text: &str, path: &str) -> Vec<String> {
        let (rules, problems) = Headers::parse(text);
        assert_eq!(problems, []);
        let mut headers = HeaderMap::new();
        headers.insert("cache-control", HeaderValue::from_static("default"));
        rules.apply("a.test", [path, path], &mut headers);
        let mut told: Vec<String> =
            headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().expect("text"))).collect();
        told.sort();
        told
    }

    #[test]
    fn headers_of_paths() {
        let rules = "# comment\n/*\n  X-A: 1\n\n/static/*\n  Cache-Control: immutable\n  X-A: 2\n  Link: </:splat>; rel=x\n/raw\n  ! Cache-Control\n";
        assert_eq!(headers(rules, "/x"), ["cache-control: default", "x-a: 1"]);
        assert_eq!(
            headers(rules, "/static/a.js"),
            ["cache-control: immutable", "link: </a.js>; rel=x", "x-a: 1", "x-a: 2"]
        );
        assert_eq!(headers(rules, "/raw"), ["x-a: 1"]);
    }

    #[test]
    fn headers_without_effect_are_told() {
        for (text, line, part) in [
            ("X-A: 1", 1, "under a path"),
            ("/a\n  X-A", 2, "NAME: VALUE"),
            ("/a\n  X A: 1", 2, "not the name"),
            ("/a\n  X-A: ", 2, "cannot be the value"),
        ] {
            let (_, problems) = Headers::parse(text);
            let told = problems.iter().any(|problem| problem.line == line && problem.message.contains(part));
            assert!(told && problems.len() == 1, "{text}: {problems:?}");
        }
    }
}
