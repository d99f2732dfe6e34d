//! What the background work says: `tracing` events, and a way to hand them to a host that has no `tracing` subscriber.
//!
//! A Rust host sees the events through its own subscriber, under the target `noodle_deploy_core`. The surfaces of other
//! languages call [`forward`] once. A request writes nothing.

use std::fmt;

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::error::{Error, Result};
pub use crate::settings::LogLevel;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRecord {
    /// How severe it is; never `Off`.
    pub level: LogLevel,
    /// Where it comes from, as a module path.
    pub target: &'static str,
    /// What happened.
    pub message: String,
    /// Names and values.
    pub fields: Vec<(&'static str, String)>,
}

impl fmt::Display for LogRecord {
    /// The message, and the fields in parentheses.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for (i, (name, value)) in self.fields.iter().enumerate() {
            write!(f, "{}{name}: {value}", if i == 0 { " (" } else { ", " })?;
        }
        f.write_str(if self.fields.is_empty() { "" } else { ")" })
    }
}

/// Hands every message of this library that is at least as severe as `level` to `sink`, for the rest of the process.
///
/// `sink` runs on the thread that has something to say, and must not call this library.
///
/// # Errors
/// `conflict` where the process has a `tracing` subscriber already.
pub fn forward(level: LogLevel, sink: impl Fn(LogRecord) + Send + Sync + 'static) -> Result<()> {
    let level = match level {
        LogLevel::Off => LevelFilter::OFF,
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    tracing::subscriber::set_global_default(Forward { level, sink })
        .map_err(|e| Error::conflict("messages of this process go elsewhere already").source(e))
}

struct Forward<F> {
    level: LevelFilter,
    sink: F,
}

impl<F: Fn(LogRecord) + Send + Sync + 'static> Subscriber for Forward<F> {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event()
            && *metadata.level() <= self.level
            && metadata.target().starts_with(env!("CARGO_CRATE_NAME"))
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        let level = match *metadata.level() {
            Level::ERROR => LogLevel::Error,
            Level::WARN => LogLevel::Warn,
            Level::INFO => LogLevel::Info,
            Level::DEBUG => LogLevel::Debug,
            Level::TRACE => LogLevel::Trace,
        };
        let mut record = LogRecord { level, target: metadata.target(), message: String::new(), fields: Vec::new() };
        event.record(&mut record);
        (self.sink)(record);
    }

    // This library opens no spans, and those of others are not enabled.
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl Visit for LogRecord {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        match field.name() {
            "message" => self.message = format!("{value:?}"),
            name => self.fields.push((name, format!("{value:?}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn messages_of_this_library_arrive_with_their_fields() {
        let said = Arc::new(Mutex::new(Vec::new()));
        let sink = said.clone();
        let forward = Forward { level: LevelFilter::INFO, sink: move |record| sink.lock().unwrap().push(record) };
        tracing::subscriber::with_default(forward, || {
            tracing::info!(deployment = "a", revision = 2, "revision is up");
            tracing::debug!("too fine");
            tracing::error!(target: "elsewhere", "not ours");
        });
        let said = said.lock().unwrap();
        assert_eq!(said.len(), 1, "{said:?}");
        assert_eq!(said[0].to_string(), "revision is up (deployment: a, revision: 2)");
        assert_eq!(said[0].level, LogLevel::Info);
    }
}
