//! The C++ header of the operations, `noodle_deploy_ops.hpp`: values instead of pointers, and a method an operation.

use std::collections::BTreeSet;

use super::c::{Kind, has_flag, kind, snake, tag, variant_tag};
use super::{Field, Named, Operation, Presence, Shape, Surface, Type};
use crate::json::Json;

/// A word that C++ keeps for itself gets an underscore.
pub(crate) fn safe(name: &str) -> String {
    let keyword = matches!(
        name,
        "bool" | "default" | "delete" | "new" | "operator" | "private" | "public" | "register" | "this" | "union"
    );
    format!("{name}{}", if keyword { "_" } else { "" })
}

/// `EventPromoted` for the variant `promoted` of `Event`.
pub(crate) fn variant_name(union: &str, variant: &str) -> String {
    let camel = variant.split('_').map(|word| word[..1].to_uppercase() + &word[1..]);
    union.to_owned() + &camel.collect::<String>()
}

/// The C++ type of a value that is there.
pub(crate) fn value(surface: &Surface, ty: &Type) -> String {
    match kind(surface, ty) {
        Kind::Text => "std::string".into(),
        Kind::Bool => "bool".into(),
        Kind::U32 => "std::uint32_t".into(),
        Kind::U64 => "std::uint64_t".into(),
        Kind::F64 => "double".into(),
        Kind::Enum(name) | Kind::Struct(name) | Kind::Union(name) => name.to_owned(),
        Kind::List(item) => format!("std::vector<{}>", value(surface, item)),
        Kind::Map(item) => format!("std::map<std::string, {}>", value(surface, item)),
    }
}

fn comment(out: &mut String, indent: &str, text: &str) {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && indent.len() + 4 + line.len() + 1 + word.len() > 118 {
            line!(out, "{indent}/// {line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        line!(out, "{indent}/// {line}");
    }
}

/// The whole header.
pub(crate) fn header(surface: &Surface) -> String {
    let mut out = String::from(TOP);
    let mut done = BTreeSet::new();
    for name in surface.types.keys() {
        define(&mut out, surface, name, &mut done);
    }
    out.push_str("namespace detail {\n\n");
    let (inputs, mut outputs) = (surface.inputs(), surface.outputs());
    // Settings are read back.
    outputs.extend(surface.reached(std::iter::once(super::SETTINGS.to_owned())));
    for named in surface.types.values() {
        for direction in [Direction::In, Direction::Out] {
            let wanted = if direction == Direction::In { &inputs } else { &outputs };
            if wanted.contains(&named.name) {
                declare(&mut out, named, direction);
            }
        }
    }
    out.push('\n');
    for named in surface.types.values() {
        if inputs.contains(&named.name) {
            put(&mut out, surface, named);
        }
        if outputs.contains(&named.name) {
            get(&mut out, surface, named);
        }
    }
    out.push_str("} // namespace detail\n\n");
    operations(&mut out, surface);
    out.push_str(BOTTOM);
    out
}

#[derive(Clone, Copy, PartialEq)]
enum Direction {
    In,
    Out,
}

/// Defines a type after those that it holds.
fn define<'a>(out: &mut String, surface: &'a Surface, name: &'a str, done: &mut BTreeSet<&'a str>) {
    if !done.insert(name) {
        return;
    }
    let named = surface.get(name);
    for inner in named.fields().filter_map(|field| field.ty.name()) {
        define(out, surface, inner, done);
    }
    match &named.shape {
        Shape::Enum(choices) => {
            comment(out, "", &named.doc);
            line!(out, "enum class {name} : std::int32_t {{");
            for (index, choice) in choices.iter().enumerate() {
                comment(out, "    ", &choice.doc);
                line!(out, "    {} = {},", safe(&choice.value), index + 1);
            }
            out.push_str("};\n\n");
            line!(out, "/// As on the wire.\ninline const char *name(const {name} value) {{\n    switch (value) {{");
            for choice in choices {
                line!(out, "    case {name}::{}: return \"{}\";", safe(&choice.value), choice.value);
            }
            out.push_str("    }\n    return \"\";\n}\n\n");
        }
        Shape::Struct(fields) => structure(out, surface, name, &named.doc, fields),
        Shape::Union(variants) => {
            let names: Vec<String> = variants.iter().map(|v| variant_name(name, &v.tag)).collect();
            for (variant, full) in variants.iter().zip(&names) {
                structure(out, surface, full, &variant.doc, &variant.fields);
            }
            comment(out, "", &named.doc);
            line!(out, "using {name} = std::variant<\n    {}>;\n", names.join(",\n    "));
        }
        Shape::Text => {}
    }
}

