//! The operations table as types: what the emitters of every language write from.
//!
//! The core's schema is read once, by [`Surface::read`], into a few shapes; a shape that is not among them is an error
//! here, before any language could drift.

/// Appends a line.
macro_rules! line {
    ($out:expr, $($text:tt)*) => {{
        $out.push_str(&format!($($text)*));
        $out.push('\n');
    }};
}

pub(crate) mod c;
pub(crate) mod c_layout;
pub(crate) mod c_rust;
pub(crate) mod cpp;
pub(crate) mod cpp_json;
pub(crate) mod python;
pub(crate) mod typescript;

use std::collections::{BTreeMap, BTreeSet};

use crate::json::Json;
use crate::run::Result;

/// Everything that a language shows of the control plane.
pub(crate) struct Surface {
    pub(crate) operations: Vec<Operation>,
    /// Every named type that an operation, an event or the settings reach, by name.
    pub(crate) types: BTreeMap<String, Named>,
    pub(crate) errors: Vec<ErrorKind>,
}

/// One operation.
pub(crate) struct Operation {
    /// Snake case, as on the wire.
    pub(crate) name: String,
    pub(crate) summary: String,
    pub(crate) role: String,
    pub(crate) mutates: bool,
    /// Whether it reports how far it is.
    pub(crate) progress: bool,
    /// Name of a struct; none where nothing goes in.
    pub(crate) input: Option<String>,
    /// Name of a struct.
    pub(crate) output: String,
}

/// One kind of error.
pub(crate) struct ErrorKind {
    pub(crate) code: u16,
    /// Snake case.
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) retryable: bool,
}

/// A type with a name.
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) shape: Shape,
}

pub(crate) enum Shape {
    Struct(Vec<Field>),
    /// Strings from a closed list.
    Enum(Vec<Choice>),
    /// Structs told apart by their field `type`.
    Union(Vec<Variant>),
    /// A string of a certain form.
    Text,
}

/// One string of an enum.
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) doc: String,
}

/// One struct of a union; its fields are without `type`.
pub(crate) struct Variant {
    /// Value of `type`.
    pub(crate) tag: String,
    pub(crate) doc: String,
    pub(crate) fields: Vec<Field>,
}

/// A field of a struct.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) ty: Type,
    pub(crate) presence: Presence,
}

/// Whether a field is there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Presence {
    /// Always.
    Required,
    /// Absent or null means that there is none.
    Optional,
    /// Absent means this value.
    Default(Json),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    Text,
    Bool,
    U32,
    U64,
    F64,
    /// An entry of [`Surface::types`].
    Named(String),
    List(Box<Type>),
    /// From strings.
    Map(Box<Type>),
}

impl Surface {
    /// From the output of `noodle-deploy schema`, after `docs::with_shared_types`.
    pub(crate) fn read(schema: &Json) -> Result<Self> {
        let mut types = BTreeMap::new();
        for (name, schema) in schema.get("$defs").map(Json::fields).unwrap_or_default() {
            insert(&mut types, named(name, schema)?)?;
        }
        let mut operations = Vec::new();
        for operation in schema.get("operations").ok_or("the schema lists no operations")?.items() {
            let name = text(operation, "name")?;
            let mut side = |side: &str| {
                let schema = operation.get(side).ok_or(format!("`{name}` has no {side}"))?;
                let title = text(schema, "title")?;
                if schema.get("properties").is_none() {
                    return Ok::<_, String>(None);
                }
                insert(&mut types, named(&title, schema)?)?;
                Ok(Some(title))
            };
            let input = side("input")?;
            let output = side("output")?.ok_or(format!("`{name}` answers nothing"))?;
            operations.push(Operation {
                summary: text(operation, "summary")?,
                role: text(operation, "role")?,
                mutates: operation.get("mutates") == Some(&Json::Bool(true)),
                progress: operation.get("progress") == Some(&Json::Bool(true)),
                input,
                output,
                name,
            });
        }
        for extra in ["settings", "error", "progress"] {
            let schema = schema.get(extra).ok_or(format!("the schema has no `{extra}`"))?;
            insert(&mut types, named(&text(schema, "title")?, schema)?)?;
        }
        let errors = schema.get("errors").ok_or("the schema lists no errors")?.items().iter().map(error);
        let surface = Surface { operations, errors: errors.collect::<Result<_>>()?, types };
        surface.check()?;
        Ok(surface)
    }

