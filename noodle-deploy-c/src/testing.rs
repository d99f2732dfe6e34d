//! For the conformance corpus alone: a clock that stands, ids that repeat, and the layout tables.

use std::ffi::c_char;
use std::sync::Arc;
use std::time::Duration;

use noodle_deploy_core::Noodle;
use noodle_deploy_core::clock::{ManualClock, instant};
use noodle_deploy_core::rng::SeededRng;
use smallvec::SmallVec;

use crate::handle::{give, handle, noodle_t, path, read_settings};
use crate::marshal::Layout;
use crate::ops::layouts::ALL;
use crate::ops::types::noodle_settings;
use crate::options::free;
use crate::status::{guard, noodle_status, quietly};
use crate::tensor::{Inputs, inputs, noodle_tensor};
use crate::text::{null, required};

/// The clock and the generator of one case.
pub struct noodle_testing_t {
    clock: Arc<ManualClock>,
    rng: Arc<SeededRng>,
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_testing_new(
    seed: u64,
    clock_ms: u64,
    out: *mut *mut noodle_testing_t,
) -> noodle_status {
    let make =
        || Ok(noodle_testing_t { clock: Arc::new(ManualClock::new(clock_ms)), rng: Arc::new(SeededRng::new(seed)) });
    // SAFETY: the pointer is null or valid.
    guard(|| unsafe { give(out, make) })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_testing_advance(testing: *const noodle_testing_t, ms: u64) -> noodle_status {
    guard(|| {
        // SAFETY: the pointer is null or valid.
        unsafe { testing.as_ref() }.ok_or_else(|| null("testing"))?.clock.advance(Duration::from_millis(ms));
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_testing_open(
    testing: *const noodle_testing_t,
    dir: *const c_char,
    settings: *const noodle_settings,
    out: *mut *mut noodle_t,
) -> noodle_status {
    // SAFETY: pointers are null or valid.
    guard(|| unsafe {
        give(out, || {
            let testing = testing.as_ref().ok_or_else(|| null("testing"))?;
            let builder = Noodle::builder(path("dir", dir)?).settings(read_settings(settings)?);
            Ok(noodle_t::new(builder.clock(testing.clock.clone()).rng(testing.rng.clone()).open()?))
        })
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_testing_free(testing: *mut noodle_testing_t) {
    // SAFETY: the pointer is null or came from noodle_testing_new, and is not used again.
    quietly(|| unsafe { free(testing) });
}

/// Size of a struct, or with `field` the offset of one of its fields; `SIZE_MAX` where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_testing_layout(name: *const c_char, field: *const c_char) -> usize {
    // SAFETY: the pointers are null or NUL-terminated.
    let (Ok(name), field) = (unsafe { required("name", name) }, unsafe { crate::text::optional("field", field) })
    else {
        return usize::MAX;
    };
    let layout: Option<&&Layout> = ALL.iter().find(|layout| layout.name == name);
    let offset = |layout: &&Layout| match field {
        Ok(None) => Some(layout.size),
        Ok(Some(field)) => layout.fields.iter().find(|f| f.name == field).map(|f| f.offset),
        Err(_) => None,
    };
    layout.and_then(offset).unwrap_or(usize::MAX)
}

/// The median time of one prediction in Rust, in nanoseconds: what the C call is compared with.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_testing_predict_ns(
    noodle: *const noodle_t,
    deployment: *const c_char,
    given: *const *const noodle_tensor,
    count: usize,
    calls: usize,
    out: *mut f64,
) -> noodle_status {
    guard(|| {
        // SAFETY: pointers are null or valid.
        unsafe {
            let core = handle(noodle)?.core()?;
            let deployment = required("deployment", deployment)?;
            let mut tensors = Inputs::new();
            inputs(given, count, &mut tensors)?;
            let mut times = Vec::with_capacity(calls);
            for _ in 0..calls {
                let begun = instant();
                // A Rust caller makes its views for the call too.
                let mut views = SmallVec::<[_; 4]>::new();
                for input in &tensors {
                    views.push((input.name()?, input.view(&[])?));
                }
                drop(std::hint::black_box(core.predict(deployment, &views)?));
                times.push(begun.elapsed().as_nanos() as u64);
            }
            times.sort_unstable();
            *out.as_mut().ok_or_else(|| null("out"))? = times.get(calls / 2).copied().unwrap_or(0) as f64;
            Ok(())
        }
    })
}
