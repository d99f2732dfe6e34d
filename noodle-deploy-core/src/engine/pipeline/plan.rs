//! What runs in which order over which tensors, checked before anything runs. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;

use smallvec::SmallVec;

use super::document::{INPUTS, Node, PipelineDocument, Wire};
use super::guards::{Guard, Guards};
use super::shapes::{form, merge_specs, nameless, outputs_of, shown};
use super::steps::{ReadyStep, Steps};
use crate::error::{Error, Result};
use crate::model::signature::{Dim, Signature, TensorSpec};
use crate::tensor::DType;

/// A pipeline that is ready to run over its parts.
pub(super) struct Plan {
    /// What goes in and comes out.
    pub signature: Signature,
    /// In an order in which every tensor is there before it is read.
    pub nodes: Vec<PlannedNode>,
    /// Tensors, the pipeline's inputs first.
    pub slots: usize,
    /// One per output.
    pub outputs: Vec<Source>,
    /// Versions of the steps, for reports.
    pub steps: Vec<String>,
}

/// A node, its names made positions.
pub(super) struct PlannedNode {
    pub name: String,
    pub work: Work,
    /// In the order of the model's signature, or of [`super::steps::Step::prepare`].
    pub inputs: Vec<Source>,
    /// Slot of the first output; the others follow.
    pub first: usize,
    pub outputs: usize,
    pub when: Option<PlannedCondition>,
    /// Slots that nobody reads after this node.
    pub spent: Vec<usize>,
}

pub(super) enum Work {
    /// Position in [`PipelineDocument::uses`].
    Model(usize),
    Step(Arc<dyn ReadyStep>),
}

/// Slots in the order of preference.
pub(super) type Source = SmallVec<[usize; 1]>;

#[derive(Clone, Copy)]
pub(super) struct PlannedCondition {
    pub slot: usize,
    pub threshold: f64,
    /// Runs below the threshold; at or above it where false.
    pub below: bool,
}

/// A tensor of a node or of the pipeline's inputs.
struct Known {
    slot: usize,
    spec: TensorSpec,
    guard: Guard,
}

/// Tensors by node and name.
type Tensors<'a> = BTreeMap<&'a str, Vec<Known>>;

/// Checks what a document says and plans it. `signatures` are those of [`PipelineDocument::uses`], in that order.
///
/// # Errors
/// `invalid_argument` with the field, its value and what is allowed; `unsupported` for a step that there is not.
pub(super) fn plan(document: &PipelineDocument, signatures: &[&Signature], steps: &Steps) -> Result<Plan> {
    let order = order(document)?;
    let uses = document.uses();
    let mut tensors: Tensors<'_> = BTreeMap::new();
    tensors.insert(INPUTS, inputs(document));
    let (mut slots, mut guards) = (document.inputs.len(), Guards::default());
    let (mut nodes, mut versions) = (Vec::with_capacity(order.len()), Vec::new());
    for i in order {
        let node = &document.nodes[i];
        let named = |e: Error| e.with("pipeline_node", &node.name);
        let part = uses
            .iter()
            .position(|pin| node.model.as_ref() == Some(&pin.model) && node.version.as_ref() == Some(&pin.version));
        let within = Within { i, node, tensors: &tensors };
        let (planned, specs, guard) = match part {
            Some(part) => within.model(part, signatures[part], &mut guards),
            None => within.step(steps, &mut guards, &mut versions),
        }
        .map_err(named)?;
        let outputs = specs.into_iter().enumerate();
        let known = outputs.map(|(k, spec)| Known { slot: slots + k, spec, guard: guard.clone() }).collect::<Vec<_>>();
        nodes.push(PlannedNode { first: slots, outputs: known.len(), ..planned });
        slots += known.len();
        tensors.insert(&node.name, known);
    }
    let mut outputs = Vec::with_capacity(document.outputs.len());
    let mut signature = Signature { inputs: document.inputs.clone(), outputs: Vec::new() };
    for (i, output) in document.outputs.iter().enumerate() {
        let field = format!("outputs/{i}/from");
        let joined = join(&field, &output.from, &tensors, &mut guards)?;
        if !joined.guard.is_always() {
            return Err(Error::invalid(
                field,
                shown_wire(&output.from),
                "a tensor that is always there: add one that is to first_of",
            ));
        }
        signature.outputs.push(as_shown(TensorSpec { name: output.name.clone(), ..joined.spec }));
        outputs.push(joined.source);
    }
    check_used(document)?;
    spend(&mut nodes, &outputs);
    Ok(Plan { signature, nodes, slots, outputs, steps: versions })
}

