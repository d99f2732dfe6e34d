//! Small constants through the operators that only move elements.

use super::proto::Node;

type Moved = Option<(Vec<f64>, Vec<f64>)>;

fn sizes(shape: &[f64]) -> Vec<usize> {
    shape.iter().map(|&size| size as usize).collect()
}

fn back(shape: &[usize]) -> Vec<f64> {
    shape.iter().map(|&size| size as f64).collect()
}

/// An axis as ONNX counts it, from the end where it is negative.
fn axis(value: f64, rank: usize) -> Option<usize> {
    let axis = if value < 0.0 { value + rank as f64 } else { value };
    (axis >= 0.0 && axis < rank as f64).then_some(axis as usize)
}

/// Picks elements of a row-major tensor by their coordinates.
fn pick(data: &[f64], from: &[usize], to: &[usize], source: impl Fn(&[usize]) -> Vec<usize>) -> Moved {
    let count = to.iter().product::<usize>();
    if data.len() != from.iter().product::<usize>() || count > super::sizes::FOLLOWED {
        return None;
    }
    let mut out = Vec::with_capacity(count);
    for index in 0..count {
        let mut rest = index;
        let mut at = vec![0; to.len()];
        for (place, &size) in at.iter_mut().zip(to).rev() {
            *place = rest % size;
            rest /= size;
        }
        let flat = source(&at).iter().zip(from).fold(0, |flat, (&place, &size)| flat * size + place);
        out.push(*data.get(flat)?);
    }
    Some((out, back(to)))
}

pub(super) fn transpose(node: &Node<'_>, data: &[f64], shape: &[f64]) -> Moved {
    let from = sizes(shape);
    let given = node.attribute("perm").map(|a| a.ints.clone()).filter(|perm| !perm.is_empty());
    let order: Vec<usize> = match given {
        Some(perm) => perm.iter().map(|&p| axis(p as f64, from.len())).collect::<Option<_>>()?,
        None => (0..from.len()).rev().collect(),
    };
    if order.len() != from.len() {
        return None;
    }
    let to: Vec<usize> = order.iter().map(|&p| from[p]).collect();
    pick(data, &from, &to, |at| {
        let mut place = vec![0; at.len()];
        order.iter().zip(at).for_each(|(&p, &i)| place[p] = i);
        place
    })
}

pub(super) fn reshape(node: &Node<'_>, data: &[f64], shape: Option<&[f64]>, wanted: &[f64]) -> Moved {
    let keeps = node.int("allowzero").unwrap_or(0) == 0;
    let mut to = Vec::with_capacity(wanted.len());
    for (index, &size) in wanted.iter().enumerate() {
        to.push(if size == 0.0 && keeps { *shape?.get(index)? } else { size });
    }
    let known: f64 = to.iter().filter(|size| **size >= 0.0).product();
    if let Some(open) = to.iter().position(|&size| size == -1.0) {
        to[open] = if known > 0.0 { data.len() as f64 / known } else { 0.0 };
    }
    let whole = to.iter().all(|size| size.fract() == 0.0);
    (whole && to.iter().product::<f64>() == data.len() as f64).then(|| (data.to_vec(), to))
}

pub(super) fn squeeze(data: &[f64], shape: &[f64], axes: Option<&[f64]>) -> Moved {
    let mut drop = vec![false; shape.len()];
    match axes {
        Some(axes) => {
            for &a in axes {
                drop[axis(a, shape.len())?] = true;
            }
        }
        None => shape.iter().zip(&mut drop).for_each(|(size, drop)| *drop = *size == 1.0),
    }
    let kept = shape.iter().zip(&drop).filter(|(_, drop)| !**drop).map(|(size, _)| *size).collect::<Vec<_>>();
    (kept.iter().product::<f64>() == data.len() as f64).then(|| (data.to_vec(), kept))
}

pub(super) fn unsqueeze(data: &[f64], shape: &[f64], axes: &[f64]) -> Moved {
    let rank = shape.len() + axes.len();
    let mut new = vec![false; rank];
    for &a in axes {
        new[axis(a, rank)?] = true;
    }
    let mut old = shape.iter();
    let to = new.iter().map(|&new| if new { Some(1.0) } else { old.next().copied() }).collect::<Option<Vec<_>>>()?;
    Some((data.to_vec(), to))
}

/// `Slice` from opset 10 on: starts, ends, axes and steps are inputs.
pub(super) fn slice(
    data: &[f64],
    shape: &[f64],
    starts: &[f64],
    ends: &[f64],
    axes: Option<&[f64]>,
    steps: Option<&[f64]>,
) -> Moved {
    let from = sizes(shape);
    let mut begin = vec![0f64; from.len()];
    let mut step = vec![1f64; from.len()];
    let mut to = from.clone();
    for (index, (&start, &end)) in starts.iter().zip(ends).enumerate() {
        let along = match axes {
            Some(axes) => axis(*axes.get(index)?, from.len())?,
            None => (index < from.len()).then_some(index)?,
        };
        let by = match steps {
            Some(steps) => *steps.get(index)?,
            None => 1.0,
        };
        let size = from[along] as f64;
        // An end that is too large to be exact stands for the last element or the one before the first.
        if by == 0.0 || by.is_nan() || start.is_nan() {
            return None;
        }
        let place = |v: f64| if v < 0.0 { v + size } else { v };
        let (first, last) = if by > 0.0 {
            let end = if end.is_nan() { size } else { place(end) };
            (place(start).clamp(0.0, size), end.clamp(0.0, size))
        } else {
            let end = if end.is_nan() { -1.0 } else { place(end) };
            (place(start).clamp(-1.0, size - 1.0), end.clamp(-1.0, size - 1.0))
        };
        begin[along] = first;
        step[along] = by;
        to[along] = ((last - first) / by).ceil().max(0.0) as usize;
    }
    pick(data, &from, &to, |at| {
        at.iter().zip(&begin).zip(&step).map(|((&i, begin), step)| (begin + i as f64 * step) as usize).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_are_onnx_s() {
        let data: Vec<f64> = (0..6).map(f64::from).collect();
        let node = Node { op: "Transpose", ..Node::default() };
        assert_eq!(transpose(&node, &data, &[2.0, 3.0]).unwrap(), (vec![0., 3., 1., 4., 2., 5.], vec![3.0, 2.0]));
        let node = Node { op: "Reshape", ..Node::default() };
        assert_eq!(reshape(&node, &data, Some(&[6.0]), &[-1.0, 2.0]).unwrap().1, [3.0, 2.0]);
        assert!(reshape(&node, &data, Some(&[6.0]), &[-1.0, 4.0]).is_none());
        // [[0, 1], [2, 3], [4, 5]], rows from the last to the first.
        let turned = slice(&data, &[3.0, 2.0], &[-1.0], &[f64::NAN], Some(&[0.0]), Some(&[-1.0])).unwrap();
        assert_eq!(turned, (vec![4., 5., 2., 3., 0., 1.], vec![3.0, 2.0]));
        let part = slice(&data, &[6.0], &[1.0], &[-1.0], None, Some(&[2.0])).unwrap();
        assert_eq!(part, (vec![1.0, 3.0], vec![2.0]));
        assert_eq!(squeeze(&[7.0], &[1.0, 1.0], Some(&[-1.0])).unwrap().1, [1.0]);
        assert_eq!(unsqueeze(&[7.0, 8.0], &[2.0], &[0.0, 2.0]).unwrap().1, [1.0, 2.0, 1.0]);
    }
}
