//! `cargo xtask parity`: proves that nothing is missing in a language.
//!
//! The operations, errors and events of the table, and the calls of the data plane below, are looked for in what was
//! built: the Python package and the Node package are loaded and asked for their names, the C library is read for its
//! symbols, the C++ header for its words.

use std::collections::BTreeSet;
use std::process::Command;

use crate::bindings;
use crate::report::Skip;
use crate::run::{self, Result};
use crate::surface::{Shape, Surface, read};
use crate::tree;

/// One call of the data plane, by its name in each language. A name may stand for a property.
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

/// The data plane is written by hand in each language; this is the list that keeps the hands together.
#[rustfmt::skip]
const DATA_PLANE: &[Call] = calls! {
    "open a directory": "Noodle::open", "open", "openSync", "noodle_open", "open";
    "open without waiting": "Noodle::open", "open_async", "open", "noodle_open", "open";
    "close": "Noodle::close", "Noodle.close", "Noodle.close", "noodle_close", "close";
    "where it is": "Noodle::dir", "Noodle.dir", "Noodle.dir", "noodle_dir", "dir";
    "settings": "Noodle::settings", "Noodle.settings", "Noodle.settings", "noodle_get_settings", "settings";
    "restore a backup": "Noodle::restore", "restore", "restoreSync", "noodle_restore", "restore";
    "act as somebody": "Noodle::call_as", "Noodle.acting_as", "Noodle.actingAs", "noodle_list_models", "acting_as";
    "predict": "Noodle::predict_with", "Noodle.predict", "Noodle.predictSync", "noodle_predict", "predict";
    "predict without waiting":
        "Noodle::predict_async", "AsyncNoodle.predict", "Noodle.predict", "noodle_predict_async", "predict_async";
    "cancel": "CancelToken::cancel", "CancelToken.cancel", "Noodle.predict", "noodle_cancel_set", "cancel";
    "who answered": "Prediction::served", "Prediction.served", "Prediction.served", "noodle_prediction_served", "served";
    "one output": "Prediction::output", "Prediction.__getitem__", "Prediction.output", "noodle_prediction_output", "output";
    "best labels": "Prediction::top", "Prediction.top", "Prediction.top", "noodle_prediction_top", "top";
    "events": "Lifecycle::subscribe", "Noodle.events", "Noodle.events", "noodle_subscribe", "subscribe";
    "version": "version", "version", "version", "noodle_version", "version";
};

pub(crate) fn check() -> Result<(), Skip> {
    tree::build()?;
    let surface = read()?;
    let python = bindings::python_names()?;
    let node = bindings::node_names()?;
    let c = c_names()?;
    let cpp = cpp_words()?;
    let mut missing = Vec::new();
    let mut look = |language: &str, names: &BTreeSet<String>, name: &str, what: &str| {
        if !names.contains(name) {
            missing.push(format!("{language}: `{name}` ({what})"));
        }
    };
    for call in DATA_PLANE {
        look("Python", &python, call.python, call.what);
        look("Node", &node, call.node, call.what);
        look("C", &c, call.c, call.what);
        look("C++", &cpp, call.cpp, call.what);
    }
    for operation in &surface.operations {
        look("Python", &python, &format!("Noodle.{}", operation.name), "operation");
        look("Python", &python, &format!("AsyncNoodle.{}", operation.name), "operation");
        look("Node", &node, &format!("Noodle.{}", camel(&operation.name)), "operation");
        look("C", &c, &format!("noodle_{}", operation.name), "operation");
        look("C++", &cpp, &operation.name, "operation");
    }
    for error in &surface.errors {
        look("Python", &python, &format!("errors.{}Error", pascal(&error.name)), "kind of error");
        look("Node", &node, &format!("ERROR_KINDS.{}", error.name), "kind of error");
        look("C", &c, &format!("NOODLE_{}", error.name.to_uppercase()), "kind of error");
    }
    let events = surface.get("Event");
    let Shape::Union(variants) = &events.shape else { return Err("`Event` is no union".to_owned().into()) };
    for variant in variants {
        look("Python", &python, &format!("types.Event{}", pascal(&variant.tag)), "event");
        look("C", &c, &format!("NOODLE_EVENT_{}", variant.tag.to_uppercase()), "event");
    }
    println!(
        "{} operations, {} kinds of errors, {} events and {} calls of the data plane in Python, Node, C and C++",
        surface.operations.len(),
        surface.errors.len(),
        variants.len(),
        DATA_PLANE.len()
    );
    if missing.is_empty() { Ok(()) } else { Err(format!("missing:\n  {}", missing.join("\n  ")).into()) }
}

fn pascal(snake: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    snake.split('_').map(capital).collect()
}

fn camel(snake: &str) -> String {
    let pascal = pascal(snake);
    pascal[..1].to_lowercase() + &pascal[1..]
}
