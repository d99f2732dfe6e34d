//! Tensors as C has them: borrowed, dense, row-major.

use std::ffi::{c_char, c_void};

use noodle_deploy_core::tensor::{Data, element_count};
use noodle_deploy_core::{DType, Error, Result, Tensor, TensorView};
use smallvec::SmallVec;

use crate::marshal::{fill, sized};
use crate::text::{null, required};
use crate::value::noodle_value_t;

/// An element of a tensor of strings: UTF-8, not NUL-terminated, and a NUL within is allowed.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct noodle_string {
    /// The bytes.
    pub(crate) data: *const c_char,
    /// How many.
    pub(crate) size: usize,
}

/// A tensor that borrows its memory.
///
/// As an input, all of it belongs to the caller and must stay as it is until the call returns. As an output, it belongs
/// to the prediction and lives until that is freed.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct noodle_tensor {
    /// sizeof(noodle_tensor), set by the caller, for outputs too.
    pub(crate) size: usize,
    /// Name of the model's input or output.
    pub(crate) name: *const c_char,
    /// A NOODLE_DTYPE_ constant.
    pub(crate) dtype: i32,
    /// Number of axes; 0 for a scalar.
    pub(crate) rank: usize,
    /// Sizes of the axes, outermost first; may be NULL for a scalar.
    pub(crate) shape: *const usize,
    /// The elements, row-major, in the order of the host's bytes; of any alignment as an input. NULL for strings, and
    /// allowed where there are no elements.
    pub(crate) data: *const c_void,
    /// Bytes at `data`.
    pub(crate) bytes: usize,
    /// The elements of a tensor of strings, else NULL.
    pub(crate) strings: *const noodle_string,
    /// How many.
    pub(crate) strings_count: usize,
    /// The value that owns the memory, or NULL. With it an asynchronous request shares the memory; without, it copies.
    pub(crate) value: *const noodle_value_t,
}

/// Strings of one input; empty for other element types.
pub(crate) type Strings = Vec<String>;

/// Inputs of one call: few, so they live on the stack.
pub(crate) type Inputs = SmallVec<[noodle_tensor; 4]>;

/// Reads the inputs of one call into `into`, which stays where it is: moving it would cost more than reading.
///
/// # Safety
/// `inputs` points to `count` pointers, each null or leading to a struct of its size.
pub(crate) unsafe fn inputs(inputs: *const *const noodle_tensor, count: usize, into: &mut Inputs) -> Result<()> {
    if count > 0 && inputs.is_null() {
        return Err(null("inputs"));
    }
    for i in 0..count {
        // SAFETY: as the caller promises.
        let input = unsafe { *inputs.add(i) };
        if input.is_null() {
            return Err(null("inputs").with("index", i));
        }
        // SAFETY: as above.
        into.push(unsafe { sized("inputs", input) }?);
    }
    Ok(())
}

impl noodle_tensor {
    /// What an output is filled with.
    pub(crate) fn of(name: *const c_char, tensor: &Tensor, strings: &[noodle_string]) -> Self {
        let bytes = match tensor.data() {
            Data::Bytes(bytes) => bytes,
            Data::Strings(_) => &[],
        };
        let dtype = DType::ALL.iter().position(|dtype| *dtype == tensor.dtype()).map_or(0, |i| i as i32 + 1);
        noodle_tensor {
            size: size_of::<Self>(),
            name,
            dtype,
            rank: tensor.shape().len(),
            shape: tensor.shape().as_ptr(),
            data: if tensor.dtype() == DType::String { std::ptr::null() } else { bytes.as_ptr().cast() },
            bytes: bytes.len(),
            strings: if tensor.dtype() == DType::String { strings.as_ptr() } else { std::ptr::null() },
            strings_count: strings.len(),
            value: std::ptr::null(),
        }
    }

    /// Writes as much as the caller's struct has room for.
    ///
    /// # Safety
    /// `out` is null or points to a struct of its size.
    pub(crate) unsafe fn fill(self, out: *mut noodle_tensor) -> Result<()> {
        // SAFETY: as the caller promises.
        unsafe { fill(self, out) }
    }

    /// # Safety
    /// The name is null or NUL-terminated.
    pub(crate) unsafe fn name<'a>(&self) -> Result<&'a str> {
        // SAFETY: as the caller promises.
        unsafe { required("name", self.name) }
    }

