//! Tensors as they cross the border between a host and an engine: owned ([`Tensor`]) or borrowed ([`TensorView`]).
//!
//! Data is dense and row-major. An owned tensor shares its buffer by reference count, so that a clone copies nothing and
//! an engine can hand out its own memory as an answer.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use bytemuck::{CheckedBitPattern, NoUninit};
use half::f16;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::error::{Error, ErrorKind, Result};

/// Sizes of the axes, outermost first. Empty for a scalar.
pub type Shape = SmallVec<[usize; 6]>;

/// Element type of a tensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum DType {
    /// IEEE 754 half precision.
    F16,
    /// IEEE 754 single precision.
    F32,
    /// IEEE 754 double precision.
    F64,
    /// Signed 8 bits.
    I8,
    /// Signed 16 bits.
    I16,
    /// Signed 32 bits.
    I32,
    /// Signed 64 bits.
    I64,
    /// Unsigned 8 bits.
    U8,
    /// Unsigned 16 bits.
    U16,
    /// Unsigned 32 bits.
    U32,
    /// Unsigned 64 bits.
    U64,
    /// One byte, 0 or 1.
    Bool,
    /// UTF-8 strings of any length.
    String,
}

impl DType {
    /// Every element type.
    pub const ALL: [DType; 13] = [
        DType::F16,
        DType::F32,
        DType::F64,
        DType::I8,
        DType::I16,
        DType::I32,
        DType::I64,
        DType::U8,
        DType::U16,
        DType::U32,
        DType::U64,
        DType::Bool,
        DType::String,
    ];

    /// Whether elements are whole numbers, signed or not; bools are not.
    pub fn is_integer(self) -> bool {
        use DType::*;
        matches!(self, I8 | I16 | I32 | I64 | U8 | U16 | U32 | U64)
    }

    /// Bytes per element; `None` for strings.
    pub const fn size(self) -> Option<usize> {
        match self {
            DType::I8 | DType::U8 | DType::Bool => Some(1),
            DType::F16 | DType::I16 | DType::U16 => Some(2),
            DType::F32 | DType::I32 | DType::U32 => Some(4),
            DType::F64 | DType::I64 | DType::U64 => Some(8),
            DType::String => None,
        }
    }

    /// Lower-case name, as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            DType::F16 => "f16",
            DType::F32 => "f32",
            DType::F64 => "f64",
            DType::I8 => "i8",
            DType::I16 => "i16",
            DType::I32 => "i32",
            DType::I64 => "i64",
            DType::U8 => "u8",
            DType::U16 => "u16",
            DType::U32 => "u32",
            DType::U64 => "u64",
            DType::Bool => "bool",
            DType::String => "string",
        }
    }
}

impl fmt::Display for DType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for DType {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        DType::ALL.into_iter().find(|d| d.name() == name).ok_or_else(|| {
            Error::invalid("dtype", name, "f16, f32, f64, i8, i16, i32, i64, u8, u16, u32, u64, bool, string")
        })
    }
}

/// A Rust type that can be an element of a tensor.
pub trait Element: CheckedBitPattern + NoUninit + Send + Sync + 'static {
    /// The element type that it stands for.
    const DTYPE: DType;
}

macro_rules! elements {
    ($($t:ty => $d:ident),+) => { $(impl Element for $t { const DTYPE: DType = DType::$d; })+ };
}
elements!(f16 => F16, f32 => F32, f64 => F64, i8 => I8, i16 => I16, i32 => I32, i64 => I64,
          u8 => U8, u16 => U16, u32 => U32, u64 => U64, bool => Bool);

/// Memory that a tensor lives in. Implemented by vectors and by what engines return.
pub trait Buffer: Any + Send + Sync {
    /// The elements: dense, row-major.
    fn data(&self) -> Data<'_>;
}

/// Borrowed elements.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Data<'a> {
    /// Every element type but strings.
    Bytes(&'a [u8]),
    /// Strings.
    Strings(&'a [String]),
}

struct Elements<T>(Vec<T>);

impl<T: Element> Buffer for Elements<T> {
    fn data(&self) -> Data<'_> {
        Data::Bytes(bytemuck::cast_slice(&self.0))
    }
}

struct StringElements(Vec<String>);

impl Buffer for StringElements {
    fn data(&self) -> Data<'_> {
        Data::Strings(&self.0)
    }
}

/// The number of elements of a shape, or `None` where it does not fit `usize`.
pub fn element_count(shape: &[usize]) -> Option<usize> {
    // A zero anywhere makes the product zero, whatever overflow the other axes would give.
    if shape.contains(&0) {
        return Some(0);
    }
    shape.iter().try_fold(1usize, |n, &d| n.checked_mul(d))
}

