//! Reference pages from the operations table: JSON schemas as Markdown.

use std::collections::BTreeMap;

use crate::json::Json;
use crate::run::Result;

/// Moves the types that each schema brings along to one place, where the same `#/$defs/` references find them.
pub(crate) fn with_shared_types(document: Json) -> Result<Json> {
    let mut types = BTreeMap::new();
    let Json::Object(mut fields) = without_types(document, &mut types)? else {
        return Err("the schema is no JSON object".into());
    };
    fields.push(("$defs".to_owned(), Json::Object(types.into_iter().collect())));
    Ok(Json::Object(fields))
}

fn without_types(value: Json, types: &mut BTreeMap<String, Json>) -> Result<Json> {
    Ok(match value {
        Json::List(items) => {
            Json::List(items.into_iter().map(|item| without_types(item, types)).collect::<Result<_>>()?)
        }
        Json::Object(fields) => {
            let mut kept = Vec::new();
            for (name, value) in fields {
                if name != "$defs" {
                    kept.push((name, without_types(value, types)?));
                    continue;
                }
                for (name, schema) in value.fields() {
                    if types.get(name).is_some_and(|known| known != schema) {
                        return Err(format!("two different types are named `{name}`"));
                    }
                    types.insert(name.clone(), schema.clone());
                }
            }
            Json::Object(kept)
        }
        other => other,
    })
}

const NOTE: &str = "<!-- Written by `cargo xtask codegen`; do not edit. -->\n";

/// One section for each operation, and one for each type that they share.
pub(crate) fn operations(table: &Json, types: &[(String, Json)]) -> Result<String> {
    let mut out = format!(
        "{NOTE}# Operations\n\nEvery control operation, with the least role that may call it. The JSON schemas are in\n\
         [operations.json](operations.json), the errors in [errors.md](errors.md).\n\n"
    );
    let mut sections = String::new();
    out.push_str("| Operation | Role | What it does |\n|---|---|---|\n");
    for operation in table.items() {
        let field = |name| operation.text(name).ok_or(format!("an operation has no `{name}`"));
        let (name, role, summary) = (field("name")?, field("role")?, field("summary")?);
        out.push_str(&format!("| [`{name}`](#{name}) | {role} | {} |\n", cell(summary)));
        let progress = match operation.get("progress") {
            Some(Json::Bool(true)) => " Reports its [progress](#progressstage).",
            _ => "",
        };
        sections.push_str(&format!("\n## `{name}`\n{summary} Role: {role}.{progress}\n"));
        for side in ["input", "output"] {
            let schema = operation.get(side).ok_or(format!("`{name}` has no {side}"))?;
            let title = if side == "input" { "Input" } else { "Output" };
            sections.push_str(&format!("\n{}\n", format!("{title}: {}", described(schema)).replace(" \n", "\n")));
        }
    }
    out.push_str(&sections);
    if !types.is_empty() {
        out.push_str("\n# Types\n");
    }
    for (name, schema) in types {
        let text = schema.text("description").map_or_else(String::new, |text| format!("{}\n", paragraph(text)));
        out.push_str(&format!("\n## `{name}`\n{text}\n{}\n", described(schema).trim_start()));
    }
    Ok(out)
}

