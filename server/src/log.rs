//! The server's log, on the standard error.

use crate::cli::LogFormat;
use std::io::{BufWriter, IsTerminal, stderr};
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

/// Bytes of lines that are written at once while more are waiting.
const AT_ONCE: usize = 64 * 1024;

/// Writes what `RUST_LOG` asks for, or what is at least worth knowing (`info`). A thread of its own writes it, so that a request
/// does not wait for a terminal, a pipe or a disk. No line is lost: where they come faster than they can be written, what logs
/// waits. The guard writes the last of them when it is dropped.
#[must_use = "the last lines are written when the guard is dropped"]
pub fn log_to_stderr(format: LogFormat) -> WorkerGuard {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // Colours are for people, not for files.
    let colours = stderr().is_terminal();
    let (writer, guard) =
        NonBlockingBuilder::default().lossy(false).finish(BufWriter::with_capacity(AT_ONCE, stderr()));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(colours);
    let log = log.with_target(false);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    guard
}