fn check_count(shape: &[usize], len: usize) -> Result<()> {
    match element_count(shape) {
        Some(n) if n == len => Ok(()),
        Some(n) => Err(Error::invalid("shape", format!("{shape:?}"), format!("{len} elements, not {n}"))),
        None => Err(Error::new(ErrorKind::TooLarge, "shape overflows").with("shape", format!("{shape:?}"))),
    }
}

/// An owned tensor. Cloning shares the data.
#[derive(Clone)]
pub struct Tensor {
    dtype: DType,
    shape: Shape,
    buffer: Arc<dyn Buffer>,
}

/// Bytes of the elements of tensors.
pub(crate) fn bytes_of(tensors: &[Tensor]) -> u64 {
    let of = |tensor: &Tensor| match tensor.data() {
        Data::Bytes(bytes) => bytes.len(),
        Data::Strings(strings) => strings.iter().map(|text| text.len() + size_of::<String>()).sum(),
    };
    tensors.iter().map(|tensor| of(tensor) as u64).sum()
}

impl Tensor {
    /// A tensor over a vector; no copy.
    ///
    /// # Errors
    /// `invalid_argument` where the shape does not have `data.len()` elements.
    pub fn new<T: Element>(shape: &[usize], data: Vec<T>) -> Result<Self> {
        check_count(shape, data.len())?;
        Ok(Tensor { dtype: T::DTYPE, shape: shape.into(), buffer: Arc::new(Elements(data)) })
    }

    /// A tensor of strings.
    ///
    /// # Errors
    /// `invalid_argument` where the shape does not have `data.len()` elements.
    pub fn strings(shape: &[usize], data: Vec<String>) -> Result<Self> {
        check_count(shape, data.len())?;
        Ok(Tensor { dtype: DType::String, shape: shape.into(), buffer: Arc::new(StringElements(data)) })
    }

    /// A tensor of any element type but strings from raw little-endian bytes of the host.
    ///
    /// # Errors
    /// `invalid_argument` where the length does not fit, or a bool is neither 0 nor 1.
    pub fn from_bytes(dtype: DType, shape: &[usize], bytes: &[u8]) -> Result<Self> {
        TensorView::from_bytes(dtype, shape, bytes)?.to_tensor()
    }

    /// A tensor over an engine's own buffer; no copy and no allocation. The engine vouches for length and bit patterns.
    pub fn from_buffer(dtype: DType, shape: Shape, buffer: Arc<dyn Buffer>) -> Self {
        Tensor { dtype, shape, buffer }
    }

    /// Element type.
    pub fn dtype(&self) -> DType {
        self.dtype
    }

    /// Sizes of the axes.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        element_count(&self.shape).unwrap_or(0)
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The elements.
    pub fn data(&self) -> Data<'_> {
        self.buffer.data()
    }

    /// The elements as a slice.
    ///
    /// # Errors
    /// `invalid_argument` where `T` is another element type.
    pub fn as_slice<T: Element>(&self) -> Result<&[T]> {
        self.view().into_slice()
    }

    /// The strings.
    ///
    /// # Errors
    /// `invalid_argument` where the element type is not string.
    pub fn as_strings(&self) -> Result<&[String]> {
        match self.data() {
            Data::Strings(s) => Ok(s),
            Data::Bytes(_) => Err(wrong_dtype(DType::String, self.dtype)),
        }
    }

    /// Borrows the tensor. An engine that knows the buffer can use it without a copy.
    pub fn view(&self) -> TensorView<'_> {
        TensorView { dtype: self.dtype, shape: &self.shape, data: self.data(), owner: Some(&self.buffer) }
    }
}

impl fmt::Debug for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tensor({} {:?})", self.dtype, &self.shape[..])
    }
}

impl PartialEq for Tensor {
    fn eq(&self, other: &Self) -> bool {
        self.dtype == other.dtype && self.shape == other.shape && self.data() == other.data()
    }
}

/// A borrowed tensor: what `predict` takes.
#[derive(Clone, Copy)]
pub struct TensorView<'a> {
    dtype: DType,
    shape: &'a [usize],
    data: Data<'a>,
    owner: Option<&'a Arc<dyn Buffer>>,
}