fn inputs(document: &PipelineDocument) -> Vec<Known> {
    let free = |i: usize, spec: &TensorSpec| {
        let shape = spec.shape.iter().enumerate();
        let shape = shape.map(|(axis, dim)| if *dim == Dim::Any { nameless(i, axis) } else { dim.clone() }).collect();
        TensorSpec { shape, ..spec.clone() }
    };
    let one = |(i, spec)| Known { slot: i, spec: free(i, spec), guard: Guard::default() };
    document.inputs.iter().enumerate().map(one).collect()
}

fn as_shown(spec: TensorSpec) -> TensorSpec {
    TensorSpec { shape: spec.shape.iter().map(shown).collect(), ..spec }
}

/// A node and its place in the document.
struct Within<'a> {
    i: usize,
    node: &'a Node,
    tensors: &'a Tensors<'a>,
}

type PlannedSpecs = (PlannedNode, Vec<TensorSpec>, Guard);

impl Within<'_> {
    fn model(&self, part: usize, signature: &Signature, guards: &mut Guards) -> Result<PlannedSpecs> {
        let (i, node) = (self.i, self.node);
        if let Some(unknown) = node.inputs.keys().find(|name| signature.input(name).is_none()) {
            let allowed = signature.inputs.iter().map(|spec| spec.name.as_str()).collect::<Vec<_>>().join(", ");
            return Err(Error::invalid(format!("nodes/{i}/inputs"), unknown, allowed));
        }
        let missing = |spec: &TensorSpec| {
            Error::invalid(format!("nodes/{i}/inputs/{}", spec.name), "nothing", format!("a wire to {}", form(spec)))
        };
        let wires = signature.inputs.iter().map(|spec| {
            let wire = node.inputs.get(&spec.name).ok_or_else(|| missing(spec))?;
            Ok((spec.name.as_str(), wire))
        });
        let (sources, specs, guard) = self.wires(wires.collect::<Result<_>>()?, guards)?;
        let outputs = outputs_of(signature, &specs).map_err(|e| self.in_node(e))?;
        self.planned(Work::Model(part), sources, outputs, guard, guards)
    }

    fn step(&self, steps: &Steps, guards: &mut Guards, versions: &mut Vec<String>) -> Result<PlannedSpecs> {
        let name = self.node.step.as_deref().unwrap_or_default();
        let step = steps.get(name).map_err(|e| self.in_node(e))?;
        let wires = self.node.inputs.iter().map(|(name, wire)| (name.as_str(), wire)).collect();
        let (sources, specs, guard) = self.wires(wires, guards)?;
        let ready = step.prepare(&self.node.config, &specs).map_err(|e| self.in_node(e))?;
        let mut outputs = ready.outputs().to_vec();
        let given = |dim: &Dim| specs.iter().flat_map(|spec| &spec.shape).any(|known| known == dim);
        for dim in outputs.iter_mut().flat_map(|spec| &mut spec.shape).filter(|dim| !given(dim)) {
            // The node's own: two tokenizers do not give the same length.
            if let Dim::Symbol(symbol) = dim {
                *dim = Dim::Symbol(format!("{}.{symbol}", self.node.name));
            }
        }
        let version = format!("{name} {}", step.version());
        if !versions.contains(&version) {
            versions.push(version);
        }
        self.planned(Work::Step(ready), sources, outputs, guard, guards)
    }

    /// The wires of a node, in order.
    fn wires(&self, wires: Vec<(&str, &Wire)>, guards: &mut Guards) -> Result<(Vec<Source>, Vec<TensorSpec>, Guard)> {
        let (mut sources, mut specs, mut guard) = (Vec::new(), Vec::new(), Guard::default());
        for (name, wire) in wires {
            let joined = join(&format!("nodes/{}/inputs/{name}", self.i), wire, self.tensors, guards)?;
            guard = guard.and(&joined.guard);
            sources.push(joined.source);
            specs.push(TensorSpec { name: name.to_owned(), ..joined.spec });
        }
        Ok((sources, specs, guard))
    }

    fn planned(
        &self,
        work: Work,
        inputs: Vec<Source>,
        outputs: Vec<TensorSpec>,
        mut guard: Guard,
        guards: &mut Guards,
    ) -> Result<PlannedSpecs> {
        let mut planned = None;
        if let Some(when) = &self.node.when {
            let field = format!("nodes/{}/when/confidence", self.i);
            let known = find(&field, &when.confidence, self.tensors)?;
            if known.spec.dtype != DType::F32 || known.spec.shape.is_empty() {
                return Err(Error::invalid(field, form(&known.spec), "scores: f32 of rank 1 or more"));
            }
            let below = when.below.is_some();
            let threshold = when.below.or(when.at_least).unwrap_or_default();
            guard = guard.and(&known.guard).and(&guards.when(known.slot, threshold, below));
            planned = Some(PlannedCondition { slot: known.slot, threshold, below });
        }
        let planned = PlannedNode {
            name: self.node.name.clone(),
            work,
            inputs,
            first: 0,
            outputs: 0,
            when: planned,
            spent: Vec::new(),
        };
        Ok((planned, outputs, guard))
    }

    /// Puts the place of the node before the field of an error that is about it.
    fn in_node(&self, error: Error) -> Error {
        error.within(&format!("nodes/{}", self.i))
    }
}

