//! The operations: structs, tables and exported functions come from the operations table, the call itself is here.

mod functions;
pub(crate) mod layouts;
pub(crate) mod types;

use std::ffi::c_void;

use serde_json::Value;

use crate::handle::{handle, noodle_t};
use crate::marshal::{Layout, Record, read};
use crate::options::{caller, noodle_caller};
use crate::progress::Listener;
use crate::status::{guard, noodle_status};
use crate::text::null;

/// Reads the input, calls the operation, and hands out its answer.
///
/// # Safety
/// Pointers are null or valid; `input` and `out` are of the structs that the layouts describe.
unsafe fn call(
    noodle: *const noodle_t,
    who: *const noodle_caller,
    operation: &'static str,
    input: Option<(&Layout, *const u8)>,
    output: &'static Layout,
    out: *mut *mut c_void,
) -> noodle_status {
    guard(|| {
        // SAFETY: as the caller promises.
        unsafe {
            let out = out.as_mut().ok_or_else(|| null("out"))?;
            *out = std::ptr::null_mut();
            let core = handle(noodle)?.core()?;
            let listener = Listener::of(who)?;
            let who = caller(&core, who)?;
            let input = match input {
                None => Value::Object(Default::default()),
                Some((_, input)) if input.is_null() => return Err(null("input").operation(operation)),
                Some((layout, input)) => read(layout, input).map_err(|e| e.operation(operation))?,
            };
            let answer = match listener {
                Some(listener) => {
                    core.with_progress(move |report| listener.hear(report)).call_json(&who, operation, input)?
                }
                None => core.call_json(&who, operation, input)?,
            };
            *out = Record::new(output, &answer)?.into_raw();
            Ok(())
        }
    })
}

#[cfg(test)]
mod tests {
    use noodle_deploy_core::DType;
    use noodle_deploy_core::error::ERROR_KINDS;

    #[test]
    fn constants_of_element_types_follow_the_core() {
        let names: Vec<&str> = DType::ALL.iter().map(|dtype| dtype.name()).collect();
        assert_eq!(super::layouts::DTYPE, names);
    }

    #[test]
    fn codes_fit_a_status() {
        assert!(ERROR_KINDS.iter().all(|row| row.code > 0));
    }
}
