//! For tests alone: a clock that stands, ids that repeat, and where memory lies.

#![allow(unsafe_code, reason = "values of the host are read through its C interface")]

use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use napi::Env;
use napi::bindgen_prelude::{AsyncTask, JsValue, Unknown};
use napi_derive::napi;
use noodle_deploy_core::clock::{ManualClock, instant};
use noodle_deploy_core::logging::LogRecord;
use noodle_deploy_core::rng::SeededRng;
use noodle_deploy_core::tensor::Data;
use noodle_deploy_core::{Noodle, Result, Settings};
use serde_json::Value;

use crate::answer::Answer;
use crate::call::Call;
use crate::handle::Handle;
use crate::value::{Json, check, from_js};
use crate::{inputs, log, outputs};

/// A clock that moves when it is told to, and a generator of the same numbers for the same seed.
#[napi]
pub struct Fixture {
    clock: Arc<ManualClock>,
    rng: Arc<SeededRng>,
}

#[napi]
impl Fixture {
    /// A clock that stands at `clock` milliseconds since 1970, and a generator with a seed.
    #[napi(constructor, catch_unwind)]
    pub fn new(seed: f64, clock: f64) -> Self {
        Fixture { clock: Arc::new(ManualClock::new(clock as u64)), rng: Arc::new(SeededRng::new(seed as u64)) }
    }

    /// Moves the clock on.
    #[napi(catch_unwind)]
    pub fn advance(&self, ms: f64) {
        self.clock.advance(Duration::from_millis(ms as u64));
    }

    /// Opens a directory with this clock and this generator.
    #[napi(catch_unwind)]
    pub fn open(&self, env: Env, dir: String, settings: Unknown<'_>) -> AsyncTask<Call<Handle>> {
        let settings = from_js(env.raw(), settings.raw());
        let (clock, rng) = (self.clock.clone(), self.rng.clone());
        Call::task(move || {
            let builder = Noodle::builder(dir).settings(Settings::from_json(&settings?)?);
            builder.clock(clock).rng(rng).open().map(Handle::new)
        })
    }
}

/// Where the memory of an `ArrayBuffer` begins.
#[napi(catch_unwind)]
pub fn address(env: Env, buffer: Unknown<'_>) -> napi::Result<f64> {
    let (mut start, mut length) = (null_mut::<c_void>(), 0);
    // SAFETY: the host writes where the memory of its own value lies, or refuses.
    check(unsafe { napi::sys::napi_get_arraybuffer_info(env.raw(), buffer.raw(), &mut start, &mut length) })?;
    Ok(start as usize as f64)
}

/// Where the elements of each input are read; null for strings.
#[napi(catch_unwind)]
pub fn borrowed(env: Env, handle: &Handle, deployment: String, inputs: Unknown<'_>) -> Answer<Json> {
    Answer::of(|| {
        let noodle = handle.noodle()?;
        let inputs = inputs::read(env.raw(), inputs.raw(), || noodle.serving(&deployment, None))?;
        let place = |input: &inputs::Input<'_>| {
            Ok(match input.view()?.data() {
                Data::Bytes(bytes) => Some(bytes.as_ptr() as usize),
                Data::Strings(_) => None,
            })
        };
        Json::of(&inputs.iter().map(place).collect::<Result<Vec<_>>>()?)
    })
}

/// Addresses at which memory of the library was lent to the host, the last one first; then they are forgotten.
#[napi(catch_unwind)]
pub fn lent() -> Vec<f64> {
    outputs::lent_addresses().into_iter().map(|address| address as f64).collect()
}

/// Behaves from now on as where the host takes no memory of others, or as where it does.
#[napi(catch_unwind)]
pub fn refuse_external(refuse: bool) {
    outputs::REFUSED.store(refuse, Ordering::Relaxed);
}

/// Microseconds that one call takes in Rust: the median of so many, with the same inputs.
#[napi(catch_unwind)]
pub fn time_predict(env: Env, handle: &Handle, deployment: String, inputs: Unknown<'_>, calls: u32) -> Answer<Json> {
    Answer::of(|| {
        let noodle = handle.noodle()?;
        let inputs = inputs::read(env.raw(), inputs.raw(), || noodle.serving(&deployment, None))?;
        let views = inputs.iter().map(|input| Ok((input.name.as_str(), input.view()?))).collect::<Result<Vec<_>>>()?;
        let mut times = Vec::new();
        for _ in 0..calls.max(1) {
            let begun = instant();
            noodle.predict(&deployment, &views)?;
            times.push(begun.elapsed());
        }
        times.sort();
        Json::of(&(times[times.len() / 2].as_nanos() as f64 / 1e3))
    })
}

/// Says something as the core does, so many times.
#[napi(catch_unwind)]
pub fn say(level: String, count: u32) -> Answer<Json> {
    Answer::of(|| {
        let level = level.parse()?;
        for i in 0..count {
            let fields = vec![("i", i.to_string())];
            log::record(LogRecord { level, target: module_path!(), message: "said".to_owned(), fields });
        }
        Ok(Json(Value::Null))
    })
}

/// Panics, to show that no panic reaches the host.
#[napi(catch_unwind)]
pub fn panic_on_the_pool() -> AsyncTask<Call<Json>> {
    Call::task(|| panic!("asked to"))
}
