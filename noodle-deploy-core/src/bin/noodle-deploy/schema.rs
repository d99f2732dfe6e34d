//! The operations, the settings and the kinds of errors as JSON, for tools that write documents and bindings.

use noodle_deploy_core::error::{ERROR_KINDS, ErrorRecord};
use noodle_deploy_core::ops::OPERATIONS;
use noodle_deploy_core::{Progress, Result, Settings};
use schemars::schema_for;
use serde_json::json;

use crate::{Answer, exit};

pub(crate) fn print() -> Result<Answer> {
    let operations = OPERATIONS.iter().map(|o| {
        json!({
            "name": o.name,
            "summary": o.summary,
            "role": o.role,
            "mutates": o.mutates,
            "progress": o.progress,
            "input": (o.input)(),
            "output": (o.output)(),
        })
    });
    let errors = ERROR_KINDS.iter().map(|e| {
        json!({
            "code": e.code,
            "name": e.name,
            "description": e.description.trim(),
            "retryable": e.retryable,
            "http_status": e.http_status,
            "exit_status": exit::code(e.kind),
        })
    });
    let schema = json!({
        "operations": operations.collect::<Vec<_>>(),
        "errors": errors.collect::<Vec<_>>(),
        "settings": schema_for!(Settings),
        "error": schema_for!(ErrorRecord),
        "progress": schema_for!(Progress),
    });
    Answer::new(true, &schema, |_| String::new())
}
