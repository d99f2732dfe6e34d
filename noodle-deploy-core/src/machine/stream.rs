//! How one request gives many answers: windows of a long input, or a model that runs again on what it said.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::session::{Carry, agree, place};
use crate::error::{Error, Result};
use crate::model::signature::{Dim, Signature};
use crate::tensor::DType;

/// Elements of a window at most.
const MOST_LENGTH: u32 = 1 << 30;
/// Steps of a stream that repeats at most.
const MOST_STEPS: u32 = 1 << 20;

/// How one request gives many answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum StreamConfig {
    /// One answer for each window of a long input, in order. The other inputs are given to every window.
    Windows {
        /// The input that is cut.
        input: String,
        /// The axis that it is cut along, from 0.
        axis: u32,
        /// Elements of a window.
        length: u32,
        /// Elements from the start of one window to the start of the next, 1 to `length`.
        hop: u32,
        /// Elements before a window that come along in front of it; zeros before the first ones.
        #[serde(default)]
        context: u32,
        /// Whether the last window is filled up with zeros; else what does not fill a window is left out.
        #[serde(default = "yes")]
        pad_last: bool,
    },
    /// The model runs again on its own outputs.
    Repeat {
        /// What is given to the next step; inputs that are not fed stay as they were.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        feed: Vec<FedTensor>,
        /// Steps at most, 1 to 1048576.
        max_steps: u32,
        /// What ends the stream before that; the answer that meets it is the last one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<StopValue>,
    },
}

/// An output that the next step is given as an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FedTensor {
    /// The output.
    pub output: String,
    /// The input.
    pub input: String,
}

/// A value that ends a stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StopValue {
    /// The output that is looked at: of numbers or bools.
    pub output: String,
    /// The value that all its elements must have; 1 for true.
    pub equals: f64,
}

fn yes() -> bool {
    true
}

/// A stream by places in a signature.
#[derive(Debug, Clone, PartialEq)]
pub enum StreamPlan {
    /// One answer for each window.
    Windows {
        /// Position of the input.
        input: usize,
        /// Axis.
        axis: usize,
        /// Where windows lie.
        windows: Windows,
    },
    /// One answer for each step.
    Repeat {
        /// Positions of output and input.
        feed: Vec<(usize, usize)>,
        /// Steps at most.
        max_steps: u32,
        /// Position of the output, and the value.
        until: Option<(usize, f64)>,
    },
}

/// Where windows lie along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    /// Elements of one.
    pub size: usize,
    /// Elements from start to start.
    pub hop: usize,
    /// Elements before each.
    pub context: usize,
    /// Whether the last one is filled up.
    pub pad_last: bool,
}

/// One window: zeros, then elements of the input, then zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Zeros in front.
    pub before: usize,
    /// Elements of the input.
    pub elements: Range<usize>,
    /// Zeros behind.
    pub after: usize,
}

impl Windows {
    /// Elements that the model is given at once.
    pub fn width(&self) -> usize {
        self.context + self.size
    }

    /// The number of windows of so many elements.
    pub fn count(&self, length: usize) -> usize {
        match (length, self.pad_last) {
            (0, _) => 0,
            (n, true) => n.saturating_sub(self.size).div_ceil(self.hop) + 1,
            (n, false) if n < self.size => 0,
            (n, false) => (n - self.size) / self.hop + 1,
        }
    }

    /// A window by number, below [`Windows::count`].
    pub fn window(&self, number: usize, length: usize) -> Window {
        let start = number * self.hop;
        let (from, end) = (start.saturating_sub(self.context), start + self.size);
        Window {
            before: self.context.saturating_sub(start),
            elements: from.min(length)..end.min(length),
            after: end.saturating_sub(length),
        }
    }
}

