//! `cargo xtask parity`: proves that nothing is missing in a language.
//!
//! The operations, errors and events of the table, and the calls of the data plane below, are looked for in what was
//! built: the Python and the Node package are loaded and asked for their names, the C library for its symbols; the core
//! and the C++ header are read.

use std::collections::BTreeSet;
use std::path::Path;

use crate::bindings;
use crate::json::Json;
use crate::report::{Report, Skip};
use crate::run::{self, Result};
use crate::surface::{Shape, Surface, camel, pascal};

/// One call of the data plane, by its name in each language; some names stand for properties.
struct Call {
    what: &'static str,
    rust: &'static str,
    python: &'static str,
    node: &'static str,
    c: &'static str,
    cpp: &'static str,
}

macro_rules! calls {
    ($($what:literal: $rust:literal, $python:literal, $node:literal, $c:literal, $cpp:literal;)+) => {
        &[$(Call { what: $what, rust: $rust, python: $python, node: $node, c: $c, cpp: $cpp },)+]
    };
}

/// The data plane is written by hand in each language; this list keeps the hands together. In Python an open hands the
/// messages to `logging`.
#[rustfmt::skip]
const DATA_PLANE: &[Call] = calls! {
    "open": "open", "open", "openSync", "noodle_open", "open";
    "open with settings": "settings", "open", "openSync", "noodle_open", "open";
    "open without waiting": "open", "open_async", "open", "noodle_open", "open";
    "close": "close", "Noodle.close", "Noodle.close", "noodle_close", "close";
    "directory": "dir", "Noodle.dir", "Noodle.dir", "noodle_dir", "dir";
    "settings": "settings", "Noodle.settings", "Noodle.settings", "noodle_get_settings", "settings";
    "restore": "restore", "restore", "restore", "noodle_restore", "restore";
    "act as somebody": "call_as", "Noodle.acting_as", "Noodle.as", "noodle_list_models", "as";
    "hear progress": "with_progress", "Noodle.backup(progress)", "Noodle.backup(options)", "noodle_backup", "on_progress";
    "predict": "predict_with", "Noodle.predict", "Noodle.predictSync", "noodle_predict", "predict";
    "predict without waiting": "predict_async", "AsyncNoodle.predict", "Noodle.predict", "noodle_predict_async", "predict_async";
    "cancel": "cancel", "CancelToken.cancel", "Noodle.predict", "noodle_cancel_set", "set";
    "who answered": "served", "Prediction.served", "Prediction.served", "noodle_prediction_served", "served";
    "one output": "output", "Prediction.__getitem__", "Prediction.output", "noodle_prediction_output", "output";
    "best labels": "top", "Prediction.top", "Prediction.top", "noodle_prediction_top", "top";
    "session": "session", "Noodle.session", "Noodle.session", "noodle_session_open", "session";
    "session without waiting": "predict_async", "AsyncSession.predict", "Session.predict", "noodle_session_predict_async", "predict_async";
    "call of a session": "predict_with", "Session.predict", "Session.predictSync", "noodle_session_predict", "predict";
    "version of a session": "served", "Session.served", "Session.served", "noodle_session_served", "served";
    "begin a session anew": "reset", "Session.reset", "Session.reset", "noodle_session_reset", "reset";
    "end a session": "end", "Session.close", "Session.close", "noodle_session_free", "noodle_session_free";
    "many answers": "predict_stream", "Noodle.predict_stream", "Noodle.predictStream", "noodle_predict_stream", "predict_stream";
    "many answers of a session": "predict_stream", "Session.predict_stream", "Session.predictStream", "noodle_session_predict_stream", "predict_stream";
    "next answer": "next", "PredictionStream.__next__", "PredictionStream.next", "noodle_stream_next", "next";
    "messages": "forward", "open", "setLogger", "noodle_set_log", "set_log";
    "events": "subscribe", "Noodle.events", "Noodle.subscribe", "noodle_subscribe", "subscribe";
    "next event": "pull", "Events.__next__", "Events.next", "noodle_subscription_pull", "pull";
};

/// Looks for names and keeps those that are not there.
#[derive(Default)]
struct Missing(Vec<String>);

