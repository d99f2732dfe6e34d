//! Element types and contents of tensors in a file.

use std::borrow::Cow;

use super::proto::Tensor;
use super::wire::{Value, damaged, varints};
use crate::error::{Error, ErrorKind, Result};
use crate::tensor::DType;

/// ONNX's number of an element type.
pub(crate) fn dtype_number(dtype: DType) -> i32 {
    match dtype {
        DType::F32 => 1,
        DType::U8 => 2,
        DType::I8 => 3,
        DType::U16 => 4,
        DType::I16 => 5,
        DType::I32 => 6,
        DType::I64 => 7,
        DType::String => 8,
        DType::Bool => 9,
        DType::F16 => 10,
        DType::F64 => 11,
        DType::U32 => 12,
        DType::U64 => 13,
    }
}

/// The element type behind ONNX's number.
pub(super) fn dtype(number: i64, tensor: &str) -> Result<DType> {
    let known = DType::ALL.into_iter().find(|d| i64::from(dtype_number(*d)) == number);
    known.ok_or_else(|| {
        let name = match number {
            14 => "complex64",
            15 => "complex128",
            16 => "bfloat16",
            17..=20 => "float8",
            21 => "uint4",
            22 => "int4",
            23 => "float4",
            24 => "float8",
            25 => "uint2",
            26 => "int2",
            -1 => "a sequence, map or optional",
            0 => return invalid("a tensor has no element type", tensor),
            _ => return invalid("a tensor has an unknown element type", tensor).with("value", number),
        };
        Error::new(ErrorKind::Unsupported, "the element type is not supported")
            .with("tensor", tensor)
            .with("value", name)
            .with("allowed", "f16, f32, f64, i8 to i64, u8 to u64, bool, string")
    })
}

pub(super) fn invalid(message: &'static str, tensor: &str) -> Error {
    Error::new(ErrorKind::InvalidModel, message).with("tensor", tensor)
}

