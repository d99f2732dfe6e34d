//! `resize` and `standardize`: pixels as models want them. Files are decoded by the host.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{ReadyStep, Step, Wired, check_form, check_rank, elements, misfit, output, push, read};
use crate::engine::{Cancel, Outputs};
use crate::error::{Error, Result};
use crate::model::signature::{Dim, TensorSpec};
use crate::tensor::{DType, TensorView};

/// Pixels along one side at most.
const MAX_SIDE: usize = 8192;

/// Bilinear, with half-pixel centres and edges that repeat, as ONNX's `Resize` does it. With `antialias`, the default, a
/// smaller picture averages over all pixels below its own, as Pillow's `BILINEAR` does; ONNX's `antialias` rounds the
/// window and differs.
pub(super) struct Resize;

/// `(x * scale - mean) / std` for each channel, as f32.
pub(super) struct Standardize;

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Layout {
    Nhwc,
    Nchw,
}

impl Layout {
    /// Positions of height, width and channels.
    fn axes(self) -> (usize, usize, usize) {
        match self {
            Layout::Nhwc => (1, 2, 3),
            Layout::Nchw => (2, 3, 1),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResizeConfig {
    height: usize,
    width: usize,
    layout: Layout,
    #[serde(default = "yes")]
    antialias: bool,
}

fn yes() -> bool {
    true
}

struct ReadyResize {
    config: ResizeConfig,
    outputs: [TensorSpec; 1],
}

fn image(inputs: &[TensorSpec]) -> Result<&TensorSpec> {
    let (_, spec) = Wired::new(inputs, &["image"])?.required("image")?;
    check_form(spec, &[DType::U8, DType::F32], 4..=4)?;
    Ok(spec)
}

impl Step for Resize {
    fn name(&self) -> &str {
        "resize"
    }

    fn prepare(&self, config: &Map<String, Value>, inputs: &[TensorSpec]) -> Result<Arc<dyn ReadyStep>> {
        let config: ResizeConfig = read(config)?;
        for (field, side) in [("config/height", config.height), ("config/width", config.width)] {
            if !(1..=MAX_SIDE).contains(&side) {
                return Err(Error::invalid(field, side, format!("1 to {MAX_SIDE}")));
            }
        }
        let spec = image(inputs)?;
        let (height, width, _) = config.layout.axes();
        let mut shape = spec.shape.clone();
        shape[height] = Dim::Fixed(config.height);
        shape[width] = Dim::Fixed(config.width);
        Ok(Arc::new(ReadyResize { config, outputs: [output("output", spec.dtype, shape)] }))
    }
}

/// For each new position, the first old one that counts and the weights from there.
fn filter(from: usize, to: usize, antialias: bool) -> Vec<(usize, Vec<f32>)> {
    let ratio = from as f64 / to as f64;
    let reach = if antialias { ratio.max(1.0) } else { 1.0 };
    let one = |position: usize| {
        let centre = (position as f64 + 0.5) * ratio - 0.5;
        let first = (centre - reach).ceil().max(0.0) as usize;
        let last = ((centre + reach).floor().max(0.0) as usize).min(from - 1);
        let weight = |old: usize| (1.0 - (old as f64 - centre).abs() / reach).max(0.0);
        let first = first.min(last);
        let mut weights: Vec<f64> = (first..=last).map(weight).collect();
        let sum: f64 = weights.iter().sum();
        if sum > 0.0 {
            weights.iter_mut().for_each(|weight| *weight /= sum);
        } else {
            weights[0] = 1.0;
        }
        (first, weights.into_iter().map(|weight| weight as f32).collect())
    };
    (0..to).map(one).collect()
}

/// Resamples the middle one of three axes.
fn along(data: &[f32], (outer, from, inner): (usize, usize, usize), filter: &[(usize, Vec<f32>)]) -> Vec<f32> {
    let mut resampled = vec![0.0f32; outer * filter.len() * inner];
    for block in 0..outer {
        for (position, (first, weights)) in filter.iter().enumerate() {
            let new = &mut resampled[(block * filter.len() + position) * inner..][..inner];
            for (i, weight) in weights.iter().enumerate() {
                let old = &data[(block * from + first + i) * inner..][..inner];
                new.iter_mut().zip(old).for_each(|(new, old)| *new += weight * old);
            }
        }
    }
    resampled
}

fn floats(view: &TensorView<'_>) -> Result<Vec<f32>> {
    Ok(match view.dtype() {
        DType::U8 => elements::<u8>(view)?.iter().map(|x| f32::from(*x)).collect(),
        _ => elements::<f32>(view)?.into_owned(),
    })
}

impl ReadyStep for ReadyResize {
    fn outputs(&self) -> &[TensorSpec] {
        &self.outputs
    }

    fn run(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, cancel: &Cancel<'_>) -> Result<()> {
        let view = &inputs[0];
        check_rank("image", view, 4)?;
        let (height, width, _) = self.config.layout.axes();
        let mut shape = view.shape().to_vec();
        for side in [height, width] {
            if !(1..=MAX_SIDE).contains(&shape[side]) {
                return Err(misfit("image", view.shape(), format!("sides of 1 to {MAX_SIDE} pixels")));
            }
        }
        let mut data = floats(view)?;
        for (axis, to) in [(width, self.config.width), (height, self.config.height)] {
            let sizes = super::around(&shape, axis);
            data = along(&data, sizes, &filter(shape[axis], to, self.config.antialias));
            shape[axis] = to;
            cancel.check()?;
        }
        match view.dtype() {
            // Rounded to the nearest; a cast from float saturates.
            DType::U8 => push(outputs, &shape, data.into_iter().map(|x| x.round() as u8).collect::<Vec<u8>>()),
            _ => push(outputs, &shape, data),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StandardizeConfig {
    layout: Layout,
    /// Layout of what comes out; the same where absent.
    output_layout: Option<Layout>,
    /// 1/255 for u8, 1 for f32 where absent.
    scale: Option<f32>,
    #[serde(default)]
    mean: Vec<f32>,
    #[serde(default)]
    std: Vec<f32>,
}

struct ReadyStandardize {
    from: Layout,
    to: Layout,
    /// A factor and a summand for each channel, or one for all.
    channels: Vec<(f32, f32)>,
    outputs: [TensorSpec; 1],
}

impl Step for Standardize {
    fn name(&self) -> &str {
        "standardize"
    }

    fn prepare(&self, config: &Map<String, Value>, inputs: &[TensorSpec]) -> Result<Arc<dyn ReadyStep>> {
        let config: StandardizeConfig = read(config)?;
        let spec = image(inputs)?;
        let from = config.layout;
        let to = config.output_layout.unwrap_or(from);
        let ((h, w, c), (to_h, to_w, to_c)) = (from.axes(), to.axes());
        let channels = match (&spec.shape[c], config.mean.len().max(config.std.len())) {
            (_, 0) => 1,
            (Dim::Fixed(size), _) => *size,
            (_, given) => given,
        };
        for (field, values) in [("config/mean", &config.mean), ("config/std", &config.std)] {
            if !values.is_empty() && values.len() != channels {
                return Err(Error::invalid(field, format!("{} numbers", values.len()), format!("{channels} numbers")));
            }
        }
        let scale = config.scale.unwrap_or(if spec.dtype == DType::U8 { 1.0 / 255.0 } else { 1.0 });
        let one = |i: usize| {
            let mean = config.mean.get(i).copied().unwrap_or(0.0);
            let std = config.std.get(i).copied().unwrap_or(1.0);
            (scale / std, -mean / std)
        };
        let channels: Vec<_> = (0..channels).map(one).collect();
        if channels.iter().any(|(factor, summand)| !factor.is_finite() || !summand.is_finite()) {
            return Err(Error::invalid("config", "a number that is not finite, or a std of 0", "finite numbers"));
        }
        let mut shape = spec.shape.clone();
        (shape[to_h], shape[to_w], shape[to_c]) = (spec.shape[h].clone(), spec.shape[w].clone(), spec.shape[c].clone());
        Ok(Arc::new(ReadyStandardize { from, to, channels, outputs: [output("output", DType::F32, shape)] }))
    }
}

impl ReadyStep for ReadyStandardize {
    fn outputs(&self) -> &[TensorSpec] {
        &self.outputs
    }

    fn run(&self, inputs: &[TensorView<'_>], outputs: &mut Outputs, _: &Cancel<'_>) -> Result<()> {
        let view = &inputs[0];
        check_rank("image", view, 4)?;
        let (h, w, c) = self.from.axes();
        let shape = view.shape();
        let (batch, height, width, channels) = (shape[0], shape[h], shape[w], shape[c]);
        if self.channels.len() != 1 && self.channels.len() != channels {
            return Err(misfit("image", shape, format!("{} channels", self.channels.len())));
        }
        let data = floats(view)?;
        let of_channel = |channel: usize| self.channels[if self.channels.len() == 1 { 0 } else { channel }];
        let area = height * width;
        // Where an element is: pixel and channel within a picture.
        let position = |layout: Layout, pixel: usize, channel: usize| match layout {
            Layout::Nhwc => pixel * channels + channel,
            Layout::Nchw => channel * area + pixel,
        };
        let mut standard = vec![0.0f32; data.len()];
        for picture in 0..batch {
            let start = picture * area * channels;
            for channel in 0..channels {
                let (factor, summand) = of_channel(channel);
                for pixel in 0..area {
                    standard[start + position(self.to, pixel, channel)] =
                        data[start + position(self.from, pixel, channel)] * factor + summand;
                }
            }
        }
        let (to_h, to_w, to_c) = self.to.axes();
        let mut sizes = [batch; 4];
        (sizes[to_h], sizes[to_w], sizes[to_c]) = (height, width, channels);
        push(outputs, &sizes, standard)
    }
}