struct Joined {
    source: Source,
    spec: TensorSpec,
    guard: Guard,
}

/// The tensors of a wire, which must have one form.
fn join(field: &str, wire: &Wire, tensors: &Tensors<'_>, guards: &mut Guards) -> Result<Joined> {
    let mut joined: Option<Joined> = None;
    for (k, reference) in wire.0.iter().enumerate() {
        let place = if wire.0.len() > 1 { format!("{field}/first_of/{k}") } else { field.to_owned() };
        let known = find(&place, reference, tensors)?;
        let Some(before) = joined else {
            joined = Some(Joined {
                source: SmallVec::from_slice(&[known.slot]),
                spec: known.spec.clone(),
                guard: known.guard.clone(),
            });
            continue;
        };
        if before.guard.is_always() {
            return Err(Error::invalid(place, reference, "nothing: an earlier one is always there"));
        }
        let spec = merge_specs(&before.spec, &known.spec)
            .ok_or_else(|| Error::invalid(&place, form(&known.spec), form(&before.spec)))?;
        let mut source = before.source;
        source.push(known.slot);
        joined = Some(Joined { source, spec, guard: guards.or(&before.guard, &known.guard) });
    }
    joined.ok_or_else(|| Error::invalid(field, "nothing", "a reference as in node.output"))
}

fn split(reference: &str) -> Option<(&str, &str)> {
    reference.split_once('.')
}

fn find<'t>(field: &str, reference: &str, tensors: &'t Tensors<'_>) -> Result<&'t Known> {
    let (node, name) = split(reference).unwrap_or((reference, ""));
    let known = tensors.get(node).map_or(&[][..], |known| known);
    known.iter().find(|known| known.spec.name == name).ok_or_else(|| {
        let allowed = known.iter().map(|known| format!("{node}.{}", known.spec.name)).collect::<Vec<_>>().join(", ");
        Error::invalid(field, reference, if allowed.is_empty() { "node.output or inputs.name" } else { &allowed })
    })
}

fn shown_wire(wire: &Wire) -> String {
    wire.0.join(", ")
}

/// Every reference of a node, with its field.
fn references(i: usize, node: &Node) -> impl Iterator<Item = (String, &str)> {
    let wires = node.inputs.iter().flat_map(move |(name, wire)| {
        wire.0.iter().map(move |reference| (format!("nodes/{i}/inputs/{name}"), reference.as_str()))
    });
    let when = node.when.iter().map(move |when| (format!("nodes/{i}/when/confidence"), when.confidence.as_str()));
    wires.chain(when)
}

/// Positions of the nodes that a node reads.
fn read_by(document: &PipelineDocument, i: usize) -> Result<Vec<usize>> {
    let mut read = Vec::new();
    for (field, reference) in references(i, &document.nodes[i]) {
        match node_of(document, &field, reference)? {
            Some(position) if !read.contains(&position) => read.push(position),
            _ => {}
        }
    }
    Ok(read)
}

