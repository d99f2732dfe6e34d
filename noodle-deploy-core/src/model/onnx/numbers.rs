//! Small constants through the arithmetic that shapes are computed with.

use super::moves;
use super::proto::Node;
use super::sizes::{FOLLOWED, Kind, Known, broadcast};

/// Beyond this, integers wrap or are no longer exact: what follows is not known.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A value as arithmetic of this kind has it; what an integer does beyond the exact range is not followed.
fn tame(value: f64, kind: Kind) -> f64 {
    match kind {
        Kind::Int if value.abs() < EXACT => value.trunc(),
        Kind::Int => f64::NAN,
        Kind::F16 => f64::from(half::f16::from_f64(value)),
        Kind::F32 => f64::from(value as f32),
        Kind::F64 => value,
    }
}

/// Not a number where either is not: `f64::max` would pass the other on.
fn either(a: f64, b: f64, pick: fn(f64, f64) -> f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { pick(a, b) }
}

fn truth(condition: bool) -> f64 {
    f64::from(u8::from(condition))
}

/// Adds the values of a result to what is known of it, where they can be followed.
pub(super) fn numbers(node: &Node<'_>, inputs: &[Option<&Known>], mut known: Known) -> Known {
    let kind = kind(node, inputs);
    if let Some((values, shape)) = follow(node, inputs, kind)
        && values.len() <= FOLLOWED
    {
        known.count = values.len() as f64;
        known.shape = shape;
        known.values = Some(values);
        known.kind = kind;
    }
    known
}

fn kind(node: &Node<'_>, inputs: &[Option<&Known>]) -> Kind {
    let of = |index: usize| inputs.get(index).copied().flatten().map_or(Kind::Int, |k| k.kind);
    match node.op {
        "Cast" => Kind::of(node.int("to").unwrap_or(0)),
        "Equal" | "Less" | "Greater" | "And" | "Or" | "Not" => Kind::Int,
        "Where" => of(1),
        _ => of(0),
    }
}

type Followed = Option<(Vec<f64>, Option<Vec<f64>>)>;