impl StreamConfig {
    /// Checks the configuration against a model, and against what its sessions carry.
    ///
    /// # Errors
    /// `invalid_argument` that names the field, its value and what is allowed.
    pub fn plan(&self, signature: &Signature, carried: &[Carry]) -> Result<StreamPlan> {
        match self {
            StreamConfig::Windows { input, axis, length, hop, context, pad_last } => {
                let place = free_input(signature, carried, input, "stream/input")?;
                let spec = &signature.inputs[place];
                check("stream/length", *length, 1, MOST_LENGTH)?;
                check("stream/hop", *hop, 1, *length)?;
                check("stream/context", *context, 0, MOST_LENGTH)?;
                let windows = Windows {
                    size: *length as usize,
                    hop: *hop as usize,
                    context: *context as usize,
                    pad_last: *pad_last,
                };
                let wrong = |field, value: &u32, allowed: String| {
                    Err(Error::invalid(field, value, allowed).with("tensor", spec))
                };
                match spec.shape.get(*axis as usize) {
                    None => wrong("stream/axis", axis, format!("an axis of {spec}")),
                    Some(Dim::Fixed(n)) if *n != windows.width() => {
                        wrong("stream/length", length, format!("a length that makes {n} with the context"))
                    }
                    Some(_) if spec.dtype == DType::String => {
                        Err(Error::invalid("stream/input", spec, "an input of numbers or bools"))
                    }
                    Some(_) => Ok(StreamPlan::Windows { input: place, axis: *axis as usize, windows }),
                }
            }
            StreamConfig::Repeat { feed, max_steps, until } => {
                check("stream/max_steps", *max_steps, 1, MOST_STEPS)?;
                let mut fed: Vec<(usize, usize)> = Vec::with_capacity(feed.len().min(signature.inputs.len()));
                for (i, one) in feed.iter().enumerate() {
                    let at = |field: &str| format!("stream/feed/{i}/{field}");
                    let output = place(&signature.outputs, &one.output, &at("output"))?;
                    let input = free_input(signature, carried, &one.input, &at("input"))?;
                    if fed.iter().any(|(_, other)| *other == input) {
                        return Err(Error::invalid(at("input"), &one.input, "each input at most once"));
                    }
                    agree(&signature.outputs[output], &signature.inputs[input], &at("output"))?;
                    fed.push((output, input));
                }
                let until = until.as_ref().map(|until| until.plan(signature)).transpose()?;
                Ok(StreamPlan::Repeat { feed: fed, max_steps: *max_steps, until })
            }
        }
    }
}

impl StopValue {
    fn plan(&self, signature: &Signature) -> Result<(usize, f64)> {
        let output = place(&signature.outputs, &self.output, "stream/until/output")?;
        let spec = &signature.outputs[output];
        if spec.dtype == DType::String {
            return Err(Error::invalid("stream/until/output", spec, "an output of numbers or bools"));
        }
        if !self.equals.is_finite() {
            return Err(Error::invalid("stream/until/equals", self.equals, "a finite number"));
        }
        Ok((output, self.equals))
    }
}

fn check(field: &'static str, value: u32, least: u32, most: u32) -> Result<()> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(Error::invalid(field, value, format!("{least} to {most}")))
    }
}

