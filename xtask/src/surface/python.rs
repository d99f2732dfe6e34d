//! Writes the Python package's data classes, methods and exceptions.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{Field, Named, Operation, Presence, SETTINGS, Shape, Surface, Type, pascal};
use crate::json::Json;
use crate::run::Result;

const HEAD: &str = "Written by `cargo xtask codegen` from the operations table.";
const WIDTH: usize = 120;
/// What hears how far an operation is.
const CALLBACK: &str = "Callable[[Progress], object] | None";

/// Exceptions of Python that a kind of error also is.
const BASES: &[(&str, &str)] = &[
    ("invalid_argument", "ValueError"),
    ("forbidden", "PermissionError"),
    ("not_found", "LookupError"),
    ("unsupported", "NotImplementedError"),
    ("deadline_exceeded", "TimeoutError"),
    ("resource_exhausted", "MemoryError"),
    ("storage", "OSError"),
];

/// Words that Python keeps for itself; a field of that name gets an underscore at its end.
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Types that notebooks show as a table, and the function that writes it.
const HTML: &[(&str, &str)] = &[("DeploymentView", "deployment"), ("ExperimentView", "experiment")];

/// `types.py`.
pub(crate) fn types(surface: &Surface) -> Result<String> {
    let mut out = format!(
        "\"\"\"What operations take and answer. {HEAD}\"\"\"\n\nfrom __future__ import annotations\n\n\
         from dataclasses import dataclass, field\nfrom typing import Any, Literal, TypeAlias, TypedDict\n"
    );
    let names = written(surface);
    let mut classes = BTreeSet::new();
    let mut unions = String::new();
    for named in names.iter().map(|name| surface.get(name)) {
        let mut class = |name: &str| match classes.insert(name.to_owned()) {
            true => Ok(()),
            false => Err(format!("two Python classes would be named `{name}`")),
        };
        match &named.shape {
            Shape::Text => _ = write!(out, "\n{}: TypeAlias = str\n{}", named.name, string(&named.doc, "")),
            Shape::Enum(choices) => {
                let values = choices.iter().map(|choice| format!("    {},\n", quote(&choice.value)));
                let _ = write!(out, "\n{}: TypeAlias = Literal[\n{}]\n", named.name, values.collect::<String>());
                let docs = choices.iter().filter(|choice| !choice.doc.is_empty());
                let docs: String = docs.map(|choice| format!("\n- `{}`: {}", choice.value, choice.doc)).collect();
                out += &string(&format!("{}{}{docs}", named.doc, if docs.is_empty() { "" } else { "\n" }), "");
            }
            Shape::Struct(fields) => {
                class(&named.name)?;
                out += &data_class(surface, &named.name, &named.doc, None, fields);
            }
            Shape::Union(variants) => {
                for variant in variants {
                    let name = pascal(&variant.tag);
                    class(&name)?;
                    out += &data_class(surface, &name, &variant.doc, Some(&variant.tag), &variant.fields);
                }
                unions += &union(named);
            }
        }
    }
    out += &unions;
    out += &settings(surface.get(SETTINGS));
    Ok(out)
}

/// Names of the types to write: everything that comes out, and what inputs hold.
fn written(surface: &Surface) -> BTreeSet<String> {
    let roots: BTreeSet<_> = surface.operations.iter().filter_map(|o| o.input.as_deref()).chain([SETTINGS]).collect();
    let mut names = surface.inputs();
    names.retain(|name| !roots.contains(name.as_str()));
    names.extend(surface.outputs());
    // An error is an exception.
    names.remove("ErrorRecord");
    names
}

