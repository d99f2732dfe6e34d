//! The inputs of a prediction: from JSON, from raw elements, from the bytes of any file.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use noodle_deploy_core::model::probe::TensorData;
use noodle_deploy_core::model::signature::{Dim, Signature, TensorSpec};
use noodle_deploy_core::tensor::element_count;
use noodle_deploy_core::{DType, Error, Result, Tensor};

use crate::args::{Predict, Sizes};

/// Bytes of one input at most.
const MAX_INPUT_BYTES: u64 = 1 << 30;

/// Every input that the command line names.
pub(crate) fn tensors(args: &Predict, signature: &Signature) -> Result<Vec<(String, Tensor)>> {
    let mut tensors = Vec::new();
    if let Some(path) = &args.json_inputs {
        let named: BTreeMap<String, TensorData> = json(path, "an object of tensors by input name")?;
        for (name, data) in named {
            tensors.push((name.clone(), data.to_tensor().map_err(|e| e.with("input", name))?));
        }
    }
    for (name, source) in &args.inputs {
        let tensor = match source.strip_prefix('@') {
            Some(path) => raw(args, name, path, spec(signature, name)?),
            None => json::<TensorData>(source, "a tensor: dtype, shape, data").and_then(|data| data.to_tensor()),
        };
        tensors.push((name.clone(), tensor.map_err(|e| e.with("input", name))?));
    }
    for (name, source) in &args.bytes {
        tensors.push((name.clone(), bytes(source, spec(signature, name)?).map_err(|e| e.with("input", name))?));
    }
    let mut seen = HashSet::new();
    if let Some((twice, _)) = tensors.iter().find(|(name, _)| !seen.insert(name)) {
        return Err(Error::invalid("input", twice, "each input once"));
    }
    Ok(tensors)
}

fn spec<'a>(signature: &'a Signature, name: &str) -> Result<&'a TensorSpec> {
    signature.inputs.iter().find(|s| s.name == name).ok_or_else(|| {
        let names: Vec<&str> = signature.inputs.iter().map(|s| s.name.as_str()).collect();
        Error::invalid("input", name, names.join(", "))
    })
}

fn json<T: serde::de::DeserializeOwned>(path: &str, what: &'static str) -> Result<T> {
    serde_json::from_slice(&read(Path::new(path), MAX_INPUT_BYTES)?)
        .map_err(|e| Error::invalid("json", e, what).with("file", path))
}

/// What was said for this input, else what was said for all.
fn said<'a, T>(values: &'a [(Option<String>, T)], name: &str) -> Option<&'a T> {
    let of = |wanted: Option<&str>| values.iter().rev().find(|(n, _)| n.as_deref() == wanted).map(|(_, v)| v);
    of(Some(name)).or_else(|| of(None))
}

fn raw(args: &Predict, name: &str, path: &str, spec: &TensorSpec) -> Result<Tensor> {
    let elements = read(Path::new(path), MAX_INPUT_BYTES)?;
    let dtype = said(&args.dtypes, name).copied().unwrap_or(spec.dtype);
    let shape = match said(&args.shapes, name) {
        Some(Sizes(shape)) => shape.clone(),
        None => infer(spec, dtype, elements.len())?,
    };
    Tensor::from_bytes(dtype, &shape, &elements)
}

/// The declared shape; where one axis is free, the one that takes all elements.
fn infer(spec: &TensorSpec, dtype: DType, bytes: usize) -> Result<Vec<usize>> {
    let ask = || Error::invalid("shape", "nothing", spec).with("reason", "the shape does not follow from the length");
    let element =
        dtype.size().ok_or_else(|| Error::invalid("dtype", dtype, "a type of fixed size; give strings as JSON"))?;
    let free: Vec<usize> =
        spec.shape.iter().enumerate().filter(|(_, d)| !matches!(d, Dim::Fixed(_))).map(|(i, _)| i).collect();
    let mut shape: Vec<usize> = spec.shape.iter().map(|d| if let Dim::Fixed(n) = d { *n } else { 1 }).collect();
    if let [axis] = free[..] {
        let row = element_count(&shape).and_then(|n| n.checked_mul(element)).unwrap_or(0);
        if row == 0 || !bytes.is_multiple_of(row) {
            return Err(ask());
        }
        shape[axis] = bytes / row;
    } else if !free.is_empty() {
        return Err(ask());
    }
    Ok(shape)
}

fn bytes(source: &str, spec: &TensorSpec) -> Result<Tensor> {
    let (path, length, pad) = parse_bytes(source);
    let limit = length.map_or(MAX_INPUT_BYTES, |n| n as u64);
    if limit > MAX_INPUT_BYTES {
        return Err(Error::invalid("bytes", source, format!("a length of at most {MAX_INPUT_BYTES}")));
    }
    let mut values: Vec<i64> = match length {
        Some(_) => prefix(Path::new(path), limit)?,
        None => read(Path::new(path), limit)?,
    }
    .into_iter()
    .map(i64::from)
    .collect();
    if let (Some(length), Some(pad)) = (length, pad) {
        values.resize(length, pad);
    }
    // [batch, length], or [length] for a model without a batch axis.
    let mut shape = vec![1; spec.shape.len().max(1)];
    let last = shape.len() - 1;
    shape[last] = values.len();
    integers(spec, &shape, values)
}

