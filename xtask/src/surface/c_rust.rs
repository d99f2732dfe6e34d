//! The Rust side of the C operations: structs, layout tables and exported functions.

use super::c::{Kind, containers, has_flag, kind, results, snake, tag, variant_tag, word};
use super::{Field, Named, Shape, Surface, Type};

const TOP: &str = "// Written by `cargo xtask codegen`; do not edit.\n\n";

/// `src/ops/types.rs`.
pub(crate) fn types(surface: &Surface) -> String {
    let mut out = format!("//! Structs as the C header has them.\n\n{TOP}");
    out.push_str("use std::ffi::{c_char, c_void};\n\n");
    for ((_, name), ty) in containers(surface) {
        out.push_str("#[repr(C)]\n");
        if name.ends_with("_entry") {
            line!(
                out,
                "pub struct {name} {{\n    pub key: *const c_char,\n    pub value: {},\n}}\n",
                element(surface, ty)
            );
        } else {
            line!(out, "pub struct {name} {{\n    pub items: {},\n    pub count: usize,\n}}\n", pointer(surface, ty));
        }
    }
    for (name, shape) in structs(surface) {
        line!(out, "#[repr(C)]\npub struct {name} {{\n    pub size: usize,");
        match shape {
            Members::Fields(fields) => {
                for field in fields {
                    if has_flag(surface, field) {
                        line!(out, "    pub has_{}: u8,", field.name);
                    }
                    match &field.ty {
                        Type::List(_) | Type::Map(_) => line!(
                            out,
                            "    pub {0}: {1},\n    pub {0}_count: usize,",
                            raw(&field.name),
                            pointer(surface, &field.ty)
                        ),
                        ty => line!(out, "    pub {}: {},", raw(&field.name), element(surface, ty)),
                    }
                }
            }
            Members::Union => out.push_str("    pub r#type: i32,\n    pub of: *const c_void,\n"),
        }
        out.push_str("}\n\n");
    }
    out
}

/// `src/ops/layouts.rs`.
pub(crate) fn layouts(surface: &Surface) -> String {
    let mut out = format!("//! Where each field lies, and what it is in JSON.\n\n{TOP}");
    out.push_str(
        "use std::mem::offset_of;\n\nuse super::types::*;\nuse crate::marshal::{Field, Layout, Map, Ty, Union};\n\n",
    );
    for ((_, name), ty) in containers(surface) {
        if let Some(stem) = name.strip_suffix("_entry") {
            let stem = stem.strip_prefix("noodle_").unwrap_or(stem);
            line!(
                out,
                "static {}_ENTRY: Map =\n    Map {{ stride: size_of::<{name}>(), value_at: offset_of!({name}, value), value: {} }};\n",
                upper(stem),
                of(surface, ty)
            );
        }
    }
    for named in surface.types.values() {
        match &named.shape {
            Shape::Enum(choices) => {
                let values: Vec<String> = choices.iter().map(|choice| format!("{:?}", choice.value)).collect();
                line!(out, "pub(crate) static {}: &[&str] = &[{}];\n", constant_name(&named.name), values.join(", "));
            }
            Shape::Union(variants) => {
                let name = tag(&named.name);
                line!(out, "static {}: Union = Union {{", constant_name(&named.name));
                line!(out, "    size: size_of::<{name}>(),\n    tag: offset_of!({name}, r#type),");
                line!(out, "    of: offset_of!({name}, of),\n    variants: &[");
                for variant in variants {
                    let layout = upper(&variant_tag(&named.name, &variant.tag));
                    line!(out, "        ({:?}, &{layout}),", variant.tag);
                }
                out.push_str("    ],\n};\n\n");
            }
            Shape::Struct(_) | Shape::Text => {}
        }
    }
    let mut all = Vec::new();
    for (name, shape) in structs(surface) {
        let Members::Fields(fields) = shape else { continue };
        let table = upper(&name);
        line!(
            out,
            "pub(crate) static {table}: Layout = Layout {{\n    name: {name:?},\n    size: size_of::<{name}>(),"
        );
        out.push_str("    fields: &[\n");
        for field in fields {
            let has = if has_flag(surface, field) {
                format!("Some(offset_of!({name}, has_{}))", field.name)
            } else {
                "None".into()
            };
            line!(
                out,
                "        Field {{ name: {:?}, offset: offset_of!({name}, {}), has: {has}, ty: {} }},",
                field.name,
                raw(&field.name),
                of(surface, &field.ty)
            );
        }
        out.push_str("    ],\n};\n\n");
        all.push(format!("    &{table},\n"));
    }
    line!(
        out,
        "/// Every struct with fields.\n#[cfg(any(test, feature = \"testing\"))]\npub(crate) static ALL: &[&Layout] = &[\n{}];",
        all.concat()
    );
    out
}