/// Position of an input that no session carries.
fn free_input(signature: &Signature, carried: &[Carry], name: &str, field: &str) -> Result<usize> {
    let input = place(&signature.inputs, name, field)?;
    match carried.iter().any(|carry| carry.input == input) {
        true => Err(Error::invalid(field, name, "an input that is not carried")),
        false => Ok(input),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tensor::Shape;

    proptest! {
        #[test]
        fn windows_cover_the_input_once_and_in_order(
            length in 0usize..400,
            size in 1usize..50,
            hop in 1usize..50,
            context in 0usize..60,
            pad_last: bool,
        ) {
            let windows = Windows { size, hop: hop.min(size), context, pad_last };
            let count = windows.count(length);
            let mut next = 0;
            for n in 0..count {
                let window = windows.window(n, length);
                // Always as wide as the model is told.
                prop_assert_eq!(window.before + window.elements.len() + window.after, windows.width());
                let start = n * windows.hop;
                // Its own part begins where the last hop ended, behind the context.
                let own = window.before + window.elements.start;
                let expected = context.abs_diff(start);
                prop_assert_eq!(own, expected);
                prop_assert!(window.elements.end == (start + size).min(length) && start < length);
                // No gap.
                prop_assert!(start <= next);
                next = window.elements.end;
                // Zeros in front come before the input alone, zeros behind after it alone.
                prop_assert!(window.before == 0 || window.elements.start == 0);
                prop_assert!(window.after == 0 || window.elements.end == length);
                // Only the last one is filled up, and only where that is asked for.
                prop_assert!(window.after == 0 || (pad_last && n + 1 == count));
            }
            if pad_last {
                prop_assert_eq!(next, length);
            } else {
                // What is left out does not make a window.
                prop_assert!(length < count * windows.hop + size);
            }
            // As many as there are, and no more: one more would begin behind the covered part or not be full.
            let start = count * windows.hop;
            prop_assert!(start + size > length || (pad_last && count == 0));
        }
    }

    fn signature() -> Signature {
        serde_json::from_str(
            r#"{"inputs": [{"name": "x", "dtype": "f32", "shape": ["?", "576"]},
                           {"name": "h", "dtype": "f32", "shape": ["1"]},
                           {"name": "t", "dtype": "string", "shape": ["n"]}],
                "outputs": [{"name": "y", "dtype": "f32", "shape": ["?"]},
                            {"name": "h2", "dtype": "f32", "shape": ["1"]},
                            {"name": "s", "dtype": "string", "shape": ["n"]}]}"#,
        )
        .unwrap()
    }

    fn plan(text: &str) -> Result<StreamPlan> {
        let carried = [Carry { output: 1, input: 1, shape: Shape::from_slice(&[1]) }];
        serde_json::from_str::<StreamConfig>(text).unwrap().plan(&signature(), &carried)
    }

    #[test]
    fn the_defaults_hold() {
        let text = r#"{"type": "windows", "input": "x", "axis": 1, "length": 576, "hop": 576}"#;
        let windows = Windows { size: 576, hop: 576, context: 0, pad_last: true };
        assert_eq!(plan(text).unwrap(), StreamPlan::Windows { input: 0, axis: 1, windows });
        let text = r#"{"type": "repeat", "feed": [{"output": "s", "input": "t"}], "max_steps": 3}"#;
        assert_eq!(plan(text).unwrap(), StreamPlan::Repeat { feed: vec![(2, 2)], max_steps: 3, until: None });
    }

    #[test]
    fn what_cannot_be_is_named() {
        let windows = |more: &str| format!(r#"{{"type": "windows", {more}}}"#);
        let repeat = |more: &str| format!(r#"{{"type": "repeat", "max_steps": 4, {more}}}"#);
        for (text, field, value) in [
            (windows(r#""input": "z", "axis": 1, "length": 512, "hop": 512"#), "stream/input", "z"),
            (windows(r#""input": "h", "axis": 0, "length": 1, "hop": 1"#), "stream/input", "h"),
            (windows(r#""input": "t", "axis": 0, "length": 1, "hop": 1"#), "stream/input", "t: string[n]"),
            (windows(r#""input": "x", "axis": 2, "length": 576, "hop": 512"#), "stream/axis", "2"),
            (windows(r#""input": "x", "axis": 1, "length": 512, "hop": 512"#), "stream/length", "512"),
            (windows(r#""input": "x", "axis": 1, "length": 0, "hop": 1"#), "stream/length", "0"),
            (windows(r#""input": "x", "axis": 1, "length": 576, "hop": 0"#), "stream/hop", "0"),
            (windows(r#""input": "x", "axis": 1, "length": 576, "hop": 577"#), "stream/hop", "577"),
            (
                windows(r#""input": "x", "axis": 0, "length": 5, "hop": 5, "context": 4294967295"#),
                "stream/context",
                "4294967295",
            ),
            (repeat(r#""feed": [{"output": "no", "input": "x"}]"#), "stream/feed/0/output", "no"),
            (repeat(r#""feed": [{"output": "y", "input": "h"}]"#), "stream/feed/0/input", "h"),
            (repeat(r#""feed": [{"output": "y", "input": "x"}]"#), "stream/feed/0/output", "y: f32[?]"),
            (
                repeat(r#""feed": [{"output": "s", "input": "t"}, {"output": "s", "input": "t"}]"#),
                "stream/feed/1/input",
                "t",
            ),
            (repeat(r#""feed": [], "until": {"output": "s", "equals": 1}"#), "stream/until/output", "s: string[n]"),
            (r#"{"type": "repeat", "feed": [], "max_steps": 0}"#.to_owned(), "stream/max_steps", "0"),
        ] {
            let error = plan(&text).unwrap_err();
            assert_eq!((error.get("field"), error.get("value")), (Some(field), Some(value)), "{text}");
            assert!(!error.get("allowed").unwrap().is_empty());
        }
    }
}
