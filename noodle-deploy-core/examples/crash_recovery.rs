//! Kills a process that deploys and predicts, opens its directory again, and shows that nothing acknowledged is lost.
//!
//! `cargo run --example crash_recovery`. The program starts itself a second time: that child deploys version 1.0.0,
//! brings 2.0.0 up beside it, promotes it, begins another change, and is killed (`SIGKILL` on Unix) in the middle.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use noodle_deploy_core::ops::deployments::{Deploy, DeployInput, Promote, PromoteInput, Scale, ScaleInput};
use noodle_deploy_core::ops::lifecycle::{History, HistoryInput};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::settings::Strategy;
use noodle_deploy_core::store::Head;
use noodle_deploy_core::{Error, Noodle, Result, TensorView};

const MODELS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/models");
const SOURCE: &[u8] = b"fn main() {\n    let names: Vec<&str> = vec![\"a\"];\n    println!(\"{names:?}\");\n}\n";

fn main() -> Result<()> {
    let mut args = std::env::args_os().skip(1);
    match (args.next(), args.next()) {
        (Some(word), Some(dir)) if word == "child" => child(Path::new(&dir)),
        _ => parent(),
    }
}

/// Works until it is killed, and says on its standard output what was acknowledged.
fn child(dir: &Path) -> Result<()> {
    let noodle = Noodle::open(dir)?;
    register(&noodle, "1.0.0")?;
    noodle.call::<Deploy>(DeployInput::new("langid", "1.0.0"))?;
    println!("deployed 1.0.0");
    register(&noodle, "2.0.0")?;
    noodle
        .call::<Deploy>(DeployInput { strategy: Some(Strategy::BlueGreen), ..DeployInput::new("langid", "2.0.0") })?;
    println!("brought 2.0.0 up beside it");
    noodle.call::<Promote>(PromoteInput { deployment: "langid".into(), version: None })?;
    println!("promoted 2.0.0");
    // The head is what a host keeps elsewhere: the log that is found later must still contain it.
    let head = serde_json::to_string(&noodle.audit_head()?).map_err(|e| Error::invalid("head", e, "a head"))?;
    println!("head {head}");
    for n in (2..=8).cycle() {
        // Never done: this is where the process dies.
        noodle.call::<Scale>(ScaleInput { deployment: "langid".into(), replicas: n })?;
        guess(&noodle)?;
    }
    Ok(())
}

fn parent() -> Result<()> {
    let dir = std::env::temp_dir().join(format!("noodle-crash-{}", std::process::id()));
    println!("a child works in {}", dir.display());
    let mut child = Running(
        Command::new(std::env::current_exe()?)
            .arg("child")
            .arg(&dir)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?,
    );
    let kept = follow(&mut child.0)?;
    child.0.kill()?;
    println!("killed it: {}", child.0.wait()?);

    let begun = Instant::now();
    let noodle = Noodle::open(&dir)?;
    let (version, best) = guess(&noodle)?;
    println!("\nopened the directory again: the first answer came after {} ms", begun.elapsed().as_millis());
    println!("version {version} answers: {best}");
    assert_eq!(version, "2.0.0", "the promotion was acknowledged before the kill");

    let report = noodle.verify(Some(&kept), true)?;
    println!(
        "the log verifies: {} events, {} of them since the head that was kept; {} rows and {} artifacts agree",
        report.events,
        report.events - kept.sequence,
        report.rows,
        report.artifacts
    );
    let history = noodle.call::<History>(HistoryInput {
        deployment: Some("langid".into()),
        limit: Some(5),
        ..HistoryInput::default()
    })?;
    println!("\nhow the deployment came about:");
    for event in &history.events {
        println!("  {:>3} {:<18} by {} in {}", event.sequence, event.event.kind(), event.actor, event.operation);
    }
    noodle.close();
    std::fs::remove_dir_all(dir)?;
    Ok(())
}

/// A child that does not outlive this program's errors.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Killed and waited for already, as a rule.
        drop((self.0.kill(), self.0.wait()));
    }
}

/// Reads what the child says up to the head that it reached.
fn follow(child: &mut Child) -> Result<Head> {
    let output = child.stdout.take().ok_or_else(|| Error::invalid("child", "no output", "a pipe"))?;
    for line in BufReader::new(output).lines() {
        let line = line?;
        if let Some(head) = line.strip_prefix("head ") {
            return serde_json::from_str(head).map_err(|e| Error::invalid("head", e, "a head"));
        }
        println!("  child: {line}");
    }
    Err(Error::invalid("child", "ended", "a process that works until it is killed"))
}

fn register(noodle: &Noodle, version: &str) -> Result<()> {
    let stem = PathBuf::from(MODELS).join(format!("langid-v{}", &version[..1]));
    noodle.call::<RegisterVersion>(RegisterVersionInput {
        model: "langid".into(),
        path: stem.with_extension("onnx").display().to_string(),
        version: Some(version.into()),
        probes_path: Some(stem.with_extension("probe.json").display().to_string()),
        ..RegisterVersionInput::default()
    })?;
    Ok(())
}

/// Which version answered, and what it takes a piece of Rust for.
fn guess(noodle: &Noodle) -> Result<(String, String)> {
    let mut bytes = vec![256i32; 512];
    bytes.iter_mut().zip(SOURCE).for_each(|(to, &byte)| *to = byte.into());
    let answer = noodle.predict("langid", &[("bytes", TensorView::new(&[1, 512], &bytes)?)])?;
    let best = answer.top(1)?;
    Ok((answer.version().to_owned(), format!("{} {:.2}", best[0][0].0, best[0][0].1)))
}
