//! Third-party models: the inputs and ONNX Runtime's answers that `tools/models/recorded/` describes.
#![allow(dead_code, unreachable_pub)]

use std::path::Path;

use noodle_deploy_core::Tensor;
use serde_json::Value;

/// Answers agree within `TOLERANCE + TOLERANCE * |expected|`.
pub const TOLERANCE: f64 = 1e-4;

/// What was recorded of a model.
pub fn recorded(model: &str) -> Option<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tools/models/recorded");
    let text = std::fs::read_to_string(root.join(format!("{model}.json"))).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

/// The inputs, or the outputs, of a case.
pub fn list<'a>(case: &'a Value, name: &str) -> &'a [Value] {
    case[name].as_array().unwrap()
}

struct SplitMix(u64);

impl SplitMix {
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

pub fn shape_of(spec: &Value) -> Vec<usize> {
    spec["shape"].as_array().unwrap().iter().map(|d| d.as_u64().unwrap() as usize).collect()
}

/// Fills an input after the recipes of tools/models/README.md, and checks its head.
pub fn fill(spec: &Value) -> Tensor {
    let tensor = filled(spec);
    for (found, head) in as_floats(&tensor).iter().zip(list(spec, "head")) {
        let head = head.as_f64().unwrap();
        assert!((found - head).abs() <= 1e-6 * (1.0 + found.abs()), "{}: fill {found} {head}", spec["name"]);
    }
    tensor
}

fn filled(spec: &Value) -> Tensor {
    let shape = shape_of(spec);
    let count: usize = shape.iter().product();
    let recipe = &spec["fill"];
    let mut random = SplitMix(recipe["seed"].as_u64().unwrap_or(0));
    let float = |name: &str| recipe[name].as_f64().unwrap() as f32;
    let int = |name: &str| recipe[name].as_i64().unwrap();
    let kind = recipe["kind"].as_str().unwrap();
    match spec["dtype"].as_str().unwrap() {
        "float32" => {
            let data: Vec<f32> = match kind {
                "constant" => vec![float("value"); count],
                "uniform" => {
                    let (lo, hi) = (float("lo"), float("hi"));
                    (0..count).map(|_| lo + (hi - lo) * ((random.draw() >> 40) as f32 / 16_777_216.0)).collect()
                }
                "page" => page(&shape, recipe, &mut random),
                other => panic!("no such fill: {other}"),
            };
            Tensor::new(&shape, data).unwrap()
        }
        dtype => {
            let data: Vec<i64> = match kind {
                "constant" => vec![int("value"); count],
                "integers" => {
                    let (lo, hi) = (int("lo"), int("hi"));
                    (0..count).map(|_| (random.draw() % (hi - lo) as u64) as i64 + lo).collect()
                }
                other => panic!("no such fill: {other}"),
            };
            match dtype {
                "int64" => Tensor::new(&shape, data).unwrap(),
                "int32" => Tensor::new(&shape, data.iter().map(|&v| v as i32).collect::<Vec<_>>()).unwrap(),
                other => panic!("no such type: {other}"),
            }
        }
    }
}

fn page(shape: &[usize], recipe: &Value, random: &mut SplitMix) -> Vec<f32> {
    let (n, c, h, w) = (shape[0], shape[1], shape[2], shape[3]);
    let (cell, band) = (recipe["cell"].as_u64().unwrap() as usize, recipe["band"].as_u64().unwrap() as usize);
    let (ink, paper) = (recipe["ink"].as_f64().unwrap() as f32, recipe["paper"].as_f64().unwrap() as f32);
    let (rows, columns) = (h.div_ceil(cell), w.div_ceil(cell));
    let mut data = vec![0.0; n * c * h * w];
    for image in 0..n {
        let cells: Vec<bool> = (0..rows * columns).map(|_| random.draw() >> 63 == 1).collect();
        for y in 0..h {
            for x in 0..w {
                let inked = (y / band) % 2 == 1 && cells[(y / cell) * columns + x / cell];
                for channel in 0..c {
                    data[((image * c + channel) * h + y) * w + x] = if inked { ink } else { paper };
                }
            }
        }
    }
    data
}

fn as_floats(tensor: &Tensor) -> Vec<f64> {
    match tensor.dtype().name() {
        "f32" => tensor.as_slice::<f32>().unwrap().iter().map(|&v| f64::from(v)).collect(),
        "i32" => tensor.as_slice::<i32>().unwrap().iter().map(|&v| f64::from(v)).collect(),
        "i64" => tensor.as_slice::<i64>().unwrap().iter().map(|&v| v as f64).collect(),
        other => panic!("no such type: {other}"),
    }
}

/// The largest difference from a recorded output, or where one is too large.
pub fn compare(found: &Tensor, wanted: &Value) -> Result<f64, String> {
    let name = &wanted["name"];
    if found.shape() != shape_of(wanted) {
        return Err(format!("{name}: shape {:?} instead of {}", found.shape(), wanted["shape"]));
    }
    let found = as_floats(found);
    let number = |v: &Value| v.as_f64().unwrap();
    let near = |found: f64, wanted: f64| (found - wanted).abs() <= TOLERANCE + TOLERANCE * wanted.abs();
    let (offset, stride) = (wanted["offset"].as_u64().unwrap() as usize, wanted["stride"].as_u64().unwrap() as usize);
    let sampled = list(wanted, "values").iter().enumerate().map(|(i, value)| (offset + i * stride, number(value)));
    let picked = &wanted["picked"];
    let indices = list(picked, "indices").iter().map(|index| index.as_u64().unwrap() as usize);
    let picked = indices.zip(list(picked, "values").iter().map(number));
    let mut worst = 0.0f64;
    for (index, wanted) in sampled.chain(picked) {
        if !near(found[index], wanted) {
            return Err(format!("{name}[{index}]: {} instead of {wanted}", found[index]));
        }
        worst = worst.max((found[index] - wanted).abs());
    }
    let mean = found.iter().sum::<f64>() / found.len() as f64;
    let wanted_mean = number(&wanted["mean"]);
    if !near(mean, wanted_mean) {
        return Err(format!("{name}: mean {mean} instead of {wanted_mean}"));
    }
    Ok(worst)
}

/// The largest difference from the recorded outputs of a case.
pub fn compare_all(found: &[Tensor], case: &Value) -> Result<f64, String> {
    let wanted = list(case, "outputs");
    if found.len() != wanted.len() {
        return Err(format!("{} outputs instead of {}", found.len(), wanted.len()));
    }
    found.iter().zip(wanted).try_fold(0.0f64, |worst, (found, wanted)| Ok(worst.max(compare(found, wanted)?)))
}
