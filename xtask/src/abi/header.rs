//! Reads our own headers: constants, structs with the layout that every 64-bit ABI gives them, and functions.

use super::{Field, Interface, Struct};
use crate::run::Result;

/// # Errors
/// A declaration that is none of those which the generators write.
pub(super) fn parse(text: &str) -> Result<Interface> {
    let mut interface = Interface::default();
    let plain = preprocessed(text, &mut interface);
    for declaration in split(&plain) {
        let words = declaration.split_whitespace().collect::<Vec<_>>().join(" ");
        read(&mut interface, &words).ok_or_else(|| format!("the header's `{words}` is not understood"))?;
    }
    Ok(interface)
}

/// The text without comments and directives; numbers that are defined are kept.
fn preprocessed(text: &str, interface: &mut Interface) -> String {
    let mut bare = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    let mut plain = String::new();
    let mut for_cpp = false;
    for line in bare.lines() {
        let line = line.split("//").next().unwrap_or("").trim();
        match line.strip_prefix('#') {
            Some(directive) => {
                for_cpp = directive.starts_with("ifdef __cplusplus");
                let mut words = directive.split_whitespace();
                if let (Some("define"), Some(name), Some(value)) = (words.next(), words.next(), words.next())
                    && let Ok(value) = value.parse()
                {
                    interface.constants.insert(name.to_owned(), value);
                }
            }
            None if !for_cpp => {
                plain.push_str(line);
                plain.push('\n');
            }
            None => {}
        }
    }
    plain
}

/// Declarations, apart at the semicolons outside braces.
fn split(text: &str) -> Vec<&str> {
    let (mut found, mut depth, mut begin) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ';' if depth == 0 => {
                found.push(text[begin..at].trim());
                begin = at + 1;
            }
            _ => {}
        }
    }
    found
}

fn read(interface: &mut Interface, words: &str) -> Option<()> {
    let plain = words.strip_prefix("typedef ");
    if let Some(body) = words.strip_prefix("enum {") {
        for entry in body.trim_end_matches('}').split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            let (name, value) = entry.split_once(" = ")?;
            interface.constants.insert(name.to_owned(), value.parse().ok()?);
        }
    } else if let Some(rest) = plain.unwrap_or(words).strip_prefix("struct ").filter(|rest| !rest.contains('(')) {
        if let Some((name, body)) = rest.split_once(" {") {
            let layout = layout(interface, body.rsplit_once('}')?.0)?;
            interface.structs.insert(name.to_owned(), layout);
        }
        // A struct without a body is known by its name alone: nobody outside relies on what is in it.
    } else if let Some((result, rest)) = plain.and_then(|plain| plain.split_once(" (*")) {
        let (name, parameters) = rest.split_once(")(")?;
        interface.types.insert(name.to_owned(), signature(result, parameters));
    } else if let Some((ty, name)) = plain.and_then(|plain| plain.rsplit_once(' ')) {
        interface.types.insert(name.to_owned(), ty.to_owned());
    } else {
        let (head, parameters) = words.split_once('(')?;
        let (result, name) = named(head)?;
        interface.functions.insert(name.to_owned(), signature(&result, parameters));
    }
    Some(())
}

/// `const char *name` as type and name.
fn named(declarator: &str) -> Option<(String, &str)> {
    let at = declarator.rfind(|c: char| !c.is_alphanumeric() && c != '_')? + 1;
    let (ty, name) = declarator.split_at(at);
    Some((ty.replace("struct ", "").trim().to_owned(), name))
}

/// Result and types of the parameters, whose names do not matter.
fn signature(result: &str, parameters: &str) -> String {
    let parameters = parameters.trim_end_matches(')').split(',').map(str::trim);
    let types: Vec<String> =
        parameters.map(|parameter| named(parameter).map_or_else(|| parameter.to_owned(), |(ty, _)| ty)).collect();
    format!("{} ({})", result.trim(), types.join(", "))
}

fn layout(interface: &Interface, body: &str) -> Option<Struct> {
    let mut layout = Struct { size: 0, align: 1, fields: Vec::new() };
    for member in split(body) {
        let union = member.strip_prefix("union {").and_then(|rest| rest.rsplit_once('}'));
        let fields: Vec<(String, String)> = match union {
            Some((members, name)) => {
                let member = |m| named(m).map(|(ty, member)| (format!("{}.{member}", name.trim()), ty));
                split(members).into_iter().map(member).collect::<Option<_>>()?
            }
            None => named(member).map(|(ty, name)| vec![(name.to_owned(), ty)])?,
        };
        let sizes = fields.iter().map(|(_, ty)| extent(interface, ty)).collect::<Option<Vec<_>>>()?;
        let (size, align) = (sizes.iter().map(|s| s.0).max()?, sizes.iter().map(|s| s.1).max()?);
        let at = layout.size.next_multiple_of(align);
        layout.fields.extend(fields.into_iter().map(|(name, ty)| Field { name, ty, at }));
        layout.size = at + size;
        layout.align = layout.align.max(align);
    }
    layout.size = layout.size.next_multiple_of(layout.align);
    Some(layout)
}

/// Size and alignment of a type.
fn extent(interface: &Interface, ty: &str) -> Option<(usize, usize)> {
    let size = match ty {
        pointer if pointer.ends_with('*') => 8,
        "bool" | "uint8_t" => 1,
        "int32_t" | "uint32_t" | "float" => 4,
        "size_t" | "uint64_t" | "double" => 8,
        named => match (interface.structs.get(named), interface.types.get(named)) {
            (Some(layout), _) => return Some((layout.size, layout.align)),
            (None, Some(callback)) if callback.contains('(') => 8,
            (None, Some(other)) => return extent(interface, other),
            (None, None) => return None,
        },
    };
    Some((size, size))
}
