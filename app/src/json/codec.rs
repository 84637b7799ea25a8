//! JSON by serde.

use leptos::server::codee::{Decoder, Encoder};
use serde::{Serialize, de::DeserializeOwned};

/// How a resource is written into the page, for `Resource::<_, Json>`.
///
/// Leptos' own codec reads from text, the answers of server functions are read from bytes: with it the WASM would hold
/// two copies of the code that reads a type.
pub(crate) struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, Self::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Self::Error> {
        read(text)
    }
}

/// Reads JSON that was kept as text, by the same code.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_slice(text.as_bytes())
}

/// Why a text is no JSON, with the place: `Line 3, column 14: expected value.` Columns are characters, not bytes.
pub(crate) fn told(text: &str, error: &serde_json::Error) -> String {
    let words = error.to_string();
    let what = words.split(" at line ").next().unwrap_or_default();
    let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let column = line.get(..line.floor_char_boundary(error.column())).map_or(0, |before| before.chars().count());
    format!("Line {}, column {}: {what}.", error.line(), column.max(error.column().min(1)))
}