impl<'a> Tensor<'a> {
    /// The elements as little-endian bytes, whichever field of the file holds them. Empty for strings.
    pub(crate) fn bytes(&self) -> Result<Cow<'a, [u8]>> {
        if let Some(raw) = self.raw
            && self.chunks.is_empty()
        {
            return Ok(Cow::Borrowed(raw));
        }
        let dtype = dtype(self.data_type, self.name)?;
        let width = dtype.size().unwrap_or(0);
        let mut out = Vec::with_capacity(usize::try_from(self.typed).unwrap_or(0).saturating_mul(width));
        for (number, value) in &self.chunks {
            match (number, value) {
                (4 | 10, Value::Bytes(bytes)) => out.extend_from_slice(bytes),
                (4, Value::Fixed32(bytes)) => out.extend_from_slice(bytes),
                (10, Value::Fixed64(bytes)) => out.extend_from_slice(bytes),
                (5 | 7 | 11, value) => {
                    // Truncation is the format's own rule: f16 and small integers lie in the low bits.
                    varints(*value, |int| out.extend_from_slice(&int.to_le_bytes()[..width]))?;
                }
                (6, _) => {}
                _ => return Err(damaged("a tensor's data has another wire type than its own")),
            }
        }
        Ok(Cow::Owned(out))
    }

    /// The strings of a string tensor.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &'a [u8]> {
        self.chunks.iter().filter_map(|(number, value)| match value {
            Value::Bytes(bytes) if *number == 6 => Some(*bytes),
            _ => None,
        })
    }

    /// The elements of a tensor of numbers, where there are up to `limit`; not a number where an integer is too large to
    /// be followed exactly.
    pub(super) fn numbers(&self, limit: usize) -> Option<Vec<f64>> {
        let dtype = dtype(self.data_type, self.name).ok()?;
        let count = crate::tensor::element_count(&self.shape().ok()?)?;
        let width = dtype.size()?;
        if count > limit {
            return None;
        }
        let bytes = self.bytes().ok()?;
        let number = |chunk: &[u8]| {
            let mut wide = [0; 8];
            wide[..width].copy_from_slice(chunk);
            let bits = u64::from_le_bytes(wide);
            let int = |value: i64| if value.unsigned_abs() < 1 << 53 { value as f64 } else { f64::NAN };
            match dtype {
                DType::F16 => f64::from(half::f16::from_bits(bits as u16)),
                DType::F32 => f64::from(f32::from_bits(bits as u32)),
                DType::F64 => f64::from_bits(bits),
                DType::I8 => f64::from(bits as u8 as i8),
                DType::I16 => f64::from(bits as u16 as i16),
                DType::I32 => f64::from(bits as u32 as i32),
                DType::I64 => int(bits as i64),
                _ if bits < 1 << 53 => bits as f64,
                _ => f64::NAN,
            }
        };
        Some(bytes.chunks_exact(width).map(number).collect())
    }

    /// The sizes of the axes.
    pub(crate) fn shape(&self) -> Result<Vec<usize>> {
        self.dims
            .iter()
            .map(|&dim| {
                usize::try_from(dim).map_err(|_| invalid("a tensor has a negative size", self.name).with("value", dim))
            })
            .collect()
    }

    /// Checks type, sizes and length of the content.
    pub(super) fn check(&self, budgets: &super::Budgets) -> Result<()> {
        if self.is_external {
            return Err(self.external_error());
        }
        if self.segmented {
            return Err(
                Error::new(ErrorKind::Unsupported, "tensors in segments are not supported").with("tensor", self.name)
            );
        }
        let dtype = dtype(self.data_type, self.name)?;
        let shape = self.shape()?;
        if let Some(dim) = shape.iter().find(|dim| **dim as u64 > budgets.max_dim) {
            return Err(super::budgets::too_large("max_dim", dim, budgets.max_dim).with("tensor", self.name));
        }
        let count = crate::tensor::element_count(&shape)
            .ok_or_else(|| super::budgets::too_large("max_dim", format!("{shape:?}"), budgets.max_dim))?;
        let wrong = |found: u64, wanted: u64, unit: &'static str| {
            invalid("a tensor's data has another length than its shape asks for", self.name)
                .with("value", format!("{found} {unit}"))
                .with("allowed", format!("{wanted} {unit} for {dtype}{shape:?}"))
        };
        let typed_field = match dtype {
            DType::F32 => 4,
            DType::F64 => 10,
            DType::String => 6,
            DType::I64 => 7,
            DType::U32 | DType::U64 => 11,
            _ => 5,
        };
        match self.raw {
            Some(raw) if !raw.is_empty() => {
                let Some(width) = dtype.size() else {
                    return Err(invalid("a string tensor has raw data", self.name));
                };
                if !self.chunks.is_empty() {
                    return Err(invalid("a tensor has data of two kinds", self.name));
                }
                let wanted = (count as u64).saturating_mul(width as u64);
                if raw.len() as u64 != wanted {
                    return Err(wrong(raw.len() as u64, wanted, "bytes"));
                }
            }
            _ if self.typed != count as u64 => return Err(wrong(self.typed, count as u64, "elements")),
            _ if self.chunks.first().is_some_and(|(number, _)| *number != typed_field) => {
                return Err(
                    invalid("a tensor's data is in a field of another element type", self.name).with("value", dtype)
                );
            }
            _ => {}
        }
        Ok(())
    }

    fn external_error(&self) -> Error {
        let location = self.external.unwrap_or("");
        let escapes = location.is_empty()
            || location.starts_with(['/', '\\'])
            || location.as_bytes().get(1) == Some(&b':')
            || location.contains('\0')
            || location.split(['/', '\\']).any(|part| part == "..");
        if escapes {
            return invalid("a tensor's external data lies outside the model's folder", self.name)
                .with("field", "location")
                .with("value", location.escape_debug());
        }
        Error::new(
            ErrorKind::Unsupported,
            "tensors in external files are not supported: a model is one file, so save it with its data inside, as \
             with onnx.save_model(model, path, save_as_external_data=False)",
        )
        .with("tensor", self.name)
        .with("location", location.escape_debug())
    }
}

impl Tensor<'_> {
    /// Bytes of the content.
    pub(super) fn byte_len(&self) -> u64 {
        match self.raw {
            Some(raw) if !raw.is_empty() => raw.len() as u64,
            _ => {
                let width = dtype(self.data_type, self.name).ok().and_then(|d| d.size());
                match width {
                    Some(width) => self.typed.saturating_mul(width as u64),
                    None => self.texts().map(|t| t.len() as u64).sum(),
                }
            }
        }
    }
}