fn data_class(surface: &Surface, name: &str, doc: &str, tag: Option<&str>, fields: &[Field]) -> String {
    let mut out = format!("\n\n@dataclass(frozen=True, slots=True, kw_only=True)\nclass {name}:\n");
    out += &string(doc, "    ");
    out.push('\n');
    for field in fields {
        let optional = match &field.presence {
            Presence::Required => String::new(),
            Presence::Optional => " | None = None".to_owned(),
            Presence::Default(Json::List(_)) => " = field(default_factory=list)".to_owned(),
            Presence::Default(Json::Object(_)) => " = field(default_factory=dict)".to_owned(),
            Presence::Default(value) => format!(" = {}", literal(value)),
        };
        let _ = writeln!(out, "    {}: {}{optional}", identifier(&field.name), annotation(&field.ty, false));
        out += &string(&field.doc, "    ");
    }
    if let Some(tag) = tag {
        let _ = writeln!(out, "    type: Literal[{0}] = {0}", quote(tag));
    }
    let _ = write!(out, "\n    @classmethod\n    def _read(cls, wire: Any) -> {name}:\n");
    if fields.is_empty() {
        out += "        return cls()\n";
    } else {
        out += "        return cls(\n";
        for field in fields {
            let _ = writeln!(out, "            {}={},", identifier(&field.name), read(surface, field));
        }
        out += "        )\n";
    }
    if let Some((_, function)) = HTML.iter().find(|(of, _)| *of == name) {
        let _ = write!(
            out,
            "\n    def _repr_html_(self) -> str:\n        from .html import {function}\n\n        return {function}(self)\n"
        );
    }
    out
}

/// An expression that takes a field out of `wire`.
fn read(surface: &Surface, field: &Field) -> String {
    let name = quote(&field.name);
    let (found, otherwise) = match &field.presence {
        Presence::Required => (format!("wire[{name}]"), None),
        Presence::Optional => (format!("wire.get({name})"), Some("None".to_owned())),
        Presence::Default(value) => (format!("wire.get({name}, {})", literal(value)), None),
    };
    match (decode(surface, &field.ty, "it"), otherwise) {
        (None, _) => found,
        (Some(decoded), Some(_)) => format!("None if (it := {found}) is None else {decoded}"),
        (Some(_), None) => decode(surface, &field.ty, &found).unwrap_or(found),
    }
}

/// An expression that turns a value of the wire into a data class; none where it stays as it is.
fn decode(surface: &Surface, ty: &Type, value: &str) -> Option<String> {
    match ty {
        Type::Named(name) => match surface.get(name).shape {
            Shape::Struct(_) => Some(format!("{name}._read({value})")),
            Shape::Union(_) => Some(format!("_read_{}({value})", name.to_lowercase())),
            Shape::Enum(_) | Shape::Text => None,
        },
        Type::List(item) => Some(format!("[{} for item in {value}]", decode(surface, item, "item")?)),
        Type::Map(item) => {
            Some(format!("{{key: {} for key, item in {value}.items()}}", decode(surface, item, "item")?))
        }
        Type::Text | Type::Bool | Type::U32 | Type::U64 | Type::F64 => None,
    }
}

fn union(named: &Named) -> String {
    let Shape::Union(variants) = &named.shape else { return String::new() };
    let names: Vec<_> = variants.iter().map(|variant| pascal(&variant.tag)).collect();
    let lower = named.name.to_lowercase();
    let mut out = format!("\n\n{}: TypeAlias = (\n    {}\n)\n", named.name, names.join("\n    | "));
    out += &string(&named.doc, "");
    let _ = write!(out, "\n_{}: dict[str, Any] = {{\n", lower.to_uppercase());
    for (variant, name) in variants.iter().zip(&names) {
        let _ = writeln!(out, "    {}: {name},", quote(&variant.tag));
    }
    let _ = write!(
        out,
        "}}\n\n\ndef _read_{lower}(wire: Any) -> {0}:\n    variant: {0} = _{1}[wire[\"type\"]]._read(wire)\n    \
         return variant\n",
        named.name,
        lower.to_uppercase()
    );
    out
}

fn settings(named: &Named) -> String {
    let mut out = format!("\n\nclass {SETTINGS}(TypedDict, total=False):\n");
    out += &string(&named.doc, "    ");
    out.push('\n');
    for field in named.fields() {
        let optional = if field.presence == Presence::Optional { " | None" } else { "" };
        let _ = writeln!(out, "    {}: {}{optional}", field.name, annotation(&field.ty, false));
        out += &string(&field.doc, "    ");
    }
    out
}

