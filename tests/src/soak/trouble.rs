use std::fmt;

/// Why something that was asked did not come out as it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// No connection, or it ended before the head of an answer.
    NoAnswer(String),
    /// The body of an answer ended too early.
    BrokenOff(String),
    /// The server says that it is going.
    ShuttingDown,
    /// Another answer than the right one.
    Wrong(String),
}

impl Trouble {
    pub(crate) fn no_answer(error: impl fmt::Debug) -> Self {
        Trouble::NoAnswer(format!("{error:?}"))
    }

    pub(crate) fn broken_off(error: impl fmt::Debug) -> Self {
        Trouble::BrokenOff(format!("{error:?}"))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::NoAnswer(error) => write!(f, "no answer: {error}"),
            Trouble::BrokenOff(error) => write!(f, "the answer broke off: {error}"),
            Trouble::ShuttingDown => write!(f, "503 shutting_down"),
            Trouble::Wrong(what) => write!(f, "{what}"),
        }
    }
}
