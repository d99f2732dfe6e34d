//! An ONNX file as borrowed structures, read within budgets. What is not needed to run a model is skipped.

use super::budgets::{Meter, too_large};
use super::wire::{Fields, Value, damaged, fixed_count, varints};
use crate::error::Result;

// What one decoded message costs in memory, about twice its size because vectors grow by doubling.
const NODE_COST: u64 = 512;
const ATTRIBUTE_COST: u64 = 1024;
const TENSOR_COST: u64 = 768;
const VALUE_COST: u64 = 256;
const GRAPH_COST: u64 = 1024;
const STRING_COST: u64 = 64;
const NUMBER_COST: u64 = 16;

/// Strings of one message may not be given twice, or two readers could see two models.
fn once<T>(slot: &mut Option<T>, value: T, what: &'static str) -> Result<()> {
    if slot.replace(value).is_some() { Err(damaged(what)) } else { Ok(()) }
}

#[derive(Debug, Default)]
pub(crate) struct Model<'a> {
    pub(crate) ir_version: i64,
    pub(crate) producer_name: &'a str,
    pub(crate) producer_version: &'a str,
    pub(crate) opsets: Vec<(&'a str, i64)>,
    pub(crate) metadata: Vec<(&'a str, &'a str)>,
    pub(crate) graph: Option<Graph<'a>>,
    pub(crate) functions: Vec<Function<'a>>,
}

#[derive(Debug, Default)]
pub(crate) struct Function<'a> {
    pub(crate) name: &'a str,
    pub(crate) domain: &'a str,
    pub(crate) nodes: Vec<Node<'a>>,
}

#[derive(Debug, Default)]
pub(crate) struct Graph<'a> {
    pub(crate) name: &'a str,
    pub(crate) nodes: Vec<Node<'a>>,
    pub(crate) initializers: Vec<Tensor<'a>>,
    pub(crate) sparse_initializers: usize,
    pub(crate) inputs: Vec<ValueInfo<'a>>,
    pub(crate) outputs: Vec<ValueInfo<'a>>,
}

#[derive(Debug, Default)]
pub(crate) struct Node<'a> {
    pub(crate) name: &'a str,
    pub(crate) op: &'a str,
    pub(crate) domain: &'a str,
    pub(crate) inputs: Vec<&'a str>,
    pub(crate) outputs: Vec<&'a str>,
    pub(crate) attributes: Vec<Attribute<'a>>,
}

impl<'a> Node<'a> {
    /// The name that errors use: the node's own, else its first output's.
    pub(crate) fn label(&self) -> &'a str {
        if self.name.is_empty() {
            self.outputs.iter().find(|o| !o.is_empty()).copied().unwrap_or("")
        } else {
            self.name
        }
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute<'a>> {
        self.attributes.iter().find(|a| a.name == name)
    }

    pub(crate) fn int(&self, name: &str) -> Option<i64> {
        self.attribute(name).map(|a| a.int)
    }

    /// Subgraphs, in the order of the attributes.
    pub(crate) fn graphs(&self) -> impl Iterator<Item = &Graph<'a>> {
        self.attributes.iter().flat_map(|a| a.graph.iter().chain(&a.graphs))
    }
}

#[derive(Debug, Default)]
pub(crate) struct Attribute<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: i64,
    pub(crate) reference: &'a str,
    pub(crate) float: f32,
    pub(crate) int: i64,
    pub(crate) text: &'a [u8],
    pub(crate) tensor: Option<Tensor<'a>>,
    pub(crate) graph: Option<Graph<'a>>,
    pub(crate) sparse: bool,
    pub(crate) floats: Vec<f32>,
    pub(crate) ints: Vec<i64>,
    pub(crate) texts: Vec<&'a [u8]>,
    pub(crate) tensors: Vec<Tensor<'a>>,
    pub(crate) graphs: Vec<Graph<'a>>,
}

