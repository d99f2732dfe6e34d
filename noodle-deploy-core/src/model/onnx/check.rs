//! Checks that a graph is one: names, order, cycles, tensors.

use std::collections::{HashMap, HashSet};

use super::Budgets;
use super::budgets::too_large;
use super::info::operator_name;
use super::proto::{Axis, Graph, Model, Node};
use crate::error::{Error, ErrorKind, Result};

fn broken(message: &'static str) -> Error {
    Error::new(ErrorKind::InvalidModel, message)
}

fn at(error: Error, node: &Node<'_>) -> Error {
    error.with("node", node.label()).with("operator", operator_name(node))
}

pub(super) fn check(model: &Model<'_>, budgets: &Budgets) -> Result<()> {
    let Some(graph) = &model.graph else {
        return Err(broken("the file is not an ONNX model: it has no graph"));
    };
    if model.opsets.is_empty() {
        return Err(broken("the file is not an ONNX model: it imports no operator set"));
    }
    if graph.outputs.is_empty() {
        return Err(broken("the graph has no outputs"));
    }
    check_graph(graph, &mut Vec::new(), budgets)?;
    let mut names = HashSet::new();
    for input in &graph.inputs {
        if !names.insert(input.name) {
            return Err(broken("an input's name is given twice").with("input", input.name));
        }
        check_axes(input.shape.as_deref(), input.name, budgets)?;
    }
    for output in &graph.outputs {
        check_axes(output.shape.as_deref(), output.name, budgets)?;
    }
    check_functions(model, budgets)
}

