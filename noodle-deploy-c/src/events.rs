//! Events as they happen: pulled, or told by a callback.

use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{JoinHandle, ThreadId};
use std::time::Duration;

use noodle_deploy_core::{Error, ErrorKind, Pulled, Result, Subscription};

use crate::fork::Generation;
use crate::handle::{give, handle, json, noodle_t};
use crate::marshal::{Record, fill, release, sized};
use crate::ops::layouts::EVENT_RECORD;
use crate::ops::types::noodle_event_record;
use crate::options::free;
use crate::status::{guard, noodle_status, quietly};
use crate::text::null;

/// Nothing came in time. Values of `noodle_pulled.type`.
pub const NOODLE_PULLED_EMPTY: i32 = 0;
/// `event` is there.
pub const NOODLE_PULLED_EVENT: i32 = 1;
/// `lost` events were overwritten before they were pulled; the history has them.
pub const NOODLE_PULLED_LAGGED: i32 = 2;
/// The handle is closed, and everything was pulled.
pub const NOODLE_PULLED_CLOSED: i32 = 3;

/// How often a listener looks whether it is to stop.
const LISTEN: Duration = Duration::from_millis(50);

/// What a pull brings.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct noodle_pulled {
    /// sizeof(noodle_pulled), set by the caller of noodle_subscription_pull.
    size: usize,
    /// A NOODLE_PULLED_ constant.
    r#type: i32,
    /// The event, or NULL. Pulled, it is the caller's to free with noodle_free_event_record; in a callback, it lives
    /// until that returns.
    event: *mut noodle_event_record,
    /// Events that were lost.
    lost: u64,
}

/// A place in the stream of events. Bounded: who pulls too slowly is told how much was lost.
pub struct noodle_subscription_t {
    subscription: Mutex<Subscription>,
    generation: Generation,
}

unsafe fn subscribe(noodle: *const noodle_t) -> Result<Subscription> {
    // SAFETY: the pointer is null or a handle.
    Ok(unsafe { handle(noodle)?.core() }?.lifecycle().subscribe())
}

/// What C is told, and who owns the event.
fn seen(pulled: &Pulled) -> Result<(noodle_pulled, Option<Record>)> {
    let (r#type, lost, record) = match pulled {
        Pulled::Empty => (NOODLE_PULLED_EMPTY, 0, None),
        Pulled::Event(event) => (NOODLE_PULLED_EVENT, 0, Some(Record::new(&EVENT_RECORD, &json(&**event)?)?)),
        Pulled::Lagged(lost) => (NOODLE_PULLED_LAGGED, *lost, None),
        Pulled::Closed => (NOODLE_PULLED_CLOSED, 0, None),
    };
    Ok((noodle_pulled { size: size_of::<noodle_pulled>(), r#type, event: std::ptr::null_mut(), lost }, record))
}

/// Subscribes to events from now on, those of other processes too. The caller frees `*out` with
/// noodle_subscription_free; it does not keep the directory open.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_subscribe(
    noodle: *const noodle_t,
    out: *mut *mut noodle_subscription_t,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    guard(|| unsafe {
        give(out, || {
            let subscription = Mutex::new(subscribe(noodle)?);
            Ok(noodle_subscription_t { subscription, generation: Generation::now() })
        })
    })
}

/// Pulls the next event, and waits up to `timeout_ms` for one. The caller has set `out->size`. Threads that pull from
/// one subscription take turns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_subscription_pull(
    from: *mut noodle_subscription_t,
    timeout_ms: u64,
    out: *mut noodle_pulled,
) -> noodle_status {
    guard(|| {
        // SAFETY: pointers are null or valid, as the header asks.
        let from = unsafe { from.as_ref() }.ok_or_else(|| null("subscription"))?;
        if out.is_null() {
            return Err(null("out"));
        }
        // SAFETY: not null. An event is pulled once, so a struct that cannot be filled is found before.
        unsafe { sized("out", out) }?;
        from.generation.check()?;
        // A deadline further off would not fit the clock.
        let timeout = Duration::from_millis(timeout_ms.min(u32::MAX.into()));
        let pulled = from.subscription.lock().unwrap_or_else(PoisonError::into_inner).pull(timeout);
        let (mut told, record) = seen(&pulled)?;
        told.event = record.map_or(std::ptr::null_mut(), Record::into_raw);
        // SAFETY: as above; an event that finds no place is freed.
        unsafe { fill(told, out).inspect_err(|_| release(told.event)) }
    })
}

/// Ends the subscription. No thread may be pulling from it. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_subscription_free(subscription: *mut noodle_subscription_t) {
    // SAFETY: the pointer is null or a subscription that is not used again, as the header asks.
    quietly(|| unsafe { free(subscription) });
}

