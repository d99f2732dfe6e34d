#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| noodle_deploy_core::fuzzing::pipeline_document(data));
