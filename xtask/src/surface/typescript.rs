//! TypeScript: the types of the operations table, and one method for each operation.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{ErrorKind, Field, Named, Operation, Presence, SETTINGS, Shape, Surface, Type, Variant, camel, pascal};
use crate::json::Json;

const NOTE: &str = "// Written by `cargo xtask codegen`; do not edit.\n";
const WIDTH: usize = 120;

/// `types.ts`: an interface for each struct, a union of strings for each enum, and the kinds of errors.
pub(crate) fn types(surface: &Surface) -> String {
    let mut out = format!("{NOTE}//\n// Fields have the names that they have on the wire. 64-bit ids are strings.\n");
    let sides = Sides { inputs: surface.inputs(), outputs: surface.outputs() };
    for named in surface.types.values() {
        out.push('\n');
        out.push_str(&doc(&named.doc, ""));
        let name = &named.name;
        match &named.shape {
            Shape::Struct(fields) => {
                writeln!(out, "export interface {name} {{\n{}}}", members(fields, sides.nulls(named))).expect(STRING)
            }
            Shape::Text => writeln!(out, "export type {name} = string;").expect(STRING),
            Shape::Enum(choices) => {
                let choices = choices.iter().map(|choice| (choice.value.as_str(), choice.doc.as_str()));
                out.push_str(&strings(name, choices));
            }
            Shape::Union(variants) => out.push_str(&union(named, variants, sides.nulls(named))),
        }
    }
    out.push_str("\n/** What went wrong, coarsely enough to act on. */\n");
    let kinds: Vec<(&str, String)> = surface.errors.iter().map(|e| (e.name.as_str(), about(e))).collect();
    out.push_str(&strings("ErrorKind", kinds.iter().map(|(name, text)| (*name, text.as_str()))));
    out
}

fn about(error: &ErrorKind) -> String {
    let later = if error.retryable { "; the same call may succeed later" } else { "" };
    format!("{} Code {}{later}.", error.description, error.code)
}

/// `client.ts`: an abstract class with one method for each operation.
pub(crate) fn client(surface: &Surface) -> String {
    let mut used = BTreeSet::new();
    let methods: String = surface.operations.iter().map(|o| method(surface, o, &mut used)).collect();
    let names: Vec<String> = used.into_iter().map(|name| format!("  {name},\n")).collect();
    format!(
        "{NOTE}\nimport type {{\n{}}} from \"./types.js\";\n\n{OPTIONS}\
         /** One method for each control operation. */\n\
         export abstract class Operations {{\n\
         {}  abstract call(operation: string, input?: unknown, options?: CallOptions): Promise<unknown>;\n{methods}}}\n",
        names.concat(),
        doc("Calls an operation by its name on the wire. The methods below do, with types.", "  "),
    )
}

const OPTIONS: &str = "\
/** What a call of a long operation may say besides its input. */
export interface CallOptions {
  /**
   * Hears how far the operation is, on this thread, before the promise is settled. What it throws rejects the promise
   * when the operation has ended; the operation is not undone.
   */
  progress?: (progress: Progress) => void;
}

";

const STRING: &str = "a string takes what is written";

/// Types that go in, and types that come out.
struct Sides {
    inputs: BTreeSet<String>,
    outputs: BTreeSet<String>,
}

impl Sides {
    /// Whether an absent field may also be null: in what goes in, and in the settings, which come out with nulls.
    fn nulls(&self, named: &Named) -> bool {
        named.name == SETTINGS || (self.inputs.contains(&named.name) && !self.outputs.contains(&named.name))
    }
}