/// The node that a reference names; `None` for the pipeline's inputs.
fn node_of(document: &PipelineDocument, field: &str, reference: &str) -> Result<Option<usize>> {
    let (name, _) = split(reference).unwrap_or((reference, ""));
    if name == INPUTS {
        return Ok(None);
    }
    document.nodes.iter().position(|node| node.name == name).map(Some).ok_or_else(|| {
        let names = document.nodes.iter().map(|node| node.name.as_str());
        Error::invalid(field, reference, std::iter::once(INPUTS).chain(names).collect::<Vec<_>>().join(", "))
    })
}

/// An order in which every node comes after those that it reads; among several the document's.
fn order(document: &PipelineDocument) -> Result<Vec<usize>> {
    let count = document.nodes.len();
    let reads = (0..count).map(|i| read_by(document, i)).collect::<Result<Vec<_>>>()?;
    for (i, output) in document.outputs.iter().enumerate() {
        for reference in &output.from.0 {
            node_of(document, &format!("outputs/{i}/from"), reference)?;
        }
    }
    let (mut order, mut placed) = (Vec::with_capacity(count), vec![false; count]);
    while order.len() < count {
        let next = (0..count).find(|&i| !placed[i] && reads[i].iter().all(|&read| placed[read]));
        let Some(next) = next else { return Err(cycle(document, &reads, &placed)) };
        placed[next] = true;
        order.push(next);
    }
    Ok(order)
}

/// The error that shows one cycle among the nodes that could not be placed: each of them reads another one of them.
fn cycle(document: &PipelineDocument, reads: &[Vec<usize>], placed: &[bool]) -> Error {
    let mut path: Vec<usize> = Vec::new();
    let mut at = placed.iter().position(|placed| !placed);
    while let Some(node) = at.filter(|node| !path.contains(node)) {
        path.push(node);
        at = reads[node].iter().copied().find(|&read| !placed[read]);
    }
    let begun = path.iter().position(|node| Some(*node) == at).unwrap_or(0);
    let names: Vec<&str> =
        path[begun..].iter().chain(at.as_ref()).map(|&node| document.nodes[node].name.as_str()).collect();
    Error::invalid("nodes", names.join(" reads "), "a graph without a cycle")
}

/// Every node and every input leads to an output.
fn check_used(document: &PipelineDocument) -> Result<()> {
    let mut used = vec![false; document.nodes.len()];
    let mut inputs: Vec<&str> = Vec::new();
    let outputs = document.outputs.iter().flat_map(|output| &output.from.0);
    let mut left: Vec<&str> = outputs.map(String::as_str).collect();
    while let Some(reference) = left.pop() {
        match (node_of(document, "outputs", reference)?, split(reference)) {
            (Some(i), _) if !used[i] => {
                used[i] = true;
                left.extend(references(i, &document.nodes[i]).map(|(_, reference)| reference));
            }
            (None, Some((_, name))) => inputs.push(name),
            _ => {}
        }
    }
    if let Some(i) = used.iter().position(|used| !used) {
        let name = &document.nodes[i].name;
        return Err(Error::invalid(format!("nodes/{i}/name"), name, "nodes that an output comes from"));
    }
    match document.inputs.iter().position(|spec| !inputs.contains(&spec.name.as_str())) {
        Some(i) => {
            let name = &document.inputs[i].name;
            Err(Error::invalid(format!("inputs/{i}/name"), name, "inputs that an output comes from"))
        }
        None => Ok(()),
    }
}

/// Notes after which node each tensor can go.
fn spend(nodes: &mut [PlannedNode], outputs: &[Source]) {
    let mut last: BTreeMap<usize, usize> = BTreeMap::new();
    for (position, node) in nodes.iter().enumerate() {
        let read = node.inputs.iter().flatten().copied().chain(node.when.map(|when| when.slot));
        // What nobody reads goes with the node that made it.
        for slot in (node.first..node.first + node.outputs).chain(read) {
            last.insert(slot, position);
        }
    }
    last.retain(|slot, _| !outputs.iter().flatten().any(|output| output == slot));
    for (slot, position) in last {
        nodes[position].spent.push(slot);
    }
}
