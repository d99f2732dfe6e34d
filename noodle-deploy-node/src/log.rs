//! What the library says, on its way to the logger of the host. There is one for the process: the last that was set.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use napi_derive::napi;
use noodle_deploy_core::Error;
use noodle_deploy_core::logging::{self, LogLevel, LogRecord};
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::port::Port;
use crate::value::Json;

/// Records that wait for a logger at most. Those that come while so many wait are counted instead.
const MOST: usize = 1024;

/// The one place to which the core's records go.
static LOGGER: Mutex<Logger> = Mutex::new(Logger { forwarded: false, queue: None });

struct Logger {
    /// Whether the core hands its records over, which it does for the rest of the process.
    forwarded: bool,
    queue: Option<Arc<Queue>>,
}

/// Records for a thread of JavaScript, which is woken when the first one is there.
struct Queue {
    level: LogLevel,
    waker: Waker,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    records: Vec<LogRecord>,
    dropped: u64,
}

/// A logger of the host, until it is closed, collected, or replaced by another one.
#[napi]
pub struct Log(Arc<Queue>);

/// Sets the logger of the process: the port sends the token once a record of at least this severity can be taken.
#[napi(catch_unwind)]
pub fn set_log(port: &Port, token: u32, level: String) -> Answer<Log> {
    Answer::of(|| {
        // The field as the host has it, not as the settings do.
        let level = level.parse().map_err(|_| Error::invalid("level", &level, LogLevel::ALLOWED))?;
        let queue = Queue { level, waker: port.waker(token), waiting: Mutex::default() };
        let queue = Arc::new(queue);
        let mut logger = lock(&LOGGER);
        if !logger.forwarded {
            logging::forward(LogLevel::Trace, record)?;
            logger.forwarded = true;
        }
        logger.queue = Some(queue.clone());
        Ok(Log(queue))
    })
}

/// Removes the logger of the process, whichever thread set it.
#[napi(catch_unwind)]
pub fn unset_log() {
    lock(&LOGGER).queue = None;
}

/// Runs on the thread that has something to say, and so only puts it down.
pub(crate) fn record(record: LogRecord) {
    let queue = lock(&LOGGER).queue.clone();
    if let Some(queue) = queue.filter(|queue| record.level <= queue.level) {
        queue.push(record);
    }
}

impl Queue {
    fn push(&self, record: LogRecord) {
        let mut waiting = lock(&self.waiting);
        if waiting.records.len() == MOST {
            waiting.dropped += 1;
            return;
        }
        waiting.records.push(record);
        // Once for all that wait: calls into JavaScript have a queue of their own, which has no bound.
        if waiting.records.len() == 1 {
            self.waker.wake_by_ref();
        }
    }
}

#[napi]
impl Log {
    /// What has been said since the last call, and last how much was dropped, where something was.
    #[napi(catch_unwind)]
    pub fn take(&self) -> Answer<Json> {
        Answer::of(|| {
            let Waiting { mut records, dropped } = std::mem::take(&mut *lock(&self.0.waiting));
            if dropped > 0 {
                records.push(LogRecord {
                    level: LogLevel::Warn,
                    target: module_path!(),
                    message: "records were dropped: the logger is too slow".to_owned(),
                    fields: vec![("dropped", dropped.to_string())],
                });
            }
            Ok(Json(records.into_iter().map(to_json).collect()))
        })
    }
}

impl Drop for Log {
    /// The thread of JavaScript ends, or has set another logger.
    fn drop(&mut self) {
        let mut logger = lock(&LOGGER);
        if logger.queue.as_ref().is_some_and(|queue| Arc::ptr_eq(queue, &self.0)) {
            logger.queue = None;
        }
    }
}

fn to_json(record: LogRecord) -> Value {
    let fields = record.fields.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value)));
    json!({
        "level": record.level.name(),
        "target": record.target,
        "message": record.message,
        "fields": fields.collect::<Map<_, _>>(),
    })
}

/// Nothing that is held can be left half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
