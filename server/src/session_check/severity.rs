//! How bad a finding is.

use clap::ValueEnum;
use serde::Serialize;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// As it should be
    Ok,
    /// Worth knowing
    Note,
    /// To be mended before others use the app
    Warning,
    /// Sessions can be stolen or outlive their end
    Error,
}

impl Severity {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}