    /// The named type.
    pub(crate) fn get(&self, name: &str) -> &Named {
        &self.types[name]
    }

    /// Names of the types that go in: those of inputs and settings, and what these hold.
    pub(crate) fn inputs(&self) -> BTreeSet<String> {
        let roots = self.operations.iter().filter_map(|o| o.input.clone());
        self.reached(roots.chain([SETTINGS.to_owned()]))
    }

    /// Names of the types that come out: those of outputs, events, errors and reports, and what these hold.
    pub(crate) fn outputs(&self) -> BTreeSet<String> {
        let roots = self.operations.iter().map(|o| o.output.clone());
        self.reached(roots.chain(["EventRecord", "ErrorRecord", "Signature", "Progress"].map(str::to_owned)))
    }

    fn reached(&self, roots: impl Iterator<Item = String>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open: Vec<String> = roots.collect();
        while let Some(name) = open.pop() {
            if found.insert(name.clone()) {
                self.get(&name).fields().for_each(|field| open.extend(field.ty.name().map(str::to_owned)));
            }
        }
        found
    }

    /// Every name that a field refers to exists.
    fn check(&self) -> Result {
        for named in self.types.values() {
            for name in named.fields().filter_map(|field| field.ty.name()) {
                if !self.types.contains_key(name) {
                    return Err(format!("`{}` refers to `{name}`, which does not exist", named.name));
                }
            }
        }
        Ok(())
    }
}

/// `deploy_input` becomes `DeployInput`.
pub(crate) fn pascal(snake: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    snake.split('_').map(capital).collect()
}

/// `deploy_input` becomes `deployInput`.
pub(crate) fn camel(snake: &str) -> String {
    let pascal = pascal(snake);
    pascal[..1].to_lowercase() + &pascal[1..]
}

/// Name of the settings' type.
pub(crate) const SETTINGS: &str = "Settings";

impl Named {
    /// Fields of a struct, or of all the structs of a union.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Field> {
        let (own, variants) = match &self.shape {
            Shape::Struct(fields) => (fields.as_slice(), [].as_slice()),
            Shape::Union(variants) => ([].as_slice(), variants.as_slice()),
            Shape::Enum(_) | Shape::Text => ([].as_slice(), [].as_slice()),
        };
        own.iter().chain(variants.iter().flat_map(|variant| &variant.fields))
    }
}

impl Type {
    /// The named type at the bottom, if there is one.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Type::Named(name) => Some(name),
            Type::List(item) | Type::Map(item) => item.name(),
            Type::Text | Type::Bool | Type::U32 | Type::U64 | Type::F64 => None,
        }
    }

    /// The value of a field that may be left out and names no default.
    fn empty(&self) -> Option<Json> {
        Some(match self {
            Type::Text => Json::Text(String::new()),
            Type::Bool => Json::Bool(false),
            Type::U32 | Type::U64 | Type::F64 => Json::Number("0".into()),
            Type::List(_) => Json::List(Vec::new()),
            Type::Map(_) => Json::Object(Vec::new()),
            Type::Named(_) => return None,
        })
    }
}

fn text(value: &Json, name: &str) -> Result<String> {
    value.text(name).map(str::to_owned).ok_or_else(|| format!("no `{name}` in {}", value.pretty()))
}

fn doc(value: &Json) -> String {
    value.text("description").unwrap_or_default().trim().to_owned()
}

fn insert(types: &mut BTreeMap<String, Named>, named: Named) -> Result {
    // One type is often the output of several operations.
    if let Some(known) = types.get(&named.name)
        && known.fields().map(|f| (&f.name, &f.ty)).ne(named.fields().map(|f| (&f.name, &f.ty)))
    {
        return Err(format!("two different types are named `{}`", named.name));
    }
    types.insert(named.name.clone(), named);
    Ok(())
}

fn error(value: &Json) -> Result<ErrorKind> {
    let Some(Json::Number(code)) = value.get("code") else { return Err("an error has no code".into()) };
    Ok(ErrorKind {
        code: code.parse().map_err(|_| format!("`{code}` is no code"))?,
        name: text(value, "name")?,
        description: doc(value),
        retryable: value.get("retryable") == Some(&Json::Bool(true)),
    })
}

