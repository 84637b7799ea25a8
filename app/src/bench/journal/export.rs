//! The journal as a file.

use super::change::Change;
use crate::browser::source;
use js_sys::Date;
use serde_json::json;
use std::sync::Arc;
use wasm_bindgen::JsValue;

/// A value that was or is there, but out of reach of scripts.
const MASKED: &str = "(not readable by scripts)";

/// As JSON, the oldest change first.
pub(super) fn as_json(changes: &[Change]) -> String {
    let changes: Vec<_> = changes
        .iter()
        .map(|change| {
            json!({
                "time": iso(change.at),
                "store": change.store.title(),
                "entry": change.name,
                "from": told(change.was, &change.before),
                "to": told(change.is, &change.after),
                "by": source::maker(change.who),
            })
        })
        .collect();
    serde_json::to_string_pretty(&json!({ "journal": changes })).unwrap_or_default()
}

/// As comma-separated values (RFC 4180), the oldest change first.
pub(super) fn as_csv(changes: &[Change]) -> String {
    let header = ["time", "store", "entry", "from", "to", "by"].map(str::to_owned);
    let rows = changes.iter().map(|change| {
        [
            iso(change.at),
            change.store.title().to_owned(),
            change.name.clone(),
            told(change.was, &change.before).unwrap_or_default().to_owned(),
            told(change.is, &change.after).unwrap_or_default().to_owned(),
            source::maker(change.who).to_owned(),
        ]
    });
    std::iter::once(header).chain(rows).map(|cells| cells.map(|cell| quoted(&cell)).join(",") + "\r\n").collect()
}

fn told(there: bool, value: &Option<Arc<str>>) -> Option<&str> {
    there.then(|| value.as_deref().unwrap_or(MASKED))
}

/// A spreadsheet takes a cell that begins like a formula for one (OWASP, CSV injection); an apostrophe makes it text.
fn quoted(cell: &str) -> String {
    let text = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{text}{}\"", cell.replace('"', "\"\""))
}

fn iso(at: f64) -> String {
    Date::new(&JsValue::from_f64(at)).to_iso_string().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_text_whatever_it_holds() {
        assert_eq!(quoted("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
        assert_eq!(quoted(""), "\"\"");
    }
}
