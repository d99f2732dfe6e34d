//! Reads an ONNX file without trusting it.
//!
//! The file is walked on the wire format, within [`Budgets`], into borrowed structures; checks run on those, and
//! engines build what they need from those, so that no second reader sees another model than the one that was checked.

mod budgets;
mod check;
pub(crate) mod data;
mod info;
mod moves;
mod numbers;
pub(crate) mod proto;
mod sizes;
mod wire;

pub use budgets::Budgets;
#[cfg(any(feature = "engine-tract", feature = "engine-rten"))]
pub(crate) use info::operator_name;
pub use info::{OnnxInfo, Opset};

use crate::error::{Error, ErrorKind, Result};

/// Reads what a model is, checks it, and builds nothing.
///
/// # Errors
/// `invalid_model` for a damaged or contradictory file, `too_large` beyond a budget, `unsupported` for element types,
/// external data and kinds of values that no engine of this library takes.
pub fn inspect(bytes: &[u8], budgets: &Budgets) -> Result<OnnxInfo> {
    read(bytes, budgets).map(|(_, info)| info)
}

/// Reads, checks and describes.
pub(crate) fn read<'a>(bytes: &'a [u8], budgets: &Budgets) -> Result<(proto::Model<'a>, OnnxInfo)> {
    if bytes.is_empty() {
        return Err(Error::new(ErrorKind::InvalidModel, "the file is empty"));
    }
    if bytes.len() as u64 > budgets.max_file_bytes {
        return Err(budgets::too_large("max_file_bytes", bytes.len(), budgets.max_file_bytes));
    }
    let mut meter = budgets::Meter::new(budgets);
    let model = proto::Model::read(bytes, &mut meter)?;
    check::check(&model, budgets)?;
    let info = info::describe(&model, &meter)?;
    if let Some(graph) = &model.graph {
        sizes::check(graph, info.weight_bytes, budgets)?;
    }
    Ok((model, info))
}
