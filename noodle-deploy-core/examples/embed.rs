//! The shortest way to a prediction; the README shows it.
//!
//! `cargo run --example embed`
#![allow(clippy::disallowed_macros)]

// README begins
use std::path::Path;

use noodle_deploy_core::ops::deployments::{Deploy, DeployInput};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::{Noodle, Result, TensorView};

/// Which language a source file is written in.
fn language(dir: &Path, model: &str, source: &[u8]) -> Result<String> {
    let noodle = Noodle::open(dir)?; // made where it is missing; what ran when it was last open runs again
    let version = noodle.call::<RegisterVersion>(RegisterVersionInput {
        model: "langid".into(),
        path: model.into(),
        ..RegisterVersionInput::default()
    })?;
    noodle.call::<Deploy>(DeployInput::new("langid", version.version))?;

    let mut bytes = vec![256i32; 8192]; // for this model 256 stands for "no byte"
    bytes.iter_mut().zip(source).for_each(|(to, &byte)| *to = byte.into());
    let answer = noodle.predict("langid", &[("bytes", TensorView::new(&[1, 8192], &bytes)?)])?;
    let best = answer.top(1)?;
    Ok(format!("{} {:.2}, says version {}", best[0][0].0, best[0][0].1, answer.version()))
}
// README ends

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let model = root.join("examples/models/langid-v2.onnx").display().to_string();
    let dir = std::env::temp_dir().join(format!("noodle-embed-{}", std::process::id()));
    println!("{}", language(&dir, &model, &std::fs::read(root.join("examples/models/samples/hello.py"))?)?);
    std::fs::remove_dir_all(dir)?;
    Ok(())
}
