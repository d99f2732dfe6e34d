#![no_main]

// Loading is guarded: a panic of the engine is to end as a typed error, so only one that gets past the guard counts.
// libFuzzer's own hook would abort at the first.
libfuzzer_sys::fuzz_target!(
    init: std::panic::set_hook(Box::new(|_| {})),
    |data: &[u8]| noodle_deploy_core::fuzzing::model_load(data)
);