/// `src/ops/functions.rs`.
pub(crate) fn functions(surface: &Surface) -> String {
    let mut out = format!("//! An exported function for each operation, and one that frees for each answer.\n\n{TOP}");
    out.push_str("use super::types::*;\nuse super::{call, layouts};\nuse crate::handle::noodle_t;\nuse crate::marshal::release;\n");
    out.push_str("use crate::options::noodle_caller;\nuse crate::status::{noodle_status, quietly};\n\n");
    for operation in &surface.operations {
        let (name, output) = (&operation.name, tag(&operation.output));
        line!(out, "#[unsafe(no_mangle)]\npub unsafe extern \"C\" fn noodle_{name}(");
        out.push_str("    noodle: *const noodle_t,\n    caller: *const noodle_caller,\n");
        let input = match &operation.input {
            Some(input) => {
                line!(out, "    input: *const {},", tag(input));
                format!("Some((&layouts::{}, input.cast()))", constant_name(input))
            }
            None => "None".into(),
        };
        line!(out, "    out: *mut *mut {output},\n) -> noodle_status {{");
        out.push_str("    // SAFETY: pointers are null or valid, as the header asks.\n");
        line!(
            out,
            "    unsafe {{ call(noodle, caller, {name:?}, {input}, &layouts::{}, out.cast()) }}\n}}\n",
            constant_name(&operation.output)
        );
    }
    for name in results(surface) {
        line!(
            out,
            "#[unsafe(no_mangle)]\npub unsafe extern \"C\" fn noodle_free_{}(answer: *mut {}) {{",
            snake(&name),
            tag(&name)
        );
        out.push_str("    // SAFETY: the pointer is null or an answer that is not used again, as the header asks.\n");
        out.push_str("    quietly(|| unsafe { release(answer) });\n}\n\n");
    }
    out
}

enum Members<'a> {
    Fields(&'a [Field]),
    Union,
}

/// Every struct: those of unions too, each variant before its union.
fn structs(surface: &Surface) -> Vec<(String, Members<'_>)> {
    let mut found = Vec::new();
    for Named { name, shape, .. } in surface.types.values() {
        match shape {
            Shape::Struct(fields) => found.push((tag(name), Members::Fields(fields))),
            Shape::Union(variants) => {
                found.extend(variants.iter().map(|v| (variant_tag(name, &v.tag), Members::Fields(&v.fields))));
                found.push((tag(name), Members::Union));
            }
            Shape::Enum(_) | Shape::Text => {}
        }
    }
    found
}

fn element(surface: &Surface, ty: &Type) -> String {
    match kind(surface, ty) {
        Kind::Text => "*const c_char".into(),
        Kind::Bool => "u8".into(),
        Kind::U32 => "u32".into(),
        Kind::U64 => "u64".into(),
        Kind::F64 => "f64".into(),
        Kind::Enum(_) => "i32".into(),
        Kind::Struct(name) | Kind::Union(name) => format!("*const {}", tag(name)),
        Kind::List(_) | Kind::Map(_) => format!("noodle_{}", word(surface, ty)),
    }
}

fn pointer(surface: &Surface, ty: &Type) -> String {
    match ty {
        Type::List(item) => format!("*const {}", element(surface, item)),
        Type::Map(value) => format!("*const noodle_{}_entry", word(surface, value)),
        _ => element(surface, ty),
    }
}

/// The `Ty` of a type.
fn of(surface: &Surface, ty: &Type) -> String {
    match kind(surface, ty) {
        Kind::Text => "Ty::Text".into(),
        Kind::Bool => "Ty::Bool".into(),
        Kind::U32 => "Ty::U32".into(),
        Kind::U64 => "Ty::U64".into(),
        Kind::F64 => "Ty::F64".into(),
        Kind::Enum(name) => format!("Ty::Enum({})", constant_name(name)),
        Kind::Struct(name) => format!("Ty::Struct(&{})", constant_name(name)),
        Kind::Union(name) => format!("Ty::Union(&{})", constant_name(name)),
        Kind::List(item) => format!("Ty::List(&{})", of(surface, item)),
        Kind::Map(value) => format!("Ty::Map(&{}_ENTRY)", word(surface, value).to_uppercase()),
    }
}

/// `DEPLOY_INPUT` for `DeployInput`.
fn constant_name(name: &str) -> String {
    snake(name).to_uppercase()
}

fn upper(tag: &str) -> String {
    tag.strip_prefix("noodle_").unwrap_or(tag).to_uppercase()
}

/// A field's name in Rust.
fn raw(name: &str) -> String {
    if matches!(name, "type" | "ref" | "move" | "match" | "in" | "use" | "where") {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::c::constant;
    use super::*;

    #[test]
    fn names() {
        assert_eq!(constant("VersionStatus", "draft"), "NOODLE_VERSION_STATUS_DRAFT");
        assert_eq!(constant_name("DType"), "DTYPE");
        assert_eq!(upper("noodle_event_promoted"), "EVENT_PROMOTED");
    }
}
