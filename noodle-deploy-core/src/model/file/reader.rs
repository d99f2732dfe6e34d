//! Reads typed fields of a JSON object and knows the pointer of each.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde_json::{Map, Value};

use super::{ADDRESS, NAME, is_address, is_name, shorten};
use crate::error::{Error, ErrorKind, Result};

/// Entries of a list or a map at most.
const MAX_ENTRIES: usize = 65_536;

/// An object and where it stands.
pub(super) struct Reader<'a> {
    fields: Option<&'a Map<String, Value>>,
    pointer: String,
}

impl<'a> Reader<'a> {
    pub(super) fn root(value: &'a Value) -> Result<Self> {
        let fields = value.as_object().ok_or_else(|| invalid("", value, "an object"))?;
        Ok(Reader { fields: Some(fields), pointer: String::new() })
    }

    /// An object without fields.
    pub(super) fn empty() -> Self {
        Reader { fields: None, pointer: String::new() }
    }

    /// The JSON pointer (RFC 6901) of a field.
    pub(super) fn pointer(&self, field: &str) -> String {
        format!("{}/{}", self.pointer, field.replace('~', "~0").replace('/', "~1"))
    }

    /// The error for a field that must be there.
    pub(super) fn missing(&self, field: &str, allowed: &str) -> Error {
        Error::new(ErrorKind::InvalidArgument, "a field is missing")
            .with("field", self.pointer(field))
            .with("value", "nothing")
            .with("allowed", allowed)
    }

    fn get(&self, field: &str) -> Option<&'a Value> {
        self.fields?.get(field).filter(|value| !value.is_null())
    }

    /// A field, where it is there, through `take`; `None` from `take` is an error that says what is allowed.
    fn read<T>(&self, field: &str, allowed: &str, take: impl FnOnce(&'a Value) -> Option<T>) -> Result<Option<T>> {
        let Some(value) = self.get(field) else { return Ok(None) };
        take(value).map(Some).ok_or_else(|| invalid(&self.pointer(field), value, allowed))
    }

    pub(super) fn required<T>(
        &self,
        field: &str,
        read: impl FnOnce(&Self, &str) -> Result<Option<T>>,
        allowed: &str,
    ) -> Result<T> {
        read(self, field)?.ok_or_else(|| self.missing(field, allowed))
    }

    pub(super) fn object(&self, field: &str) -> Result<Option<Reader<'a>>> {
        let pointer = self.pointer(field);
        self.read(field, "an object", |value| Some(Reader { fields: Some(value.as_object()?), pointer }))
    }

    pub(super) fn string(&self, field: &str) -> Result<Option<String>> {
        self.read(field, "a string", |value| Some(value.as_str()?.to_owned()))
    }

    /// A string that is a name.
    pub(super) fn name(&self, field: &str) -> Result<Option<String>> {
        self.text(field, NAME, is_name)
    }

    /// A string that is a path or an address.
    pub(super) fn address(&self, field: &str) -> Result<Option<String>> {
        self.text(field, ADDRESS, is_address)
    }

    /// A short string without spaces, such as a version.
    pub(super) fn word(&self, field: &str) -> Result<Option<String>> {
        self.text(field, "a string of 1 to 128 bytes without spaces, control characters, / or \\", |text| {
            is_name(text) && !text.contains(char::is_whitespace)
        })
    }

    fn text(&self, field: &str, allowed: &str, fits: impl Fn(&str) -> bool) -> Result<Option<String>> {
        self.read(field, allowed, |value| value.as_str().filter(|text| fits(text)).map(str::to_owned))
    }

    /// One of a closed list of names.
    pub(super) fn vocabulary<T: FromStr>(&self, field: &str, allowed: &str) -> Result<Option<T>> {
        self.read(field, allowed, |value| value.as_str()?.parse().ok())
    }

    pub(super) fn boolean(&self, field: &str) -> Result<Option<bool>> {
        self.read(field, "true or false", Value::as_bool)
    }

    pub(super) fn count(&self, field: &str, least: u32, most: u32) -> Result<Option<u32>> {
        self.read(field, &format!("an integer from {least} to {most}"), |value| {
            u32::try_from(value.as_u64()?).ok().filter(|n| (least..=most).contains(n))
        })
    }

    /// A finite number above 0.
    pub(super) fn positive(&self, field: &str) -> Result<Option<f64>> {
        self.read(field, "a finite number, more than 0", |value| value.as_f64().filter(|n| n.is_finite() && *n > 0.0))
    }

    pub(super) fn strings(&self, field: &str) -> Result<Option<Vec<String>>> {
        let Some(values) = self.read(field, "a list of strings", |v| bounded(v.as_array()?, Vec::len))? else {
            return Ok(None);
        };
        let pointer = self.pointer(field);
        let one = |(i, value): (usize, &Value)| match value {
            Value::String(text) => Ok(text.clone()),
            other => Err(invalid(&format!("{pointer}/{i}"), other, "a string")),
        };
        values.iter().enumerate().map(one).collect::<Result<Vec<_>>>().map(Some)
    }

    pub(super) fn string_map(&self, field: &str) -> Result<BTreeMap<String, String>> {
        self.map(field, "a string", |value| value.as_str().map(str::to_owned))
    }

    pub(super) fn numbers(&self, field: &str) -> Result<BTreeMap<String, f64>> {
        self.map(field, "a finite number", |value| value.as_f64().filter(|n| n.is_finite()))
    }

    fn map<T>(&self, field: &str, allowed: &str, take: impl Fn(&Value) -> Option<T>) -> Result<BTreeMap<String, T>> {
        let pointer = self.pointer(field);
        let Some(fields) = self.read(field, "an object", |v| bounded(v.as_object()?, Map::len))? else {
            return Ok(BTreeMap::new());
        };
        let inner = Reader { fields: Some(fields), pointer };
        let one = |(key, value): (&String, &Value)| match take(value) {
            Some(taken) => Ok((key.clone(), taken)),
            None => Err(invalid(&inner.pointer(key), value, allowed)),
        };
        fields.iter().map(one).collect()
    }
}

fn bounded<T>(values: &T, len: impl Fn(&T) -> usize) -> Option<&T> {
    (len(values) <= MAX_ENTRIES).then_some(values)
}

fn invalid(pointer: &str, value: &Value, allowed: &str) -> Error {
    let shown = match value {
        Value::Array(values) => format!("a list of {}", values.len()),
        Value::Object(fields) => format!("an object of {} fields", fields.len()),
        Value::String(text) => shorten(text),
        other => other.to_string(),
    };
    Error::new(ErrorKind::InvalidArgument, "a field is not valid")
        .with("field", pointer)
        .with("value", shown)
        .with("allowed", allowed)
}
