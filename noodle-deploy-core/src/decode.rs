//! Reads values of a host, with errors that name the field, its value and what is allowed.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::Error;
use crate::settings::shorten;

/// What does not fit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// Where it is: names of fields, and within lists numbers, with slashes between them; empty for the whole value.
    path: String,
    found: String,
    allowed: String,
}

impl Misfit {
    /// `invalid_argument`; `whole` names the value as a whole.
    pub(crate) fn error(self, whole: &'static str) -> Error {
        let field = if self.path.is_empty() { whole } else { &self.path };
        Error::invalid(field, shorten(&self.found), self.allowed)
    }
}

pub(crate) fn decode<T: DeserializeOwned>(value: &Value) -> Result<T, Misfit> {
    serde_path_to_error::deserialize(value).map_err(|e| {
        let pointer = pointer(e.path());
        let path = pointer.strip_prefix('/').unwrap_or(&pointer).to_owned();
        let said = e.into_inner().to_string();
        // The path to a field that is missing ends at what it is missing from.
        if let Some(name) = said.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
            return Misfit { path, found: "nothing".to_owned(), allowed: "a value".to_owned() };
        }
        let found = value.pointer(&pointer).unwrap_or(value).to_string();
        Misfit { path, found, allowed: allowed(&said) }
    })
}

/// What serde says that it expected, in the words of other errors. What a type says of itself stays as it is.
fn allowed(said: &str) -> String {
    if said.ends_with(", there are no fields") {
        return "no fields".to_owned();
    }
    let Some((_, expected)) = said.rsplit_once(", expected ") else { return said.to_owned() };
    if expected.contains('`') {
        // Names: "`a`", "`a` or `b`", "one of `a`, `b`, `c`".
        return expected.split('`').skip(1).step_by(2).collect::<Vec<_>>().join(", ");
    }
    let integer = |least: i128, most: i128| format!("an integer from {least} to {most}");
    match expected {
        "u8" => integer(0, u8::MAX.into()),
        "u16" => integer(0, u16::MAX.into()),
        "u32" => integer(0, u32::MAX.into()),
        "u64" | "usize" => integer(0, u64::MAX.into()),
        "i32" => integer(i32::MIN.into(), i32::MAX.into()),
        "i64" => integer(i64::MIN.into(), i64::MAX.into()),
        "f32" | "f64" => "a number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        _ if expected.starts_with("struct ") => "an object".to_owned(),
        // Of a closed list of names.
        "string or map" => "a string".to_owned(),
        other => other.to_owned(),
    }
}

/// A path as a JSON pointer (RFC 6901).
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => format!("{pointer}/{index}"),
        Segment::Map { key } | Segment::Enum { variant: key } => {
            format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
        }
        Segment::Unknown => pointer,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Colour {
        Red,
        Blue,
        Green,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its form counts")]
    struct Inner {
        name: String,
        #[serde(default)]
        flag: bool,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}

    #[derive(Debug, Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Input {
        small: Option<u32>,
        whole: Option<i64>,
        share: Option<f64>,
        text: Option<String>,
        colour: Option<Colour>,
        inner: Option<Inner>,
        list: Vec<Inner>,
        metrics: BTreeMap<String, f64>,
        nothing: Option<Nothing>,
    }

    #[test]
    fn what_does_not_fit_is_said_in_the_words_of_other_errors() {
        const FIELDS: &str = "small, whole, share, text, colour, inner, list, metrics, nothing";
        for (input, field, value, allowed) in [
            (json!({"small": -1}), "small", "-1", "an integer from 0 to 4294967295"),
            (json!({"small": 4294967296u64}), "small", "4294967296", "an integer from 0 to 4294967295"),
            (json!({"small": "1"}), "small", "\"1\"", "an integer from 0 to 4294967295"),
            (json!({"small": 1.5}), "small", "1.5", "an integer from 0 to 4294967295"),
            (json!({"whole": []}), "whole", "[]", "an integer from -9223372036854775808 to 9223372036854775807"),
            (json!({"share": "half"}), "share", "\"half\"", "a number"),
            (json!({"text": 3}), "text", "3", "a string"),
            (json!({"colour": "pink"}), "colour", "\"pink\"", "red, blue, green"),
            (json!({"colour": 3}), "colour", "3", "a string"),
            (json!({"inner": {}}), "inner/name", "nothing", "a value"),
            (json!({"inner": 3}), "inner", "3", "an object"),
            (json!({"inner": {"name": "a", "flag": 1}}), "inner/flag", "1", "true or false"),
            (json!({"inner": {"name": "a", "b": 1}}), "inner/b", "1", "name, flag"),
            (json!({"list": {}}), "list", "{}", "a list"),
            (json!({"list": [{"name": "a"}, {}]}), "list/1/name", "nothing", "a value"),
            (json!({"metrics": {"a/b": true}}), "metrics/a~1b", "true", "a number"),
            (json!({"metrics": 1}), "metrics", "1", "an object"),
            (json!({"nothing": {"force": true}}), "nothing/force", "true", "no fields"),
            (json!({"other": [1]}), "other", "[1]", FIELDS),
            (json!(3), "input", "3", "an object"),
        ] {
            let error = decode::<Input>(&input).unwrap_err().error("input");
            assert_eq!(error.message(), format!("{field} is not valid"));
            let found = (error.get("field"), error.get("value"), error.get("allowed"));
            assert_eq!(found, (Some(field), Some(value), Some(allowed)), "{input}");
        }
    }

    #[test]
    fn what_a_type_says_of_itself_stays() {
        assert_eq!(allowed("a hash of 64 digits"), "a hash of 64 digits");
        assert_eq!(allowed("invalid length 2, expected an array of length 3"), "an array of length 3");
    }
}
