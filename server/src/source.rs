//! The server's own source, as far as the page of the log-in flow shows it: the very text that was compiled.

use app::experiments::SourceFile;

/// The files that can be read there.
pub static SOURCE: &[SourceFile] = &[
    SourceFile { path: "server/src/accounts/cookie.rs", text: include_str!("accounts/cookie.rs") },
    SourceFile { path: "server/src/accounts/hasher.rs", text: include_str!("accounts/hasher.rs") },
    SourceFile { path: "server/src/accounts/mod.rs", text: include_str!("accounts/mod.rs") },
    SourceFile { path: "server/src/accounts/sessions.rs", text: include_str!("accounts/sessions.rs") },
    SourceFile { path: "server/src/accounts/token.rs", text: include_str!("accounts/token.rs") },
    SourceFile { path: "server/src/experiments/subjects.rs", text: include_str!("experiments/subjects.rs") },
    SourceFile { path: "server/src/store/sessions.rs", text: include_str!("store/sessions.rs") },
    SourceFile { path: "server/src/store/users.rs", text: include_str!("store/users.rs") },
];
