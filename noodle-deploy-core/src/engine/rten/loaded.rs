//! A loaded model, and the states that run it.

use std::sync::{Arc, OnceLock};

use rten::{ModelOptions, NodeId, RunOptions, ThreadPool};

use super::scan::{Range, scan};
use super::{VERSION, convert, export};
use crate::clock::instant;
use crate::engine::guard::{Cause, guarded, on_own_stack};
use crate::engine::{Cancel, LoadOptions, LoadReport, Outputs, Reservation, Runnable, State};
use crate::error::{Error, ErrorKind, Result};
use crate::model::onnx::proto::{Graph, Model, Node};
use crate::model::onnx::{self, Budgets, operator_name};
use crate::model::signature::Signature;
use crate::tensor::TensorView;

/// What a node costs beside its weights: its name, its inputs and outputs, what shape inference found.
const NODE_BYTES: u64 = 2 << 10;

pub(super) struct Loaded {
    model: rten::Model,
    signature: Signature,
    inputs: Vec<NodeId>,
    outputs: Vec<NodeId>,
    range: Range,
    threads: usize,
    held: Reservation,
    load_ms: u64,
}

fn refused(message: &'static str, cause: Cause) -> Error {
    Error::new(ErrorKind::Unsupported, message).with("engine", "rten").source(cause)
}

/// The operator of a node.
fn operator(model: &Model<'_>, label: &str) -> Option<String> {
    let mut graphs: Vec<&Graph<'_>> = model.graph.iter().collect();
    while let Some(graph) = graphs.pop() {
        if let Some(node) = graph.nodes.iter().find(|node| node.label() == label) {
            return Some(operator_name(node));
        }
        graphs.extend(graph.nodes.iter().flat_map(Node::graphs));
    }
    None
}

/// rten folds constants and packs weights on threads of the process, which the child of a fork does not have: it would wait
/// for them for ever.
fn check_process() -> Result<()> {
    static FIRST: OnceLock<u32> = OnceLock::new();
    let (first, this) = (*FIRST.get_or_init(std::process::id), std::process::id());
    if first == this {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Unsupported, "the engine was used before the fork that made this process")
        .with("engine", "rten")
        .with("value", this)
        .with("allowed", first))
}

impl Loaded {
    pub(super) fn load(artifact: &[u8], budgets: &Budgets, options: &LoadOptions) -> Result<Arc<Self>> {
        let started = instant();
        if options.threads == 0 {
            return Err(Error::invalid("threads", 0, "1 or more"));
        }
        check_process()?;
        on_own_stack(|| {
            let (source, info) = onnx::read(artifact, budgets)?;
            let range = scan(&source)?;
            let nodes = info.node_count;
            // The weights as rten holds them, and at most as much again packed for its kernels.
            let held = options.budget.reserve(2 * info.weight_bytes + nodes * NODE_BYTES)?;
            // The file written anew, twice while the graph goes into the model.
            let transient = options.budget.reserve(2 * info.weight_bytes)?;
            let file = export::model(&source)?;
            let mut choices = ModelOptions::with_all_ops();
            choices.prepack_weights(true);
            let model = choices.load(file).map_err(|error| {
                let node = error.node().map(str::to_owned);
                let refused = refused("the engine cannot load the model", Cause::of(&error));
                match node.as_deref().map(|label| (label, operator(&source, label))) {
                    Some((label, Some(operator))) => refused.with("node", label).with("operator", operator),
                    Some((label, None)) => refused.with("node", label),
                    None => refused,
                }
            })?;
            drop(transient);
            let find = |name: &str| {
                model.find_node(name).ok_or_else(|| {
                    Error::new(ErrorKind::InvalidModel, "the graph has no such tensor").with("tensor", name)
                })
            };
            let inputs = info.signature.inputs.iter().map(|spec| find(&spec.name)).collect::<Result<_>>()?;
            let outputs = info.signature.outputs.iter().map(|spec| find(&spec.name)).collect::<Result<_>>()?;
            Ok(Arc::new(Loaded {
                model,
                signature: info.signature,
                inputs,
                outputs,
                range,
                threads: options.threads,
                held,
                load_ms: started.elapsed().as_millis() as u64,
            }))
        })
    }

    fn run(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, pool: &Arc<ThreadPool>) -> Result<()> {
        let values = self.inputs.iter().zip(&self.signature.inputs).zip(inputs);
        let values = values
            .map(|((id, spec), view)| Ok((*id, convert::input(spec, view, self.range)?)))
            .collect::<Result<Vec<_>>>()?;
        let options = RunOptions::default().with_thread_pool(Some(pool.clone()));
        let results = self.model.run(values, &self.outputs, Some(options)).map_err(|error| {
            let node = error.node_path().into_iter().flatten().collect::<Vec<_>>().join("/");
            let failed = Error::new(ErrorKind::EngineFailed, "the engine failed while it ran the model");
            let failed = if node.is_empty() { failed } else { failed.with("node", node) };
            failed.source(Cause::of(&error))
        })?;
        for (value, spec) in results.into_iter().zip(&self.signature.outputs) {
            outputs.push(convert::output(spec, value)?);
        }
        Ok(())
    }
}

impl Runnable for Loaded {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn spawn(self: Arc<Self>) -> Result<Box<dyn State>> {
        let pool = ThreadPool::with_num_threads(self.threads);
        // Where its threads cannot be started, rten would go on without a pool, on all cores.
        let inside = pool.run(|| std::thread::current().name().is_some_and(|name| name.starts_with("rten-")));
        if !inside {
            return Err(Error::new(ErrorKind::ResourceExhausted, "the engine's threads cannot be started")
                .with("threads", self.threads));
        }
        Ok(Box::new(RtenState { loaded: self, pool: Arc::new(pool) }))
    }

    fn memory_bytes(&self) -> u64 {
        self.held.bytes()
    }

    fn report(&self) -> LoadReport {
        LoadReport {
            engine: format!("rten {VERSION}"),
            plan: if self.signature.is_static() { "static" } else { "symbolic" }.to_owned(),
            reason: None,
            plans: 1,
            memory_bytes: self.held.bytes(),
            load_ms: self.load_ms,
            choice: None,
        }
    }
}

/// One replica: the weights are shared, the threads are its own.
struct RtenState {
    loaded: Arc<Loaded>,
    pool: Arc<ThreadPool>,
}

impl State for RtenState {
    fn run(&mut self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<()> {
        cancel.check()?;
        let specs = &self.loaded.signature.inputs;
        if inputs.len() != specs.len() {
            return Err(Error::invalid("inputs", inputs.len(), specs.len()));
        }
        let shapes = || inputs.iter().map(|v| format!("{:?}", v.shape())).collect::<Vec<_>>().join(" ");
        guarded(ErrorKind::EngineFailed, || self.loaded.run(inputs, outputs, &self.pool)).map_err(|error| {
            if error.kind() == ErrorKind::EngineFailed { error.with("shapes", shapes()) } else { error }
        })
    }
}
