//! How to mend what a guest threw, where the mistake is a known one.
//!
//! The engine's own messages say what went wrong inside of it, in words of standards. What a beginner did is told by the
//! message, by the line it came from, and by what the worker is granted.

mod table;

use worky_engine::{GuestError, GuestFrame};
use worky_host::Bindings;
use worky_host::service::Service;

/// One sentence without a full stop.
pub(crate) fn of(error: &GuestError, bindings: &Bindings) -> Option<String> {
    let granted = Granted::of(bindings);
    let GuestError { name, message, frames, line, .. } = error;
    let place = Place { line: line.as_deref().unwrap_or_default(), frame: frames.first() };
    if let Some(missing) = missing_member(message) {
        return of_missing(missing, place, &granted);
    }
    if let Some(hint) = of_commonjs(message) {
        return Some(hint);
    }
    if let ("ReferenceError", Some(variable)) = (&**name, message.strip_suffix(" is not defined")) {
        return Some(of_variable(variable, &granted));
    }
    table::find(name, message, place.line).map(str::to_owned)
}

/// Where an error comes from.
#[derive(Clone, Copy)]
struct Place<'a> {
    line: &'a str,
    frame: Option<&'a GuestFrame>,
}

/// The names in a worker's `env`.
struct Granted<'a> {
    names: Vec<&'a str>,
}

impl<'a> Granted<'a> {
    fn of(bindings: &'a Bindings) -> Self {
        let Bindings { vars, secrets, kv, services, files, .. } = bindings;
        let names = vars.iter().map(|(name, _)| name.as_str());
        let names = names.chain(secrets.iter().map(|(name, _)| name.as_str()));
        let names = names.chain(kv.iter().map(|(name, _)| name.as_str()));
        let mounts = files.mounts().iter().map(|(name, _)| name.as_str());
        Granted { names: names.chain(services.iter().map(Service::binding)).chain(mounts).collect() }
    }

    fn has(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    /// The name that was probably meant.
    fn near(&self, name: &str) -> Option<&'a str> {
        // A third of the name, as for the keys of a configuration.
        let distance_max = (name.len() / 3).max(1);
        let distance = |known: &&str| strsim::damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase());
        self.names.iter().copied().min_by_key(distance).filter(|known| distance(known) <= distance_max)
    }

    fn list(&self) -> String {
        match self.names.as_slice() {
            [] => "worky.toml grants this worker nothing".to_owned(),
            names => format!("env has {}", names.join(", ")),
        }
    }
}

/// `x` of `Cannot read properties of undefined (reading 'x')`.
fn missing_member(message: &str) -> Option<&str> {
    let rest = message.strip_prefix("Cannot read properties of ").or_else(|| {
        // As in `env.NAME = …` of something that is not there.
        message.strip_prefix("Cannot set properties of ")
    })?;
    let (_, member) = rest.split_once("ing '")?;
    member.strip_suffix("')")
}

fn of_missing(member: &str, place: Place<'_>, granted: &Granted<'_>) -> Option<String> {
    // V8 calls what is private by the name of its class.
    if member.starts_with('#') || matches!(member, "KvNamespace" | "ExecutionContext" | "Fetcher") {
        return Some("the method was taken off its object: call it as env.NAME.method(…) or ctx.method(…)".to_owned());
    }
    let object = object_of(place, member)?;
    if let Some(name) = object.strip_prefix("process.env.") {
        return Some(match granted.has(name) {
            true => format!("process.env has text alone: use env.{name}, the handler's second argument"),
            false => format!(
                "`{name}` is neither a var nor a secret of this worker: declare it in worky.toml as \
                 secrets = [\"{name}\"], or under [vars]"
            ),
        });
    }
    if let Some(name) = object.strip_prefix("env.").or_else(|| object.strip_prefix("this.env.")) {
        if name.contains('.') || granted.has(name) {
            return None;
        }
        return Some(match granted.near(name) {
            Some(near) => format!("there is no `{name}` in env: did you mean `env.{near}`?"),
            None => format!(
                "there is no `{name}` in env: declare it in worky.toml, {} ({})",
                declaration(name, member),
                granted.list()
            ),
        });
    }
    if object == "env" || object == "ctx" {
        return Some(format!("`{object}` is an argument of the handler: async fetch(request, env, ctx) {{ … }}"));
    }
    if object == "this" {
        return Some("`this` is the default export only in a method that is called on it: write fetch() { … }, not fetch: () => …".to_owned());
    }
    Some(format!("`{object}` has no value here: look where it is set, and whether an await is missing"))
}

