//! Any bytes: read as an ONNX file and loaded, within small budgets. Typed errors, no panic, bounded memory.
#![no_main]

use libfuzzer_sys::fuzz_target;
use noodle_deploy_core::engine::tract::dry_run;
use noodle_deploy_core::model::onnx::Budgets;

fuzz_target!(|bytes: &[u8]| {
    let _ = dry_run(bytes, &Budgets::small(), 64 << 20);
});
