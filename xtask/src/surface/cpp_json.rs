//! JSON for the conformance runner in C++: inputs are read straight into the C structs, answers are shown from the C++
//! values. For tests only.

use super::c::{Kind, has_flag, kind, tag, variant_tag};
use super::cpp::{safe, variant_name};
use super::{Field, Presence, Shape, Surface, Variant};

/// `tests/conformance/ops.hpp`.
pub(crate) fn header(surface: &Surface) -> String {
    let mut out = String::from(TOP);
    let (inputs, outputs) = (surface.inputs(), surface.outputs());
    for named in surface.types.values() {
        match &named.shape {
            Shape::Enum(choices) if inputs.contains(&named.name) => {
                let values: Vec<String> = choices.iter().map(|choice| format!("{:?}", choice.value)).collect();
                line!(out, "inline constexpr const char *strings_of_{}[] = {{{}}};", named.name, values.join(", "));
            }
            Shape::Struct(_) | Shape::Union(_) if inputs.contains(&named.name) => {
                line!(
                    out,
                    "void fill(const Json &from, const {} *&out, noodle::detail::Arena &arena);",
                    tag(&named.name)
                );
            }
            _ => {}
        }
    }
    out.push('\n');
    for named in surface.types.values() {
        match &named.shape {
            Shape::Struct(fields) if inputs.contains(&named.name) => {
                fill(&mut out, surface, &tag(&named.name), fields);
            }
            Shape::Union(variants) if inputs.contains(&named.name) => {
                fill_union(&mut out, surface, &named.name, variants);
            }
            _ => {}
        }
    }
    // A type is shown after those that it holds, since templates look names up where they stand.
    out.push_str("struct Show {\n");
    for named in surface.types.values().filter(|named| outputs.contains(&named.name)) {
        match &named.shape {
            Shape::Struct(fields) => show(&mut out, surface, &named.name, fields, None),
            Shape::Union(variants) => {
                for variant in variants {
                    show(
                        &mut out,
                        surface,
                        &variant_name(&named.name, &variant.tag),
                        &variant.fields,
                        Some(&variant.tag),
                    );
                }
            }
            Shape::Enum(_) => {
                line!(out, "    static Json show(noodle::{0} from) {{ return noodle::name(from); }}\n", named.name)
            }
            Shape::Text => {}
        }
    }
    out.push_str(GENERIC);
    for operation in &surface.operations {
        let (name, output) = (&operation.name, &operation.output);
        line!(out, "    if (name == {name:?}) {{");
        let input = match &operation.input {
            Some(input) => {
                line!(out, "        const {} *given = nullptr;\n        fill(input, given, arena);", tag(input));
                "given, "
            }
            None => {
                out.push_str("        only(input, {});\n");
                ""
            }
        };
        let (answer, stem) = (tag(output), super::c::snake(output));
        line!(out, "        {answer} *answer = nullptr;");
        line!(
            out,
            "        if (noodle_{name}(handle, caller, {input}&answer) != NOODLE_OK) return noodle::Error::last();"
        );
        line!(out, "        return shown<noodle::{output}>(answer, noodle_free_{stem});\n    }}");
    }
    out.push_str(BOTTOM);
    out
}

fn fill(out: &mut String, surface: &Surface, name: &str, fields: &[Field]) {
    line!(out, "inline void fill(const Json &from, const {name} *&out, noodle::detail::Arena &arena) {{");
    let names: Vec<String> = fields.iter().map(|field| format!("{:?}", field.name)).collect();
    line!(out, "    only(from, {{{}}});", names.join(", "));
    line!(out, "    {name} &to = arena.make<{name}>();\n    to.size = sizeof(to);");
    for field in fields {
        let c = &field.name;
        let target = match kind(surface, &field.ty) {
            Kind::List(item) if let Kind::Enum(name) = kind(surface, item) => {
                format!("to.{c}, to.{c}_count, arena, strings_of_{name}")
            }
            Kind::List(_) | Kind::Map(_) => format!("to.{c}, to.{c}_count, arena"),
            Kind::Enum(name) => format!("to.{c}, strings_of_{name}"),
            _ => format!("to.{c}, arena"),
        };
        let flag = if has_flag(surface, field) { format!("to.has_{c} = true, ") } else { String::new() };
        line!(out, "    if (const Json *found = there(from, {c:?})) {flag}fill(*found, {target});");
        let number = matches!(kind(surface, &field.ty), Kind::Bool | Kind::U32 | Kind::U64 | Kind::F64);
        if number && field.presence == Presence::Required {
            line!(out, "    else throw Inexpressible{{\"a missing `{c}`\"}};");
        }
    }
    out.push_str("    out = &to;\n}\n\n");
}

