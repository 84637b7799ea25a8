//! Reading types from parsed JSON without serde.

use crate::{AppError, text::units::kept};
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// The largest whole number that JavaScript tells from its neighbours (`Number.MAX_SAFE_INTEGER`).
const LARGEST_WHOLE: f64 = 9_007_199_254_740_991.0;

/// A JSON value, whatever parsed it. What is not there is `null`.
pub trait Value: Sized {
    /// A field of an object.
    fn get(&self, name: &str) -> Self;
    /// Whether it is `null` or not there.
    fn is_null(&self) -> bool;
    /// A boolean.
    fn flag(&self) -> Option<bool>;
    /// A number.
    fn number(&self) -> Option<f64>;
    /// A string.
    fn text(&self) -> Option<String>;
    /// An array.
    fn items(&self) -> Option<Vec<Self>>;

    /// Reads a field of an object.
    fn field<T: FromJson>(&self, name: &str) -> Option<T> {
        T::from_json(&self.get(name))
    }
}

/// A type that is read from JSON as serde writes it. `None` where something is missing or of another kind; fields of other
/// names are passed over, as serde does.
pub trait FromJson: Sized {
    /// Reads a value.
    fn from_json(json: &impl Value) -> Option<Self>;
}

/// Reads JSON that was kept as text.
pub(crate) fn parse<T: FromJson>(text: &str) -> Option<T> {
    #[cfg(target_arch = "wasm32")]
    let json = js_sys::JSON::parse(text).ok()?;
    #[cfg(not(target_arch = "wasm32"))]
    let json = serde_json::from_str::<serde_json::Value>(text).ok()?;
    T::from_json(&json)
}

impl Value for JsValue {
    fn get(&self, name: &str) -> Self {
        Reflect::get(self, &Self::from_str(name)).unwrap_or(Self::NULL)
    }

