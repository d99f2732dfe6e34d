//! Values of the host and JSON values, into each other without a detour through text.

#![allow(unsafe_code, reason = "values of the host are read and made through its C interface")]

use std::ptr::null_mut;

use napi::bindgen_prelude::ToNapiValue;
use napi::{Status, sys};
use noodle_deploy_core::{Error, ErrorKind, Result};
use serde::Serialize;
use serde_json::{Map, Number, Value};

/// A value that the host made.
pub(crate) type Made<T = sys::napi_value> = napi::Result<T>;

/// Levels of lists and objects that an input may have.
const MAX_DEPTH: usize = 64;
/// Integers up to here are exact as a number of the host.
const MAX_SAFE: u64 = (1 << 53) - 1;

/// A JSON value on its way to the host.
pub struct Json(pub Value);

impl Json {
    pub(crate) fn of(value: &impl Serialize) -> Result<Self> {
        serde_json::to_value(value)
            .map(Json)
            .map_err(|e| Error::new(ErrorKind::Internal, "a value does not serialise").source(e))
    }
}

impl ToNapiValue for Json {
    unsafe fn to_napi_value(env: sys::napi_env, json: Self) -> Made {
        to_js(env, &json.0)
    }
}

/// Turns a status of the host into a result.
pub(crate) fn check(status: sys::napi_status) -> napi::Result<()> {
    if status == sys::Status::napi_ok { Ok(()) } else { Err(napi::Error::from_status(Status::from(status))) }
}

/// Calls a function of the host that writes one value, and returns the value.
macro_rules! made {
    ($start:expr, $call:expr) => {{
        let mut out = $start;
        // SAFETY: each caller passes the `env` of the running call and values that are alive within it; the host
        // writes `out` when it answers `napi_ok`.
        let status = unsafe { $call(&mut out) };
        check(status).map(|()| out)
    }};
}
pub(crate) use made;

pub(crate) fn null(env: sys::napi_env) -> Made {
    made!(null_mut(), |out| sys::napi_get_null(env, out))
}

pub(crate) fn undefined(env: sys::napi_env) -> Made {
    made!(null_mut(), |out| sys::napi_get_undefined(env, out))
}

pub(crate) fn number(env: sys::napi_env, value: f64) -> Made {
    made!(null_mut(), |out| sys::napi_create_double(env, value, out))
}

pub(crate) fn string(env: sys::napi_env, text: &str) -> Made {
    made!(null_mut(), |out| sys::napi_create_string_utf8(env, text.as_ptr().cast(), text.len() as isize, out))
}

pub(crate) fn list(env: sys::napi_env, items: &[sys::napi_value]) -> Made {
    let list = made!(null_mut(), |out| sys::napi_create_array_with_length(env, items.len(), out))?;
    for (i, item) in items.iter().enumerate() {
        set(env, list, i, *item)?;
    }
    Ok(list)
}

pub(crate) fn set(env: sys::napi_env, list: sys::napi_value, index: usize, item: sys::napi_value) -> Made<()> {
    // SAFETY: the values belong to the running call.
    check(unsafe { sys::napi_set_element(env, list, index as u32, item) })
}

/// Makes a value of the host.
pub(crate) fn to_js(env: sys::napi_env, value: &Value) -> Made {
    match value {
        Value::Null => null(env),
        Value::Bool(flag) => made!(null_mut(), |out| sys::napi_get_boolean(env, *flag, out)),
        Value::String(text) => string(env, text),
        Value::Number(n) => match (n.as_i64(), n.as_u64()) {
            (Some(n), _) if n.unsigned_abs() <= MAX_SAFE => number(env, n as f64),
            (Some(n), _) => made!(null_mut(), |out| sys::napi_create_bigint_int64(env, n, out)),
            (_, Some(n)) => made!(null_mut(), |out| sys::napi_create_bigint_uint64(env, n, out)),
            // What is neither is a float; serde_json keeps no other numbers.
            _ => number(env, n.as_f64().unwrap_or(f64::NAN)),
        },
        Value::Array(items) => {
            let items = items.iter().map(|item| to_js(env, item)).collect::<Made<Vec<_>>>()?;
            list(env, &items)
        }
        Value::Object(fields) => {
            let object = made!(null_mut(), |out| sys::napi_create_object(env, out))?;
            for (name, value) in fields {
                let (name, value) = (string(env, name)?, to_js(env, value)?);
                // SAFETY: the values belong to the running call. The object is fresh, so that no setter runs but that
                // of `__proto__`, which takes what it is given.
                check(unsafe { sys::napi_set_property(env, object, name, value) })?;
            }
            Ok(object)
        }
    }
}

