//! The server's own source, and the parts of it that run in each step.

use serde::{Deserialize, Serialize};

/// A file of the server's source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path in the project.
    pub path: &'static str,
    /// All of it.
    pub text: &'static str,
}

/// The files that the log-in flow shows.
#[derive(Clone, Copy)]
pub struct Source(pub &'static [SourceFile]);

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Its path in the project.
    pub path: String,
    /// The line of the file that comes first in it, counted from 1.
    pub first_line: usize,
    /// Its lines, as far to the left as they go.
    pub lines: String,
}

/// What runs in each step: a file, and how the line begins that declares the item.
#[cfg(feature = "ssr")]
const RUNS: [&[(&str, &str)]; 8] = [
    &[(ACCOUNTS, "async fn sign_up("), ("server/src/experiments/test_account.rs", "pub async fn begin(")],
    &[
        ("server/src/accounts/hasher/worker.rs", "pub fn hash(&self"),
        ("server/src/store/users.rs", "pub async fn add_user("),
    ],
    &[(ACCOUNTS, "async fn log_in("), (ACCOUNTS, "async fn try_log_in(")],
    &[(ACCOUNTS, "async fn check("), ("server/src/accounts/hasher.rs", "pub async fn verify(")],
    &[
        ("server/src/sessions/token.rs", "pub fn random("),
        ("server/src/sessions/token.rs", "pub fn secret_hash("),
        (SESSIONS, "async fn insert_session("),
        ("app/src/sessions/issued.rs", "pub fn cookie_line("),
        ("app/src/sessions/issued.rs", "fn line("),
    ],
    &[
        ("server/src/sessions/mod.rs", "pub async fn identify("),
        (SESSIONS, "pub const FIND_SESSION:"),
        ("server/src/sessions/token.rs", "pub fn matches("),
        ("server/src/experiments/test_account.rs", "pub async fn recognise("),
    ],
    &[
        (ACCOUNTS, "async fn log_out("),
        (SESSIONS, "pub async fn end_session("),
        ("app/src/sessions/issued.rs", "pub fn removal_line("),
    ],
    &[(SESSIONS, "pub async fn find_session(")],
];
#[cfg(feature = "ssr")]
const ACCOUNTS: &str = "server/src/accounts/mod.rs";
#[cfg(feature = "ssr")]
const SESSIONS: &str = "server/src/store/sessions.rs";

/// What runs in each step, step by step; `None` where a file or an item is not there.
#[cfg(feature = "ssr")]
pub(super) fn listings(files: &[SourceFile]) -> Option<Vec<Vec<Listing>>> {
    let listing = |(path, begins): &(&str, &str)| {
        let file = files.iter().find(|file| file.path == *path)?;
        let (first_line, lines) = item(file.text, begins)?;
        Some(Listing { path: (*path).to_owned(), first_line, lines })
    };
    RUNS.iter().map(|step| step.iter().map(listing).collect()).collect()
}

/// The item whose declaration begins like this: its first line's number, and its lines with the comment above it.
#[cfg(feature = "ssr")]
fn item(text: &str, begins: &str) -> Option<(usize, String)> {
    let lines: Vec<_> = text.lines().collect();
    let declared = lines.iter().position(|line| line.trim_start().starts_with(begins))?;
    let indent = lines.get(declared)?.find(begins)?;
    let is_comment = |line: &&&str| line.trim_start().starts_with("///");
    let first = declared - lines[..declared].iter().rev().take_while(is_comment).count();
    let own = |line: &&str| line.get(indent..).unwrap_or_default().trim_end().to_owned();
    let ends = |line: &&str| own(line).starts_with('}') || line.ends_with("\";");
    let last = declared + lines[declared..].iter().position(ends)?;
    Some((first + 1, lines[first..=last].iter().map(own).collect::<Vec<_>>().join("\n")))
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    const TEXT: &str = "//! A file.\n\nimpl A {\n    /// Says so.\n    pub fn say(&self) {\n        if true {\n            print();\n        }\n    }\n}\n\npub const ASK: &str = \"\\\n    SELECT\";\n";

    #[test]
    fn an_item_comes_with_its_comment_up_to_its_own_end() {
        let expected = "/// Says so.\npub fn say(&self) {\n    if true {\n        print();\n    }\n}";
        assert_eq!(item(TEXT, "pub fn say("), Some((4, expected.to_owned())));
        assert_eq!(item(TEXT, "pub const ASK:"), Some((12, "pub const ASK: &str = \"\\\n    SELECT\";".to_owned())));
        assert_eq!(item(TEXT, "pub fn sing("), None);
    }
}
