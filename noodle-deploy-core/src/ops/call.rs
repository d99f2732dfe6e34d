//! Calls of operations: authorised, counted, given a context, and run.

use super::{Caller, Operation, Role, find};
use crate::control::CallContext;
use crate::error::{Error, ErrorKind, Result};
use crate::noodle::Noodle;
use crate::progress::{Progress, Sink};

impl Noodle {
    /// Calls an operation as the host itself.
    ///
    /// # Errors
    /// As the operation says.
    pub fn call<O: Operation>(&self, input: O::Input) -> Result<O::Output> {
        self.unwatched().call::<O>(input)
    }

    /// Calls an operation as somebody.
    ///
    /// # Errors
    /// `forbidden` where the role does not suffice; else as the operation says.
    pub fn call_as<O: Operation>(&self, caller: &Caller, input: O::Input) -> Result<O::Output> {
        self.unwatched().call_as::<O>(caller, input)
    }

    /// Calls an operation by name, as the generic surfaces do.
    ///
    /// # Errors
    /// `not_found` for an unknown name; else as the operation says.
    pub fn call_json(&self, caller: &Caller, name: &str, input: serde_json::Value) -> Result<serde_json::Value> {
        self.unwatched().call_json(caller, name, input)
    }

    /// Hears how far the next call is: `noodle.with_progress(|p| …).call::<Backup>(input)`.
    ///
    /// The function runs on the thread that works, so it should be short, and must not change the directory itself: it may
    /// run while the work holds others off. It is not called after the call has returned. One that panics is not called
    /// again, and harms nothing.
    pub fn with_progress(&self, callback: impl FnMut(&Progress) + Send + 'static) -> Watched<'_> {
        Watched { noodle: self, progress: Sink::new(self.inner.clock.clone(), callback) }
    }

    fn unwatched(&self) -> Watched<'_> {
        Watched { noodle: self, progress: Sink::default() }
    }
}

/// A call to come, whose progress is heard. Operations that are not marked with [`Operation::PROGRESS`] report nothing.
#[must_use = "nothing runs before a call"]
pub struct Watched<'a> {
    noodle: &'a Noodle,
    progress: Sink,
}

impl Watched<'_> {
    /// As [`Noodle::call`].
    ///
    /// # Errors
    /// As [`Noodle::call`].
    pub fn call<O: Operation>(self, input: O::Input) -> Result<O::Output> {
        let host = self.noodle.host();
        self.call_as::<O>(&host, input)
    }

    /// As [`Noodle::call_as`].
    ///
    /// # Errors
    /// As [`Noodle::call_as`].
    pub fn call_as<O: Operation>(self, caller: &Caller, input: O::Input) -> Result<O::Output> {
        let noodle = self.noodle;
        self.dispatch(O::NAME, O::ROLE, O::MUTATES, caller, |context| O::run(noodle, context, input))
    }

    /// As [`Noodle::call_json`].
    ///
    /// # Errors
    /// As [`Noodle::call_json`].
    pub fn call_json(self, caller: &Caller, name: &str, input: serde_json::Value) -> Result<serde_json::Value> {
        let (noodle, row) = (self.noodle, find(name)?);
        self.dispatch(row.name, row.role, row.mutates, caller, |context| (row.run)(noodle, context, input))
    }

    fn dispatch<T>(
        self,
        name: &'static str,
        role: Role,
        mutates: bool,
        caller: &Caller,
        run: impl FnOnce(&CallContext) -> Result<T>,
    ) -> Result<T> {
        let run = || {
            if caller.role < role {
                return Err(Error::new(ErrorKind::Forbidden, "the role does not suffice")
                    .with("role", format!("{:?}", caller.role).to_lowercase())
                    .with("needed", format!("{role:?}").to_lowercase()));
            }
            let _permit = self.noodle.enter(mutates)?;
            run(&CallContext {
                actor: caller.actor.clone(),
                operation: name,
                request_id: caller.request_id.clone().unwrap_or_else(|| self.noodle.new_id()),
                progress: self.progress.clone(),
            })
        };
        run().map_err(|e| e.operation(name))
    }
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        self.progress.close();
    }
}