    fn is_null(&self) -> bool {
        self.is_undefined() || Self::is_null(self)
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn items(&self) -> Option<Vec<Self>> {
        Some(self.dyn_ref::<Array>()?.to_vec())
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Value for serde_json::Value {
    fn get(&self, name: &str) -> Self {
        self.get(name).cloned().unwrap_or_default()
    }

    fn is_null(&self) -> bool {
        self.is_null()
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn text(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }

    fn items(&self) -> Option<Vec<Self>> {
        self.as_array().cloned()
    }
}

impl FromJson for () {
    fn from_json(json: &impl Value) -> Option<Self> {
        json.is_null().then_some(())
    }
}

impl FromJson for bool {
    fn from_json(json: &impl Value) -> Option<Self> {
        json.flag()
    }
}

impl FromJson for i64 {
    fn from_json(json: &impl Value) -> Option<Self> {
        let number = json.number().filter(|number| number.abs() <= LARGEST_WHOLE)?;
        let whole = number as Self;
        (whole as f64 == number).then_some(whole)
    }
}

impl FromJson for u32 {
    fn from_json(json: &impl Value) -> Option<Self> {
        i64::from_json(json)?.try_into().ok()
    }
}

impl FromJson for u16 {
    fn from_json(json: &impl Value) -> Option<Self> {
        i64::from_json(json)?.try_into().ok()
    }
}

impl FromJson for u64 {
    fn from_json(json: &impl Value) -> Option<Self> {
        i64::from_json(json)?.try_into().ok()
    }
}

impl FromJson for String {
    fn from_json(json: &impl Value) -> Option<Self> {
        json.text().map(kept)
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &impl Value) -> Option<Self> {
        if json.is_null() { Some(None) } else { T::from_json(json).map(Some) }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &impl Value) -> Option<Self> {
        json.items()?.iter().map(T::from_json).collect()
    }
}

impl<T: FromJson, const N: usize> FromJson for [T; N] {
    fn from_json(json: &impl Value) -> Option<Self> {
        Vec::from_json(json)?.try_into().ok()
    }
}

impl<T: FromJson> FromJson for Result<T, AppError> {
    fn from_json(json: &impl Value) -> Option<Self> {
        match json.field::<Option<String>>("Err")? {
            Some(wire) => AppError::from_wire(&wire).map(Err),
            None => json.field("Ok").map(Ok),
        }
    }
}

/// For the tests of each type that is read by hand.
#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use serde::Serialize;
    use std::fmt::Debug;

    /// What serde writes is read as itself; without any one of its fields it is not, unless the field may be `null`. The
    /// sample has something in each of its lists and options.
    pub(crate) fn reads_what_serde_writes<T: FromJson + Serialize + PartialEq + Debug>(sample: &T) {
        let json = serde_json::to_value(sample).unwrap();
        assert_eq!(T::from_json(&json).as_ref(), Some(sample), "{json}");
        for fields in paths(&json, String::new()) {
            let mut cut = json.clone();
            let (parent, name) = fields.rsplit_once('/').unwrap();
            cut.pointer_mut(parent).and_then(|parent| parent.as_object_mut()).unwrap().remove(name).unwrap();
            assert_ne!(T::from_json(&cut).as_ref(), Some(sample), "{fields} is read");
            let mut odd = json.clone();
            *odd.pointer_mut(&fields).unwrap() = serde_json::json!({ "odd": [] });
            assert_ne!(T::from_json(&odd).as_ref(), Some(sample), "{fields} is of its kind");
        }
    }

    /// The JSON pointers (RFC 6901) of all fields.
    fn paths(json: &serde_json::Value, at: String) -> Vec<String> {
        let below = |(name, value): (String, &serde_json::Value)| {
            let at = format!("{at}/{name}");
            paths(value, at)
        };
        match json {
            serde_json::Value::Object(fields) => {
                let names = fields.keys().map(|name| format!("{at}/{name}"));
                names.chain(fields.iter().flat_map(|(name, value)| below((name.clone(), value)))).collect()
            }
            serde_json::Value::Array(items) => {
                items.iter().enumerate().flat_map(|(index, value)| below((index.to_string(), value))).collect()
            }
            _ => Vec::new(),
        }
    }

    #[test]
    fn numbers_are_whole_and_in_their_range_or_nothing() {
        assert_eq!(parse("4294967295"), Some(u32::MAX));
        assert_eq!(parse("-9007199254740991"), Some(-9_007_199_254_740_991_i64));
        assert_eq!(parse("4.0"), Some(4_u32));
        for text in ["4294967296", "-1", "0.5", "\"1\"", "true", "null", "[]", "{}", "", "1e400"] {
            assert_eq!(parse::<u32>(text), None, "{text}");
        }
        assert_eq!(parse::<i64>("9007199254740993"), None, "a number that JavaScript cannot tell from another");
    }

    #[test]
    fn a_list_is_whole_or_nothing() {
        assert_eq!(parse("[1,null]"), Some([Some(1_u32), None]));
        assert_eq!(parse::<[Option<u32>; 2]>("[1]"), None);
        assert_eq!(parse::<Vec<u32>>("[1,\"2\"]"), None);
        assert_eq!(parse::<Vec<u32>>("{\"0\":1,\"length\":1}"), None);
    }

    #[test]
    fn an_outcome_is_read_as_serde_writes_it() {
        for outcome in [Ok(7), Err(AppError::Busy), Err(AppError::TooManyAttempts(9))] {
            assert_eq!(parse::<Result<u32, AppError>>(&serde_json::to_string(&outcome).unwrap()), Some(outcome));
        }
        for text in [r#"{"Err":"busy"}"#, r#"{"Err":{}}"#, "{}", r#"{"Ok":"7"}"#, "null"] {
            assert_eq!(parse::<Result<u32, AppError>>(text), None, "{text}");
        }
        assert_eq!(parse("null"), Some(()));
        assert_eq!(parse::<()>("{}"), None);
    }
}
