//! The parts of the project's source that the page of the log-in flow shows, as they were compiled.

use app::experiments::SourceFile;

/// The files from which the page shows parts.
pub static SOURCE: &[SourceFile] = &[
    SourceFile { path: "app/src/sessions/issued.rs", text: include_str!("../../app/src/sessions/issued.rs") },
    SourceFile { path: "server/src/accounts/hasher.rs", text: include_str!("accounts/hasher.rs") },
    SourceFile { path: "server/src/accounts/hasher/worker.rs", text: include_str!("accounts/hasher/worker.rs") },
    SourceFile { path: "server/src/accounts/mod.rs", text: include_str!("accounts/mod.rs") },
    SourceFile { path: "server/src/sessions/mod.rs", text: include_str!("sessions/mod.rs") },
    SourceFile { path: "server/src/sessions/token.rs", text: include_str!("sessions/token.rs") },
    SourceFile { path: "server/src/experiments/test_account.rs", text: include_str!("experiments/test_account.rs") },
    SourceFile { path: "server/src/store/sessions.rs", text: include_str!("store/sessions.rs") },
    SourceFile { path: "server/src/store/users.rs", text: include_str!("store/users.rs") },
];