impl Missing {
    fn look(&mut self, language: &str, names: &BTreeSet<String>, name: &str) {
        if !names.contains(name) {
            self.0.push(format!("{language}: {name}"));
        }
    }
}

/// What the tests of the languages build must be there: `cargo xtask test` runs this after them.
pub(crate) fn run() -> Result {
    let mut report = Report::default();
    report.step_or_skip("parity", check);
    report.finish()
}

pub(crate) fn check() -> Result<(), Skip> {
    let schema = Json::parse(&run::read(&run::root().join("docs/reference/operations.json"))?)?;
    let surface = Surface::read(&schema)?;
    let rust = core_functions()?;
    let python = bindings::python_names()?;
    let node = bindings::node_names()?;
    let c = bindings::c_symbols()?;
    let header = |name: &str| run::read(&run::root().join("noodle-deploy-c/include").join(name));
    let macros = words(&header("noodle_deploy_ops.h")?);
    let cpp = words(&(header("noodle_deploy.hpp")? + &header("noodle_deploy_ops.hpp")?));
    let mut missing = Missing::default();
    for call in DATA_PLANE {
        missing.look("Rust", &rust, call.rust);
        missing.look("Python", &python, call.python);
        missing.look("Node", &node, call.node);
        missing.look("C", &c, call.c);
        missing.look("C++", &cpp, call.cpp);
    }
    for operation in &surface.operations {
        missing.look("Python", &python, &format!("Noodle.{}", operation.name));
        missing.look("Python", &python, &format!("AsyncNoodle.{}", operation.name));
        missing.look("Node", &node, &format!("Noodle.{}", camel(&operation.name)));
        missing.look("C", &c, &format!("noodle_{}", operation.name));
        missing.look("C++", &cpp, &operation.name);
        if operation.progress {
            missing.look("Python", &python, &format!("Noodle.{}(progress)", operation.name));
            missing.look("Python", &python, &format!("AsyncNoodle.{}(progress)", operation.name));
            missing.look("Node", &node, &format!("Noodle.{}(options)", camel(&operation.name)));
        }
    }
    for error in &surface.errors {
        missing.look("Python", &python, &format!("errors.{}Error", pascal(&error.name)));
        missing.look("Node", &node, &format!("error {}", error.name));
        missing.look("C", &macros, &format!("NOODLE_ERROR_{}", error.name.to_uppercase()));
    }
    let Shape::Union(events) = &surface.get("Event").shape else {
        return Err("`Event` is no union".to_owned().into());
    };
    for event in events {
        missing.look("Python", &python, &format!("event {}", event.tag));
        missing.look("C", &macros, &format!("noodle_event_{}", event.tag));
        missing.look("C++", &cpp, &format!("Event{}", pascal(&event.tag)));
    }
    let node_types = words(&run::read(&run::root().join("noodle-deploy-node/dist/esm/types.d.ts"))?);
    for event in events {
        missing.look("Node", &node_types, &event.tag);
    }
    println!(
        "{} operations, {} kinds of errors, {} events and {} calls of the data plane in Rust, Python, Node, C and C++",
        surface.operations.len(),
        surface.errors.len(),
        events.len(),
        DATA_PLANE.len()
    );
    let list = DATA_PLANE.iter().map(|call| call.what).collect::<Vec<_>>().join(", ");
    println!("the calls: {list}");
    if missing.0.is_empty() { Ok(()) } else { Err(format!("missing:\n  {}", missing.0.join("\n  ")).into()) }
}

/// Names of the core's public functions.
fn core_functions() -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut open = vec![run::root().join("noodle-deploy-core/src")];
    while let Some(dir) = open.pop() {
        let failed = |dir: &Path, error: std::io::Error| format!("{}: {error}", dir.display());
        for entry in std::fs::read_dir(&dir).map_err(|error| failed(&dir, error))? {
            let path = entry.map_err(|error| failed(&dir, error))?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = run::read(&path)?;
                let functions = text.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next());
                found.extend(functions.map(str::to_owned));
            }
        }
    }
    Ok(found)
}

fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
