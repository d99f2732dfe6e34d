//! Finds speech in a sound file with Silero VAD: a deployment that carries state, asked window by window.
//!
//! `cargo run --example voice_activity [FILE.wav]`; the file is mono, 16 bits, 16,000 samples a second. Without one, the
//! example makes its own. `NOODLE_MODELS_DIR` holds `silero-vad.onnx`, as `cargo xtask models` fetches it.
#![allow(clippy::disallowed_macros, clippy::disallowed_methods)]

use std::f32::consts::TAU;
use std::path::PathBuf;

use noodle_deploy_core::machine::session::{CarriedTensor, StateConfig};
use noodle_deploy_core::machine::stream::StreamConfig;
use noodle_deploy_core::ops::deployments::{Deploy, DeployInput};
use noodle_deploy_core::ops::versions::{RegisterVersion, RegisterVersionInput};
use noodle_deploy_core::{Error, Noodle, PredictOptions, Prediction, Result, SessionOptions, Tensor};

const RATE: usize = 16_000;
/// Samples of a window, and those before it that the model wants to hear again.
const WINDOW: u32 = 512;
const CONTEXT: u32 = 64;

fn main() -> Result<()> {
    let Some(model) = model() else {
        println!("Silero VAD is not there: fetch it with `cargo xtask models`");
        return Ok(());
    };
    let dir = std::env::temp_dir().join(format!("noodle-voice-{}", std::process::id()));
    let noodle = Noodle::open(&dir)?;
    noodle.call::<RegisterVersion>(RegisterVersionInput {
        model: "vad".into(),
        path: model.display().to_string(),
        version: Some("1.0.0".into()),
        ..RegisterVersionInput::default()
    })?;
    let state = CarriedTensor { output: "stateN".into(), input: "state".into(), shape: Some(vec![2, 1, 128]) };
    noodle.call::<Deploy>(DeployInput {
        state: Some(StateConfig { carried: vec![state], ..StateConfig::default() }),
        stream: Some(StreamConfig::Windows {
            input: "input".into(),
            axis: 1,
            length: WINDOW,
            hop: WINDOW,
            context: CONTEXT,
            pad_last: true,
        }),
        ..DeployInput::new("vad", "1.0.0")
    })?;

    let file = std::env::args_os().nth(1).map(PathBuf::from);
    let path = file.clone().unwrap_or_else(|| dir.join("sound.wav"));
    if file.is_none() {
        std::fs::write(&path, wav(&sound()))?;
    }
    let samples = read_wav(&std::fs::read(&path)?)?;
    println!("{}: {:.1} s", path.display(), samples.len() as f32 / RATE as f32);

    // The whole file as one stream.
    let rate = Tensor::new(&[], vec![RATE as i64])?;
    let whole = Tensor::new(&[1, samples.len()], samples.clone())?;
    let inputs = vec![("input".to_owned(), whole), ("sr".to_owned(), rate.clone())];
    let stream = noodle.predict_stream("vad", inputs, &PredictOptions::default())?;
    let probabilities = stream.map(|answer| speech(&answer?)).collect::<Result<Vec<f32>>>()?;
    for (begin, end) in segments(&probabilities) {
        println!("speech from {begin:.2} s to {end:.2} s");
    }

    // The same as it would come from a microphone: one session, one window a call.
    let session = noodle.session("vad", &SessionOptions::default())?;
    let mut heard = vec![0.0f32; CONTEXT as usize];
    for (chunk, expected) in samples.chunks(WINDOW as usize).zip(&probabilities) {
        heard.drain(..heard.len() - CONTEXT as usize);
        heard.extend_from_slice(chunk);
        heard.resize((CONTEXT + WINDOW) as usize, 0.0);
        let input = Tensor::new(&[1, heard.len()], heard.clone())?;
        let answer = session.predict(&[("input", input.view()), ("sr", rate.view())])?;
        if speech(&answer)? != *expected {
            return Err(Error::invalid("speech", speech(&answer)?, expected));
        }
    }
    println!("{} windows, and a session says the same one by one", probabilities.len());
    if file.is_none() {
        let found = segments(&probabilities);
        let right = found.len() == 1 && (0.7..1.3).contains(&found[0].0) && (2.7..3.4).contains(&found[0].1);
        if !right {
            return Err(Error::invalid("segments", format!("{found:?}"), "one, from second 1 to 3"));
        }
    }
    session.end();
    noodle.close();
    std::fs::remove_dir_all(dir)?;
    Ok(())
}

/// Where `cargo xtask models` puts the model, or the folder that is named.
fn model() -> Option<PathBuf> {
    let named = std::env::var_os("NOODLE_MODELS_DIR").map(PathBuf::from);
    let fetched = || std::env::home_dir().map(|home| home.join(".cache/noodle-deploy/models"));
    named.or_else(fetched).map(|dir| dir.join("silero-vad.onnx")).filter(|file| file.is_file())
}

/// The probability that a window has speech in it.
fn speech(answer: &Prediction) -> Result<f32> {
    Ok(answer.output("output")?.as_slice::<f32>()?[0])
}

