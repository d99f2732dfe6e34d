//! What engines share: their panics and messages as errors of this library, and a stack of known size to load on.

use std::error::Error as StdError;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Error, ErrorKind, Result};

/// Messages may quote whole nodes and facts.
const LONGEST: usize = 400;

/// Stack for parsing and compiling: engines recurse into bodies and expressions.
#[cfg(any(feature = "engine-tract", feature = "engine-rten", feature = "engine-ort"))]
const STACK_BYTES: usize = 64 << 20;

/// What an engine said, outermost first, each part cut to a readable length.
#[derive(Debug)]
pub(super) struct Cause(String);

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Cause {}

impl Cause {
    /// Of the messages of an error and its sources; repeated ones count once.
    pub(super) fn new(messages: impl Iterator<Item = String>) -> Self {
        let mut parts: Vec<String> = Vec::new();
        for message in messages {
            let text = cut(message.trim());
            if parts.last().is_none_or(|last| last != text) {
                parts.push(text.to_owned());
            }
        }
        Cause(parts.join(": "))
    }

    /// Of an error with its sources.
    #[cfg(any(feature = "engine-rten", feature = "engine-ort"))]
    pub(super) fn of(error: &dyn StdError) -> Self {
        let mut messages = vec![error.to_string()];
        let mut next = error.source();
        while let Some(source) = next {
            messages.push(source.to_string());
            next = source.source();
        }
        Cause::new(messages.into_iter())
    }
}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Runs `f`; a panic becomes an error of this kind.
pub(super) fn guarded<T>(kind: ErrorKind, f: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|payload| {
        let text = payload
            .downcast_ref::<&str>()
            .map(|s| (*s).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        Err(Error::new(kind, "the engine panicked").source(Cause::new(std::iter::once(text))))
    })
}

/// Runs on a thread with a known stack, behind a guard against panics.
#[cfg(any(feature = "engine-tract", feature = "engine-rten", feature = "engine-ort"))]
pub(super) fn on_own_stack<T: Send>(f: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("noodle-compile".to_owned())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, || guarded(ErrorKind::Unsupported, f))?;
        thread.join().unwrap_or_else(|_| Err(Error::new(ErrorKind::Internal, "a compile thread died")))
    })
}