/// A typed tensor's content; `chunks` is what the file's typed fields hold, to be decoded only when it is wanted.
#[derive(Debug, Default)]
pub(crate) struct Tensor<'a> {
    pub(crate) name: &'a str,
    pub(crate) dims: Vec<i64>,
    pub(crate) data_type: i64,
    pub(crate) raw: Option<&'a [u8]>,
    pub(super) chunks: Vec<(u32, Value<'a>)>,
    /// Elements in the typed fields.
    pub(crate) typed: u64,
    pub(crate) external: Option<&'a str>,
    pub(crate) is_external: bool,
    pub(crate) segmented: bool,
}

#[derive(Debug, Default)]
pub(crate) struct ValueInfo<'a> {
    pub(crate) name: &'a str,
    /// ONNX's element type; 0 where there is none, -1 where the value is not a tensor.
    pub(crate) elem_type: i64,
    pub(crate) shape: Option<Vec<Axis<'a>>>,
}

#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Axis<'a> {
    #[default]
    Unknown,
    Size(i64),
    Symbol(&'a str),
}

fn text<'a>(value: Value<'a>, meter: &mut Meter<'_>) -> Result<&'a str> {
    let text = value.text()?;
    meter.decoded(STRING_COST + text.len() as u64)?;
    Ok(text)
}

impl<'a> Model<'a> {
    pub(super) fn read(bytes: &'a [u8], meter: &mut Meter<'_>) -> Result<Self> {
        let mut model = Model::default();
        for field in Fields::new(bytes) {
            let (number, value) = field?;
            match number {
                1 => model.ir_version = value.int()?,
                2 => model.producer_name = text(value, meter)?,
                3 => model.producer_version = text(value, meter)?,
                7 => {
                    let graph = Graph::read(value.bytes()?, 0, meter)?;
                    once(&mut model.graph, graph, "the model has two graphs")?;
                }
                8 => {
                    let (mut domain, mut version) = ("", 0);
                    for field in Fields::new(value.bytes()?) {
                        match field? {
                            (1, value) => domain = text(value, meter)?,
                            (2, value) => version = value.int()?,
                            _ => {}
                        }
                    }
                    meter.decoded(VALUE_COST)?;
                    model.opsets.push((domain, version));
                }
                14 => model.metadata.push(read_pair(value, meter)?),
                25 => {
                    let function = Function::read(value.bytes()?, meter)?;
                    model.functions.push(function);
                }
                _ => {}
            }
        }
        Ok(model)
    }
}

fn read_pair<'a>(value: Value<'a>, meter: &mut Meter<'_>) -> Result<(&'a str, &'a str)> {
    let mut pair = ("", "");
    meter.decoded(VALUE_COST)?;
    for field in Fields::new(value.bytes()?) {
        match field? {
            (1, value) => pair.0 = text(value, meter)?,
            (2, value) => pair.1 = text(value, meter)?,
            _ => {}
        }
    }
    Ok(pair)
}

impl<'a> Function<'a> {
    fn read(bytes: &'a [u8], meter: &mut Meter<'_>) -> Result<Self> {
        meter.decoded(GRAPH_COST)?;
        let mut function = Function::default();
        for field in Fields::new(bytes) {
            match field? {
                (1, value) => function.name = text(value, meter)?,
                (7, value) => function.nodes.push(Node::read(value.bytes()?, 1, meter)?),
                (10, value) => function.domain = text(value, meter)?,
                _ => {}
            }
        }
        Ok(function)
    }
}

impl<'a> Graph<'a> {
    fn read(bytes: &'a [u8], depth: u32, meter: &mut Meter<'_>) -> Result<Self> {
        if depth > meter.budgets.max_depth {
            return Err(too_large("max_depth", depth, u64::from(meter.budgets.max_depth)));
        }
        meter.decoded(GRAPH_COST)?;
        let mut graph = Graph::default();
        for field in Fields::new(bytes) {
            let (number, value) = field?;
            match number {
                1 => graph.nodes.push(Node::read(value.bytes()?, depth, meter)?),
                2 => graph.name = text(value, meter)?,
                5 => graph.initializers.push(Tensor::read(value.bytes()?, meter)?),
                11 => graph.inputs.push(ValueInfo::read(value.bytes()?, meter)?),
                12 => graph.outputs.push(ValueInfo::read(value.bytes()?, meter)?),
                15 => graph.sparse_initializers += 1,
                _ => {}
            }
        }
        Ok(graph)
    }
}

