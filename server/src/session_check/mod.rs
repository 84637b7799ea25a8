//! `storage-lab check-session`: logs in to an app as several people, logs out, and says what is right and what is wrong with its
//! sessions. It asks the one app that is named, and by GET but for the requests of the file.

mod course;
mod exchange;
mod findings;
mod form;
pub mod format;
mod guided;
mod plan;
mod probe;
mod report;
pub mod severity;
mod visitor;

pub use self::{
    findings::{Check, Finding},
    format::Format,
    plan::Plan,
    report::Report,
    severity::Severity,
};

pub(crate) use self::guided::routes as guided;

use self::visitor::App;
use crate::{
    app_proxy::{Origin, Upstream},
    cli::CheckSessionArgs,
    clock::{Clock, SystemClock},
};
use std::io::Write;

/// Why a session could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The file is unusable.
    #[error("{0}")]
    Plan(String),
    /// The app gives no answer.
    #[error("the app does not answer: {0}")]
    NoAnswer(String),
    /// The log-in changes nothing.
    #[error(
        "the log-in did not work, or {page} is for everybody: it answers {status} before and after it, and the log-in's last answer \
         was {log_in}. Correct [[login]], or name in the file a page that only who is logged in sees, or words that stand on it for \
         them alone: shows = \"Log out\""
    )]
    NotLoggedIn {
        /// The path of the page.
        page: String,
        /// How it answers.
        status: u16,
        /// How the last request of the log-in was answered.
        log_in: u16,
    },
    /// The app is overloaded, or broke.
    #[error("{page} answers {status}, which says nothing of the session. Try again once the app answers as it should")]
    Unclear {
        /// The path of the page.
        page: String,
        /// How it answers.
        status: u16,
    },
    /// The session is another one after each answer.
    #[error(
        "the cookies let in once only: the app changes its session with each answer. Name the session's cookie in the file, \
         session = [\"NAME\"], and it is checked without being looked for"
    )]
    Changing,
    /// A redirect leads to another origin.
    #[error("the app leads on to {0}, and this check asks the app alone")]
    Elsewhere(String),
    /// Redirects do not end.
    #[error("the redirects from {0} do not end")]
    Circle(String),
    /// Something that is none of the app's doing.
    #[error("{0}")]
    Internal(String),
}

/// Checks the sessions of an app as a plan says.
///
/// # Errors
/// Why nothing could be found out.
pub async fn check(app: &str, insecure: bool, plan: &Plan) -> Result<Report, CheckError> {
    let named = || CheckError::Plan(format!("{app} is no origin, such as http://localhost:8080"));
    let origin = Origin::read(app).ok_or_else(named)?;
    let upstream = Upstream::new(origin, insecure).map_err(|error| CheckError::Internal(error.to_string()))?;
    let seen = course::run(&App::new(upstream, None)?, plan, SystemClock.now()).await?;
    let findings = findings::judge(&seen);
    Ok(Report { app: seen.app, findings, exchanges: seen.exchanges, shows_secrets: false })
}

/// Checks as the command line says, and writes the report; whether what was found stays below `--fail-on`.
///
/// # Errors
/// Why nothing could be found out, in words.
pub async fn check_session(args: &CheckSessionArgs, out: &mut impl Write) -> Result<bool, String> {
    let plan = Plan::read(&args.login)?;
    let mut report = check(&args.app, args.app_insecure, &plan).await.map_err(|error| error.to_string())?;
    report.shows_secrets = args.show_secrets;
    out.write_all(report.write(args.format).as_bytes()).map_err(|error| error.to_string())?;
    Ok(report.worst() < args.fail_on)
}