fn fill_union(out: &mut String, surface: &Surface, name: &str, variants: &[Variant]) {
    for variant in variants {
        fill(out, surface, &variant_tag(name, &variant.tag), &variant.fields);
    }
    let c = tag(name);
    line!(out, "inline void fill(const Json &from, const {c} *&out, noodle::detail::Arena &arena) {{");
    out.push_str("    if (!from.is_object()) throw Inexpressible{from.dump() + \" for a variant\"};\n");
    out.push_str(
        "    Json rest = from;\n    const Json type = from.value(\"type\", Json());\n    rest.erase(\"type\");\n",
    );
    line!(out, "    {c} &to = arena.make<{c}>();\n    to.size = sizeof(to);");
    for (index, variant) in variants.iter().enumerate() {
        let (tag, number) = (&variant.tag, index + 1);
        line!(out, "    if (type == {tag:?}) to.type = {number}, fill(rest, to.of.{tag}, arena);");
    }
    out.push_str("    if (to.type == 0) throw Inexpressible{type.dump() + \" for a variant\"};\n    out = &to;\n}\n\n");
}

fn show(out: &mut String, surface: &Surface, name: &str, fields: &[Field], tag: Option<&str>) {
    let from = if fields.is_empty() { "" } else { " from" };
    line!(out, "    static Json show(const noodle::{name} &{}) {{\n        Json to = Json::object();", from.trim());
    if let Some(tag) = tag {
        line!(out, "        to[\"type\"] = {tag:?};");
    }
    for field in fields {
        let cpp = safe(&field.name);
        let is_enum = matches!(kind(surface, &field.ty), Kind::Enum(_));
        match field.presence {
            Presence::Optional => line!(out, "        if (from.{cpp}) to[{:?}] = show(*from.{cpp});", field.name),
            // An enum that is not set was absent.
            Presence::Default(_) if is_enum => {
                line!(out, "        if (static_cast<int>(from.{cpp})) to[{:?}] = show(from.{cpp});", field.name);
            }
            _ => line!(out, "        to[{:?}] = show(from.{cpp});", field.name),
        }
    }
    out.push_str("        return to;\n    }\n\n");
}

const TOP: &str = "\
// What the conformance runner knows of the operations. Written by `cargo xtask codegen`; do not edit.

#ifndef NOODLE_CONFORMANCE_OPS_HPP
#define NOODLE_CONFORMANCE_OPS_HPP

#include \"json.hpp\"

namespace conformance {

";

const GENERIC: &str = "\
    static Json show(const std::string &from) { return from; }
    static Json show(bool from) { return from; }
    static Json show(std::uint32_t from) { return from; }
    static Json show(std::uint64_t from) { return from; }
    static Json show(double from) { return from; }
    template <class... T> static Json show(const std::variant<T...> &from) {
        return std::visit([](const auto &variant) { return show(variant); }, from);
    }
    template <class T> static Json show(const std::vector<T> &from) {
        Json to = Json::array();
        for (const T &item : from) to.push_back(show(item));
        return to;
    }
    template <class T> static Json show(const std::map<std::string, T> &from) {
        Json to = Json::object();
        for (const auto &[key, value] : from) to[key] = show(value);
        return to;
    }
};

template <class T, class C> Json shown(C *answer, void (*free)(C *)) {
    T value;
    noodle::detail::get(static_cast<const C *>(answer), value, noodle::detail::Reader{});
    free(answer);
    return Show::show(value);
}

/// Calls an operation by name through its typed C function.
inline noodle::Result<Json> call(const noodle_t *handle, const noodle_caller *caller, const std::string &name,
                                 const Json &input) {
    noodle::detail::Arena arena;
";

const BOTTOM: &str = "\
    throw Inexpressible{\"the operation `\" + name + \"`\"};
}

} // namespace conformance

#endif // NOODLE_CONFORMANCE_OPS_HPP
";