impl<'a> Node<'a> {
    fn read(bytes: &'a [u8], depth: u32, meter: &mut Meter<'_>) -> Result<Self> {
        meter.node()?;
        meter.decoded(NODE_COST)?;
        let mut node = Node::default();
        for field in Fields::new(bytes) {
            let (number, value) = field?;
            match number {
                1 => node.inputs.push(text(value, meter)?),
                2 => node.outputs.push(text(value, meter)?),
                3 => node.name = text(value, meter)?,
                4 => node.op = text(value, meter)?,
                5 => node.attributes.push(Attribute::read(value.bytes()?, depth, meter)?),
                7 => node.domain = text(value, meter)?,
                _ => {}
            }
        }
        Ok(node)
    }
}

impl<'a> Attribute<'a> {
    fn read(bytes: &'a [u8], depth: u32, meter: &mut Meter<'_>) -> Result<Self> {
        meter.decoded(ATTRIBUTE_COST)?;
        let mut attribute = Attribute::default();
        for field in Fields::new(bytes) {
            let (number, value) = field?;
            match number {
                1 => attribute.name = text(value, meter)?,
                2 => attribute.float = single(value)?,
                3 => attribute.int = value.int()?,
                4 => attribute.text = blob(value, meter)?,
                5 => {
                    let tensor = Tensor::read(value.bytes()?, meter)?;
                    once(&mut attribute.tensor, tensor, "an attribute has two tensors")?;
                }
                6 => {
                    let graph = Graph::read(value.bytes()?, depth + 1, meter)?;
                    once(&mut attribute.graph, graph, "an attribute has two graphs")?;
                }
                7 => {
                    meter.decoded(fixed_count(value, 4)? * NUMBER_COST)?;
                    floats(value, &mut attribute.floats)?;
                }
                8 => {
                    let count = varints(value, |_| ())?;
                    meter.decoded(count * NUMBER_COST)?;
                    varints(value, |int| attribute.ints.push(int))?;
                }
                9 => attribute.texts.push(blob(value, meter)?),
                10 => attribute.tensors.push(Tensor::read(value.bytes()?, meter)?),
                11 => attribute.graphs.push(Graph::read(value.bytes()?, depth + 1, meter)?),
                20 => attribute.kind = value.int()?,
                21 => attribute.reference = text(value, meter)?,
                22 | 23 => attribute.sparse = true,
                _ => {}
            }
        }
        Ok(attribute)
    }
}

fn blob<'a>(value: Value<'a>, meter: &mut Meter<'_>) -> Result<&'a [u8]> {
    let bytes = value.bytes()?;
    meter.decoded(STRING_COST + bytes.len() as u64)?;
    Ok(bytes)
}

fn single(value: Value<'_>) -> Result<f32> {
    match value {
        Value::Fixed32(bytes) => Ok(f32::from_le_bytes(bytes)),
        _ => Err(damaged("a field has another wire type than its own")),
    }
}

fn floats(value: Value<'_>, out: &mut Vec<f32>) -> Result<()> {
    if let Value::Bytes(packed) = value {
        let (chunks, _) = packed.as_chunks::<4>();
        out.extend(chunks.iter().map(|c| f32::from_le_bytes(*c)));
        Ok(())
    } else {
        single(value).map(|f| out.push(f))
    }
}