fn follow(node: &Node<'_>, inputs: &[Option<&Known>], kind: Kind) -> Followed {
    let values = |index: usize| inputs.get(index).copied().flatten().and_then(|k| k.values.as_ref());
    let shape = |index: usize| inputs.get(index).copied().flatten().and_then(|k| k.shape.clone());
    let unary =
        |f: fn(f64) -> f64| -> Followed { Some((values(0)?.iter().map(|&v| tame(f(v), kind)).collect(), shape(0))) };
    let binary = |f: fn(f64, f64) -> f64| -> Followed {
        let (a, b) = (values(0)?, values(1)?);
        let wide = broadcast([inputs[0]?, inputs[1]?].into_iter())?;
        let pick = |list: &[f64], i: usize| if list.len() == 1 { list[0] } else { list[i] };
        if a.len() != b.len() && a.len() != 1 && b.len() != 1 {
            return None;
        }
        let len = if a.is_empty() || b.is_empty() { 0 } else { a.len().max(b.len()) };
        if wide.iter().product::<f64>() != len as f64 {
            return None;
        }
        Some(((0..len).map(|i| tame(f(pick(a, i), pick(b, i)), kind)).collect(), Some(wide)))
    };
    let moved = |moved: Option<(Vec<f64>, Vec<f64>)>| moved.map(|(values, shape)| (values, Some(shape)));
    // As an attribute before opset 13, as an input since; not at all means every axis of size one.
    let axes = || -> Option<Option<Vec<f64>>> {
        match node.attribute("axes") {
            Some(axes) => Some(Some(axes.ints.iter().map(|&a| a as f64).collect())),
            None if node.inputs.get(1).is_some_and(|name| !name.is_empty()) => values(1).map(|v| Some(v.clone())),
            None => Some(None),
        }
    };
    match node.op {
        "Identity" | "Dropout" => Some((values(0)?.clone(), shape(0))),
        "Cast" => {
            // 1, 10, 11 are floats; a narrow integer may wrap.
            let limit = match node.int("to").unwrap_or(0) {
                1 | 10 | 11 => return unary(|v| v),
                2 | 3 | 9 => 127.0,
                4 | 5 => 32_767.0,
                6 | 12 => 2_147_483_647.0,
                _ => EXACT,
            };
            let narrow = |v: &f64| if v.abs() <= limit { v.trunc() } else { f64::NAN };
            Some((values(0)?.iter().map(narrow).collect(), shape(0)))
        }
        "Reshape" => moved(moves::reshape(node, values(0)?, shape(0).as_deref(), values(1)?)),
        "Squeeze" => moved(moves::squeeze(values(0)?, &shape(0)?, axes()?.as_deref())),
        "Unsqueeze" => moved(moves::unsqueeze(values(0)?, &shape(0)?, &axes()??)),
        "Transpose" => moved(moves::transpose(node, values(0)?, &shape(0)?)),
        "Concat" => {
            let mut all = Vec::new();
            for index in 0..inputs.len() {
                if shape(index)?.len() > 1 {
                    return None;
                }
                all.extend_from_slice(values(index)?);
            }
            let len = all.len() as f64;
            Some((all, Some(vec![len])))
        }
        "Gather" => {
            let (data, picks) = (values(0)?, values(1)?);
            let pick = |&i: &f64| {
                let index = if i < 0.0 { i + data.len() as f64 } else { i };
                data.get(index as usize).copied().unwrap_or(f64::NAN)
            };
            (shape(0)?.len() == 1).then(|| (picks.iter().map(pick).collect(), shape(1)))
        }
        "Slice" => {
            let optional = |index: usize| match inputs.get(index) {
                None => Some(None),
                // An input that is given, but not known.
                Some(_) => match node.inputs.get(index) {
                    Some(name) if !name.is_empty() => values(index).map(Some),
                    _ => Some(None),
                },
            };
            let (axes, steps) = (optional(3)?, optional(4)?);
            let list = |list: Option<&Vec<f64>>| list.cloned();
            moved(moves::slice(
                values(0)?,
                &shape(0)?,
                values(1)?,
                values(2)?,
                list(axes).as_deref(),
                list(steps).as_deref(),
            ))
        }
        "Add" => binary(|a, b| a + b),
        "Sub" => binary(|a, b| a - b),
        "Mul" => binary(|a, b| a * b),
        "Div" => binary(|a, b| if b == 0.0 { f64::NAN } else { a / b }),
        // Powers and exponentials of floats differ in the last digit between libraries.
        "Pow" if kind == Kind::Int => binary(f64::powf),
        "Max" if inputs.len() == 2 => binary(|a, b| either(a, b, f64::max)),
        "Min" if inputs.len() == 2 => binary(|a, b| either(a, b, f64::min)),
        // What a negative operand gives depends on the library.
        "Mod" => binary(|a, b| if a < 0.0 || b <= 0.0 { f64::NAN } else { a % b }),
        "Neg" => unary(|v| -v),
        "Abs" => unary(f64::abs),
        "Floor" => unary(f64::floor),
        "Ceil" => unary(f64::ceil),
        "Round" => unary(f64::round_ties_even),
        "Sqrt" => unary(f64::sqrt),
        "ReduceProd" if kind == Kind::Int && shape(0)?.len() == 1 => {
            Some((vec![tame(values(0)?.iter().product(), kind)], Some(vec![1.0])))
        }
        "ReduceSum" if kind == Kind::Int && shape(0)?.len() == 1 => {
            Some((vec![tame(values(0)?.iter().sum(), kind)], Some(vec![1.0])))
        }
        "ReduceMax" if shape(0)?.len() == 1 => {
            Some((vec![values(0)?.iter().copied().reduce(|a, b| either(a, b, f64::max))?], Some(vec![1.0])))
        }
        "Not" => unary(|v| if v.is_nan() { v } else { truth(v == 0.0) }),
        "Equal" => binary(|a, b| either(a, b, |a, b| truth(a == b))),
        "Less" => binary(|a, b| either(a, b, |a, b| truth(a < b))),
        "Greater" => binary(|a, b| either(a, b, |a, b| truth(a > b))),
        "And" => binary(|a, b| either(a, b, |a, b| truth(a != 0.0 && b != 0.0))),
        "Or" => binary(|a, b| either(a, b, |a, b| truth(a != 0.0 || b != 0.0))),
        "Where" => {
            let (choice, a, b) = (values(0)?, values(1)?, values(2)?);
            let len = choice.len().max(a.len()).max(b.len());
            if [choice, a, b].iter().any(|list| list.len() != 1 && list.len() != len) {
                return None;
            }
            let pick = |list: &[f64], i: usize| if list.len() == 1 { list[0] } else { list[i] };
            let choose = |i| match pick(choice, i) {
                c if c.is_nan() => c,
                0.0 => pick(b, i),
                _ => pick(a, i),
            };
            let wide = broadcast([inputs[0]?, inputs[1]?, inputs[2]?].into_iter())?;
            (wide.iter().product::<f64>() == len as f64).then(|| ((0..len).map(choose).collect(), Some(wide)))
        }
        _ => None,
    }
}
