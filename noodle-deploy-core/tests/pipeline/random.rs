//! Random graphs answer as they do by hand, and random damage to a document never does more than give a typed error.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use noodle_deploy_core::ErrorKind;
use noodle_deploy_core::engine::pipeline::steps::{ReadyStep, Step, Steps};
use noodle_deploy_core::engine::pipeline::{PipelineDocument, PipelineRuntime, check};
use noodle_deploy_core::engine::tract::TractRuntime;
use noodle_deploy_core::engine::{Cancel, LoadOptions, Outputs, Part, Runnable, Runtime};
use noodle_deploy_core::error::Result;
use noodle_deploy_core::model::signature::{Signature, TensorSpec};
use noodle_deploy_core::tensor::{Tensor, TensorView};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::graph::{F32, floats, model, node, value_info};
use crate::world::{Counted, cascade, ensemble};

const WEIGHTS: [f32; 9] = [0.5, -1.0, 0.25, 1.0, 0.5, 0.0, -0.5, 0.75, 1.0];

/// `y` = `x` times [`WEIGHTS`], three columns each.
fn square() -> Part {
    let bytes = model(
        &[node("MatMul", &["x", "w"], &["y"], &[])],
        &[floats("w", &[3, 3], &WEIGHTS)],
        &[value_info("x", F32, &["batch", "3"])],
        &[value_info("y", F32, &["batch", "3"])],
    );
    let runnable = TractRuntime::new().load(&bytes, &LoadOptions::default()).unwrap();
    Part { model: "square".to_owned(), version: "1.0.0".to_owned(), runnable }
}

/// What a node does with the rows of earlier ones, by number; 0 is the input.
#[derive(Debug, Clone)]
enum Does {
    Square(usize),
    Softmax(usize),
    Normalize(usize),
    Mean(Vec<usize>),
    /// The second where the first is not sure enough, else the first.
    Either(usize, usize, f32),
}

fn graph_of(nodes: usize) -> impl Strategy<Value = Vec<Does>> {
    let node = |earlier: usize| {
        let one = 0..=earlier;
        prop_oneof![
            one.clone().prop_map(Does::Square),
            one.clone().prop_map(Does::Softmax),
            one.clone().prop_map(Does::Normalize),
            prop::collection::vec(one.clone(), 1..4).prop_map(Does::Mean),
            (one.clone(), one, 0.0f32..1.0).prop_map(|(a, b, t)| Does::Either(a, b, t)),
        ]
    };
    (0..nodes).map(node).collect::<Vec<_>>()
}

/// The output of a node, as a reference.
fn of(graph: &[Does], number: usize) -> String {
    match number.checked_sub(1).map(|i| &graph[i]) {
        None => "inputs.x".to_owned(),
        Some(Does::Square(_)) => format!("n{number}.y"),
        Some(_) => format!("n{number}.output"),
    }
}

/// The document, its nodes in an order that says nothing.
fn document(graph: &[Does], order: u64) -> Value {
    let mut nodes: Vec<Value> = Vec::new();
    for (i, does) in graph.iter().enumerate() {
        let (name, from) = (format!("n{}", i + 1), |number: &usize| of(graph, *number));
        let node = match does {
            Does::Square(a) => json!({"name": name, "model": "square", "version": "1.0.0", "inputs": {"x": from(a)}}),
            Does::Softmax(a) => json!({"name": name, "step": "softmax", "inputs": {"input": from(a)}}),
            Does::Normalize(a) => json!({"name": name, "step": "normalize", "inputs": {"input": from(a)}}),
            Does::Mean(several) => {
                let inputs: Map<String, Value> =
                    several.iter().enumerate().map(|(k, a)| (format!("i{k}"), from(a).into())).collect();
                json!({"name": name, "step": "mean", "inputs": inputs})
            }
            Does::Either(a, b, threshold) => {
                let asked = format!("{name}-b");
                nodes.push(json!({"name": asked, "step": "mean", "inputs": {"x": from(b)},
                                  "when": {"confidence": from(a), "below": threshold}}));
                let wire = json!({"first_of": [format!("{asked}.output"), from(a)]});
                json!({"name": name, "step": "mean", "inputs": {"x": wire}})
            }
        };
        nodes.push(node);
    }
    let count = nodes.len();
    for i in (1..count).rev() {
        let at = (order.rotate_left(i as u32) % (i as u64 + 1)) as usize;
        nodes.swap(i, at);
    }
    let outputs: Vec<Value> =
        (1..=graph.len()).map(|number| json!({"name": format!("y{number}"), "from": of(graph, number)})).collect();
    json!({
        "pipeline": 1,
        "inputs": [{"name": "x", "dtype": "f32", "shape": ["rows", "3"]}],
        "nodes": nodes,
        "outputs": outputs,
    })
}

