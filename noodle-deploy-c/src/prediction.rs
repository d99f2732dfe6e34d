//! What an answer carries. Names and facts become C strings when they are first asked for.

use std::ffi::{CString, c_char};
use std::sync::OnceLock;

use noodle_deploy_core::{DType, Error, Prediction, Result, Served, Tensor};
use serde_json::json;

use crate::dlpack::{DLManagedTensorVersioned, export};
use crate::handle::json;
use crate::marshal::{Field, Layout, Record, Ty};
use crate::ops::layouts::SIGNATURE;
use crate::ops::types::noodle_signature;
use crate::options::free;
use crate::status::{guard, noodle_status, quietly};
use crate::tensor::{noodle_string, noodle_tensor, strings_of};
use crate::text::{null, owned, required};

/// The answer to a request: outputs of exactly one version. Several threads may read it at once.
pub struct noodle_prediction_t {
    prediction: Prediction,
    names: OnceLock<Vec<CString>>,
    strings: OnceLock<Vec<Vec<noodle_string>>>,
    served: OnceLock<Record>,
}

/// Who answered.
#[repr(C)]
pub struct noodle_served {
    /// sizeof(noodle_served) in the library.
    size: usize,
    /// The deployment.
    deployment: *const c_char,
    /// Number of the revision.
    revision: u32,
    /// The model.
    model: *const c_char,
    /// Version of the model.
    version: *const c_char,
    /// Names of the classes; none where the version has no labels.
    labels: *const *const c_char,
    /// How many.
    labels_count: usize,
    /// Inputs and outputs of the model.
    signature: *const noodle_signature,
}

static SERVED: Layout = Layout {
    name: "noodle_served",
    size: size_of::<noodle_served>(),
    fields: &[
        field("deployment", std::mem::offset_of!(noodle_served, deployment), Ty::Text),
        field("revision", std::mem::offset_of!(noodle_served, revision), Ty::U32),
        field("model", std::mem::offset_of!(noodle_served, model), Ty::Text),
        field("version", std::mem::offset_of!(noodle_served, version), Ty::Text),
        field("labels", std::mem::offset_of!(noodle_served, labels), Ty::List(&Ty::Text)),
        field("signature", std::mem::offset_of!(noodle_served, signature), Ty::Struct(&SIGNATURE)),
    ],
};

/// A label and its score.
#[repr(C)]
pub struct noodle_label_score {
    /// The label.
    label: *const c_char,
    /// What the model gives it.
    score: f32,
}

/// The best labels of each row.
#[repr(C)]
pub struct noodle_ranking {
    /// sizeof(noodle_ranking) in the library.
    size: usize,
    /// Rows of the output.
    rows: usize,
    /// Labels of each row: what was asked for, or all where there are fewer.
    per_row: usize,
    /// `rows` times `per_row` entries, row after row, the best first.
    entries: *const noodle_label_score,
}

/// A ranking with what it points to; the first field is what C sees.
#[repr(C)]
struct Ranking {
    seen: noodle_ranking,
    entries: Vec<noodle_label_score>,
    labels: Vec<CString>,
}

const fn field(name: &'static str, offset: usize, ty: Ty) -> Field {
    Field { name, offset, has: None, ty }
}

impl noodle_prediction_t {
    #[inline]
    pub(crate) fn new(prediction: Prediction) -> Self {
        let (names, strings, served) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        noodle_prediction_t { prediction, names, strings, served }
    }

    fn names(&self) -> &[CString] {
        self.names.get_or_init(|| self.prediction.outputs().map(|(name, _)| owned(name)).collect())
    }

    fn tensor(&self, name: *const c_char, index: usize, tensor: &Tensor) -> noodle_tensor {
        if tensor.dtype() != DType::String {
            return noodle_tensor::of(name, tensor, &[]);
        }
        let all = || self.prediction.outputs().map(|(_, tensor)| strings_of(tensor)).collect();
        noodle_tensor::of(name, tensor, &self.strings.get_or_init(all)[index])
    }

    fn at(&self, index: usize) -> Result<&Tensor> {
        let found = self.prediction.outputs().nth(index).map(|(_, tensor)| tensor);
        found.ok_or_else(|| Error::invalid("index", index, format!("less than {}", self.prediction.outputs().count())))
    }
}

/// # Safety
/// `prediction` is null or was handed out and not freed.
unsafe fn prediction<'a>(prediction: *const noodle_prediction_t) -> Result<&'a noodle_prediction_t> {
    // SAFETY: as the caller promises.
    unsafe { prediction.as_ref() }.ok_or_else(|| null("prediction"))
}

/// Frees the prediction, and with it every output, name and fact that was borrowed from it. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_prediction_free(prediction: *mut noodle_prediction_t) {
    // SAFETY: the pointer is null or a prediction that is not used again, as the header asks.
    quietly(|| unsafe { free(prediction) });
}

/// Returns the number of outputs; 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_prediction_count(prediction: *const noodle_prediction_t) -> usize {
    // SAFETY: the pointer is null or a prediction, as the header asks.
    unsafe { prediction.as_ref() }.map_or(0, |given| given.prediction.outputs().count())
}