/// How worky.toml grants a binding with such a method.
fn declaration(name: &str, member: &str) -> String {
    match member {
        "get" | "put" | "delete" | "list" | "getWithMetadata" => {
            let id = name.to_lowercase();
            format!("as a KV namespace: [[kv_namespaces]] binding = \"{name}\", id = \"{id}\"")
        }
        "fetch" => format!("as another worker: [[services]] binding = \"{name}\", service = \"…\""),
        "getFileHandle" | "getDirectoryHandle" | "entries" | "keys" | "values" => {
            format!("as a directory: [[files]] binding = \"{name}\", path = \"…\"")
        }
        _ => format!("under [vars], or as secrets = [\"{name}\"]"),
    }
}

/// What stands before `.member` where the error is: `env.KART` of `await env.KART.get("x")`.
fn object_of(place: Place<'_>, member: &str) -> Option<String> {
    let column = place.frame?.column as usize;
    let line: Vec<char> = place.line.chars().collect();
    // The column is that of the member, or of what calls it: the nearest before or after it is taken.
    let wanted: Vec<char> = member.chars().collect();
    let starts = (1..line.len()).filter(|at| line[*at..].starts_with(&wanted) && line[at - 1] == '.');
    let start = starts.min_by_key(|at| at.abs_diff(column.saturating_sub(1)))?;
    let mut end = start - 1;
    // `a?.b` does not throw, `a!.b` is TypeScript for it does not matter.
    while end > 0 && matches!(line[end - 1], '!' | '?') {
        end -= 1;
    }
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    let begin = (0..end).rev().take_while(|at| is_part(line[*at])).last()?;
    let object: String = line[begin..end].iter().collect();
    let is_path = object.split('.').all(|part| part.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$')));
    is_path.then_some(object)
}

/// The bundler's way to call what a CommonJS module exports: `(0 , import_greeter.hello) is not a function`.
fn of_commonjs(message: &str) -> Option<String> {
    let called = message.strip_suffix(" is not a function")?.strip_prefix("(0 , import_")?.strip_suffix(')')?;
    let (module, name) = called.split_once('.')?;
    let module = module.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('$');
    Some(format!(
        "the CommonJS module `{module}` exports no function `{name}`: look for a typo, or import all of it, import * as {module}"
    ))
}

fn of_variable(variable: &str, granted: &Granted<'_>) -> String {
    if granted.has(variable) {
        return format!(
            "`{variable}` is in env, the handler's second argument: env.{variable}; or name it under globals in worky.toml"
        );
    }
    table::variable(variable).map_or_else(
        || format!("`{variable}` is declared nowhere: look for a typo, or import it"),
        |hint| hint.to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(line: &str, column: u32) -> Option<String> {
        let frame = GuestFrame { file: "a.ts".to_owned(), line: 1, column, function: None };
        object_of(Place { line, frame: Some(&frame) }, "get")
    }

    #[test]
    fn the_object_stands_before_its_member() {
        let check = |line: &str, column: u32, expected: Option<&str>| {
            assert_eq!(place(line, column).as_deref(), expected, "{line}");
        };
        check("    const items = await env.KART.get(\"items\");", 34, Some("env.KART"));
        check("a.get(); this.env.KV!.get(1); b.get()", 23, Some("this.env.KV"));
        check("rows[0].get()", 9, None);
        check("find().get()", 8, None);
        check("nothing", 1, None);
        check("été.get()", 5, Some("été"));
    }

    #[test]
    fn members_are_read_out_of_messages() {
        assert_eq!(missing_member("Cannot read properties of undefined (reading 'get')"), Some("get"));
        assert_eq!(missing_member("Cannot set properties of null (setting 'x')"), Some("x"));
        assert_eq!(missing_member("x is not a function"), None);
    }

    #[test]
    fn what_commonjs_does_not_export_is_named() {
        let hint = of_commonjs("(0 , import_greeter.hello) is not a function").expect("known");
        assert!(hint.contains("`greeter` exports no function `hello`"), "{hint}");
        assert_eq!(of_commonjs("x.y is not a function"), None);
    }

    #[test]
    fn names_that_are_near_are_found() {
        let granted = Granted { names: vec!["CART", "API_KEY"] };
        assert_eq!(granted.near("KART"), Some("CART"));
        assert_eq!(granted.near("api_key"), Some("API_KEY"));
        assert_eq!(granted.near("VISITS"), None);
    }
}
