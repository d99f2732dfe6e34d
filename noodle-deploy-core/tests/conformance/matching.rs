//! Compares what was found with what a case expects, patterns included.

use serde_json::{Map, Value};

/// Where and how the two differ; nothing where they agree. Numbers may differ by `tolerance`.
pub fn difference(expected: &Value, found: &Value, tolerance: f64, at: &str) -> Option<String> {
    let differ = || Some(format!("{at}: expected {expected}, found {found}"));
    match (expected, found) {
        (Value::String(pattern), _) if pattern == "$any" => None,
        (Value::String(pattern), Value::String(text)) if pattern == "$digest" => {
            if text.strip_prefix("blake3:").is_some_and(is_hash) { None } else { differ() }
        }
        (Value::String(pattern), Value::String(text)) if pattern == "$hash" => {
            if is_hash(text) {
                None
            } else {
                differ()
            }
        }
        (Value::Object(e), Value::Object(f)) => objects(e, f, tolerance, at),
        (Value::Array(e), Value::Array(f)) if e.len() == f.len() => {
            e.iter().zip(f).enumerate().find_map(|(i, (e, f))| difference(e, f, tolerance, &format!("{at}/{i}")))
        }
        (Value::Object(pattern), Value::String(text)) if pattern.contains_key("$contains") => {
            match pattern["$contains"].as_str() {
                Some(part) if text.contains(part) => None,
                _ => differ(),
            }
        }
        (Value::Number(e), Value::Number(f)) => {
            let close = e.as_f64().zip(f.as_f64()).is_some_and(|(e, f)| (e - f).abs() <= tolerance);
            if e == f || close { None } else { differ() }
        }
        _ if expected == found => None,
        _ => differ(),
    }
}

fn objects(expected: &Map<String, Value>, found: &Map<String, Value>, tolerance: f64, at: &str) -> Option<String> {
    let subset = expected.get("$subset") == Some(&Value::Bool(true));
    for (name, e) in expected.iter().filter(|(name, _)| *name != "$subset") {
        let at = format!("{at}/{name}");
        match found.get(name) {
            Some(f) => {
                if let Some(difference) = difference(e, f, tolerance, &at) {
                    return Some(difference);
                }
            }
            None => return Some(format!("{at}: expected {e}, found nothing")),
        }
    }
    let surplus = found.iter().find(|(name, _)| !subset && !expected.contains_key(*name));
    surplus.map(|(name, f)| format!("{at}/{name}: expected nothing, found {f}"))
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Replaces `from` by `to` in every string.
pub fn replace(value: &Value, pairs: &[(&str, &str)]) -> Value {
    match value {
        Value::String(text) => pairs.iter().fold(text.clone(), |text, (from, to)| text.replace(from, to)).into(),
        Value::Array(items) => items.iter().map(|item| replace(item, pairs)).collect(),
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| (name.clone(), replace(value, pairs));
            Value::Object(fields.iter().map(field).collect())
        }
        _ => value.clone(),
    }
}

/// Puts patterns where values follow from the machine or the engine, and no more digits than the tolerance asks for:
/// for a first draft of an expectation.
pub fn draft(value: &Value, tolerance: f64) -> Value {
    let Value::Object(fields) = value else {
        return match value {
            Value::Array(items) => items.iter().map(|item| draft(item, tolerance)).collect(),
            Value::Number(n) if tolerance > 0.0 && n.is_f64() => n.as_f64().map(|v| (v * 1e6).round() / 1e6).into(),
            _ => value.clone(),
        };
    };
    let learned = fields.get("probes_from").is_some_and(|from| from != "registrar");
    let field = |(name, value): (&String, &Value)| {
        let pattern = match name.as_str() {
            "verification" | "note" | "load" | "memory_used_bytes" | "engine" => "$any",
            "latency_mean_us" | "latency_p50_us" | "latency_p95_us" | "latency_p99_us" => "$any",
            "probes_from" if learned => "$any",
            "probes" if learned || fields.get("type").is_some_and(|t| t == "version_probed") => "$digest",
            "hash" => "$hash",
            _ => return (name.clone(), draft(value, tolerance)),
        };
        let keep = value.is_null() || matches!(name.as_str(), "note" | "engine") && !value.is_string();
        (name.clone(), if keep { value.clone() } else { pattern.into() })
    };
    Value::Object(fields.iter().map(field).collect())
}
