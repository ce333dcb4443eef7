//! What a front end has asked of a worker that holds for its next isolate, too.

use serde_json::Value;

/// What one front end may ask for, at most: beyond it the next isolate does not know.
const WISHES_MAX: usize = 10_000;

/// Commands of which the last one holds.
const SETTINGS: &[&str] = &[
    "Debugger.setAsyncCallStackDepth",
    "Debugger.setBlackboxPatterns",
    "Debugger.setBreakpointsActive",
    "Debugger.setPauseOnExceptions",
    "Debugger.setSkipAllPauses",
    "Profiler.setSamplingInterval",
    "Runtime.setAsyncCallStackDepth",
    "Runtime.setCustomObjectFormatterEnabled",
    "Runtime.setMaxCallStackSizeToCapture",
];

/// Commands of which each one holds until it is taken back.
const ADDED: &[&str] = &["Debugger.setBreakpointByUrl", "Debugger.setInstrumentationBreakpoint", "Runtime.addBinding"];

/// The domains that V8 knows.
const DOMAINS: &[&str] = &["Console", "Debugger", "HeapProfiler", "Profiler", "Runtime"];

#[derive(Debug, Default)]
pub(super) struct Wishes(Vec<Wish>);

#[derive(Debug)]
struct Wish {
    method: String,
    params: Value,
    /// The call that asked for it, until it is answered.
    call: Option<i64>,
    breakpoint: Option<String>,
}

impl Wishes {
    /// Takes notice of a command.
    pub(super) fn note(&mut self, call: i64, method: &str, params: &Value) {
        let Some((domain, name)) = method.split_once('.') else { return };
        if !DOMAINS.contains(&domain) {
            return;
        }
        let text = |key: &str| params.get(key).and_then(Value::as_str);
        match name {
            "disable" => self.0.retain(|wish| !wish.is_of(domain)),
            "removeBreakpoint" => {
                let id = text("breakpointId");
                self.0.retain(|wish| wish.breakpoint.is_none() || wish.breakpoint.as_deref() != id);
            }
            "removeBinding" => {
                let name = text("name");
                self.0.retain(|wish| {
                    wish.method != "Runtime.addBinding" || wish.params.get("name").and_then(Value::as_str) != name
                });
            }
            "enable" => self.set(call, method, params),
            _ if SETTINGS.contains(&method) => self.set(call, method, params),
            _ if ADDED.contains(&method) => self.add(call, method, params),
            _ => {}
        }
    }

    fn set(&mut self, call: i64, method: &str, params: &Value) {
        match self.0.iter_mut().find(|wish| wish.method == method) {
            // It keeps its place: what depends on it comes after it.
            Some(wish) => wish.params = params.clone(),
            None => self.add(call, method, params),
        }
    }

    fn add(&mut self, call: i64, method: &str, params: &Value) {
        if self.0.len() < WISHES_MAX {
            let (method, params) = (method.to_owned(), params.clone());
            self.0.push(Wish { method, params, call: Some(call), breakpoint: None });
        }
    }

    /// Whether the answer to this call matters.
    pub(super) fn awaits(&self, call: i64) -> bool {
        self.0.iter().any(|wish| wish.call == Some(call))
    }

    /// A call was answered. What was refused is not asked again.
    pub(super) fn answered(&mut self, call: i64, answer: &Value) {
        if answer.get("error").is_some() {
            return self.0.retain(|wish| wish.call != Some(call));
        }
        for wish in self.0.iter_mut().filter(|wish| wish.call == Some(call)) {
            wish.call = None;
            wish.breakpoint = answer.pointer("/result/breakpointId").and_then(Value::as_str).map(str::to_owned);
        }
    }

    /// Whether the front end has enabled a domain.
    pub(super) fn enabled(&self, domain: &str) -> bool {
        self.0.iter().any(|wish| wish.method.strip_suffix(".enable") == Some(domain))
    }

    /// All but what is asked by one of these calls, as method and parameters, in order.
    pub(super) fn all_but(&self, calls: &[i64]) -> impl Iterator<Item = (&str, &Value)> {
        let asked = |wish: &&Wish| wish.call.is_none_or(|call| !calls.contains(&call));
        self.0.iter().filter(asked).map(|wish| (wish.method.as_str(), &wish.params))
    }
}

impl Wish {
    fn is_of(&self, domain: &str) -> bool {
        self.method.split_once('.').is_some_and(|(own, _)| own == domain)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn methods(wishes: &Wishes) -> Vec<&str> {
        wishes.all_but(&[]).map(|(method, _)| method).collect()
    }

    #[test]
    fn what_holds_is_kept_and_the_rest_is_not() {
        let mut wishes = Wishes::default();
        for (call, method) in ["Runtime.enable", "Debugger.enable", "Runtime.evaluate", "NodeWorker.enable", "odd"]
            .into_iter()
            .enumerate()
        {
            wishes.note(call as i64, method, &Value::Null);
        }
        wishes.note(7, "Debugger.setPauseOnExceptions", &json!({ "state": "all" }));
        wishes.note(8, "Debugger.setPauseOnExceptions", &json!({ "state": "none" }));
        assert_eq!(methods(&wishes), ["Runtime.enable", "Debugger.enable", "Debugger.setPauseOnExceptions"]);
        assert_eq!(wishes.all_but(&[]).last(), Some(("Debugger.setPauseOnExceptions", &json!({ "state": "none" }))));
        assert!(wishes.enabled("Runtime") && !wishes.enabled("Profiler"));
        wishes.note(9, "Debugger.disable", &Value::Null);
        assert_eq!(methods(&wishes), ["Runtime.enable"]);
    }

    #[test]
    fn breakpoints_are_kept_until_they_are_removed() {
        let mut wishes = Wishes::default();
        for call in 1..=3 {
            wishes.note(call, "Debugger.setBreakpointByUrl", &json!({ "lineNumber": call }));
            assert!(wishes.awaits(call));
        }
        wishes.answered(1, &json!({ "id": 1, "result": { "breakpointId": "one" } }));
        wishes.answered(2, &json!({ "id": 2, "result": { "breakpointId": "two" } }));
        wishes.answered(3, &json!({ "id": 3, "error": { "code": -32000 } }));
        assert!(!wishes.awaits(1));
        wishes.note(4, "Debugger.removeBreakpoint", &json!({ "breakpointId": "one" }));
        let two = ("Debugger.setBreakpointByUrl", &json!({ "lineNumber": 2 }));
        assert_eq!(wishes.all_but(&[]).collect::<Vec<_>>(), [two]);
        wishes.note(5, "Debugger.setBreakpointByUrl", &json!({ "lineNumber": 5 }));
        assert_eq!(wishes.all_but(&[5]).collect::<Vec<_>>(), [two]);
    }
}