/// Told each event, each loss, and at last that the handle is closed. It must not throw.
pub type noodle_on_event = Option<unsafe extern "C" fn(context: *mut c_void, pulled: *const noodle_pulled)>;

/// A callback with a thread of its own.
pub struct noodle_listener_t {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    id: ThreadId,
    generation: Generation,
}

struct Listener {
    call: unsafe extern "C" fn(*mut c_void, *const noodle_pulled),
    context: *mut c_void,
}

// SAFETY: the header says that the callback runs on another thread, so the host gave the context away for that.
unsafe impl Send for Listener {}

impl Listener {
    fn run(self, mut subscription: Subscription, stop: &AtomicBool) {
        while !stop.load(Ordering::Acquire) {
            let pulled = subscription.pull(LISTEN);
            // An event that C cannot be told is counted as lost.
            let lost = noodle_pulled {
                size: size_of::<noodle_pulled>(),
                r#type: NOODLE_PULLED_LAGGED,
                event: std::ptr::null_mut(),
                lost: 1,
            };
            let (mut told, record) = seen(&pulled).unwrap_or((lost, None));
            told.event = record
                .as_ref()
                .map_or(std::ptr::null_mut(), |record| record.as_ptr::<noodle_event_record>().cast_mut());
            if told.r#type != NOODLE_PULLED_EMPTY {
                // SAFETY: the host gave the function for this; the event lives until it returns.
                unsafe { (self.call)(self.context, &raw const told) };
            }
            if pulled == Pulled::Closed {
                return;
            }
        }
    }
}

/// Calls `on_event` on a thread of its own for every event from now on, one after another, until
/// noodle_listener_stop or until the handle is closed. `*out` is the caller's to stop.
///
/// Errors: NOODLE_ERROR_RESOURCE_EXHAUSTED where the system gives no thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_listen(
    noodle: *const noodle_t,
    on_event: noodle_on_event,
    context: *mut c_void,
    out: *mut *mut noodle_listener_t,
) -> noodle_status {
    // SAFETY: pointers are null or valid, as the header asks.
    guard(|| unsafe {
        give(out, || {
            let listener = Listener { call: on_event.ok_or_else(|| null("on_event"))?, context };
            let subscription = subscribe(noodle)?;
            let stop = Arc::new(AtomicBool::new(false));
            let stopped = stop.clone();
            let thread = spawn(move || quietly(|| listener.run(subscription, &stopped)))?;
            let id = thread.thread().id();
            Ok(noodle_listener_t { stop, thread: Some(thread), id, generation: Generation::now() })
        })
    })
}

/// Stops a listener, waits until a callback that is running has returned, and frees it: the pointer must not be used
/// again. From within the callback itself it does not wait. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_listener_stop(listener: *mut noodle_listener_t) {
    quietly(|| {
        if listener.is_null() {
            return;
        }
        // SAFETY: the pointer came from noodle_listen and is not used again, as the header asks.
        let mut listener = *unsafe { Box::from_raw(listener) };
        listener.stop.store(true, Ordering::Release);
        let own = std::thread::current().id() == listener.id;
        // The child of a fork has no such thread to wait for.
        if let Some(thread) = listener.thread.take().filter(|_| !own && listener.generation.is_current()) {
            // The thread ends without a panic: its body runs inside a guard.
            drop(thread.join());
        }
    });
}

#[allow(
    clippy::disallowed_methods,
    reason = "the one thread of this crate; it is named, and joined when it is stopped"
)]
fn spawn(body: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    std::thread::Builder::new().name("noodle-listener".to_owned()).spawn(body).map_err(|e| {
        Error::new(ErrorKind::ResourceExhausted, "the system gives no thread")
            .with("thread", "noodle-listener")
            .source(e)
    })
}