    fn dtype(&self) -> Result<DType> {
        let dtype = usize::try_from(self.dtype).ok().filter(|n| *n > 0).and_then(|n| DType::ALL.get(n - 1));
        dtype.copied().ok_or_else(|| Error::invalid("dtype", self.dtype, "a NOODLE_DTYPE_ constant"))
    }

    /// # Safety
    /// The shape is null or has `rank` sizes.
    unsafe fn shape<'a>(&self) -> Result<&'a [usize]> {
        if self.rank > noodle_deploy_core::model::probe::MAX_RANK {
            return Err(Error::invalid("rank", self.rank, noodle_deploy_core::model::probe::MAX_RANK));
        }
        // SAFETY: as the caller promises.
        unsafe { slice("shape", self.shape, self.rank) }
    }

    pub(crate) fn has_strings(&self) -> bool {
        self.dtype == DType::ALL.len() as i32
    }

    /// Copies of the strings, for the core has them as its own type.
    ///
    /// # Safety
    /// `strings` is null or has `strings_count` elements, each of which is null or has its size.
    pub(crate) unsafe fn strings(&self) -> Result<Strings> {
        if self.dtype()? != DType::String {
            return Ok(Vec::new());
        }
        // SAFETY: as the caller promises.
        let strings = unsafe { slice("strings", self.strings, self.strings_count) }?;
        let read = |string: &noodle_string| {
            // SAFETY: as above; bytes of any value are a byte slice.
            let bytes = unsafe { slice("strings", string.data.cast::<u8>(), string.size) }?;
            let text = std::str::from_utf8(bytes);
            text.map(str::to_owned).map_err(|e| Error::invalid("strings", e, "UTF-8"))
        };
        strings.iter().map(read).collect()
    }

    /// The tensor for the core, over the caller's memory; strings come from [`noodle_tensor::strings`].
    ///
    /// # Safety
    /// Shape and data are null or as long as they say, for `'a`.
    pub(crate) unsafe fn view<'a>(&self, strings: &'a [String]) -> Result<TensorView<'a>> {
        // SAFETY: as the caller promises.
        unsafe {
            let shape = self.shape()?;
            match self.dtype()? {
                DType::String => TensorView::strings(shape, strings),
                dtype => TensorView::from_bytes(dtype, shape, slice("data", self.data.cast::<u8>(), self.bytes)?),
            }
        }
    }

    /// An owned tensor: shares the memory of `value`, else copies.
    ///
    /// # Safety
    /// As [`noodle_tensor::view`] and [`noodle_tensor::strings`]; `value` is null or a value.
    pub(crate) unsafe fn to_owned(self) -> Result<Tensor> {
        // SAFETY: as the caller promises.
        unsafe {
            if let Some(value) = self.value.as_ref() {
                return Ok(value.tensor().clone());
            }
            match self.dtype()? {
                DType::String => Tensor::strings(self.shape()?, self.strings()?),
                dtype => Tensor::from_bytes(dtype, self.shape()?, slice("data", self.data.cast::<u8>(), self.bytes)?),
            }
        }
    }
}

/// # Safety
/// `data` is null or has `count` elements that live for `'a`.
unsafe fn slice<'a, T>(field: &'static str, data: *const T, count: usize) -> Result<&'a [T]> {
    match (data.is_null(), count) {
        (true, 0) => Ok(&[]),
        (true, _) => Err(null(field)),
        _ if count > isize::MAX as usize / size_of::<T>() => Err(Error::invalid(field, count, "a size that fits")),
        // SAFETY: not null and, as the caller promises, so long.
        _ => Ok(unsafe { std::slice::from_raw_parts(data, count) }),
    }
}

/// Elements of a tensor of strings, as C has them; empty for other element types.
pub(crate) fn strings_of(tensor: &Tensor) -> Vec<noodle_string> {
    let string = |s: &String| noodle_string { data: s.as_ptr().cast(), size: s.len() };
    match tensor.data() {
        Data::Strings(strings) => strings.iter().map(string).collect(),
        Data::Bytes(_) => Vec::new(),
    }
}

/// The product of a shape that is in use, so that it fits.
pub(crate) fn elements(shape: &[usize]) -> Result<usize> {
    element_count(shape).ok_or_else(|| Error::invalid("shape", format!("{shape:?}"), "a number of elements that fits"))
}