impl<'a> TensorView<'a> {
    /// Borrows a slice.
    ///
    /// # Errors
    /// `invalid_argument` where the shape does not have `data.len()` elements.
    pub fn new<T: Element>(shape: &'a [usize], data: &'a [T]) -> Result<Self> {
        check_count(shape, data.len())?;
        Ok(TensorView { dtype: T::DTYPE, shape, data: Data::Bytes(bytemuck::cast_slice(data)), owner: None })
    }

    /// Borrows strings.
    ///
    /// # Errors
    /// `invalid_argument` where the shape does not have `data.len()` elements.
    pub fn strings(shape: &'a [usize], data: &'a [String]) -> Result<Self> {
        check_count(shape, data.len())?;
        Ok(TensorView { dtype: DType::String, shape, data: Data::Strings(data), owner: None })
    }

    /// Borrows raw bytes in the host's order; they need not be aligned.
    ///
    /// # Errors
    /// `invalid_argument` where the length does not fit the shape, the type is string, or a bool is neither 0 nor 1.
    pub fn from_bytes(dtype: DType, shape: &'a [usize], bytes: &'a [u8]) -> Result<Self> {
        let Some(size) = dtype.size() else {
            return Err(Error::invalid("dtype", dtype, "an element type of fixed size"));
        };
        if !bytes.len().is_multiple_of(size) {
            return Err(Error::invalid("bytes", bytes.len(), format!("a multiple of {size}")));
        }
        check_count(shape, bytes.len() / size)?;
        if dtype == DType::Bool
            && let Some(bad) = bytes.iter().find(|&&b| b > 1)
        {
            return Err(Error::invalid("bytes", bad, "0 or 1 in a bool tensor"));
        }
        Ok(TensorView { dtype, shape, data: Data::Bytes(bytes), owner: None })
    }

    /// Element type.
    pub fn dtype(&self) -> DType {
        self.dtype
    }

    /// Sizes of the axes.
    pub fn shape(&self) -> &'a [usize] {
        self.shape
    }

    /// The elements.
    pub fn data(&self) -> Data<'a> {
        self.data
    }

    /// The buffer behind, where the view comes from a [`Tensor`].
    pub fn owner(&self) -> Option<&'a Arc<dyn Buffer>> {
        self.owner
    }

    /// The elements as a slice.
    ///
    /// # Errors
    /// `invalid_argument` where `T` is another element type or the bytes are not aligned for it.
    pub fn into_slice<T: Element>(self) -> Result<&'a [T]> {
        match self.data {
            // Nothing is aligned wherever it is.
            Data::Bytes([]) if self.dtype == T::DTYPE => Ok(&[]),
            Data::Bytes(bytes) if self.dtype == T::DTYPE => bytemuck::checked::try_cast_slice(bytes)
                .map_err(|e| Error::invalid("tensor", e, format!("aligned {} elements", T::DTYPE))),
            _ => Err(wrong_dtype(T::DTYPE, self.dtype)),
        }
    }

    /// Copies into an owned tensor; shares instead where the view comes from one.
    ///
    /// # Errors
    /// None for a view that was made by this module's constructors.
    pub fn to_tensor(&self) -> Result<Tensor> {
        if let Some(owner) = self.owner {
            return Ok(Tensor { dtype: self.dtype, shape: self.shape.into(), buffer: owner.clone() });
        }
        fn copy<T: Element>(shape: &[usize], bytes: &[u8]) -> Result<Tensor> {
            let size = size_of::<T>();
            if let Ok(elements) = bytemuck::checked::try_cast_slice::<u8, T>(bytes) {
                return Tensor::new(shape, elements.to_vec());
            }
            // Not aligned, or a pattern that is no element.
            let elements = bytes
                .chunks_exact(size)
                .map(|c| {
                    bytemuck::checked::try_pod_read_unaligned(c)
                        .map_err(|e| Error::invalid("bytes", e, format!("valid {} elements", T::DTYPE)))
                })
                .collect::<Result<Vec<T>>>()?;
            Tensor::new(shape, elements)
        }
        match (self.dtype, self.data) {
            (_, Data::Strings(s)) => Tensor::strings(self.shape, s.to_vec()),
            (DType::F16, Data::Bytes(b)) => copy::<f16>(self.shape, b),
            (DType::F32, Data::Bytes(b)) => copy::<f32>(self.shape, b),
            (DType::F64, Data::Bytes(b)) => copy::<f64>(self.shape, b),
            (DType::I8, Data::Bytes(b)) => copy::<i8>(self.shape, b),
            (DType::I16, Data::Bytes(b)) => copy::<i16>(self.shape, b),
            (DType::I32, Data::Bytes(b)) => copy::<i32>(self.shape, b),
            (DType::I64, Data::Bytes(b)) => copy::<i64>(self.shape, b),
            (DType::U8, Data::Bytes(b)) => copy::<u8>(self.shape, b),
            (DType::U16, Data::Bytes(b)) => copy::<u16>(self.shape, b),
            (DType::U32, Data::Bytes(b)) => copy::<u32>(self.shape, b),
            (DType::U64, Data::Bytes(b)) => copy::<u64>(self.shape, b),
            (DType::Bool, Data::Bytes(b)) => copy::<bool>(self.shape, b),
            (DType::String, Data::Bytes(_)) => Err(wrong_dtype(DType::String, self.dtype)),
        }
    }
}