/// `client.py`.
pub(crate) fn client(surface: &Surface) -> String {
    let mut used = BTreeSet::new();
    for operation in &surface.operations {
        used.insert(operation.output.as_str());
        used.extend(operation.progress.then_some("Progress"));
        used.extend(fields(surface, operation).iter().filter_map(|field| field.ty.name()));
    }
    let mut out = format!(
        "\"\"\"A method for each operation. {HEAD}\"\"\"\n\nfrom __future__ import annotations\n\n\
         TYPE_CHECKING = False\nif TYPE_CHECKING:\n    import os\n    from collections.abc import Callable, Mapping, Sequence\n    \
         from typing import Any\n\n    from .types import (\n"
    );
    used.iter().for_each(|name| out += &format!("        {name},\n"));
    out += "    )\n";
    for (class, doc, prefix, wait) in [
        ("Operations", "The operations, for threads.", "", ""),
        ("AsyncOperations", "The operations, for coroutines.", "async ", "await "),
    ] {
        let _ = write!(out, "\n\nclass {class}:\n    \"\"\"{doc}\"\"\"\n\n    __slots__ = ()\n");
        let _ = write!(
            out,
            "\n    {prefix}def _call(\n        self, name: str, input: Mapping[str, Any], progress: {CALLBACK} = None\n    \
             ) -> Any:\n        raise NotImplementedError\n"
        );
        for operation in &surface.operations {
            out += &method(surface, operation, prefix, wait);
        }
    }
    out
}

fn fields<'a>(surface: &'a Surface, operation: &Operation) -> Vec<&'a Field> {
    operation.input.as_ref().map(|name| surface.get(name).fields().collect()).unwrap_or_default()
}

fn method(surface: &Surface, operation: &Operation, prefix: &str, wait: &str) -> String {
    let Operation { name, output, .. } = operation;
    let mut fields = fields(surface, operation);
    // Keyword arguments: those that must be given first.
    fields.sort_by_key(|field| field.presence != Presence::Required);
    let mut out = format!("\n    {prefix}def {name}(");
    if fields.is_empty() && !operation.progress {
        out += "self";
    } else {
        out += "\n        self,\n        *,\n";
        for field in &fields {
            let ty = match field.ty {
                Type::Text if is_path(&field.name) => "str | os.PathLike[str]".to_owned(),
                _ => annotation(&field.ty, true),
            };
            let rest = match &field.presence {
                Presence::Required => String::new(),
                Presence::Default(value) if !matches!(value, Json::List(_) | Json::Object(_) | Json::Null) => {
                    format!(" = {}", literal(value))
                }
                Presence::Default(_) | Presence::Optional => " | None = None".to_owned(),
            };
            let _ = writeln!(out, "        {}: {ty}{rest},", identifier(&field.name));
        }
        if operation.progress {
            let _ = writeln!(out, "        progress: {CALLBACK} = None,");
        }
        out += "    ";
    }
    let _ = writeln!(out, ") -> {output}:");
    let effect = if operation.mutates { "" } else { " Changes nothing." };
    let mut doc = format!("{}\n\nNeeds the role `{}`.{effect}", operation.summary, operation.role);
    if !fields.is_empty() || operation.progress {
        doc += "\n\nArgs:";
        fields.iter().for_each(|field| doc += &format!("\n    {}: {}", field.name, field.doc));
    }
    let progress = if operation.progress { ", progress" } else { "" };
    if operation.progress {
        doc += "\n    progress: Called now and then with how far the operation is.";
    }
    out += &string(&doc, "        ");
    let _ = write!(out, "        from .types import {output}\n\n");
    if fields.is_empty() {
        let _ = writeln!(out, "        return {output}._read({wait}self._call({}, {{}}{progress}))", quote(name));
        return out;
    }
    out += "        input = {\n";
    for field in &fields {
        let _ = writeln!(out, "            {}: {},", quote(&field.name), identifier(&field.name));
    }
    let _ =
        write!(out, "        }}\n        return {output}._read({wait}self._call({}, input{progress}))\n", quote(name));
    out
}

/// Fields that name a file or a directory also take paths.
fn is_path(name: &str) -> bool {
    name == "path" || name == "to" || name.ends_with("_path")
}