fn method(surface: &Surface, operation: &Operation, used: &mut BTreeSet<String>) -> String {
    let Operation { name, summary, role, mutates, output, .. } = operation;
    used.insert(output.clone());
    used.extend(operation.progress.then(|| "Progress".to_owned()));
    let text = format!("{summary}\n\nRole: `{role}`.{}", if *mutates { "" } else { " Changes nothing." });
    let (parameter, argument) = match &operation.input {
        None => (String::new(), String::new()),
        Some(input) => {
            used.insert(input.clone());
            let required = surface.get(input).fields().any(|field| field.presence == Presence::Required);
            (format!("input: {input}{}", if required { "" } else { " = {}" }), ", input".to_owned())
        }
    };
    let (parameter, argument) = match (operation.progress, parameter.is_empty()) {
        (false, _) => (parameter, argument),
        (true, true) => ("options?: CallOptions".to_owned(), ", {}, options".to_owned()),
        (true, false) => (format!("{parameter}, options?: CallOptions"), format!("{argument}, options")),
    };
    format!(
        "\n{}  {}({parameter}): Promise<{output}> {{\n    \
         return this.call(\"{name}\"{argument}) as Promise<{output}>;\n  }}\n",
        doc(&text, "  "),
        camel(name)
    )
}

fn members(fields: &[Field], nulls: bool) -> String {
    let mut out = String::new();
    for field in fields {
        let mut text = field.doc.clone();
        if let Presence::Default(value) = &field.presence
            && !text.contains("Default ")
        {
            let _ = write!(text, " Absent: `{}`.", one_line(value));
        }
        out.push_str(&doc(&text, "  "));
        let (mark, null) = match field.presence {
            Presence::Required => ("", ""),
            Presence::Optional if nulls => ("?", " | null"),
            Presence::Optional | Presence::Default(_) => ("?", ""),
        };
        let _ = writeln!(out, "  {}{mark}: {}{null};", field.name, ty(&field.ty));
    }
    out
}

/// An interface for each variant, and the type that is one of them.
fn union(named: &Named, variants: &[Variant], nulls: bool) -> String {
    let name = |variant: &Variant| format!("{}{}", named.name, pascal(&variant.tag));
    let mut out = format!("export type {} =", named.name);
    variants.iter().for_each(|variant| out.push_str(&format!("\n  | {}", name(variant))));
    out.push_str(";\n");
    for variant in variants {
        let members = members(&variant.fields, nulls);
        let _ = write!(
            out,
            "\n{}export interface {} {{\n  type: \"{}\";\n{members}}}\n",
            doc(&variant.doc, ""),
            name(variant),
            variant.tag
        );
    }
    out
}

/// A union of strings.
fn strings<'a>(name: &str, choices: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = format!("export type {name} =");
    for (value, text) in choices {
        let comment = doc(text, "  ");
        let _ = write!(out, "\n{comment}  | \"{value}\"");
    }
    out.push_str(";\n");
    out
}

fn ty(ty: &Type) -> String {
    match ty {
        Type::Text => "string".to_owned(),
        Type::Bool => "boolean".to_owned(),
        Type::U32 | Type::U64 | Type::F64 => "number".to_owned(),
        Type::Named(name) => name.clone(),
        Type::List(item) => format!("{}[]", self::ty(item)),
        Type::Map(value) => format!("Record<string, {}>", self::ty(value)),
    }
}

/// A JSDoc comment; nothing where there is no text.
fn doc(text: &str, indent: &str) -> String {
    // Links of rustdoc are names here.
    let text = text.replace("[`", "`").replace("`]", "`").replace("*/", "* /");
    let lines = wrap(text.trim(), WIDTH - indent.len() - " * ".len());
    match lines.as_slice() {
        [] => String::new(),
        [line] if indent.len() + line.len() + "/**  */".len() <= WIDTH => format!("{indent}/** {line} */\n"),
        lines => {
            let lines = lines.iter().map(|line| format!("{indent} * {line}").trim_end().to_owned() + "\n");
            format!("{indent}/**\n{}{indent} */\n", lines.collect::<String>())
        }
    }
}

/// Lines of at most `width` characters; empty lines stay between paragraphs.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for (i, paragraph) in text.split("\n\n").enumerate() {
        if i > 0 {
            lines.push(String::new());
        }
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if !line.is_empty() {
            lines.push(line);
        }
    }
    lines
}

