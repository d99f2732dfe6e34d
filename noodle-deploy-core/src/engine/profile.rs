//! What the nodes of a model cost: one run as an engine saw it, and the sum over runs. Pure.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};
use crate::tensor::{Shape, element_count};

/// One node in one run.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeRun {
    /// Number of the node within the plan; runs are added up by it.
    pub node: usize,
    /// Name in the plan.
    pub name: String,
    /// Operator of the plan, which may be a fused or lowered one.
    pub operator: String,
    /// Time of its evaluation.
    pub nanos: u64,
    /// Outputs: element type and shape.
    pub outputs: Vec<(String, Shape)>,
    /// Bytes of all outputs.
    pub output_bytes: u64,
}

/// One run, in the order of evaluation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunProfile {
    /// Every node that was evaluated.
    pub nodes: Vec<NodeRun>,
    /// Largest number of bytes that outputs of nodes held at once.
    pub peak_bytes: u64,
}

/// One node over all runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NodeProfile {
    /// Name in the engine's plan; parts that the engine made out of a node carry its name and a suffix.
    pub name: String,
    /// Operator of the engine's plan, which may be a fused or lowered one.
    pub op: String,
    /// Evaluations over all runs.
    pub calls: u32,
    /// Mean time of one evaluation in microseconds.
    pub mean_us: f64,
    /// Time over all runs in microseconds.
    pub total_us: f64,
    /// Share of the whole run time, 0 to 1.
    pub share: f64,
    /// Bytes of its outputs in one evaluation, as a string.
    #[serde(with = "crate::store::chain::u64_string")]
    #[schemars(with = "String")]
    pub output_bytes: u64,
    /// Its outputs in the last evaluation, as in `f32[1, 64]`.
    pub shapes: Vec<String>,
}

/// The sum of runs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    nodes: BTreeMap<usize, Summed>,
    runs: u32,
    total_ns: u64,
    peak_bytes: u64,
}

#[derive(Debug, Clone, PartialEq)]
struct Summed {
    last: NodeRun,
    calls: u32,
    nanos: u64,
}

impl Tally {
    /// Adds a run that took `total_ns` from inputs to outputs.
    pub fn add(&mut self, run: RunProfile, total_ns: u64) {
        self.runs += 1;
        self.total_ns += total_ns;
        self.peak_bytes = self.peak_bytes.max(run.peak_bytes);
        for node in run.nodes {
            match self.nodes.get_mut(&node.node) {
                Some(summed) => {
                    summed.calls += 1;
                    summed.nanos += node.nanos;
                    summed.last = node;
                }
                None => {
                    self.nodes.insert(node.node, Summed { calls: 1, nanos: node.nanos, last: node });
                }
            }
        }
    }

    /// Runs so far.
    pub fn runs(&self) -> u32 {
        self.runs
    }

    /// Time of all runs in microseconds.
    pub fn total_us(&self) -> f64 {
        self.total_ns as f64 / 1e3
    }

    /// Time within nodes in microseconds.
    pub fn attributed_us(&self) -> f64 {
        self.nodes.values().map(|node| node.nanos).sum::<u64>() as f64 / 1e3
    }

    /// Largest number of bytes that outputs held at once.
    pub fn peak_bytes(&self) -> u64 {
        self.peak_bytes
    }

    /// Every node, the most expensive first; equals in the order of the plan.
    pub fn nodes(&self) -> Vec<NodeProfile> {
        let mut nodes: Vec<(&usize, &Summed)> = self.nodes.iter().collect();
        nodes.sort_by(|(a, x), (b, y)| y.nanos.cmp(&x.nanos).then(a.cmp(b)));
        nodes.into_iter().map(|(_, summed)| self.node(summed)).collect()
    }