fn check_axes(axes: Option<&[Axis<'_>]>, tensor: &str, budgets: &Budgets) -> Result<()> {
    for axis in axes.unwrap_or_default() {
        match axis {
            Axis::Size(size) if *size > 0 && *size as u64 > budgets.max_dim => {
                return Err(too_large("max_dim", size, budgets.max_dim).with("tensor", tensor));
            }
            // Paddle writes -1 for a size that is not known.
            Axis::Size(size) if *size < -1 => {
                return Err(broken("a size is negative").with("tensor", tensor).with("value", size));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The names of a graph and, before it, of the graphs around it, whose names it may read.
type Scopes<'a> = Vec<HashSet<&'a str>>;

fn check_graph<'a>(graph: &Graph<'a>, scopes: &mut Scopes<'a>, budgets: &Budgets) -> Result<()> {
    if graph.sparse_initializers > 0 {
        return Err(Error::new(ErrorKind::Unsupported, "sparse initializers are not supported"));
    }
    let mut own = HashSet::new();
    for tensor in &graph.initializers {
        tensor.check(budgets)?;
        if tensor.name.is_empty() || !own.insert(tensor.name) {
            return Err(broken("an initializer's name is empty or given twice").with("tensor", tensor.name));
        }
    }
    for input in &graph.inputs {
        if input.name.is_empty() {
            return Err(broken("an input has no name"));
        }
        own.insert(input.name);
    }
    scopes.push(own);
    check_order(graph, scopes)?;
    for node in &graph.nodes {
        for attribute in &node.attributes {
            if attribute.sparse {
                let error = Error::new(ErrorKind::Unsupported, "sparse attributes are not supported");
                return Err(at(error.with("attribute", attribute.name), node));
            }
            for tensor in attribute.tensor.iter().chain(&attribute.tensors) {
                tensor.check(budgets).map_err(|e| at(e, node))?;
            }
        }
        for body in node.graphs() {
            check_graph(body, scopes, budgets)?;
        }
    }
    for output in &graph.outputs {
        if !scopes.iter().any(|names| names.contains(output.name)) {
            return Err(broken("an output is not computed by any node").with("output", output.name));
        }
    }
    scopes.pop();
    Ok(())
}

/// Names that the bodies of a node read from around them.
fn captured<'g>(graph: &'g Graph<'_>, into: &mut Vec<&'g str>) {
    let mut local: HashSet<&str> = graph.inputs.iter().map(|i| i.name).collect();
    local.extend(graph.initializers.iter().map(|t| t.name));
    local.extend(graph.nodes.iter().flat_map(|n| n.outputs.iter().copied()));
    let mut reads = Vec::new();
    for node in &graph.nodes {
        reads.extend(node.inputs.iter().copied());
        for body in node.graphs() {
            captured(body, &mut reads);
        }
    }
    reads.extend(graph.outputs.iter().map(|o| o.name));
    into.extend(reads.into_iter().filter(|name| !name.is_empty() && !local.contains(name)));
}

/// Checks that every name is defined once, that every input is defined, and that no node waits for itself.
fn check_order<'a>(graph: &Graph<'a>, scopes: &mut Scopes<'a>) -> Result<()> {
    let mut maker: HashMap<&str, usize> = HashMap::new();
    let mut own = scopes.pop().unwrap_or_default();
    for (index, node) in graph.nodes.iter().enumerate() {
        if node.op.is_empty() {
            return Err(at(broken("a node has no operator"), node));
        }
        for output in node.outputs.iter().filter(|o| !o.is_empty()) {
            if !own.insert(output) {
                return Err(at(broken("a name is defined twice"), node).with("tensor", output));
            }
            maker.insert(output, index);
        }
    }
    scopes.push(own);
    // Kahn's algorithm: what is left over waits for itself.
    let mut waits = vec![0usize; graph.nodes.len()];
    let mut readers: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    for (index, node) in graph.nodes.iter().enumerate() {
        let mut reads = node.inputs.iter().copied().filter(|i| !i.is_empty()).collect::<Vec<_>>();
        for body in node.graphs() {
            captured(body, &mut reads);
        }
        for name in reads {
            if let Some(&from) = maker.get(name) {
                waits[index] += 1;
                readers[from].push(index);
            } else if !scopes.iter().any(|names| names.contains(name)) {
                return Err(at(broken("a node reads a name that nothing defines"), node).with("tensor", name));
            }
        }
    }
    let mut ready = (0..graph.nodes.len()).filter(|&i| waits[i] == 0).collect::<Vec<_>>();
    while let Some(index) = ready.pop() {
        for &reader in &readers[index] {
            waits[reader] -= 1;
            if waits[reader] == 0 {
                ready.push(reader);
            }
        }
    }
    match waits.iter().position(|&n| n > 0) {
        Some(index) => Err(at(broken("the graph has a cycle"), &graph.nodes[index])),
        None => Ok(()),
    }
}

/// Function bodies: tensors are in order, and no function calls itself.
fn check_functions(model: &Model<'_>, budgets: &Budgets) -> Result<()> {
    let index: HashMap<(&str, &str), usize> =
        model.functions.iter().enumerate().map(|(i, f)| ((f.domain, f.name), i)).collect();
    let mut calls: Vec<Vec<usize>> = Vec::with_capacity(model.functions.len());
    for function in &model.functions {
        let mut called = Vec::new();
        let mut stack = function.nodes.iter().collect::<Vec<_>>();
        while let Some(node) = stack.pop() {
            called.extend(index.get(&(node.domain, node.op)));
            for attribute in &node.attributes {
                for tensor in attribute.tensor.iter().chain(&attribute.tensors) {
                    tensor.check(budgets).map_err(|e| at(e, node))?;
                }
            }
            for graph in node.graphs() {
                for tensor in &graph.initializers {
                    tensor.check(budgets)?;
                }
                stack.extend(&graph.nodes);
            }
        }
        calls.push(called);
    }
    let mut waits = vec![0usize; calls.len()];
    calls.iter().flatten().for_each(|&callee| waits[callee] += 1);
    let mut ready = (0..calls.len()).filter(|&i| waits[i] == 0).collect::<Vec<_>>();
    while let Some(caller) = ready.pop() {
        for &callee in &calls[caller] {
            waits[callee] -= 1;
            if waits[callee] == 0 {
                ready.push(callee);
            }
        }
    }
    match waits.iter().position(|&n| n > 0) {
        Some(i) => Err(broken("a function calls itself").with("function", model.functions[i].name)),
        None => Ok(()),
    }
}