/// `FILE[:LENGTH[:PAD]]`; a file's own name may have colons.
fn parse_bytes(source: &str) -> (&str, Option<usize>, Option<i64>) {
    let cut = |text: &'_ str| text.rfind(':').map(|at| (at, at + 1));
    if let Some((at, after)) = cut(source) {
        let head = &source[..at];
        if let (Some((second, start)), Ok(pad)) = (cut(head), source[after..].parse())
            && let Ok(length) = head[start..].parse()
        {
            return (&head[..second], Some(length), Some(pad));
        }
        if let Ok(length) = source[after..].parse() {
            return (head, Some(length), None);
        }
    }
    (source, None, None)
}

fn integers(spec: &TensorSpec, shape: &[usize], values: Vec<i64>) -> Result<Tensor> {
    fn narrow<T: TryFrom<i64>>(values: &[i64], dtype: DType) -> Result<Vec<T>> {
        let convert = |v: &i64| T::try_from(*v).map_err(|_| Error::invalid("bytes", v, format!("values of {dtype}")));
        values.iter().map(convert).collect()
    }
    match spec.dtype {
        DType::U8 => Tensor::new(shape, narrow::<u8>(&values, spec.dtype)?),
        DType::I8 => Tensor::new(shape, narrow::<i8>(&values, spec.dtype)?),
        DType::U16 => Tensor::new(shape, narrow::<u16>(&values, spec.dtype)?),
        DType::I16 => Tensor::new(shape, narrow::<i16>(&values, spec.dtype)?),
        DType::U32 => Tensor::new(shape, narrow::<u32>(&values, spec.dtype)?),
        DType::I32 => Tensor::new(shape, narrow::<i32>(&values, spec.dtype)?),
        DType::U64 => Tensor::new(shape, narrow::<u64>(&values, spec.dtype)?),
        DType::I64 => Tensor::new(shape, values),
        DType::F32 => Tensor::new(shape, values.into_iter().map(|v| v as f32).collect::<Vec<_>>()),
        DType::F64 => Tensor::new(shape, values.into_iter().map(|v| v as f64).collect::<Vec<_>>()),
        other => Err(Error::invalid("bytes", other, "an input of integers or floats").with("input", &spec.name)),
    }
}

/// At most the first `limit` bytes of a file, or of the standard input for `-`.
pub(crate) fn prefix(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let done = match path == Path::new("-") {
        true => std::io::stdin().lock().take(limit).read_to_end(&mut bytes),
        false => File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)),
    };
    done.map_err(|e| unreadable(path, e))?;
    Ok(bytes)
}

/// A whole file, or the standard input for `-`.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let bytes = prefix(path, limit.saturating_add(1))?;
    if bytes.len() as u64 > limit {
        return Err(Error::new(noodle_deploy_core::ErrorKind::TooLarge, "the file is too large")
            .with("file", path.display())
            .with("allowed", format!("at most {limit} bytes")));
    }
    Ok(bytes)
}

pub(crate) fn unreadable(path: &Path, error: std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::NotFound => Error::not_found("file", path.display()).source(error),
        _ => Error::from(error).with("file", path.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_pad_are_read_from_the_right() {
        assert_eq!(parse_bytes("a.rs"), ("a.rs", None, None));
        assert_eq!(parse_bytes("a.rs:1024"), ("a.rs", Some(1024), None));
        assert_eq!(parse_bytes("a.rs:1024:256"), ("a.rs", Some(1024), Some(256)));
        assert_eq!(parse_bytes("C:\\a:b.rs:9:-1"), ("C:\\a:b.rs", Some(9), Some(-1)));
        assert_eq!(parse_bytes("C:\\a.rs"), ("C:\\a.rs", None, None));
    }

    #[test]
    fn a_free_axis_follows_from_the_length() {
        let spec = |shape: &[&str]| TensorSpec {
            name: "x".into(),
            dtype: DType::F32,
            shape: shape.iter().map(|d| d.parse().unwrap()).collect(),
        };
        assert_eq!(infer(&spec(&["n", "4"]), DType::F32, 32).unwrap(), [2, 4]);
        assert_eq!(infer(&spec(&["2", "4"]), DType::F32, 5).unwrap(), [2, 4]);
        assert!(infer(&spec(&["n", "4"]), DType::F32, 33).is_err());
        assert!(infer(&spec(&["n", "m"]), DType::F32, 32).is_err());
    }
}
