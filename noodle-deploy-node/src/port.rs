//! How work on other threads calls the host's thread back: one port for each JavaScript thread.

use std::cell::RefCell;
use std::sync::Arc;
use std::task::{Wake, Waker};

use napi::bindgen_prelude::Function;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Status};
use napi_derive::napi;

/// Calls a JavaScript function with a token; by itself it does not keep the process alive.
type Bell = ThreadsafeFunction<u32, (), u32, Status, false, true>;

/// Tells JavaScript by its token that something which it waits for can be taken.
#[napi]
pub struct Port {
    bell: Arc<Bell>,
    /// The same bell, for the thread that may change whether it keeps the process alive.
    keeper: RefCell<Bell>,
}

#[napi]
impl Port {
    /// A port that calls `ready` with a token.
    #[napi(constructor, catch_unwind)]
    pub fn new(ready: Function<'_, u32, ()>) -> napi::Result<Self> {
        let bell = || {
            let builder = ready.build_threadsafe_function::<u32>().weak::<true>().callee_handled::<false>();
            builder.build_callback(|context| Ok(context.value))
        };
        Ok(Port { bell: Arc::new(bell()?), keeper: RefCell::new(bell()?) })
    }

    /// Whether the process stays alive for what was asked for.
    #[napi(catch_unwind)]
    #[allow(deprecated, reason = "the replacement changes whether the function lives, not whether it is waited for")]
    pub fn keep(&self, env: Env, alive: bool) -> napi::Result<()> {
        let mut keeper = self.keeper.borrow_mut();
        if alive { keeper.refer(&env) } else { keeper.unref(&env) }
    }

    /// A waker that sends the token.
    pub(crate) fn waker(&self, token: u32) -> Waker {
        Waker::from(Arc::new(Ring { bell: self.bell.clone(), token }))
    }
}

struct Ring {
    bell: Arc<Bell>,
    token: u32,
}

impl Wake for Ring {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // A thread of JavaScript that ends takes no more calls; nobody is left then who waits.
        let _ = self.bell.call(self.token, ThreadsafeFunctionCallMode::NonBlocking);
    }
}
