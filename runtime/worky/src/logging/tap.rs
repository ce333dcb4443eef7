//! Lines of the log for somebody else than standard error.

use serde_json::{Map, Value as Json};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::{EnvFilter, Registry};

use super::{Fields, directives};
use crate::config::LogConfig;

/// Is given every line that is written, on the thread that says it.
pub(crate) struct Tap(Box<dyn Fn(Line<'_>) + Send + Sync>);

/// One line, in its parts.
pub(crate) struct Line<'a> {
    pub(crate) level: &'static str,
    pub(crate) target: &'a str,
    pub(crate) fields: Fields,
}

impl Tap {
    /// `take` must not wait, and must not log.
    pub(crate) fn new(take: impl Fn(Line<'_>) + Send + Sync + 'static) -> Self {
        Tap(Box::new(take))
    }

    /// For the levels that are written.
    pub(crate) fn layer(self, config: &LogConfig) -> Box<dyn Layer<Registry> + Send + Sync> {
        self.with_filter(EnvFilter::new(directives(&config.level))).boxed()
    }
}

impl<S: Subscriber> Layer<S> for Tap {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let level = match *event.metadata().level() {
            Level::ERROR => "error",
            Level::WARN => "warn",
            Level::INFO => "info",
            Level::DEBUG => "debug",
            Level::TRACE => "trace",
        };
        (self.0)(Line { level, target: event.metadata().target(), fields });
    }
}

impl Fields {
    pub(crate) fn into_map(self) -> Map<String, Json> {
        self.0.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}
