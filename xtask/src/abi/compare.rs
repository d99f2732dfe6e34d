//! What of an interface breaks the programs that were compiled with an earlier one.

use std::collections::BTreeMap;

use super::{Interface, Struct, VERSION};

pub(super) fn breaks(before: &Interface, now: &Interface) -> Vec<String> {
    let mut found = Vec::new();
    changed(&mut found, &before.constants, &now.constants);
    changed(&mut found, &before.types, &now.types);
    changed(&mut found, &before.functions, &now.functions);
    for (name, old) in &before.structs {
        match now.structs.get(name) {
            Some(new) => layout(&mut found, name, old, new),
            None => found.push(format!("{name} is gone")),
        }
    }
    found
}

/// Names whose meaning must stay.
fn changed<T: PartialEq + std::fmt::Display>(
    found: &mut Vec<String>,
    before: &BTreeMap<String, T>,
    now: &BTreeMap<String, T>,
) {
    for (name, old) in before.iter().filter(|(name, _)| *name != VERSION) {
        match now.get(name) {
            Some(new) if new == old => {}
            Some(new) => found.push(format!("{name} was {old} and is {new}")),
            None => found.push(format!("{name} is gone; it was {old}")),
        }
    }
}

/// A struct grows where it says how long it is, and only beyond its end: what an older program has in its padding is not
/// zero, and an array of structs without a size has a fixed stride.
fn layout(found: &mut Vec<String>, name: &str, old: &Struct, new: &Struct) {
    for field in &old.fields {
        match new.fields.iter().find(|other| other.name == field.name) {
            Some(other) if other.at == field.at && other.ty == field.ty => {}
            Some(other) => found.push(format!(
                "{name}.{} was `{}` at byte {} and is `{}` at byte {}",
                field.name, field.ty, field.at, other.ty, other.at
            )),
            None => found.push(format!("{name}.{} is gone; it was `{}` at byte {}", field.name, field.ty, field.at)),
        }
    }
    let sized = old.fields.first().is_some_and(|first| first.name == "size" && first.ty == "size_t");
    let is_old = |field: &str| old.fields.iter().any(|other| other.name == field);
    // A further member of a union lies where its others do.
    let in_union = |field: &str, at| {
        let union = field.split_once('.').map(|(union, _)| format!("{union}."));
        union.is_some_and(|union| old.fields.iter().any(|other| other.name.starts_with(&union) && other.at == at))
    };
    for field in new.fields.iter().filter(|field| !is_old(&field.name) && !in_union(&field.name, field.at)) {
        if !sized {
            found
                .push(format!("{name}.{} is new, but {name} does not begin with its size and cannot grow", field.name));
        } else if field.at < old.size {
            found.push(format!(
                "{name}.{} is new at byte {}, within the {} bytes that {name} had",
                field.name, field.at, old.size
            ));
        }
    }
    if new.size < old.size || new.align != old.align {
        found.push(format!(
            "{name} was {} bytes aligned to {} and is {} aligned to {}",
            old.size, old.align, new.size, new.align
        ));
    }
}