fn one_line(value: &Json) -> String {
    value.pretty().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surface() -> Surface {
        let schema = r##"{
            "operations": [
                {"name": "set_alias", "summary": "Moves a name.", "role": "deployer", "mutates": true,
                 "input": {"title": "SetAliasInput", "type": "object", "required": ["alias"], "properties": {
                    "alias": {"type": "string", "description": "The [`Alias`]."},
                    "note": {"type": ["string", "null"]},
                    "times": {"type": "integer", "format": "uint32", "default": 2}}},
                 "output": {"title": "Alias", "type": "object", "required": ["state"], "properties": {
                    "state": {"$ref": "#/$defs/State"},
                    "was": {"type": ["string", "null"]},
                    "by": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "number",
                        "format": "double"}}}}}},
                {"name": "list", "summary": "Lists.", "role": "viewer", "mutates": false,
                 "input": {"title": "Nothing", "type": "object"},
                 "output": {"title": "Alias", "type": "object", "required": ["state"], "properties": {
                    "state": {"$ref": "#/$defs/State"},
                    "was": {"type": ["string", "null"]},
                    "by": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "number",
                        "format": "double"}}}}}}],
            "errors": [{"code": 4004, "name": "not_found", "description": "Not there.", "retryable": false}],
            "settings": {"title": "Settings", "type": "object", "properties": {
                "limit": {"type": ["integer", "null"], "format": "uint64"}}},
            "error": {"title": "ErrorRecord", "type": "object", "required": ["code"], "properties": {
                "code": {"type": "integer", "format": "uint16"}}},
            "progress": {"title": "Progress", "type": "object", "required": ["done"], "properties": {
                "done": {"type": "integer", "format": "uint64"}}},
            "$defs": {
                "EventRecord": {"type": "object", "required": ["event"], "properties": {
                    "event": {"$ref": "#/$defs/Event"}}},
                "Signature": {"type": "object", "properties": {}},
                "Event": {"oneOf": [{"type": "object", "description": "It ended.", "required": ["type"], "properties": {
                    "type": {"type": "string", "const": "ended_now"}, "why": {"type": ["string", "null"]}}}]},
                "State": {"oneOf": [{"const": "up", "description": "It runs."}, {"const": "down"}]}}}"##;
        Surface::read(&Json::parse(schema).unwrap()).unwrap()
    }

    #[test]
    fn types_follow_the_table() {
        let types = types(&surface());
        for part in [
            "export interface SetAliasInput {\n  /** The `Alias`. */\n  alias: string;\n  note?: string | null;\n",
            "  /** Absent: `2`. */\n  times?: number;\n",
            "export interface Alias {\n  state: State;\n  was?: string;\n",
            "  by?: Record<string, number[]>;\n",
            "export type State =\n  /** It runs. */\n  | \"up\"\n  | \"down\";\n",
            "export type Event =\n  | EventEndedNow;\n",
            "/** It ended. */\nexport interface EventEndedNow {\n  type: \"ended_now\";\n  why?: string;\n}\n",
            "  limit?: number | null;\n",
            "  /** Not there. Code 4004. */\n  | \"not_found\";\n",
        ] {
            assert!(types.contains(part), "{part}\n---\n{types}");
        }
    }

    #[test]
    fn methods_follow_the_table() {
        let client = client(&surface());
        for part in [
            "import type {\n  Alias,\n  SetAliasInput,\n} from",
            "  setAlias(input: SetAliasInput): Promise<Alias> {\n    return this.call(\"set_alias\", input) as",
            "  list(): Promise<Alias> {\n    return this.call(\"list\") as Promise<Alias>;\n",
            "   * Role: `deployer`.\n",
            "   * Role: `viewer`. Changes nothing.\n",
        ] {
            assert!(client.contains(part), "{part}\n---\n{client}");
        }
    }

    #[test]
    fn comments_are_wrapped() {
        let text = "word ".repeat(40);
        assert!(doc(&text, "  ").lines().all(|line| line.len() <= WIDTH));
        assert!(doc("", "").is_empty());
        assert!(!doc("a */ b", "").contains("a */"));
    }
}
