/// Whose fault an error is. One function, in `server`, turns blame into an HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Blame {
    /// What the caller sent is wrong, or the caller went away.
    Client,
    /// The worker did something it may not, or failed.
    Guest,
    /// worky, or what it stands on, failed.
    Host,
    /// Nothing is wrong but the load: trying again later helps.
    Overload,
}

impl Blame {
    pub fn as_str(self) -> &'static str {
        match self {
            Blame::Client => "client",
            Blame::Guest => "guest",
            Blame::Host => "host",
            Blame::Overload => "overload",
        }
    }
}