impl fmt::Debug for TensorView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TensorView({} {:?})", self.dtype, self.shape)
    }
}

fn wrong_dtype(wanted: DType, found: DType) -> Error {
    Error::invalid("dtype", found, wanted)
}

#[cfg(feature = "ndarray")]
mod with_ndarray {
    use ndarray::{ArrayD, ArrayView, ArrayViewD, Dimension, IxDyn};

    use super::{Element, Tensor, TensorView};
    use crate::error::{Error, Result};

    impl Tensor {
        /// A tensor over an array; no copy where the array is in standard layout.
        pub fn from_array<T: Element, D: Dimension>(array: ndarray::Array<T, D>) -> Result<Self> {
            let shape = array.shape().to_vec();
            let array = if array.is_standard_layout() { array } else { array.as_standard_layout().into_owned() };
            let (data, offset) = array.into_raw_vec_and_offset();
            let len = shape.iter().product::<usize>();
            let start = offset.unwrap_or(0);
            let data = if start == 0 && data.len() == len { data } else { data[start..start + len].to_vec() };
            Tensor::new(&shape, data)
        }

        /// Borrows the elements as an array.
        ///
        /// # Errors
        /// `invalid_argument` where `T` is another element type.
        pub fn as_array<T: Element>(&self) -> Result<ArrayViewD<'_, T>> {
            ArrayViewD::from_shape(IxDyn(self.shape()), self.as_slice::<T>()?)
                .map_err(|e| Error::invalid("shape", format!("{:?}", self.shape()), e))
        }

        /// Copies the elements into an array.
        ///
        /// # Errors
        /// `invalid_argument` where `T` is another element type.
        pub fn to_array<T: Element>(&self) -> Result<ArrayD<T>> {
            Ok(self.as_array()?.to_owned())
        }
    }

    impl<'a> TensorView<'a> {
        /// Borrows an array in standard layout.
        ///
        /// # Errors
        /// `invalid_argument` where the array is not contiguous and row-major.
        pub fn from_array<T: Element, D: Dimension>(array: &'a ArrayView<'a, T, D>) -> Result<Self> {
            let data =
                array.as_slice().ok_or_else(|| Error::invalid("array", "strided", "a contiguous row-major array"))?;
            TensorView::new(array.shape(), data)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shape_and_length_must_agree() {
        let error = Tensor::new(&[2, 3], vec![1.0f32; 5]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert_eq!(error.get("value"), Some("[2, 3]"));
        assert!(Tensor::new::<f32>(&[usize::MAX, 2], vec![]).is_err());
        assert!(Tensor::new::<f32>(&[usize::MAX, 2, 0], vec![]).is_ok());
    }

    #[test]
    fn slices_are_typed_and_clones_share() {
        let tensor = Tensor::new(&[2], vec![1i64, 2]).unwrap();
        assert_eq!(tensor.as_slice::<i64>().unwrap(), &[1, 2]);
        assert!(tensor.as_slice::<f64>().is_err());
        let copy = tensor.clone();
        assert_eq!(copy.as_slice::<i64>().unwrap().as_ptr(), tensor.as_slice::<i64>().unwrap().as_ptr());
    }

    #[test]
    fn no_elements_are_aligned_anywhere() {
        let bytes = [0u8; 8];
        for start in 0..8 {
            let view = TensorView::from_bytes(DType::F64, &[0], &bytes[start..start]).unwrap();
            assert_eq!(view.into_slice::<f64>().unwrap(), &[0.0; 0]);
        }
    }

    #[test]
    fn bad_bools_are_refused() {
        assert!(Tensor::from_bytes(DType::Bool, &[2], &[1, 2]).is_err());
        assert!(Tensor::from_bytes(DType::Bool, &[2], &[1, 0]).is_ok());
        assert!(Tensor::from_bytes(DType::F32, &[1], &[1, 0]).is_err());
    }
}