fn structure(out: &mut String, surface: &Surface, name: &str, doc: &str, fields: &[Field]) {
    comment(out, "", doc);
    line!(out, "struct {name} {{");
    for field in fields {
        comment(out, "    ", &field.doc);
        let (value, field_name) = (value(surface, &field.ty), safe(&field.name));
        match &field.presence {
            Presence::Optional => line!(out, "    std::optional<{value}> {field_name};"),
            presence => line!(out, "    {value} {field_name}{};", initial(surface, &field.ty, presence)),
        }
    }
    out.push_str("};\n\n");
}

/// What a field holds before somebody sets it.
fn initial(surface: &Surface, ty: &Type, presence: &Presence) -> String {
    let given = match presence {
        Presence::Default(value) => Some(value),
        Presence::Required | Presence::Optional => None,
    };
    match (kind(surface, ty), given) {
        (Kind::Text, Some(Json::Text(text))) if !text.is_empty() => format!(" = {text:?}"),
        (Kind::Bool, given) => format!(" = {}", given == Some(&Json::Bool(true))),
        (Kind::U32 | Kind::U64 | Kind::F64, Some(Json::Number(number))) => format!(" = {number}"),
        (Kind::U32 | Kind::U64 | Kind::F64, _) => " = 0".into(),
        (Kind::Enum(name), Some(Json::Text(value))) => format!(" = {name}::{}", safe(value)),
        (Kind::Enum(_), _) => "{}".into(),
        _ => String::new(),
    }
}

fn declare(out: &mut String, named: &Named, direction: Direction) {
    if matches!(named.shape, Shape::Enum(_) | Shape::Text) {
        return;
    }
    let (name, tag) = (&named.name, tag(&named.name));
    match direction {
        Direction::In => line!(out, "void put(const {name} &from, const {tag} *&to, Arena &arena);"),
        Direction::Out => line!(out, "void get(const {tag} *from, {name} &to, Reader in);"),
    }
}

fn put(out: &mut String, surface: &Surface, named: &Named) {
    let name = &named.name;
    match &named.shape {
        Shape::Struct(fields) => put_struct(out, surface, &tag(name), name, fields),
        Shape::Union(variants) => {
            for variant in variants {
                let (c, cpp) = (variant_tag(name, &variant.tag), variant_name(name, &variant.tag));
                put_struct(out, surface, &c, &cpp, &variant.fields);
            }
            let c = tag(name);
            line!(out, "inline void put(const {name} &from, const {c} *&out, Arena &arena) {{");
            line!(out, "    {c} &to = arena.make<{c}>();\n    to.size = sizeof(to);");
            line!(out, "    to.type = static_cast<std::int32_t>(from.index()) + 1;\n    switch (from.index()) {{");
            for (index, variant) in variants.iter().enumerate() {
                line!(out, "    case {index}: put(std::get<{index}>(from), to.of.{}, arena); break;", variant.tag);
            }
            out.push_str("    default: break;\n    }\n    out = &to;\n}\n\n");
        }
        Shape::Enum(_) | Shape::Text => {}
    }
}

