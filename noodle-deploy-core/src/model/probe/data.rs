//! Tensors as JSON: element type, shape, and the elements in one flat list.

use std::borrow::Cow;
use std::fmt;

use half::f16;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::error::{Error, ErrorKind, Result};
use crate::tensor::{DType, Data, Element, Tensor, TensorView};

/// Axes of a tensor at most.
pub const MAX_RANK: usize = 32;

/// One element as JSON has it.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// `true` or `false`.
    Bool(bool),
    /// A negative integer, or one that fits 63 bits.
    Int(i64),
    /// An integer that needs the 64th bit.
    Uint(u64),
    /// A number with a fraction or an exponent. Never NaN or infinite: those are text.
    Float(f64),
    /// A string; among floats `nan`, `inf` and `-inf`; among 64-bit integers also decimal digits, for languages whose
    /// numbers end at 53 bits.
    Text(String),
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scalar::Bool(value) => write!(f, "{value}"),
            Scalar::Int(value) => write!(f, "{value}"),
            Scalar::Uint(value) => write!(f, "{value}"),
            Scalar::Float(value) => write!(f, "{value:?}"),
            Scalar::Text(value) => write!(f, "{:?}", crate::settings::shorten(value)),
        }
    }
}

impl Serialize for Scalar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Scalar::Bool(value) => serializer.serialize_bool(*value),
            Scalar::Int(value) => serializer.serialize_i64(*value),
            Scalar::Uint(value) => serializer.serialize_u64(*value),
            Scalar::Float(value) => serializer.serialize_f64(*value),
            Scalar::Text(value) => serializer.serialize_str(value),
        }
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;

        impl Visitor<'_> for Visit {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, a bool or a string")
            }

            fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
                Ok(Scalar::Bool(value))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
                Ok(Scalar::Int(value))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
                Ok(i64::try_from(value).map_or(Scalar::Uint(value), Scalar::Int))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
                Ok(Scalar::Float(value))
            }

            fn visit_str<E>(self, value: &str) -> Result<Scalar, E> {
                Ok(Scalar::Text(value.to_owned()))
            }

            fn visit_string<E>(self, value: String) -> Result<Scalar, E> {
                Ok(Scalar::Text(value))
            }
        }

        deserializer.deserialize_any(Visit)
    }
}

impl JsonSchema for Scalar {
    fn schema_name() -> Cow<'static, str> {
        "Scalar".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["number", "boolean", "string"],
            "description": "one element; nan, inf and -inf are strings"
        })
    }
}

/// A tensor as JSON. Integers are exact; a float is the shortest decimal that reads back as itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TensorData {
    /// Element type.
    pub dtype: DType,
    /// Sizes of the axes, outermost first; empty for a scalar.
    pub shape: Vec<usize>,
    /// The elements, row-major.
    pub data: Vec<Scalar>,
}

impl TensorData {
    /// The tensor.
    ///
    /// # Errors
    /// `invalid_argument` where the shape does not have that many elements, or an element is not of the type or out of
    /// its range (with its `index`); `too_large` for more than [`MAX_RANK`] axes.
    pub fn to_tensor(&self) -> Result<Tensor> {
        if self.shape.len() > MAX_RANK {
            return Err(Error::new(ErrorKind::TooLarge, "too many axes")
                .with("field", "shape")
                .with("value", self.shape.len())
                .with("allowed", format!("at most {MAX_RANK}")));
        }
        match self.dtype {
            DType::F16 => self.elements(|s| narrow(s, f16::from_f64, f16::is_finite)),
            DType::F32 => self.elements(|s| narrow(s, |v| v as f32, f32::is_finite)),
            DType::F64 => self.elements(|s| narrow(s, |v| v, f64::is_finite)),
            DType::I8 => self.elements(integer::<i8>),
            DType::I16 => self.elements(integer::<i16>),
            DType::I32 => self.elements(integer::<i32>),
            DType::I64 => self.elements(|s| integer::<i64>(s).or_else(|| digits(s))),
            DType::U8 => self.elements(integer::<u8>),
            DType::U16 => self.elements(integer::<u16>),
            DType::U32 => self.elements(integer::<u32>),
            DType::U64 => self.elements(|s| integer::<u64>(s).or_else(|| digits(s))),
            DType::Bool => self.elements(|s| match s {
                Scalar::Bool(value) => Some(*value),
                _ => None,
            }),
            DType::String => Tensor::strings(
                &self.shape,
                self.each(|s| match s {
                    Scalar::Text(text) => Some(text.clone()),
                    _ => None,
                })?,
            ),
        }
    }