/// What kind of value it is.
pub(crate) fn kind(env: sys::napi_env, value: sys::napi_value) -> Made<sys::napi_valuetype> {
    made!(0, |out| sys::napi_typeof(env, value, out))
}

pub(crate) fn is_list(env: sys::napi_env, value: sys::napi_value) -> Made<bool> {
    made!(false, |out| sys::napi_is_array(env, value, out))
}

pub(crate) fn length(env: sys::napi_env, list: sys::napi_value) -> Made<u32> {
    made!(0, |out| sys::napi_get_array_length(env, list, out))
}

pub(crate) fn element(env: sys::napi_env, list: sys::napi_value, index: u32) -> Made {
    made!(null_mut(), |out| sys::napi_get_element(env, list, index, out))
}

/// The text of a value that is a string.
pub(crate) fn text(env: sys::napi_env, value: sys::napi_value) -> Made<String> {
    let length = made!(0, |out| sys::napi_get_value_string_utf8(env, value, null_mut(), 0, out))?;
    let mut bytes = vec![0u8; length + 1];
    let size = bytes.len();
    let written = made!(0, |out| sys::napi_get_value_string_utf8(env, value, bytes.as_mut_ptr().cast(), size, out))?;
    bytes.truncate(written);
    String::from_utf8(bytes).map_err(|e| napi::Error::new(Status::StringExpected, e.to_string()))
}

/// Reads a value of the host: null, bools, numbers, big integers, strings, lists, and objects by their own enumerable
/// fields. A field that is undefined counts as absent.
///
/// # Errors
/// `invalid_argument` that names the field as the operations do, `metrics/accuracy`, for something else, for too many
/// levels, and for a getter that throws.
pub(crate) fn from_js(env: sys::napi_env, value: sys::napi_value) -> Result<Value> {
    match kind(env, value) {
        Ok(sys::ValueType::napi_undefined) => Ok(Value::Object(Map::new())),
        _ => read(env, value, &mut Vec::new()),
    }
}

fn read(env: sys::napi_env, value: sys::napi_value, path: &mut Vec<String>) -> Result<Value> {
    if path.len() > MAX_DEPTH {
        return Err(refused(path, "too many levels", format!("at most {MAX_DEPTH} levels")));
    }
    let broken = |path: &[String]| host_error(env, path);
    match kind(env, value).map_err(|_| broken(path))? {
        sys::ValueType::napi_null => Ok(Value::Null),
        sys::ValueType::napi_boolean => {
            made!(false, |out| sys::napi_get_value_bool(env, value, out)).map(Value::Bool).map_err(|_| broken(path))
        }
        sys::ValueType::napi_number => {
            let n = made!(0.0, |out| sys::napi_get_value_double(env, value, out)).map_err(|_| broken(path))?;
            json_number(n).map(Value::Number).ok_or_else(|| refused(path, &n.to_string(), "a finite number".into()))
        }
        sys::ValueType::napi_bigint => big(env, value, path).map(Value::Number),
        sys::ValueType::napi_string => text(env, value).map(Value::String).map_err(|_| broken(path)),
        sys::ValueType::napi_object if is_list(env, value).map_err(|_| broken(path))? => {
            let length = length(env, value).map_err(|_| broken(path))?;
            let mut items = Vec::new();
            for i in 0..length {
                path.push(i.to_string());
                let item = element(env, value, i).map_err(|_| broken(path))?;
                items.push(read(env, item, path)?);
                path.pop();
            }
            Ok(Value::Array(items))
        }
        sys::ValueType::napi_object => object(env, value, path).map(Value::Object),
        sys::ValueType::napi_undefined => Err(refused(path, "undefined", ALLOWED.into())),
        sys::ValueType::napi_function => Err(refused(path, "a function", ALLOWED.into())),
        sys::ValueType::napi_symbol => Err(refused(path, "a symbol", ALLOWED.into())),
        _ => Err(refused(path, "something else", ALLOWED.into())),
    }
}