type Rows = Vec<[f32; 3]>;

fn by_hand(graph: &[Does], input: &Rows) -> Vec<Rows> {
    let mut known = vec![input.clone()];
    let largest = |row: &[f32; 3]| row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for does in graph {
        let each =
            |number: &usize, f: &dyn Fn([f32; 3]) -> [f32; 3]| known[*number].iter().map(|row| f(*row)).collect();
        let rows = match does {
            Does::Square(a) => each(a, &|row| {
                let column = |c: usize| (0..3).map(|i| row[i] * WEIGHTS[3 * i + c]).sum();
                [column(0), column(1), column(2)]
            }),
            Does::Softmax(a) => each(a, &|row| {
                let powers = row.map(|x| (x - largest(&row)).exp());
                powers.map(|power| power / powers.iter().sum::<f32>())
            }),
            Does::Normalize(a) => each(a, &|row| {
                let length = row.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt() as f32;
                row.map(|x| x / length.max(1e-12))
            }),
            Does::Mean(several) => (0..input.len())
                .map(|row| {
                    [0, 1, 2].map(|c| several.iter().map(|a| known[*a][row][c]).sum::<f32>() / several.len() as f32)
                })
                .collect(),
            Does::Either(a, b, threshold) => {
                let least = known[*a].iter().map(largest).fold(f32::INFINITY, f32::min);
                known[if least < *threshold { *b } else { *a }].clone()
            }
        };
        known.push(rows);
    }
    known.split_off(1)
}

fn load(document: &Value, part: &Part) -> Result<Arc<dyn Runnable>> {
    let options = LoadOptions { parts: vec![part.clone()], ..LoadOptions::default() };
    PipelineRuntime::default().load(document.to_string().as_bytes(), &options)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_random_graph_answers_as_by_hand(
        graph in (1usize..8).prop_flat_map(graph_of),
        order in any::<u64>(),
        rows in prop::collection::vec(prop::array::uniform3(-2.0f32..2.0), 1..4),
    ) {
        let part = square();
        let loaded = load(&document(&graph, order), &part).unwrap();
        let mut state = loaded.spawn().unwrap();
        let tensor = Tensor::new(&[rows.len(), 3], rows.concat()).unwrap();
        let wanted = by_hand(&graph, &rows);
        // Twice: a run leaves nothing behind.
        for _ in 0..2 {
            let mut outputs = Outputs::new();
            state.run(&[tensor.view()], &mut outputs, &Cancel::NEVER).unwrap();
            prop_assert_eq!(outputs.len(), wanted.len());
            for (output, wanted) in outputs.iter().zip(&wanted) {
                prop_assert_eq!(output.shape(), &[rows.len(), 3]);
                for (found, wanted) in output.as_slice::<f32>().unwrap().iter().zip(wanted.concat()) {
                    prop_assert!((found - wanted).abs() <= 1e-4 * (1.0 + wanted.abs()), "{} and {}", found, wanted);
                }
            }
        }
    }
}