/// Seconds from where to where windows have speech: it begins at a half, and ends below a third.
fn segments(probabilities: &[f32]) -> Vec<(f32, f32)> {
    let at = |window: usize| (window * WINDOW as usize) as f32 / RATE as f32;
    let (mut found, mut begin) = (Vec::new(), None);
    for (window, probability) in probabilities.iter().enumerate() {
        match begin {
            None if *probability >= 0.5 => begin = Some(window),
            Some(from) if *probability < 0.35 => {
                found.push((at(from), at(window)));
                begin = None;
            }
            _ => {}
        }
    }
    found.extend(begin.map(|from| (at(from), at(probabilities.len()))));
    found
}

/// A second of faint noise, two seconds of a voice that says vowels, and a second of noise.
fn sound() -> Vec<f32> {
    // Centres of the formants of a, e, i, o, u, in hertz.
    const VOWELS: [[f32; 3]; 5] = [
        [730.0, 1090.0, 2440.0],
        [530.0, 1840.0, 2480.0],
        [270.0, 2290.0, 3010.0],
        [570.0, 840.0, 2410.0],
        [300.0, 870.0, 2240.0],
    ];
    let (mut phase, mut seed) = (0.0f32, 1u32);
    let mut resonators = [[0.0f32; 2]; 3];
    (0..4 * RATE)
        .map(|n| {
            let seconds = n as f32 / RATE as f32;
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (seed >> 8) as f32 / 16_777_216.0 - 0.5;
            if !(1.0..3.0).contains(&seconds) {
                return 0.002 * noise;
            }
            // A glottis: pulses whose pitch moves as in a sentence, a fifth of a second for each vowel.
            let pitch = 120.0 + 25.0 * (TAU * 0.8 * seconds).sin() + 3.0 * (TAU * 5.0 * seconds).sin();
            phase += pitch / RATE as f32;
            let pulse = if phase >= 1.0 { 1.0 } else { 0.0 };
            phase = phase.fract();
            let vowel = VOWELS[(seconds * 5.0) as usize % VOWELS.len()];
            let loud = (std::f32::consts::PI * (seconds * 5.0).fract()).sin().powf(0.6);
            let source = pulse + 0.02 * noise;
            let voice: f32 = resonators
                .iter_mut()
                .zip(vowel)
                .zip([1.0, 0.6, 0.3])
                .map(|((past, centre), gain)| {
                    let width = (-TAU * 45.0 / RATE as f32).exp();
                    let turn = 2.0 * width * (TAU * centre / RATE as f32).cos();
                    let now = source + turn * past[0] - width * width * past[1];
                    *past = [now, past[0]];
                    gain * now
                })
                .sum();
            (0.06 * loud * voice).clamp(-1.0, 1.0) + 0.002 * noise
        })
        .collect()
}

/// A mono file of 16 bits.
fn wav(samples: &[f32]) -> Vec<u8> {
    let data = samples.len() as u32 * 2;
    let mut out = Vec::new();
    out.extend_from_slice(b"RIFF");
    out.extend_from_slice(&(36 + data).to_le_bytes());
    out.extend_from_slice(b"WAVEfmt ");
    for (number, bytes) in [(16, 4), (1, 2), (1, 2), (RATE as u32, 4), (RATE as u32 * 2, 4), (2, 2), (16, 2)] {
        out.extend_from_slice(&u32::to_le_bytes(number)[..bytes]);
    }
    out.extend_from_slice(b"data");
    out.extend_from_slice(&data.to_le_bytes());
    out.extend(samples.iter().flat_map(|sample| ((sample * 32_767.0) as i16).to_le_bytes()));
    out
}

/// Samples of such a file, from -1 to 1.
fn read_wav(bytes: &[u8]) -> Result<Vec<f32>> {
    let wrong = |what: &str| Error::invalid("file", what, "a mono WAV file of 16 bits and 16,000 samples a second");
    if bytes.get(..4) != Some(b"RIFF") || bytes.get(8..12) != Some(b"WAVE") {
        return Err(wrong("no WAV file"));
    }
    let (mut rest, mut format) = (&bytes[12..], None);
    while let Some((head, body)) = rest.split_at_checked(8) {
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let chunk = &body[..length.min(body.len())];
        match &head[..4] {
            b"fmt " => format = chunk.get(..16),
            b"data" => {
                let number = |format: &[u8], at: usize| u16::from_le_bytes([format[at], format[at + 1]]);
                let format = format.ok_or_else(|| wrong("no format"))?;
                let said = [0, 2, 4, 14].map(|at| number(format, at));
                if said != [1, 1, RATE as u16, 16] {
                    return Err(wrong(&format!("{said:?}")));
                }
                let sample = |pair: &[u8]| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_768.0;
                return Ok(chunk.chunks_exact(2).map(sample).collect());
            }
            _ => {}
        }
        rest = body.get(length + length % 2..).unwrap_or_default();
    }
    Err(wrong("no data"))
}