const ALLOWED: &str = "null, a bool, a number, a string, a list or an object";

fn object(env: sys::napi_env, value: sys::napi_value, path: &mut Vec<String>) -> Result<Map<String, Value>> {
    let names = made!(null_mut(), |out| sys::napi_get_all_property_names(
        env,
        value,
        sys::KeyCollectionMode::own_only,
        sys::KeyFilter::enumerable | sys::KeyFilter::skip_symbols,
        sys::KeyConversion::numbers_to_strings,
        out
    ))
    .map_err(|_| host_error(env, path))?;
    let count = length(env, names).map_err(|_| host_error(env, path))?;
    let mut fields = Map::new();
    for i in 0..count {
        let name = element(env, names, i).map_err(|_| host_error(env, path))?;
        path.push(text(env, name).map_err(|_| host_error(env, path))?);
        let field = made!(null_mut(), |out| sys::napi_get_property(env, value, name, out))
            .map_err(|_| host_error(env, path))?;
        let absent = kind(env, field).is_ok_and(|kind| kind == sys::ValueType::napi_undefined);
        let field = if absent { None } else { Some(read(env, field, path)?) };
        if let (Some(name), Some(field)) = (path.pop(), field) {
            fields.insert(name, field);
        }
    }
    Ok(fields)
}

/// Whole numbers become integers, as far as they are exact.
fn json_number(n: f64) -> Option<Number> {
    let whole = n.trunc() == n && n.abs() <= MAX_SAFE as f64 && !(n == 0.0 && n.is_sign_negative());
    if whole { Some(Number::from(n as i64)) } else { Number::from_f64(n) }
}

fn big(env: sys::napi_env, value: sys::napi_value, path: &[String]) -> Result<Number> {
    let mut lossless = false;
    let signed = made!(0i64, |out| sys::napi_get_value_bigint_int64(env, value, out, &mut lossless));
    if let (Ok(n), true) = (signed, lossless) {
        return Ok(n.into());
    }
    let unsigned = made!(0u64, |out| sys::napi_get_value_bigint_uint64(env, value, out, &mut lossless));
    match unsigned {
        Ok(n) if lossless => Ok(n.into()),
        _ => Err(refused(path, "a larger integer", "an integer of 64 bits".into())),
    }
}

fn refused(path: &[String], value: &str, allowed: String) -> Error {
    let escaped: Vec<_> = path.iter().map(|part| part.replace('~', "~0").replace('/', "~1")).collect();
    Error::invalid(if path.is_empty() { "input".to_owned() } else { escaped.join("/") }, value, allowed)
}

/// The host refused to hand a value out, as a rule because a getter threw.
pub(crate) fn host_error(env: sys::napi_env, path: &[String]) -> Error {
    let pending = made!(false, |out| sys::napi_is_exception_pending(env, out));
    let mut what = "a value that cannot be read".to_owned();
    if pending.unwrap_or(false)
        && let Ok(exception) = made!(null_mut(), |out| sys::napi_get_and_clear_last_exception(env, out))
        && let Ok(shown) = made!(null_mut(), |out| sys::napi_coerce_to_string(env, exception, out))
        && let Ok(shown) = text(env, shown)
    {
        what = format!("a getter that throws {shown}");
    }
    refused(path, &what, ALLOWED.into())
}
