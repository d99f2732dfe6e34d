//! Settings from a value of the host.

use noodle_deploy_core::{Error, ErrorKind, Result, Settings};
use serde_json::Value;

/// Reads settings; absent ones are the defaults.
///
/// # Errors
/// `invalid_argument` with the field that is unknown or does not fit.
pub(crate) fn read(value: &Value) -> Result<Settings> {
    serde_path_to_error::deserialize(value).map_err(|e| {
        let field = e.path().to_string();
        let shown = value.get(&field).unwrap_or(value).to_string();
        Error::new(ErrorKind::InvalidArgument, "the settings are not valid")
            .with("field", if field == "." { "settings" } else { &field })
            .with("value", shown.chars().take(120).collect::<String>())
            .with("allowed", e.into_inner())
    })
}
