//! Cuts a window out of a tensor.

use crate::error::Result;
use crate::machine::stream::Window;
use crate::tensor::{Data, Tensor};

/// The window of a tensor along an axis: zeros, elements, zeros. `scratch` is overwritten.
///
/// # Errors
/// `invalid_argument` for a tensor of strings.
pub(super) fn cut(tensor: &Tensor, axis: usize, window: &Window, scratch: &mut Vec<u8>) -> Result<Tensor> {
    let shape = tensor.shape();
    let length = shape[axis];
    let mut cut: Vec<usize> = shape.to_vec();
    cut[axis] = window.before + window.elements.len() + window.after;
    scratch.clear();
    if let (Data::Bytes(bytes), Some(size)) = (tensor.data(), tensor.dtype().size()) {
        let inner = shape[axis + 1..].iter().product::<usize>() * size;
        let outer = shape[..axis].iter().product::<usize>();
        scratch.reserve(outer * cut[axis] * inner);
        for row in 0..outer {
            let at = |element: usize| (row * length + element) * inner;
            scratch.resize(scratch.len() + window.before * inner, 0);
            scratch.extend_from_slice(&bytes[at(window.elements.start)..at(window.elements.end)]);
            scratch.resize(scratch.len() + window.after * inner, 0);
        }
    }
    Tensor::from_bytes(tensor.dtype(), &cut, scratch)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::machine::stream::Windows;

    proptest! {
        #[test]
        fn every_element_is_where_it_belongs(
            outer in 1usize..4,
            length in 1usize..60,
            inner in 1usize..4,
            size in 1usize..20,
            hop in 1usize..20,
            context in 0usize..25,
            pad_last: bool,
        ) {
            // Its own place in each element, and never 0.
            let data: Vec<i32> = (1..=(outer * length * inner) as i32).collect();
            let tensor = Tensor::new(&[outer, length, inner], data.clone()).unwrap();
            let windows = Windows { size, hop: hop.min(size), context, pad_last };
            let mut scratch = Vec::new();
            for n in 0..windows.count(length) {
                let found = cut(&tensor, 1, &windows.window(n, length), &mut scratch).unwrap();
                prop_assert_eq!(found.shape(), [outer, windows.width(), inner]);
                let found = found.as_slice::<i32>().unwrap();
                for row in 0..outer {
                    for column in 0..windows.width() {
                        let element = (n * windows.hop + column).checked_sub(context).filter(|e| *e < length);
                        for place in 0..inner {
                            let expected = element.map_or(0, |e| data[(row * length + e) * inner + place]);
                            prop_assert_eq!(found[(row * windows.width() + column) * inner + place], expected);
                        }
                    }
                }
            }
        }
    }
}