/// Fills `*out`, whose `size` the caller has set, with the output of that name. What it points to belongs to the
/// prediction; `out->name` is the caller's `name`.
///
/// Errors: NOODLE_ERROR_INVALID_ARGUMENT that lists the outputs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_prediction_output(
    from: *const noodle_prediction_t,
    name: *const c_char,
    out: *mut noodle_tensor,
) -> noodle_status {
    guard(|| {
        // SAFETY: pointers are null or valid, as the header asks.
        unsafe {
            let (from, wanted) = (prediction(from)?, required("name", name)?);
            let found = from.prediction.outputs().enumerate().find(|(_, (name, _))| *name == wanted);
            let Some((index, (_, tensor))) = found else { return from.prediction.output(wanted).map(drop) };
            from.tensor(name, index, tensor).fill(out)
        }
    })
}

/// Fills `*out`, whose `size` the caller has set, with the output at a place in the model's order. All of it belongs to
/// the prediction, the name too.
///
/// Errors: NOODLE_ERROR_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_prediction_output_at(
    from: *const noodle_prediction_t,
    index: usize,
    out: *mut noodle_tensor,
) -> noodle_status {
    guard(|| {
        // SAFETY: pointers are null or valid, as the header asks.
        unsafe {
            let from = prediction(from)?;
            let tensor = from.at(index)?;
            from.tensor(from.names()[index].as_ptr(), index, tensor).fill(out)
        }
    })
}

/// Gives the output at a place in the model's order as a DLPack tensor, without a copy. The tensor is marked read-only
/// and keeps its memory alive by itself; its consumer calls the deleter once, from any thread. Strings are refused.
///
/// Errors: NOODLE_ERROR_INVALID_ARGUMENT, _UNSUPPORTED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_prediction_to_dlpack(
    from: *const noodle_prediction_t,
    index: usize,
    out: *mut *mut DLManagedTensorVersioned,
) -> noodle_status {
    guard(|| {
        // SAFETY: pointers are null or valid, as the header asks.
        let (from, out) = unsafe { (prediction(from)?, out.as_mut().ok_or_else(|| null("out"))?) };
        *out = std::ptr::null_mut();
        *out = export(from.at(index)?.clone())?;
        Ok(())
    })
}

/// Who answers, as C sees it.
pub(crate) fn served_record(served: &Served) -> Result<Record> {
    Record::new(
        &SERVED,
        &json!({
            "deployment": served.deployment,
            "revision": served.revision,
            "model": served.model,
            "version": served.version,
            "labels": served.labels,
            "signature": json(&served.signature)?,
        }),
    )
}

/// Gives who answered. `*out` belongs to the prediction.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_prediction_served(
    from: *const noodle_prediction_t,
    out: *mut *const noodle_served,
) -> noodle_status {
    guard(|| {
        // SAFETY: pointers are null or valid, as the header asks.
        let (from, out) = unsafe { (prediction(from)?, out.as_mut().ok_or_else(|| null("out"))?) };
        *out = std::ptr::null();
        if from.served.get().is_none() {
            // Another thread may have been faster; both records say the same.
            drop(from.served.set(served_record(from.prediction.served())?));
        }
        *out = from.served.get().map_or(std::ptr::null(), Record::as_ptr);
        Ok(())
    })
}

/// Gives the `k` best labels of each row of the first f32 output whose last axis has one entry per label. The caller
/// frees `*out` with noodle_free_ranking.
///
/// Errors: NOODLE_ERROR_INVALID_ARGUMENT where the version has no labels or no such output.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_prediction_top(
    from: *const noodle_prediction_t,
    k: usize,
    out: *mut *mut noodle_ranking,
) -> noodle_status {
    guard(|| {
        // SAFETY: pointers are null or valid, as the header asks.
        let (from, out) = unsafe { (prediction(from)?, out.as_mut().ok_or_else(|| null("out"))?) };
        *out = std::ptr::null_mut();
        let rows = from.prediction.top(k)?;
        let best = || rows.iter().flatten();
        let labels: Vec<CString> = best().map(|(label, _)| owned(label)).collect();
        let entry =
            |(label, (_, score)): (&CString, &(&str, f32))| noodle_label_score { label: label.as_ptr(), score: *score };
        let entries: Vec<_> = labels.iter().zip(best()).map(entry).collect();
        let seen = noodle_ranking {
            size: size_of::<noodle_ranking>(),
            rows: rows.len(),
            per_row: rows.first().map_or(0, Vec::len),
            entries: entries.as_ptr(),
        };
        *out = Box::into_raw(Box::new(Ranking { seen, entries, labels })).cast();
        Ok(())
    })
}

/// Frees a ranking. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn noodle_free_ranking(ranking: *mut noodle_ranking) {
    quietly(|| {
        if !ranking.is_null() {
            // SAFETY: rankings are handed out as the first field of a boxed `Ranking`.
            let Ranking { seen: _, entries, labels } = *unsafe { Box::from_raw(ranking.cast::<Ranking>()) };
            // The entries point into the labels.
            drop((entries, labels));
        }
    });
}
