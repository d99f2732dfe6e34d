//! Names the language of a source file, and says how long one prediction takes.
//!
//! `cargo run [FILE]`; without a file it looks at its own source.

use std::time::Instant;

use noodle_deploy_core::ops::deployments::{Deploy, DeployInput};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::{Noodle, Result, TensorView};

const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../models/langid-v2.onnx");
/// The model looks at the first bytes of a file; 256 stands for "no byte".
const WINDOW: usize = 2048;
const RUNS: usize = 200;

fn main() -> Result<()> {
    let file = std::env::args().nth(1).unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/src/main.rs").into());
    let text = std::fs::read(file)?;

    let dir = std::env::temp_dir().join(format!("noodle-outside-{}", std::process::id()));
    let noodle = Noodle::open(&dir)?;
    noodle.call::<RegisterVersion>(RegisterVersionInput {
        model: "langid".into(),
        path: MODEL.into(),
        version: Some("2.0.0".into()),
        ..RegisterVersionInput::default()
    })?;
    noodle.call::<Deploy>(DeployInput::new("langid", "2.0.0"))?;

    let mut times = Vec::with_capacity(RUNS);
    let mut answer = None;
    for _ in 0..RUNS {
        let begun = Instant::now();
        let mut bytes = vec![256i32; WINDOW];
        bytes.iter_mut().zip(&text).for_each(|(to, &byte)| *to = byte.into());
        answer = Some(noodle.predict("langid", &[("bytes", TensorView::new(&[1, WINDOW], &bytes)?)])?);
        times.push(begun.elapsed().as_nanos());
    }
    times.sort_unstable();

    if let Some(answer) = &answer {
        let best = answer.top(1)?;
        println!("language: {} {:.2}", best[0][0].0, best[0][0].1);
    }
    println!("nanoseconds per prediction: {}", times[RUNS / 2]);
    noodle.close();
    std::fs::remove_dir_all(dir)?;
    Ok(())
}