/// `errors.py`.
pub(crate) fn errors(surface: &Surface) -> Result<String> {
    if let Some((kind, _)) = BASES.iter().find(|(kind, _)| !surface.errors.iter().any(|error| error.name == *kind)) {
        return Err(format!("no kind of error is named `{kind}`"));
    }
    let mut out = format!(
        "\"\"\"A class for each kind of error. {HEAD}\"\"\"\n\nfrom __future__ import annotations\n\n\
         from ._error import NoodleError\n"
    );
    for error in &surface.errors {
        let base = BASES.iter().find(|(kind, _)| *kind == error.name).map(|(_, base)| format!(", {base}"));
        let _ = write!(
            out,
            "\n\nclass {}(NoodleError{}):\n    \"\"\"{}\"\"\"\n\n    code = {}\n    kind = {}\n    retryable = {}\n",
            class_of(&error.name),
            base.unwrap_or_default(),
            error.description,
            error.code,
            quote(&error.name),
            if error.retryable { "True" } else { "False" },
        );
    }
    out += "\n\nKINDS: dict[str, type[NoodleError]] = {\n";
    for error in &surface.errors {
        let _ = writeln!(out, "    {}: {},", quote(&error.name), class_of(&error.name));
    }
    out +=
        "}\n\"\"\"Every class, by the name of its kind.\"\"\"\n\n__all__ = [\n    \"KINDS\",\n    \"NoodleError\",\n";
    let mut names: Vec<_> = surface.errors.iter().map(|error| class_of(&error.name)).collect();
    names.sort();
    names.iter().for_each(|name| out += &format!("    \"{name}\",\n"));
    out += "]\n";
    Ok(out)
}

fn identifier(name: &str) -> String {
    let underscore = if KEYWORDS.contains(&name) { "_" } else { "" };
    format!("{name}{underscore}")
}

fn class_of(kind: &str) -> String {
    format!("{}Error", pascal(kind))
}

fn annotation(ty: &Type, input: bool) -> String {
    match ty {
        Type::Text => "str".into(),
        Type::Bool => "bool".into(),
        Type::U32 | Type::U64 => "int".into(),
        Type::F64 => "float".into(),
        Type::Named(name) => name.clone(),
        Type::List(item) if input => format!("Sequence[{}]", annotation(item, input)),
        Type::List(item) => format!("list[{}]", annotation(item, input)),
        Type::Map(item) if input => format!("Mapping[str, {}]", annotation(item, input)),
        Type::Map(item) => format!("dict[str, {}]", annotation(item, input)),
    }
}

fn literal(value: &Json) -> String {
    match value {
        Json::Null => "None".into(),
        Json::Bool(true) => "True".into(),
        Json::Bool(false) => "False".into(),
        Json::Number(number) => number.clone(),
        Json::Text(text) => quote(text),
        Json::List(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Json::Object(fields) => {
            let field = |(name, value): &(String, Json)| format!("{}: {}", quote(name), literal(value));
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
    }
}

fn quote(text: &str) -> String {
    // JSON's escapes are Python's.
    Json::Text(text.to_owned()).pretty()
}

/// A documentation string, wrapped; links of Rust become names.
fn string(doc: &str, indent: &str) -> String {
    let doc = doc.replace("[`", "`").replace("`]", "`").replace('\\', "\\\\").replace("\"\"\"", "'''");
    if doc.is_empty() {
        return String::new();
    }
    let mut lines: Vec<String> = Vec::new();
    for line in doc.lines() {
        let text = line.trim_start();
        let margin = &line[..line.len() - text.len()];
        let hanging = format!("{margin}{}", if text.starts_with("- ") || !margin.is_empty() { "    " } else { "" });
        let mut current = margin.to_owned();
        for word in text.split_whitespace() {
            let length = indent.len() + current.chars().count() + word.chars().count() + 4;
            if length > WIDTH && current.trim() != "" {
                lines.push(std::mem::replace(&mut current, hanging.clone()));
            }
            let gap = if current.trim().is_empty() { "" } else { " " };
            current += &format!("{gap}{word}");
        }
        lines.push(current.trim_end().to_owned());
    }
    let mut out = format!("{indent}\"\"\"");
    for (index, line) in lines.iter().enumerate() {
        let indent = if index == 0 || line.is_empty() { "" } else { indent };
        let _ = write!(out, "{}{indent}{line}", if index == 0 { "" } else { "\n" });
    }
    if lines.len() > 1 {
        let _ = write!(out, "\n{indent}");
    }
    out + "\"\"\"\n"
}