fn put_struct(out: &mut String, surface: &Surface, tag: &str, name: &str, fields: &[Field]) {
    let from = if fields.is_empty() { "" } else { " from" };
    line!(out, "inline void put(const {name} &{}, const {tag} *&out, Arena &arena) {{", from.trim());
    line!(out, "    {tag} &to = arena.make<{tag}>();\n    to.size = sizeof(to);");
    for field in fields {
        let (cpp, c) = (safe(&field.name), &field.name);
        let (guard, source) = match field.presence {
            Presence::Optional => (format!("if (from.{cpp}) "), format!("*from.{cpp}")),
            _ => (String::new(), format!("from.{cpp}")),
        };
        let target = match kind(surface, &field.ty) {
            Kind::List(_) | Kind::Map(_) => format!("to.{c}, to.{c}_count"),
            _ => format!("to.{c}"),
        };
        if has_flag(surface, field) {
            let there = if guard.is_empty() { "true".to_owned() } else { format!("from.{cpp}.has_value()") };
            line!(out, "    to.has_{c} = {there};");
        }
        line!(out, "    {guard}put({source}, {target}, arena);");
    }
    out.push_str("    out = &to;\n}\n\n");
}

fn get(out: &mut String, surface: &Surface, named: &Named) {
    let name = &named.name;
    match &named.shape {
        Shape::Struct(fields) => get_struct(out, surface, &tag(name), name, fields),
        Shape::Union(variants) => {
            for variant in variants {
                let (c, cpp) = (variant_tag(name, &variant.tag), variant_name(name, &variant.tag));
                get_struct(out, surface, &c, &cpp, &variant.fields);
            }
            let c = tag(name);
            line!(out, "inline void get(const {c} *given, {name} &to, Reader in) {{\n    if (!given) return;");
            line!(out, "    const {c} from = whole(given);\n    switch (from.type) {{");
            for (index, variant) in variants.iter().enumerate() {
                let cpp = variant_name(name, &variant.tag);
                line!(out, "    case {}: get(from.of.{}, to.emplace<{cpp}>(), in); break;", index + 1, variant.tag);
            }
            out.push_str("    default: break;\n    }\n}\n\n");
        }
        Shape::Enum(_) | Shape::Text => {}
    }
}

fn get_struct(out: &mut String, surface: &Surface, c: &str, cpp: &str, fields: &[Field]) {
    if fields.is_empty() {
        line!(out, "inline void get(const {c} *, {cpp} &, Reader) {{}}\n");
        return;
    }
    line!(
        out,
        "inline void get(const {c} *given, {cpp} &to, Reader in) {{\n    if (!given) return;\n    const {c} from = whole(given);"
    );
    for field in fields {
        let (cpp, c) = (safe(&field.name), &field.name);
        let source = match kind(surface, &field.ty) {
            Kind::List(_) | Kind::Map(_) => format!("from.{c}, from.{c}_count"),
            _ => format!("from.{c}"),
        };
        let guard = if has_flag(surface, field) { format!("if (from.has_{c}) ") } else { String::new() };
        line!(out, "    {guard}get({source}, to.{cpp}, in);");
    }
    out.push_str("}\n\n");
}

fn operations(out: &mut String, surface: &Surface) {
    out.push_str(CLASS);
    for operation in &surface.operations {
        let Operation { name, summary, role, output, input, .. } = operation;
        comment(out, "    ", &format!("{summary} Asks for the role `{role}`."));
        let (parameter, argument) = match input {
            Some(input) => (format!("const {input} &input"), "input, "),
            None => (String::new(), ""),
        };
        line!(out, "    Returned<{output}> {}({parameter}) const {{", safe(name));
        line!(
            out,
            "        return self().template call<{output}>({argument}noodle_{name}, noodle_free_{});\n    }}\n",
            snake(output)
        );
    }
    out.push_str("private:\n    const Self &self() const { return static_cast<const Self &>(*this); }\n};\n\n");
}

const TOP: &str = "\
// Operations of noodle-deploy in C++17. Written by `cargo xtask codegen`; do not edit. Include noodle_deploy.hpp.

#ifndef NOODLE_DEPLOY_OPS_HPP
#define NOODLE_DEPLOY_OPS_HPP

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include \"noodle_deploy.h\"
#include \"noodle_deploy_support.hpp\"

namespace noodle {

";

const CLASS: &str = "\
} // namespace noodle

#include \"noodle_deploy_error.hpp\"

namespace noodle {

/// The operations as methods, for classes that can call.
template <class Self> class Operations {
public:
";

const BOTTOM: &str = "\
} // namespace noodle

#endif // NOODLE_DEPLOY_OPS_HPP
";
