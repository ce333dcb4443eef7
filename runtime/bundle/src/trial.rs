//! What may overflow a stack is parsed by another process first.
//!
//! Parsers recurse as deep as a file nests, and no parser of the two that compile workers stops before its stack ends,
//! which ends the process and with it every worker. A file with few tokens cannot nest deeper than the stack bears. One
//! with many is parsed by a process of its own, with the same parser on a stack of the same size: where that one lives,
//! this one does. It also tells how deep the file nests, which bounds every pass behind the parser.

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::ops::Range;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::cache::CompileCache;
use crate::compile::{self, Grammar};
use crate::error::{BuildError, Problem};
use crate::graph::STACK_BYTES;
use crate::kind::Dialect;

/// How many levels the parsers get through on [`STACK_BYTES`], whatever nests: half of what was measured for what costs
/// most of a token, parentheses. Without optimisation a level takes several times as much.
const LEVELS_SAFE: usize = if cfg!(debug_assertions) { 8_000 } else { 32_000 };

/// The first argument of the other process.
pub const ARGUMENT: &str = "parse-trial";

/// No file within the limits of size takes nearly as long.
const TIME_MAX: Duration = Duration::from_secs(20);
const TOO_LONG: u8 = 3;
const BAD_USE: u8 = 2;

// <https://man7.org/linux/man-pages/man7/signal.7.html>
const SIGABRT: i32 = 6;
const SIGBUS: [i32; 2] = [7, 10];
const SIGSEGV: i32 = 11;

/// Has files parsed by another process, where they may nest deeper than the stack of this one bears: each level takes a
/// token at least.
#[derive(Debug, Clone)]
pub struct Trial {
    program: PathBuf,
}

/// Why a file is refused, and its bytes that are at fault, where these are known.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) problem: Problem,
    pub(crate) range: Option<Range<usize>>,
}

impl Refusal {
    pub(crate) fn in_file(self, path: &str, text: &str) -> BuildError {
        match self.range {
            Some(range) => BuildError::at(path, text, range, self.problem),
            None => BuildError::in_file(path, self.problem),
        }
    }
}

/// What is asked of the other process, in its arguments; the file is its standard input.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Task {
    pub(crate) dialect: Dialect,
    pub(crate) grammar: Grammar,
    pub(crate) nesting_max: usize,
}

/// What it answers on its standard output, where it lives to do so.
#[derive(Debug, Serialize, Deserialize)]
enum Verdict {
    Fine,
    TooDeep(Option<Range<usize>>),
    Syntax { message: String, range: Option<Range<usize>> },
}

impl Trial {
    /// `program` calls [`run`] with all that follows [`ARGUMENT`].
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Trial { program: program.into() }
    }

    /// Refuses a file that cannot be parsed in this process without danger to it. `cache` knows what was tried before.
    pub(crate) fn check(&self, text: &str, task: Task, cache: Option<&CompileCache>) -> Result<(), Refusal> {
        if tokens_max(text) <= LEVELS_SAFE {
            return Ok(());
        }
        let Some(cache) = cache else { return self.try_now(text, task) };
        let hash =
            Sha256::new().chain_update([task.dialect as u8, task.grammar as u8]).chain_update(text).finalize().into();
        if !cache.was_tried(&hash) {
            self.try_now(text, task)?;
            cache.keep_tried(hash);
        }
        Ok(())
    }

    fn try_now(&self, text: &str, task: Task) -> Result<(), Refusal> {
        let nesting_max = task.nesting_max;
        let failed = |message: String| Refusal { problem: Problem::Compiler { message }, range: None };
        let output = self.output(&task, text).map_err(|error| {
            failed(format!("it is too large to be parsed untried, and no process can be started for that: {error}"))
        })?;
        let too_deep = |range| Refusal { problem: Problem::Nesting { max: nesting_max }, range };
        match serde_json::from_slice(&output.stdout) {
            Ok(Verdict::Fine) => Ok(()),
            Ok(Verdict::TooDeep(range)) => Err(too_deep(range)),
            Ok(Verdict::Syntax { message, range }) => Err(Refusal { problem: Problem::Syntax { message }, range }),
            Err(_) if output.status.signal().is_some_and(is_overflow) => Err(too_deep(None)),
            Err(_) if output.status.code() == Some(i32::from(TOO_LONG)) => {
                Err(failed(format!("it is not parsed after {} s", TIME_MAX.as_secs())))
            }
            Err(_) => Err(failed(format!("the process that parses it first ended with {}", output.status))),
        }
    }

    fn output(&self, task: &Task, text: &str) -> std::io::Result<Output> {
        let task = serde_json::to_string(task).expect("names and numbers");
        let mut child = Command::new(&self.program)
            .args([ARGUMENT, &task])
            // Secrets are none of its business.
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        // It reads everything before it writes anything. Where it does not, its end says why.
        let _ = child.stdin.take().expect("it is piped").write_all(text.as_bytes());
        child.wait_with_output()
    }
}

/// No fewer tokens than the file has: a token begins with a byte that is no part of a name or number, or with the first of
/// those that are. What lies beyond ASCII may be white space.
fn tokens_max(text: &str) -> usize {
    let mut is_in_word = false;
    let begins = |byte: &&u8| {
        let is_word = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
        let begins = if is_word { !is_in_word } else { !byte.is_ascii_whitespace() };
        is_in_word = is_word;
        begins
    };
    text.as_bytes().iter().filter(begins).count()
}

fn is_overflow(signal: i32) -> bool {
    signal == SIGABRT || signal == SIGSEGV || SIGBUS.contains(&signal)
}

/// The other process, from its argument to its exit code.
pub fn run(argument: Option<OsString>) -> u8 {
    let task = argument.and_then(|task| serde_json::from_str::<Task>(task.to_str()?).ok());
    let Some(task) = task else { return BAD_USE };
    thread::spawn(|| {
        thread::sleep(TIME_MAX);
        std::process::exit(i32::from(TOO_LONG));
    });
    let parse = move || {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).ok()?;
        let verdict = match compile::try_parse(&text, task.dialect, task.grammar, task.nesting_max) {
            Ok(()) => Verdict::Fine,
            Err((Problem::Syntax { message }, range)) => Verdict::Syntax { message, range },
            Err((_, range)) => Verdict::TooDeep(range),
        };
        serde_json::to_writer(std::io::stdout(), &verdict).ok()
    };
    let thread = thread::Builder::new().stack_size(STACK_BYTES).spawn(parse);
    match thread.map(thread::JoinHandle::join) {
        Ok(Ok(Some(()))) => 0,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_has_more_tokens_than_are_counted() {
        for (text, tokens) in [
            ("", 0),
            ("a + b1_$", 3),
            ("((1", 3),
            ("new\u{a0}new\u{2003}new", 3),
            ("!!!x", 4),
            ("\"a\"b", 2),
            ("`${1}`", 4),
            ("a\nb\tc", 3),
            ("\u{feff}x", 1),
        ] {
            assert!(tokens_max(text) >= tokens, "{text:?}: {}", tokens_max(text));
        }
        assert_eq!(tokens_max("const name = first + 12.5;"), 9);
    }
}