/// Every place of a document.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| {
            let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
            found.push(at.clone());
            places(value, &at, found);
        }),
        Value::Array(list) => list.iter().enumerate().for_each(|(i, value)| {
            let at = format!("{at}/{i}");
            found.push(at.clone());
            places(value, &at, found);
        }),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn damage_gives_a_typed_error_or_a_pipeline_that_runs(
        which in any::<bool>(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0u8..8), 1..5),
    ) {
        let mut document = if which { ensemble() } else { cascade() };
        for (place, other, how) in damage {
            let mut all = Vec::new();
            places(&document, "", &mut all);
            if all.is_empty() {
                break;
            }
            let (place, other) = (&all[place.index(all.len())], &all[other.index(all.len())]);
            let copy = document.pointer(other).unwrap().clone();
            let (parent, key) = place.rsplit_once('/').unwrap();
            match (how, document.pointer_mut(parent).unwrap()) {
                (0, Value::Object(fields)) => drop(fields.remove(key)),
                (0, Value::Array(list)) => drop(list.remove(key.parse().unwrap())),
                (1, Value::Array(list)) => list.push(copy),
                (1, Value::Object(fields)) => drop(fields.insert("more".to_owned(), copy)),
                (2, _) => *document.pointer_mut(place).unwrap() = json!(-1),
                (3, _) => *document.pointer_mut(place).unwrap() = json!(""),
                (4, _) => *document.pointer_mut(place).unwrap() = json!(1e300),
                (5, _) => *document.pointer_mut(place).unwrap() = json!("guess.output"),
                _ => *document.pointer_mut(place).unwrap() = copy,
            }
        }
        let signature: Signature = serde_json::from_value(json!({
            "inputs": [{"name": "x", "dtype": "f32", "shape": ["batch", "4"]}],
            "outputs": [{"name": "y", "dtype": "f32", "shape": ["batch", "2"]}],
        })).unwrap();
        let steps = Steps::with(vec![Arc::new(Counted::default())]).unwrap();
        let read = PipelineDocument::from_json(document.to_string().as_bytes());
        let checked = read.and_then(|document| {
            let uses = document.uses();
            check(&document, &vec![&signature; uses.len()], &steps)
        });
        if let Err(error) = checked {
            prop_assert!(matches!(error.kind(), ErrorKind::InvalidArgument | ErrorKind::Unsupported), "{error:?}");
            prop_assert!(!error.message().contains("panicked"), "{error:?}");
            for key in ["field", "value", "allowed"] {
                prop_assert!(error.get(key).is_some(), "{key}: {error:?}");
            }
        }
    }
}

/// Sets a flag when it runs.
struct Cancels(Arc<AtomicBool>, Option<TensorSpec>);

impl Step for Cancels {
    fn name(&self) -> &str {
        "cancels"
    }

    fn prepare(&self, _: &Map<String, Value>, inputs: &[TensorSpec]) -> Result<Arc<dyn ReadyStep>> {
        let output = TensorSpec { name: "same".to_owned(), ..inputs[0].clone() };
        Ok(Arc::new(Cancels(self.0.clone(), Some(output))))
    }
}

impl ReadyStep for Cancels {
    fn outputs(&self) -> &[TensorSpec] {
        self.1.as_slice()
    }

    fn run(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, _: &Cancel<'_>) -> Result<()> {
        self.0.store(true, Ordering::SeqCst);
        outputs.push(inputs[0].to_tensor()?);
        Ok(())
    }
}

#[test]
fn nothing_runs_after_a_request_was_cancelled() {
    let (flag, counted) = (Arc::new(AtomicBool::new(false)), Counted::default());
    let steps = Steps::with(vec![Arc::new(Cancels(flag.clone(), None)), Arc::new(counted.clone())]).unwrap();
    let document = json!({
        "pipeline": 1,
        "inputs": [{"name": "x", "dtype": "f32", "shape": ["n"]}],
        "nodes": [{"name": "b", "step": "counted", "inputs": {"x": "a.same"}},
                  {"name": "a", "step": "cancels", "inputs": {"x": "inputs.x"}}],
        "outputs": [{"name": "y", "from": "b.same"}],
    });
    let loaded = PipelineRuntime::new(steps).load(document.to_string().as_bytes(), &LoadOptions::default()).unwrap();
    let tensor = Tensor::new(&[1], vec![1.0f32]).unwrap();
    let cancel = Cancel { flag: Some(&flag), ..Cancel::NEVER };
    let error = loaded.spawn().unwrap().run(&[tensor.view()], &mut Outputs::new(), &cancel).unwrap_err();
    assert_eq!((error.kind(), counted.0.load(Ordering::SeqCst)), (ErrorKind::Cancelled, 0));
}

#[test]
fn a_step_of_the_host_has_a_name_of_its_own() {
    let taken = Steps::with(vec![Arc::new(Counted::default()), Arc::new(Counted::default())]).unwrap_err();
    assert_eq!((taken.kind(), taken.get("value")), (ErrorKind::InvalidArgument, Some("\"counted\"")));
}