fn named(name: &str, schema: &Json) -> Result<Named> {
    let shape = if let Some(choices) = schema.get("oneOf") {
        if choices.items().iter().all(|choice| choice.text("const").is_some()) {
            let choice = |choice: &Json| Ok(Choice { value: text(choice, "const")?, doc: doc(choice) });
            Shape::Enum(choices.items().iter().map(choice).collect::<Result<_>>()?)
        } else {
            Shape::Union(choices.items().iter().map(|choice| variant(name, choice)).collect::<Result<_>>()?)
        }
    } else if let Some(values) = schema.get("enum") {
        let choice = |value: &Json| Some(Choice { value: value.as_text()?.to_owned(), doc: String::new() });
        let choices: Option<Vec<_>> = values.items().iter().map(choice).collect();
        Shape::Enum(choices.ok_or(format!("`{name}` lists something else than strings"))?)
    } else if schema.text("type") == Some("string") {
        Shape::Text
    } else {
        Shape::Struct(fields(name, schema)?)
    };
    Ok(Named { name: name.to_owned(), doc: doc(schema), shape })
}

fn variant(of: &str, schema: &Json) -> Result<Variant> {
    let mut all = schema.get("properties").map(Json::fields).unwrap_or_default().iter();
    let tag = match all.next() {
        Some((name, tag)) if name == "type" => text(tag, "const")?,
        _ => return Err(format!("a variant of `{of}` does not begin with `type`")),
    };
    let mut fields = fields(&format!("{of}.{tag}"), schema)?;
    fields.retain(|field| field.name != "type");
    Ok(Variant { tag, doc: doc(schema), fields })
}

fn fields(of: &str, schema: &Json) -> Result<Vec<Field>> {
    let properties = schema.get("properties").ok_or(format!("`{of}` is no struct"))?;
    let required: Vec<&str> =
        schema.get("required").map(Json::items).unwrap_or_default().iter().filter_map(Json::as_text).collect();
    let field = |(name, schema): &(String, Json)| {
        let (ty, nullable) = ty(schema).map_err(|error| format!("`{of}.{name}`: {error}"))?;
        let presence = match schema.get("default") {
            _ if nullable => Presence::Optional,
            _ if required.contains(&name.as_str()) => Presence::Required,
            Some(value) => Presence::Default(value.clone()),
            None => Presence::Default(ty.empty().ok_or(format!("`{of}.{name}` may be left out, and means what?"))?),
        };
        Ok(Field { name: name.clone(), doc: doc(schema), ty, presence })
    };
    properties.fields().iter().map(field).collect()
}

/// The type of a schema, and whether null is one of its values.
fn ty(schema: &Json) -> Result<(Type, bool)> {
    if let Some(reference) = schema.text("$ref") {
        let name = reference.strip_prefix("#/$defs/").ok_or(format!("`{reference}` leads elsewhere"))?;
        return Ok((Type::Named(name.to_owned()), false));
    }
    if let Some(choices) = schema.get("anyOf") {
        return match choices.items() {
            [some, none] if none.text("type") == Some("null") => Ok((ty(some)?.0, true)),
            _ => Err(format!("not a type with null: {}", schema.pretty())),
        };
    }
    let (kind, nullable) = match schema.get("type") {
        Some(Json::Text(kind)) => (kind.as_str(), false),
        Some(Json::List(kinds)) => match kinds.as_slice() {
            [Json::Text(kind), Json::Text(null)] if null == "null" => (kind.as_str(), true),
            _ => return Err(format!("not a type with null: {}", schema.pretty())),
        },
        _ => return Err(format!("no type: {}", schema.pretty())),
    };
    let ty = match (kind, schema.text("format")) {
        // A single value of an enumeration of its own is the tag of a variant.
        ("string", _) => Type::Text,
        ("boolean", _) => Type::Bool,
        ("integer", Some("uint32" | "uint16" | "uint8")) => Type::U32,
        ("integer", Some("uint64" | "uint")) => Type::U64,
        ("number", Some("double" | "float")) => Type::F64,
        ("array", _) => Type::List(Box::new(ty(schema.get("items").ok_or("an array of what?")?)?.0)),
        ("object", _) => match schema.get("additionalProperties") {
            Some(values @ Json::Object(_)) => Type::Map(Box::new(ty(values)?.0)),
            _ => return Err(format!("a struct without a name: {}", schema.pretty())),
        },
        _ => return Err(format!("not a type of the operations table: {}", schema.pretty())),
    };
    Ok((ty, nullable))
}
