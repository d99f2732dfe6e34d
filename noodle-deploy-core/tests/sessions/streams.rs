//! Many answers for one request.

use std::sync::atomic::Ordering;
use std::time::Duration;

use noodle_deploy_core::error::{ErrorKind, Result};
use noodle_deploy_core::machine::stream::StreamConfig;
use noodle_deploy_core::ops::deployments::{DeployInput, Promote, PromoteInput};
use noodle_deploy_core::settings::Strategy;
use noodle_deploy_core::{CancelToken, PredictOptions, Prediction, PredictionStream, Tensor};

use crate::support::graph::{Attr, F32, I64, ints, model, node, value_info};
use crate::world::{World, carries, first, row, say, until, with_state};

fn config(text: &str) -> Option<StreamConfig> {
    Some(serde_json::from_str(text).unwrap())
}

/// The recurrent model over windows of four numbers, the first two of each from before it.
fn listening() -> World {
    let world = World::new();
    let stream = config(r#"{"type": "windows", "input": "x", "axis": 1, "length": 2, "hop": 2, "context": 2}"#);
    world.deploy(DeployInput { stream, ..with_state("m", "1.0.0") }).unwrap();
    world
}

fn line(numbers: impl IntoIterator<Item = u8>) -> Tensor {
    let numbers: Vec<f32> = numbers.into_iter().map(f32::from).collect();
    Tensor::new(&[1, numbers.len()], numbers).unwrap()
}

fn listen(world: &World, length: u8, options: &PredictOptions) -> PredictionStream {
    world.noodle.predict_stream("m", vec![("x".into(), line(1..=length))], options).unwrap()
}

fn y(answer: &Prediction) -> Vec<f32> {
    answer.output("y").unwrap().as_slice::<f32>().unwrap().to_vec()
}

#[test]
fn windows_are_answered_in_order_with_what_they_carry() {
    let world = listening();
    let answers: Vec<_> = listen(&world, 5, &PredictOptions::default()).map(|answer| y(&answer.unwrap())).collect();
    // 0 0 1 2, then 1 2 3 4, then 3 4 5 0, summed up.
    assert_eq!(answers, [[0.0, 0.0, 1.0, 2.0], [1.0, 2.0, 4.0, 6.0], [4.0, 6.0, 9.0, 6.0]]);
    assert_eq!(listen(&world, 0, &PredictOptions::default()).count(), 0);
    // Each stream begins anew, and is a session while it lasts.
    let mut stream = listen(&world, 5, &PredictOptions::default());
    assert_eq!(y(&stream.next().unwrap().unwrap()), [0.0, 0.0, 1.0, 2.0]);
    assert_eq!(world.metrics("m", 2).sessions.unwrap().open, 1);
    assert_eq!(stream.by_ref().count(), 2);
    let sessions = world.metrics("m", 2).sessions.unwrap();
    assert_eq!((sessions.open, sessions.bytes, sessions.opened), (0, 0, 3));
    assert!(stream.next().is_none());
}

#[test]
fn a_stream_of_a_session_goes_on_with_its_state() {
    let world = listening();
    let session = world.session("m");
    let inputs = |x: Tensor| vec![("x".to_owned(), x)];
    let options = PredictOptions::default();
    let one: Vec<_> = session.predict_stream(inputs(line([1, 2])), &options).unwrap().map(|a| y(&a.unwrap())).collect();
    assert_eq!(one, [[0.0, 0.0, 1.0, 2.0]]);
    assert_eq!(say(&session, 1.0).unwrap(), 1.0);
    let mut stream = session.predict_stream(inputs(line([5, 6, 7])), &options).unwrap();
    assert_eq!(y(&stream.next().unwrap().unwrap()), [1.0, 1.0, 7.0, 9.0]);
    // It is one call: others are refused until it is done.
    assert_eq!(say(&session, 1.0).unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(session.reset().unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(session.predict_stream(inputs(line([1])), &options).unwrap_err().kind(), ErrorKind::Conflict);
    drop(stream);
    // What is carried is that of the last answer.
    assert_eq!(say(&session, 0.0).unwrap(), 1.0);
    // One that cannot begin leaves the session free.
    let error = session.predict_stream(inputs(row(1.0).clone()).split_off(1), &options).unwrap_err();
    assert_eq!(error.get("input"), Some("x"));
    assert_eq!(say(&session, 0.0).unwrap(), 1.0);
}

#[test]
fn a_stream_that_nobody_reads_runs_nothing() {
    let world = listening();
    let runs = || world.script.runs.load(Ordering::SeqCst);
    let before = runs();
    let mut stream = listen(&world, 200, &PredictOptions::default());
    std::thread::sleep(Duration::from_millis(30));
    assert_eq!(runs(), before);
    stream.next().unwrap().unwrap();
    stream.next().unwrap().unwrap();
    drop(stream);
    std::thread::sleep(Duration::from_millis(30));
    assert_eq!(runs(), before + 2);
    assert_eq!(world.metrics("m", 2).sessions.unwrap().open, 0);
}

#[test]
fn a_stream_ends_with_its_first_error() {
    let world = listening();
    let token = CancelToken::new();
    let options = PredictOptions { cancel: Some(token.clone()), ..PredictOptions::default() };
    let mut stream = listen(&world, 9, &options);
    stream.next().unwrap().unwrap();
    token.cancel();
    assert_eq!(stream.next().unwrap().unwrap_err().kind(), ErrorKind::Cancelled);
    assert!(stream.next().is_none());

    let mut stream = listen(&world, 9, &PredictOptions::default());
    stream.next().unwrap().unwrap();
    world.script.fails.store(1, Ordering::SeqCst);
    assert_eq!(stream.next().unwrap().unwrap_err().kind(), ErrorKind::EngineFailed);
    assert!(stream.next().is_none());

    // The timeout is that of the whole.
    let options = PredictOptions { timeout: Some(Duration::from_millis(50)), ..PredictOptions::default() };
    let mut stream = listen(&world, 9, &options);
    stream.next().unwrap().unwrap();
    std::thread::sleep(Duration::from_millis(60));
    assert_eq!(stream.next().unwrap().unwrap_err().kind(), ErrorKind::DeadlineExceeded);
    let mut stream = listen(&world, 9, &options);
    world.script.closed.store(true, Ordering::SeqCst);
    assert_eq!(stream.next().unwrap().unwrap_err().kind(), ErrorKind::DeadlineExceeded);
    world.script.closed.store(false, Ordering::SeqCst);

    // One that is left lying about loses its session.
    let mut stream = listen(&world, 9, &PredictOptions::default());
    stream.next().unwrap().unwrap();
    world.clock.advance(Duration::from_secs(300));
    let error = stream.next().unwrap().unwrap_err();
    assert_eq!((error.kind(), error.get("reason")), (ErrorKind::NotFound, Some("expired")));
    assert_eq!(world.metrics("m", 2).sessions.unwrap().open, 0);
}

#[test]
fn one_stream_never_mixes_versions() {
    let world = listening();
    let mut stream = listen(&world, 6, &PredictOptions::default());
    let before = y(&stream.next().unwrap().unwrap());
    let input = DeployInput {
        strategy: Some(Strategy::BlueGreen),
        stream: config(r#"{"type": "windows", "input": "x", "axis": 1, "length": 4, "hop": 4}"#),
        ..with_state("m", "2.0.0")
    };
    world.deploy(input).unwrap();
    world.noodle.call::<Promote>(PromoteInput { deployment: "m".into(), version: None }).unwrap();
    let rest: Vec<_> = stream.by_ref().collect::<Result<Vec<_>>>().unwrap();
    assert_eq!(before, [0.0, 0.0, 1.0, 2.0]);
    assert_eq!(rest.iter().map(y).collect::<Vec<_>>(), [[1.0, 2.0, 4.0, 6.0], [4.0, 6.0, 9.0, 12.0]]);
    assert!(rest.iter().all(|answer| answer.version() == "1.0.0"));
    let now: Vec<_> = listen(&world, 4, &PredictOptions::default()).map(|answer| y(&answer.unwrap())).collect();
    assert_eq!(now, [[2.0, 4.0, 6.0, 8.0]]);
    until("the first one goes", || !world.view("m").replicas.contains_key("2"));
}

#[tokio::test]
async fn answers_come_without_blocking_too() {
    let world = listening();
    let stream = listen(&world, 5, &PredictOptions::default());
    let mut answers = Vec::new();
    while let Some(answer) = stream.next_async().await.unwrap() {
        answers.push(y(&answer));
    }
    assert_eq!(answers, [[0.0, 0.0, 1.0, 2.0], [1.0, 2.0, 4.0, 6.0], [4.0, 6.0, 9.0, 6.0]]);
    assert!(stream.next_async().await.unwrap().is_none());
    // Whoever does not wait for an answer has no use for the rest.
    let stream = listen(&world, 5, &PredictOptions::default());
    world.script.closed.store(true, Ordering::SeqCst);
    let next = stream.next_async();
    until("it runs", || world.script.running.load(Ordering::SeqCst) == 1);
    drop((next, stream));
    until("it stops", || world.script.running.load(Ordering::SeqCst) == 0);
    until("its session ends", || world.metrics("m", 2).sessions.unwrap().open == 0);
    world.script.closed.store(false, Ordering::SeqCst);
}

#[test]
fn what_cannot_begin_says_why() {
    let world = listening();
    let begin = |inputs: Vec<(&str, Tensor)>| {
        let inputs = inputs.into_iter().map(|(name, tensor)| (name.to_owned(), tensor)).collect();
        world.noodle.predict_stream("m", inputs, &PredictOptions::default())
    };
    assert_eq!(begin(vec![]).unwrap_err().get("input"), Some("x"));
    let error = begin(vec![("x", row(1.0)), ("h", row(1.0))]).unwrap_err();
    assert_eq!((error.get("value"), error.get("allowed")), (Some("h"), Some("x")));
    let whole = Tensor::new(&[1, 4], vec![0i64; 4]).unwrap();
    assert_eq!(begin(vec![("x", whole)]).unwrap_err().get("field"), Some("dtype"));
    let flat = Tensor::new(&[4], vec![0.0f32; 4]).unwrap();
    assert_eq!(begin(vec![("x", flat)]).unwrap_err().get("field"), Some("shape"));
    let mut unknown = begin(vec![("x", row(1.0)), ("z", row(1.0))]).unwrap();
    assert_eq!(unknown.next().unwrap().unwrap_err().get("value"), Some("z"));
    assert_eq!(world.metrics("m", 2).sessions.unwrap().open, 0);
    world.deploy(with_state("m", "1.0.0")).unwrap();
    let error = begin(vec![("x", row(1.0))]).unwrap_err();
    assert_eq!((error.kind(), error.get("field")), (ErrorKind::Unsupported, Some("stream")));
}

/// n_next = n - 1, and y = n · 1.0: what is said last is fed to the next step.
fn countdown() -> Vec<u8> {
    model(
        &[node("Add", &["n", "minus"], &["n_next"], &[]), node("Cast", &["n"], &["y"], &[Attr::Int("to", F32)])],
        &[ints("minus", &[-1])],
        &[value_info("n", I64, &["1"])],
        &[value_info("n_next", I64, &["1"]), value_info("y", F32, &["1"])],
    )
}

#[test]
fn a_model_that_repeats_stops_at_its_value_or_after_its_steps() {
    let world = World::new();
    world.register("count", "1.0.0", &countdown());
    let deploy = |text: &str| {
        world.deploy(DeployInput { stream: config(text), ..DeployInput::new("count", "latest") }).unwrap();
        let from = Tensor::new(&[1], vec![5i64]).unwrap();
        let stream = world.noodle.predict_stream("count", vec![("n".into(), from)], &PredictOptions::default());
        stream.unwrap().map(|answer| first(&answer.unwrap())).collect::<Vec<_>>()
    };
    let feed = r#""feed": [{"output": "n_next", "input": "n"}]"#;
    assert_eq!(deploy(&format!(r#"{{"type": "repeat", {feed}, "max_steps": 3}}"#)), [5.0, 4.0, 3.0]);
    let until = r#""until": {"output": "n_next", "equals": 1}"#;
    assert_eq!(deploy(&format!(r#"{{"type": "repeat", {feed}, "max_steps": 100, {until}}}"#)), [5.0, 4.0, 3.0, 2.0]);
    assert_eq!(deploy(r#"{"type": "repeat", "max_steps": 2}"#), [5.0, 5.0]);
}

#[test]
fn a_model_that_repeats_may_carry_and_be_fed() {
    let world = World::new();
    // Its answer is both carried and fed: 1, then (1 + 1), then (2 + 2).
    let input = DeployInput {
        state: Some(carries("h_next", "h", &[1, 4])),
        stream: config(r#"{"type": "repeat", "feed": [{"output": "y", "input": "x"}], "max_steps": 5}"#),
        ..DeployInput::new("m", "1.0.0")
    };
    world.deploy(input).unwrap();
    let stream = world.noodle.predict_stream("m", vec![("x".into(), row(1.0))], &PredictOptions::default()).unwrap();
    assert_eq!(stream.map(|answer| first(&answer.unwrap())).collect::<Vec<_>>(), [1.0, 2.0, 4.0, 8.0, 16.0]);
}
