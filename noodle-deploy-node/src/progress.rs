//! Reports of a call, on their way to JavaScript.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use napi_derive::napi;
use noodle_deploy_core::Progress;

use crate::answer::Answer;
use crate::port::Port;
use crate::value::Json;

/// While JavaScript is too busy to take them, so many reports are kept, and then the last of each stage.
const MAX_KEPT: usize = 64;

/// Reports of one call that JavaScript has not taken yet.
#[napi]
pub struct Reports(Arc<Kept>);

struct Kept {
    reports: Mutex<Vec<Progress>>,
    waker: Waker,
}

impl Kept {
    fn reports(&self) -> MutexGuard<'_, Vec<Progress>> {
        self.reports.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hear(&self, progress: &Progress) {
        let mut reports = self.reports();
        let full = reports.len() >= MAX_KEPT;
        match reports.last_mut() {
            Some(last) if full && last.stage == progress.stage => *last = *progress,
            _ => reports.push(*progress),
        }
        drop(reports);
        self.waker.wake_by_ref();
    }
}

#[napi]
impl Reports {
    /// The port sends the token when there is something to take.
    #[napi(constructor, catch_unwind)]
    pub fn new(port: &Port, token: u32) -> Self {
        Reports(Arc::new(Kept { reports: Mutex::default(), waker: port.waker(token) }))
    }

    /// The reports since the last time.
    #[napi(catch_unwind)]
    pub fn take(&self) -> Answer<Json> {
        Answer::of(|| Json::of(&std::mem::take(&mut *self.0.reports())))
    }
}

impl Reports {
    /// What a call reports to.
    pub(crate) fn listener(&self) -> impl FnMut(&Progress) + Send + 'static {
        let kept = self.0.clone();
        move |progress| kept.hear(progress)
    }
}