impl<'a> Tensor<'a> {
    fn read(bytes: &'a [u8], meter: &mut Meter<'_>) -> Result<Self> {
        meter.tensor()?;
        meter.decoded(TENSOR_COST)?;
        let mut tensor = Tensor::default();
        for field in Fields::new(bytes) {
            let (number, value) = field?;
            match number {
                1 => {
                    varints(value, |dim| {
                        // One more than allowed is kept, so that the check below fails.
                        if tensor.dims.len() <= meter.budgets.max_rank as usize {
                            tensor.dims.push(dim);
                        }
                    })?;
                    if tensor.dims.len() > meter.budgets.max_rank as usize {
                        return Err(too_large("max_rank", tensor.dims.len(), u64::from(meter.budgets.max_rank))
                            .with("tensor", tensor.name));
                    }
                }
                2 => tensor.data_type = value.int()?,
                3 => tensor.segmented = true,
                4 | 10 => {
                    let count = fixed_count(value, if number == 4 { 4 } else { 8 })?;
                    tensor.chunk(number, value, count, meter)?;
                }
                5 | 7 | 11 => {
                    let count = varints(value, |_| ())?;
                    tensor.chunk(number, value, count, meter)?;
                }
                6 => {
                    blob(value, meter)?;
                    tensor.chunk(number, value, 1, meter)?;
                }
                8 => tensor.name = text(value, meter)?,
                9 => tensor.raw = Some(value.bytes()?),
                13 => {
                    tensor.is_external = true;
                    let (key, location) = read_pair(value, meter)?;
                    if key == "location" {
                        tensor.external = Some(location);
                    }
                }
                14 => tensor.is_external |= value.int()? == 1,
                _ => {}
            }
        }
        Ok(tensor)
    }

    fn chunk(&mut self, number: u32, value: Value<'a>, count: u64, meter: &mut Meter<'_>) -> Result<()> {
        if self.chunks.first().is_some_and(|(first, _)| *first != number) {
            return Err(damaged("a tensor has data of two kinds"));
        }
        meter.decoded(count * NUMBER_COST + size_of::<(u32, Value<'_>)>() as u64 * 2)?;
        self.typed = self.typed.saturating_add(count);
        self.chunks.push((number, value));
        Ok(())
    }
}

impl<'a> ValueInfo<'a> {
    fn read(bytes: &'a [u8], meter: &mut Meter<'_>) -> Result<Self> {
        meter.decoded(VALUE_COST)?;
        let mut info = ValueInfo::default();
        let mut seen = None;
        for field in Fields::new(bytes) {
            match field? {
                (1, value) => info.name = text(value, meter)?,
                (2, value) => {
                    once(&mut seen, (), "a value has two types")?;
                    info.read_type(value.bytes()?, meter)?;
                }
                _ => {}
            }
        }
        Ok(info)
    }

    fn read_type(&mut self, bytes: &'a [u8], meter: &mut Meter<'_>) -> Result<()> {
        let mut seen = None;
        for field in Fields::new(bytes) {
            match field? {
                (1, value) => {
                    once(&mut seen, (), "a value has two types")?;
                    for field in Fields::new(value.bytes()?) {
                        match field? {
                            (1, value) => self.elem_type = value.int()?,
                            (2, value) => {
                                let axes = read_axes(value.bytes()?, meter)?;
                                once(&mut self.shape, axes, "a value has two shapes")?;
                            }
                            _ => {}
                        }
                    }
                }
                // Sequences, maps, optionals, sparse tensors and opaque values.
                (4 | 5 | 7 | 8 | 9, _) => {
                    once(&mut seen, (), "a value has two types")?;
                    self.elem_type = -1;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn read_axes<'a>(bytes: &'a [u8], meter: &mut Meter<'_>) -> Result<Vec<Axis<'a>>> {
    let mut axes = Vec::new();
    for field in Fields::new(bytes) {
        let (number, value) = field?;
        if number != 1 {
            continue;
        }
        if axes.len() >= meter.budgets.max_rank as usize {
            return Err(too_large("max_rank", axes.len() + 1, u64::from(meter.budgets.max_rank)));
        }
        meter.decoded(VALUE_COST)?;
        let mut axis = Axis::Unknown;
        for field in Fields::new(value.bytes()?) {
            match field? {
                (1, value) => axis = Axis::Size(value.int()?),
                (2, value) => axis = Axis::Symbol(text(value, meter)?),
                _ => {}
            }
        }
        axes.push(axis);
    }
    Ok(axes)
}
