//! JSON for readers: what fits a line stands on one, and so does a list of plain values.

use serde_json::Value;

const WIDTH: usize = 118;

pub fn pretty(value: &Value) -> String {
    let mut out = String::new();
    write(value, 0, 0, &mut out);
    out.push('\n');
    out
}

fn write(value: &Value, indent: usize, used: usize, out: &mut String) {
    let line = flat(value);
    let plain = |items: &Vec<Value>| items.iter().all(|v| v.is_number() || v.is_boolean());
    if indent > 0 && (used + line.chars().count() < WIDTH || value.as_array().is_some_and(plain)) {
        out.push_str(&line);
        return;
    }
    let pad = |indent: usize| format!("\n{}", "  ".repeat(indent));
    match value {
        Value::Array(items) if !items.is_empty() => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i == 0 { "" } else { "," });
                out.push_str(&pad(indent + 1));
                write(item, indent + 1, 2 * indent + 2, out);
            }
            out.push_str(&pad(indent));
            out.push(']');
        }
        Value::Object(fields) if !fields.is_empty() => {
            out.push('{');
            for (i, (name, value)) in fields.iter().enumerate() {
                out.push_str(if i == 0 { "" } else { "," });
                out.push_str(&pad(indent + 1));
                let name = format!("{}: ", Value::from(name.as_str()));
                out.push_str(&name);
                write(value, indent + 1, 2 * indent + 2 + name.len(), out);
            }
            out.push_str(&pad(indent));
            out.push('}');
        }
        _ => out.push_str(&line),
    }
}

fn flat(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(flat).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| format!("{}: {}", Value::from(name.as_str()), flat(value));
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        _ => value.to_string(),
    }
}
