use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use swc_core::common::errors::{DiagnosticBuilder, Emitter, HANDLER, Handler};
use swc_core::common::{Span, Spanned};
use swc_core::ecma::parser::error::{Error, SyntaxError};

/// More errors of one file are noise.
const ERRORS_MAX: usize = 50;

/// Messages with their places, filled while the transforms hold the other end.
type Complaints = Rc<RefCell<Vec<(String, Option<Span>)>>>;

/// What the transforms complain about.
#[derive(Default)]
pub(super) struct Diagnostics {
    errors: Complaints,
}

impl Diagnostics {
    /// Runs `transform` with the complaints going here.
    pub(super) fn collect<R>(&self, transform: impl FnOnce() -> R) -> R {
        let sink = Sink { errors: self.errors.clone() };
        HANDLER.set(&Handler::with_emitter(false, false, Box::new(sink)), transform)
    }

    pub(super) fn into_errors(self) -> Vec<(String, Option<Span>)> {
        self.errors.take()
    }
}

struct Sink {
    errors: Complaints,
}

impl Emitter for Sink {
    fn emit(&mut self, diagnostic: &mut DiagnosticBuilder<'_>) {
        let mut errors = self.errors.borrow_mut();
        if diagnostic.is_error() && errors.len() < ERRORS_MAX {
            errors.push((as_message(&diagnostic.message()), diagnostic.span.primary_span()));
        }
    }
}

/// The parser's errors, one for each place: one mistake often makes it complain again at the same place.
pub(super) fn of_parser(errors: Vec<Error>) -> Vec<(String, Span)> {
    let mut seen = HashSet::new();
    // What follows is read as the text of the element, to the end of the file.
    if let Some(unclosed) = errors.iter().find(|error| error.kind().msg().contains("got 'jsx text'")) {
        return vec![(
            "a JSX element before this is not closed, or closed under another name".to_owned(),
            unclosed.span(),
        )];
    }
    errors
        .into_iter()
        .filter(|error| seen.insert(error.span().lo))
        .take(ERRORS_MAX)
        .map(|error| {
            let message = match error.kind() {
                // As V8 has it.
                SyntaxError::AwaitInFunction => {
                    "await is only valid in async functions and the top level bodies of modules".to_owned()
                }
                kind => as_message(&kind.msg()),
            };
            (message, error.span())
        })
        .collect()
}

/// The text as one of our own messages: in lower case, without a full stop.
fn as_message(text: &str) -> String {
    let text = text.trim_end_matches('.').replace(". Expected", ", expected");
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        // A name that is all capitals stays.
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => text,
    }
}