    fn node(&self, Summed { last, calls, nanos }: &Summed) -> NodeProfile {
        let total_us = *nanos as f64 / 1e3;
        NodeProfile {
            name: last.name.clone(),
            op: last.operator.clone(),
            calls: *calls,
            mean_us: total_us / f64::from(*calls),
            total_us,
            share: if self.total_ns == 0 { 0.0 } else { *nanos as f64 / self.total_ns as f64 },
            output_bytes: last.output_bytes,
            shapes: last.outputs.iter().map(|(dtype, shape)| format!("{dtype}{:?}", shape.as_slice())).collect(),
        }
    }
}

/// Bytes of a dense tensor; those that do not fit count as the most there can be.
pub fn dense_bytes(shape: &[usize], element: usize) -> u64 {
    element_count(shape).and_then(|count| count.checked_mul(element)).map_or(u64::MAX, |bytes| bytes as u64)
}

/// The refusal of an engine that does not say what its nodes cost.
pub fn unsupported() -> Error {
    Error::new(ErrorKind::Unsupported, "the engine does not tell what its nodes cost")
}

/// An evaluation, to know what is alive when.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Number of the node.
    pub node: usize,
    /// Nodes whose outputs it reads.
    pub reads: Vec<usize>,
    /// Bytes of its outputs.
    pub bytes: u64,
}

/// Largest number of bytes that outputs hold at once, where outputs go after the last step that reads them; what nobody
/// reads stays to the end, as outputs of the model do. A node holds what it reads while it runs.
pub fn peak(steps: &[Step]) -> u64 {
    let mut last: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, step) in steps.iter().enumerate() {
        last.extend(step.reads.iter().map(|read| (*read, at)));
    }
    let mut held: BTreeMap<usize, u64> = BTreeMap::new();
    let (mut alive, mut most) = (0u64, 0u64);
    for (at, step) in steps.iter().enumerate() {
        alive = alive.saturating_add(step.bytes);
        held.insert(step.node, step.bytes);
        most = most.max(alive);
        for read in &step.reads {
            if last.get(read) == Some(&at)
                && let Some(bytes) = held.remove(read)
            {
                alive = alive.saturating_sub(bytes);
            }
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use smallvec::smallvec;

    use super::*;

    fn step(node: usize, reads: &[usize], bytes: u64) -> Step {
        Step { node, reads: reads.to_vec(), bytes }
    }

    #[test]
    fn the_peak_is_what_is_alive_together() {
        assert_eq!(peak(&[]), 0);
        // A chain holds two neighbours.
        assert_eq!(peak(&[step(0, &[], 10), step(1, &[0], 30), step(2, &[1], 5), step(3, &[2], 1)]), 40);
        // A value that is read again at the end stays, and so does what nobody reads.
        assert_eq!(peak(&[step(0, &[], 10), step(1, &[0], 30), step(2, &[1], 5), step(3, &[2, 0], 1)]), 45);
        assert_eq!(peak(&[step(0, &[], 10), step(1, &[], 7), step(2, &[0, 0], 1)]), 18);
    }

    #[test]
    fn runs_add_up() {
        let node = |node: usize, nanos| NodeRun {
            node,
            name: format!("n{node}"),
            operator: "Add".into(),
            nanos,
            outputs: vec![("f32".into(), smallvec![1, 2])],
            output_bytes: 8,
        };
        let mut tally = Tally::default();
        tally.add(RunProfile { nodes: vec![node(0, 1_000), node(1, 3_000)], peak_bytes: 16 }, 5_000);
        tally.add(RunProfile { nodes: vec![node(0, 1_000), node(1, 3_000)], peak_bytes: 8 }, 5_000);
        let nodes = tally.nodes();
        assert_eq!((nodes[0].name.as_str(), nodes[0].calls, nodes[0].total_us), ("n1", 2, 6.0));
        assert_eq!((nodes[0].mean_us, nodes[0].share, &nodes[0].shapes[..]), (3.0, 0.6, &["f32[1, 2]".to_owned()][..]));
        assert_eq!((tally.runs(), tally.total_us(), tally.attributed_us(), tally.peak_bytes()), (2, 10.0, 8.0, 16));
        assert_eq!(Tally::default().nodes(), []);
    }
}