    /// The tensor's elements as JSON has them.
    pub fn from_view(view: &TensorView<'_>) -> Self {
        let data = match (view.data(), view.dtype()) {
            (Data::Strings(strings), _) => strings.iter().cloned().map(Scalar::Text).collect(),
            (Data::Bytes(bytes), dtype) => match dtype {
                DType::F16 => scalars::<f16>(bytes, |v| single(v.to_f32())),
                DType::F32 => scalars::<f32>(bytes, single),
                DType::F64 => scalars::<f64>(bytes, float),
                DType::I8 => scalars::<i8>(bytes, |v| Scalar::Int(v.into())),
                DType::I16 => scalars::<i16>(bytes, |v| Scalar::Int(v.into())),
                DType::I32 => scalars::<i32>(bytes, |v| Scalar::Int(v.into())),
                DType::I64 => scalars::<i64>(bytes, Scalar::Int),
                DType::U8 => scalars::<u8>(bytes, |v| Scalar::Int(v.into())),
                DType::U16 => scalars::<u16>(bytes, |v| Scalar::Int(v.into())),
                DType::U32 => scalars::<u32>(bytes, |v| Scalar::Int(v.into())),
                DType::U64 => scalars::<u64>(bytes, |v| i64::try_from(v).map_or(Scalar::Uint(v), Scalar::Int)),
                DType::Bool => bytes.iter().map(|&b| Scalar::Bool(b != 0)).collect(),
                // A view of strings has strings.
                DType::String => Vec::new(),
            },
        };
        TensorData { dtype: view.dtype(), shape: view.shape().to_vec(), data }
    }

    fn elements<T: Element>(&self, read: impl Fn(&Scalar) -> Option<T>) -> Result<Tensor> {
        Tensor::new(&self.shape, self.each(read)?)
    }

    fn each<T>(&self, read: impl Fn(&Scalar) -> Option<T>) -> Result<Vec<T>> {
        let convert = |(index, scalar)| {
            read(scalar).ok_or_else(|| Error::invalid("data", scalar, allowed(self.dtype)).with("index", index))
        };
        self.data.iter().enumerate().map(convert).collect()
    }
}

impl From<&Tensor> for TensorData {
    fn from(tensor: &Tensor) -> Self {
        TensorData::from_view(&tensor.view())
    }
}

impl TryFrom<&TensorData> for Tensor {
    type Error = Error;

    fn try_from(data: &TensorData) -> Result<Self> {
        data.to_tensor()
    }
}

/// What an element of a type may be.
fn allowed(dtype: DType) -> &'static str {
    match dtype {
        DType::F16 => "a number from -65504 to 65504, \"nan\", \"inf\" or \"-inf\"",
        DType::F32 => "a number that fits f32, \"nan\", \"inf\" or \"-inf\"",
        DType::F64 => "a number that fits f64, \"nan\", \"inf\" or \"-inf\"",
        DType::I8 => "an integer from -128 to 127",
        DType::I16 => "an integer from -32768 to 32767",
        DType::I32 => "an integer from -2147483648 to 2147483647",
        DType::I64 => "an integer from -9223372036854775808 to 9223372036854775807",
        DType::U8 => "an integer from 0 to 255",
        DType::U16 => "an integer from 0 to 65535",
        DType::U32 => "an integer from 0 to 4294967295",
        DType::U64 => "an integer from 0 to 18446744073709551615",
        DType::Bool => "true or false",
        DType::String => "a string",
    }
}

/// A float of a width. A finite number that the width turns into an infinity is out of range.
fn narrow<T: Copy>(scalar: &Scalar, convert: impl Fn(f64) -> T, is_finite: impl Fn(T) -> bool) -> Option<T> {
    let value = match scalar {
        Scalar::Int(value) => *value as f64,
        Scalar::Uint(value) => *value as f64,
        Scalar::Float(value) => *value,
        Scalar::Text(text) => {
            return match text.as_str() {
                "nan" => Some(convert(f64::NAN)),
                "inf" => Some(convert(f64::INFINITY)),
                "-inf" => Some(convert(f64::NEG_INFINITY)),
                _ => None,
            };
        }
        Scalar::Bool(_) => return None,
    };
    Some(convert(value)).filter(|value| is_finite(*value))
}

fn integer<T: TryFrom<i64> + TryFrom<u64>>(scalar: &Scalar) -> Option<T> {
    match scalar {
        Scalar::Int(value) => T::try_from(*value).ok(),
        Scalar::Uint(value) => T::try_from(*value).ok(),
        _ => None,
    }
}

fn digits<T: std::str::FromStr>(scalar: &Scalar) -> Option<T> {
    match scalar {
        Scalar::Text(text) if !text.starts_with('+') => text.parse().ok(),
        _ => None,
    }
}

fn scalars<T: Element>(bytes: &[u8], convert: impl Fn(T) -> Scalar) -> Vec<Scalar> {
    // Chunks have the element's size, and a view's bytes were checked for valid bits when it was made.
    let read = |chunk: &[u8]| bytemuck::checked::try_pod_read_unaligned(chunk).ok();
    bytes.chunks_exact(size_of::<T>()).filter_map(read).map(convert).collect()
}

fn float(value: f64) -> Scalar {
    if value.is_nan() {
        Scalar::Text("nan".to_owned())
    } else if value.is_infinite() {
        Scalar::Text(if value > 0.0 { "inf" } else { "-inf" }.to_owned())
    } else {
        Scalar::Float(value)
    }
}

/// The shortest decimal that an `f32` reader takes for this value, so that 0.1 is not written 0.10000000149011612.
fn single(value: f32) -> Scalar {
    let exact = f64::from(value);
    if !value.is_finite() {
        return float(exact);
    }
    match value.to_string().parse::<f64>() {
        // A JSON reader may be off by one unit in the last place of an `f64`; that must not matter here.
        Ok(short) if [short.next_down(), short, short.next_up()].iter().all(|&v| v as f32 == value) => {
            Scalar::Float(if short == 0.0 { exact } else { short })
        }
        _ => Scalar::Float(exact),
    }
}
