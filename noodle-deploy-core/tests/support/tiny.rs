//! Models so small that loading one costs nothing, each told from the others by its answers.
#![allow(dead_code)]

use super::graph::{F32, floats, model, node, text, value_info};

/// y = factor · x, with x of `[batch, 4]`; `padding` bytes make the file longer.
pub fn scaled(factor: f32, padding: usize) -> Vec<u8> {
    let mut bytes = model(
        &[node("Mul", &["x", "c"], &["y"], &[])],
        &[floats("c", &[1], &[factor])],
        &[value_info("x", F32, &["batch", "4"])],
        &[value_info("y", F32, &["batch", "4"])],
    );
    // The model's documentation.
    text(6, &"p".repeat(padding), &mut bytes);
    bytes
}