/// One row for each kind of error; the columns are the fields of the first one.
pub(crate) fn errors(table: &Json) -> String {
    let names: Vec<&str> =
        table.items().first().map(Json::fields).unwrap_or_default().iter().map(|(name, _)| name.as_str()).collect();
    let mut out = format!("{NOTE}# Errors\n\nEvery error of every surface has one of these kinds.\n\n");
    out.push_str(&format!("| {} |\n|{}\n", names.join(" | "), "---|".repeat(names.len())));
    for error in table.items() {
        let cells: Vec<String> = names.iter().map(|name| error.get(name).map_or_else(String::new, plain)).collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out
}

/// A schema as a table of its fields, a list of its variants, or the name of its type.
fn described(schema: &Json) -> String {
    let variants = schema.get("oneOf").or_else(|| schema.get("anyOf")).map(Json::items).unwrap_or_default();
    if !variants.is_empty() && !is_optional(variants) {
        let lines = variants.iter().map(|variant| {
            let text = variant.text("description").map_or_else(String::new, |text| format!(": {}", paragraph(text)));
            format!("- {}{text}", kind(variant))
        });
        return format!("one of\n\n{}", lines.collect::<Vec<_>>().join("\n"));
    }
    let fields = schema.get("properties").map(Json::fields).unwrap_or_default();
    if fields.is_empty() {
        return kind(schema);
    }
    let required = schema.get("required").map(Json::items).unwrap_or_default();
    let mut out = "\n\n| Field | Type | Required | Meaning |\n|---|---|---|---|".to_owned();
    for (name, schema) in fields {
        let must = if required.iter().any(|field| field.as_text() == Some(name)) { "yes" } else { "no" };
        let text = schema.text("description").map_or_else(String::new, cell);
        out.push_str(&format!("\n| `{name}` | {} | {must} | {text} |", kind(schema)));
    }
    out
}

fn is_optional(variants: &[Json]) -> bool {
    variants.len() == 2 && variants.iter().any(|variant| variant.text("type") == Some("null"))
}

/// A short name of a schema's type.
fn kind(schema: &Json) -> String {
    if let Some(name) = schema.text("$ref").and_then(|path| path.rsplit('/').next()) {
        return format!("[`{name}`](#{})", name.to_lowercase());
    }
    if let Some(constant) = schema.get("const") {
        return format!("`{}`", plain(constant));
    }
    if let Some(values) = schema.get("enum") {
        return values.items().iter().map(|value| format!("`{}`", plain(value))).collect::<Vec<_>>().join(", ");
    }
    for union in ["anyOf", "oneOf", "allOf"] {
        if let Some(variants) = schema.get(union) {
            let some = variants.items().iter().filter(|variant| variant.text("type") != Some("null"));
            return some.map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    if let Some(types) = schema.get("type").filter(|types| !types.items().is_empty()) {
        let mut names = types.items().iter().filter_map(Json::as_text).filter(|name| *name != "null");
        return names.next().map_or_else(String::new, |name| named(name, schema));
    }
    schema.text("type").map_or_else(|| "any".to_owned(), |name| named(name, schema))
}

fn named(name: &str, schema: &Json) -> String {
    match name {
        "array" => format!("list of {}", schema.get("items").map_or_else(|| "any".to_owned(), kind)),
        "object" => {
            let fields = schema.get("properties").map(Json::fields).unwrap_or_default();
            let values = schema.get("additionalProperties").filter(|values| !values.fields().is_empty());
            match values {
                _ if !fields.is_empty() => {
                    let field = |(name, schema): &(String, Json)| format!("`{name}`: {}", kind(schema));
                    fields.iter().map(field).collect::<Vec<_>>().join(", ")
                }
                Some(values) => format!("map to {}", kind(values)),
                None => "object".to_owned(),
            }
        }
        _ => schema.text("format").map_or_else(|| name.to_owned(), |format| format!("{name} ({format})")),
    }
}

fn plain(value: &Json) -> String {
    value.as_text().map_or_else(|| value.pretty(), cell)
}

/// Text that fits in one cell of a table.
fn cell(text: &str) -> String {
    paragraph(text).replace('|', "\\|")
}

fn paragraph(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operation_becomes_a_section() {
        let table = Json::parse(
            r##"[{"name": "scale", "role": "operator", "summary": "Sets the replicas.",
                "input": {"type": "object", "required": ["n"], "properties": {
                    "n": {"type": "integer", "format": "uint32", "description": "How\n many | now."},
                    "tags": {"type": ["array", "null"], "items": {"type": "string"}}}},
                "output": {"$ref": "#/$defs/State", "$defs": {"State": {"enum": ["up", "down"]}}}}]"##,
        );
        let document = Json::Object(vec![("operations".to_owned(), table.unwrap())]);
        let document = with_shared_types(document).unwrap();
        let page = operations(document.get("operations").unwrap(), document.get("$defs").unwrap().fields()).unwrap();
        assert!(page.contains("| `n` | integer (uint32) | yes | How many \\| now. |"), "{page}");
        assert!(page.contains("| `tags` | list of string | no |  |"), "{page}");
        assert!(page.contains("Output: [`State`](#state)"), "{page}");
        assert!(page.contains("## `State`\n\n`up`, `down`"), "{page}");
    }

    #[test]
    fn errors_become_rows() {
        let table = Json::parse(r#"[{"code": 4004, "name": "not_found", "retryable": false}]"#).unwrap();
        assert!(errors(&table).contains("| code | name | retryable |\n|---|---|---|\n| 4004 | not_found | false |"));
    }
}
