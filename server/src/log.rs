//! The server's log, on the standard error.

use crate::cli::LogFormat;
use std::{
    io::{self, BufWriter, IsTerminal, Write, stderr},
    thread,
    time::Duration,
};
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

/// Bytes of lines that are written at once while more are waiting.
const AT_ONCE: usize = 64 * 1024;
/// How long lines gather after some were written: to wake the thread that writes for each line costs more than the line.
const GATHERING: Duration = Duration::from_millis(5);

/// Writes what `RUST_LOG` asks for, or what is at least worth knowing (`info`). A thread of its own writes it, so that a request
/// does not wait for a terminal, a pipe or a disk. No line is lost: where they come faster than they can be written, what logs
/// waits. The guard writes the last of them when it is dropped.
#[must_use = "the last lines are written when the guard is dropped"]
pub fn log_to_stderr(format: LogFormat) -> WorkerGuard {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // Colours are for people, not for files.
    let colours = stderr().is_terminal();
    let (writer, guard) =
        NonBlockingBuilder::default().lossy(false).finish(Gathering(BufWriter::with_capacity(AT_ONCE, stderr())));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(colours);
    let log = log.with_target(false);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    guard
}

/// Writes, and lets further lines gather before it takes the next.
struct Gathering<W>(W);

impl<W: Write> Write for Gathering<W> {
    fn write(&mut self, lines: &[u8]) -> io::Result<usize> {
        self.0.write(lines)
    }

    /// Called by the thread that writes, once it has all lines there are.
    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()?;
        thread::sleep(GATHERING);
        Ok(())
    }
}
