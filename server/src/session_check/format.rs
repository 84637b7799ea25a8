//! In which format a report is written.

use clap::ValueEnum;

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Markdown,
    /// For programs
    Json,
    /// For code scanners (SARIF 2.1.0)
    Sarif,
}
