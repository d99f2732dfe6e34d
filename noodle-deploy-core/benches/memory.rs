//! What a deployment holds, by a counting allocator: after a deploy with four replicas, and once each replica has
//! answered four shapes, against the size of the model file, which is weights for the most part.
//!
//! MiniLM is measured where `NOODLE_MODELS_DIR` names a folder that has it.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods)]

use std::path::Path;

use noodle_deploy_core::ops::versions::{GetVersion, VersionRef};
use noodle_deploy_core::{DType, Noodle, Tensor};

#[path = "../tests/support/heap.rs"]
mod heap;
mod support;

/// Four threads, one after the other, each with four shapes: each takes a replica of its own.
fn run_all(noodle: &Noodle, name: &str, shapes: &[[usize; 2]; 4]) {
    let version = VersionRef { model: name.into(), version: "latest".into() };
    let signature = noodle.call::<GetVersion>(version).unwrap().signature;
    for _ in 0..4 {
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for shape in shapes {
                    let count = shape[0] * shape[1];
                    let inputs: Vec<_> = signature
                        .inputs
                        .iter()
                        .map(|spec| match spec.dtype {
                            DType::I64 => (spec.name.as_str(), Tensor::new(shape, vec![1i64; count]).unwrap()),
                            _ => (spec.name.as_str(), Tensor::new(shape, vec![1i32; count]).unwrap()),
                        })
                        .collect();
                    let views: Vec<_> = inputs.iter().map(|(name, tensor)| (*name, tensor.view())).collect();
                    noodle.predict(name, &views).unwrap();
                }
            });
        });
    }
}

fn measure(name: &str, file: &Path, shapes: &[[usize; 2]; 4]) {
    let dir = tempfile::tempdir().unwrap();
    let noodle = Noodle::open(dir.path()).unwrap();
    let bytes = std::fs::metadata(file).unwrap().len() as usize;
    let before = heap::mark();
    support::deploy(&noodle, name, file, 4);
    let peak = heap::peak() - before;
    let loaded = heap::held() - before;
    run_all(&noodle, name, shapes);
    let ran = heap::held() - before;
    let kilobytes = |bytes: usize| bytes.div_ceil(1_000);
    println!(
        "{name:<12} {:>12} {:>12} {:>12} {:>12} {:>8.2} {:>8.2}",
        kilobytes(bytes),
        kilobytes(peak),
        kilobytes(loaded),
        kilobytes(ran),
        ran as f64 / bytes as f64,
        peak as f64 / bytes as f64,
    );
}

fn main() {
    println!(
        "{:<12} {:>12} {:>12} {:>12} {:>12} {:>8} {:>8}",
        "kB", "file", "peak", "deployed", "4 x 4 ran", "/ file", "peak / file"
    );
    let langid = [[1, 1024], [2, 512], [3, 1024], [8, 256]];
    measure("langid-v1", &Path::new(support::MODELS).join("langid-v1.onnx"), &langid);
    measure("langid-v2", &Path::new(support::MODELS).join("langid-v2.onnx"), &langid);
    match std::env::var_os("NOODLE_MODELS_DIR") {
        Some(dir) => {
            measure("minilm", &Path::new(&dir).join("minilm.onnx"), &[[1, 16], [1, 128], [8, 16], [8, 64]]);
        }
        None => println!("minilm       skipped: NOODLE_MODELS_DIR is not set; `cargo xtask models` fills a folder"),
    }
}
