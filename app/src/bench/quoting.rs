//! Texts as others read them: a shell, a script.

/// A string as scripts spell it: one of JSON is one of JavaScript too (ECMAScript 2019).
pub(super) fn for_script(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A word as a POSIX shell reads it, whatever is in it.
pub(super) fn for_shell(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
