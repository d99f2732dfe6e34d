//! The C header of the operations, `noodle_deploy_ops.h`.
//!
//! Structs begin with their size. An array is a pointer and a count; structs are reached through pointers, so that they
//! can grow. Zero means absent: NULL, an enum's 0, or a `has_` flag that is not set.

use std::collections::BTreeMap;

use super::{Field, Named, Operation, Presence, Shape, Surface, Type};
use crate::json::Json;

/// `VersionRecord` becomes `version_record`.
pub(crate) fn snake(name: &str) -> String {
    if name == "DType" {
        return "dtype".into();
    }
    let mut out = String::new();
    for (index, c) in name.char_indices() {
        if c.is_uppercase() && index > 0 {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// The C name of a named type.
pub(crate) fn tag(name: &str) -> String {
    format!("noodle_{}", snake(name))
}

/// The C name of a variant's struct.
pub(crate) fn variant_tag(union: &str, variant: &str) -> String {
    format!("{}_{variant}", tag(union))
}

/// The constant of an enum's string, or of a union's tag.
pub(crate) fn constant(name: &str, value: &str) -> String {
    format!("NOODLE_{}_{value}", snake(name)).to_uppercase()
}

/// Whether a flag says that the field is there: a number or a bool for which zero is not the same as absent.
pub(crate) fn has_flag(surface: &Surface, field: &Field) -> bool {
    if !matches!(kind(surface, &field.ty), Kind::Bool | Kind::U32 | Kind::U64 | Kind::F64) {
        return false;
    }
    match &field.presence {
        Presence::Required => false,
        Presence::Optional => true,
        Presence::Default(value) => !matches!(value, Json::Bool(false)) && *value != Json::Number("0".into()),
    }
}

/// What a type comes down to.
pub(crate) enum Kind<'a> {
    Text,
    Bool,
    U32,
    U64,
    F64,
    Enum(&'a str),
    Struct(&'a str),
    Union(&'a str),
    List(&'a Type),
    Map(&'a Type),
}

pub(crate) fn kind<'a>(surface: &Surface, ty: &'a Type) -> Kind<'a> {
    match ty {
        Type::Text => Kind::Text,
        Type::Bool => Kind::Bool,
        Type::U32 => Kind::U32,
        Type::U64 => Kind::U64,
        Type::F64 => Kind::F64,
        Type::Named(name) => match surface.get(name).shape {
            Shape::Struct(_) => Kind::Struct(name),
            Shape::Union(_) => Kind::Union(name),
            Shape::Enum(_) => Kind::Enum(name),
            Shape::Text => Kind::Text,
        },
        Type::List(item) => Kind::List(item),
        Type::Map(value) => Kind::Map(value),
    }
}

/// A word for an element type, to name lists and entries by.
pub(crate) fn word(surface: &Surface, ty: &Type) -> String {
    match kind(surface, ty) {
        Kind::Text => "text".into(),
        Kind::Bool => "bool".into(),
        Kind::U32 => "u32".into(),
        Kind::U64 => "u64".into(),
        Kind::F64 => "f64".into(),
        Kind::Enum(name) | Kind::Struct(name) | Kind::Union(name) => snake(name),
        Kind::List(item) => format!("{}_list", word(surface, item)),
        Kind::Map(value) => format!("{}_map", word(surface, value)),
    }
}

/// The C type of a field or an element, with a space or a star at its end.
fn element(surface: &Surface, ty: &Type) -> String {
    match kind(surface, ty) {
        Kind::Text => "const char *".into(),
        Kind::Bool => "bool ".into(),
        Kind::U32 => "uint32_t ".into(),
        Kind::U64 => "uint64_t ".into(),
        Kind::F64 => "double ".into(),
        Kind::Enum(name) => format!("{} ", tag(name)),
        Kind::Struct(name) | Kind::Union(name) => format!("const {} *", tag(name)),
        Kind::List(_) | Kind::Map(_) => format!("noodle_{} ", word(surface, ty)),
    }
}

/// Types that stand for lists and maps, innermost first: name and definition.
pub(crate) fn containers(surface: &Surface) -> BTreeMap<(usize, String), &Type> {
    fn visit<'a>(
        surface: &Surface,
        ty: &'a Type,
        in_field: bool,
        found: &mut BTreeMap<(usize, String), &'a Type>,
    ) -> usize {
        match ty {
            Type::List(item) | Type::Map(item) => {
                let depth = visit(surface, item, false, found) + 1;
                // A field holds pointer and count itself; only its entries need a type.
                if matches!(ty, Type::Map(_)) {
                    found.insert((2 * depth, format!("noodle_{}_entry", word(surface, item))), item);
                }
                if !in_field {
                    found.insert((2 * depth + 1, format!("noodle_{}", word(surface, ty))), ty);
                }
                depth
            }
            _ => 0,
        }
    }
    let mut found = BTreeMap::new();
    for field in surface.types.values().flat_map(Named::fields) {
        visit(surface, &field.ty, true, &mut found);
    }
    found
}

/// A comment at an indentation, wrapped.
pub(crate) fn comment(out: &mut String, indent: &str, text: &str) {
    let text = text.replace("*/", "* /");
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.split("\n\n") {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && indent.len() + 3 + line.len() + 1 + word.len() > 116 {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
        lines.push(String::new());
    }
    lines.pop();
    match lines.as_slice() {
        [] => {}
        [line] if line.is_empty() => {}
        [line] => line!(out, "{indent}/** {line} */"),
        lines => {
            line!(out, "{indent}/**");
            for line in lines {
                line!(out, "{indent} *{}{line}", if line.is_empty() { "" } else { " " });
            }
            line!(out, "{indent} */");
        }
    }
}

/// The whole header.
pub(crate) fn header(surface: &Surface) -> String {
    let mut out = String::from(TOP);
    statuses(&mut out, surface);
    for named in surface.types.values() {
        enumeration(&mut out, named);
    }
    out.push_str("/* The structs, by their names. */\n");
    for named in surface.types.values() {
        match &named.shape {
            Shape::Struct(_) => line!(out, "typedef struct {0} {0};", tag(&named.name)),
            Shape::Union(variants) => {
                line!(out, "typedef struct {0} {0};", tag(&named.name));
                for variant in variants {
                    line!(out, "typedef struct {0} {0};", variant_tag(&named.name, &variant.tag));
                }
            }
            Shape::Enum(_) | Shape::Text => {}
        }
    }
    out.push('\n');
    for ((_, name), ty) in containers(surface) {
        container(&mut out, surface, &name, ty);
    }
    for named in surface.types.values() {
        structure(&mut out, surface, named);
    }
    functions(&mut out, surface);
    out.push_str(BOTTOM);
    out
}

fn statuses(out: &mut String, surface: &Surface) {
    comment(out, "", "What every function returns: 0, or the code of an error.");
    out.push_str("typedef int32_t noodle_status;\n\nenum {\n    /** The call succeeded. */\n    NOODLE_OK = 0,\n");
    for error in &surface.errors {
        let retry = if error.retryable { " The same call may succeed later." } else { "" };
        comment(out, "    ", &format!("{}{retry}", error.description));
        line!(out, "    NOODLE_ERROR_{} = {},", error.name.to_uppercase(), error.code);
    }
    out.push_str("};\n\n");
}

fn enumeration(out: &mut String, named: &Named) {
    let rows: Vec<(&str, &str)> = match &named.shape {
        Shape::Enum(choices) => choices.iter().map(|c| (c.value.as_str(), c.doc.as_str())).collect(),
        Shape::Union(variants) => variants.iter().map(|v| (v.tag.as_str(), v.doc.as_str())).collect(),
        Shape::Struct(_) | Shape::Text => return,
    };
    let is_union = matches!(named.shape, Shape::Union(_));
    let unset = "0 where nothing is set.";
    let doc = if is_union { format!("What a {} can be.", tag(&named.name)) } else { format!("{} {unset}", named.doc) };
    comment(out, "", &doc);
    let name = if is_union { format!("{}_type", tag(&named.name)) } else { tag(&named.name) };
    line!(out, "typedef int32_t {name};\n\nenum {{");
    for (index, (value, doc)) in rows.iter().enumerate() {
        comment(out, "    ", doc);
        line!(out, "    {} = {},", constant(&named.name, value), index + 1);
    }
    out.push_str("};\n\n");
}

fn container(out: &mut String, surface: &Surface, name: &str, ty: &Type) {
    if name.ends_with("_entry") {
        comment(out, "", "A key and its value.");
        line!(out, "typedef struct {name} {{\n    const char *key;\n    {}value;\n}} {name};\n", element(surface, ty));
        return;
    }
    comment(out, "", "A pointer and a count.");
    line!(out, "typedef struct {name} {{");
    members(out, surface, ty, "items");
    line!(out, "}} {name};\n");
}

/// A list or a map as two members.
fn members(out: &mut String, surface: &Surface, ty: &Type, name: &str) {
    let pointer = match ty {
        Type::List(item) => {
            let item = element(surface, item);
            if item.ends_with('*') { format!("{item}const *") } else { format!("const {item}*") }
        }
        Type::Map(value) => format!("const noodle_{}_entry *", word(surface, value)),
        _ => return,
    };
    let count = if name == "items" { "count".into() } else { format!("{name}_count") };
    line!(out, "    {pointer}{name};\n    size_t {count};");
}

fn structure(out: &mut String, surface: &Surface, named: &Named) {
    match &named.shape {
        Shape::Struct(fields) => fields_of(out, surface, &tag(&named.name), &named.doc, fields),
        Shape::Union(variants) => {
            for variant in variants {
                let name = variant_tag(&named.name, &variant.tag);
                fields_of(out, surface, &name, &variant.doc, &variant.fields);
            }
            let name = tag(&named.name);
            comment(out, "", &format!("{} `type` says which member of `of` is there.", named.doc));
            line!(out, "struct {name} {{\n    size_t size;\n    {name}_type type;\n    union {{");
            for variant in variants {
                let tag = &variant.tag;
                line!(out, "        const {} *{tag};", variant_tag(&named.name, tag));
            }
            out.push_str("    } of;\n};\n\n");
        }
        Shape::Enum(_) | Shape::Text => {}
    }
}

fn fields_of(out: &mut String, surface: &Surface, name: &str, doc: &str, fields: &[Field]) {
    comment(out, "", doc);
    line!(out, "struct {name} {{\n    /** sizeof({name}). */\n    size_t size;");
    for field in fields {
        if has_flag(surface, field) {
            line!(out, "    /** Whether `{}` is there. */\n    bool has_{};", field.name, field.name);
        }
        comment(out, "    ", &documented(surface, field));
        match &field.ty {
            Type::List(_) | Type::Map(_) => members(out, surface, &field.ty, &field.name),
            ty => line!(out, "    {}{};", element(surface, ty), field.name),
        }
    }
    out.push_str("};\n\n");
}

/// A field's description with what its absence means.
fn documented(surface: &Surface, field: &Field) -> String {
    let absent = match (&field.presence, kind(surface, &field.ty)) {
        (Presence::Required, _) => return field.doc.clone(),
        (_, Kind::Bool | Kind::U32 | Kind::U64 | Kind::F64) if !has_flag(surface, field) => return field.doc.clone(),
        (_, Kind::Bool | Kind::U32 | Kind::U64 | Kind::F64) => format!("Without `has_{}`", field.name),
        (_, Kind::Enum(_)) => "0".to_owned(),
        _ => "NULL".to_owned(),
    };
    let meaning = match &field.presence {
        Presence::Default(Json::Text(text)) if !text.is_empty() => format!("`{text}`"),
        Presence::Default(Json::Number(number)) => number.clone(),
        Presence::Default(Json::Bool(value)) => value.to_string(),
        _ => "absent".to_owned(),
    };
    format!("{} {absent}: {meaning}.", field.doc)
}

fn functions(out: &mut String, surface: &Surface) {
    out.push_str(OPERATIONS);
    for operation in &surface.operations {
        comment(out, "", &about(operation));
        line!(out, "{};\n", prototype(operation));
    }
    out.push_str("/* Each frees an answer and everything that it points to. NULL is allowed. */\n");
    for name in results(surface) {
        line!(out, "void noodle_free_{}({} *answer);", snake(&name), tag(&name));
    }
}

fn about(operation: &Operation) -> String {
    let change = if operation.mutates { "Changes the directory; " } else { "Changes nothing; " };
    let output = snake(&operation.output);
    format!(
        "{} {change}asks for the role `{}`. Free `*out` with noodle_free_{output}.",
        operation.summary, operation.role
    )
}

fn prototype(operation: &Operation) -> String {
    let input = operation.input.as_ref().map_or(String::new(), |input| format!("const {} *input, ", tag(input)));
    format!(
        "noodle_status noodle_{}(const struct noodle_t *noodle, const struct noodle_caller *caller,\n    {input}{} **out)",
        operation.name,
        tag(&operation.output)
    )
}

/// Names of the types that are handed out, each once.
pub(crate) fn results(surface: &Surface) -> Vec<String> {
    let mut names: Vec<String> = surface.operations.iter().map(|operation| operation.output.clone()).collect();
    names.extend(["EventRecord".to_owned(), super::SETTINGS.to_owned()]);
    names.sort();
    names.dedup();
    names
}

const TOP: &str = "\
/* Operations of noodle-deploy in C. Written by `cargo xtask codegen`; do not edit. Include noodle_deploy.h. */

#ifndef NOODLE_DEPLOY_OPS_H
#define NOODLE_DEPLOY_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern \"C\" {
#endif

/*
 * Structs begin with `size`, which says how much of them is there: set it to sizeof in what goes in, and look at it in
 * what comes out before a field that is newer than your program. Everything else may be zero, which means absent: NULL,
 * 0 for an enum, or a `has_` flag that is not set. A list with a pointer and a count of 0 is there and empty.
 *
 * What goes in belongs to the caller and is not needed after the call. What comes out is one block of memory: free the
 * struct that was handed out, never what it points to. Strings are UTF-8 and end with a NUL; 64-bit ids are decimal
 * digits.
 */

struct noodle_t;
struct noodle_caller;

";

const OPERATIONS: &str = "\
/*
 * The operations. `caller` says who calls, and NULL is the host itself. On success `*out` is the caller's to free; else
 * it is NULL, the code says what was wrong, and noodle_last_error() the rest.
 */

";

const BOTTOM: &str = "
#ifdef __cplusplus
} /* extern \"C\" */
#endif

#endif /* NOODLE_DEPLOY_OPS_H */
";
