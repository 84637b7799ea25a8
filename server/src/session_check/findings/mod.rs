//! What is right and what is wrong with a session, judged from what was seen.

mod attributes;
mod exposure;
mod identifier;
mod life;

pub(super) use self::exposure::{KEEP_IN_COOKIE, token_kept};
pub use super::severity::Severity;
use super::{course::Seen, probe::Known};
use std::cmp::Reverse;

/// What was looked at, in the order of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// Which cookie is the session.
    Session,
    /// The log-in rotates the identifier.
    Fixation,
    /// The log-out ends the session on the server.
    LogOut,
    /// The log-out deletes the cookie.
    Deletion,
    /// The identifier looks random.
    Identifier,
    /// Passwords and cookies travel encrypted.
    Transport,
    /// The cookie is Secure.
    Secure,
    /// The cookie is HttpOnly.
    HttpOnly,
    /// The cookie names SameSite.
    SameSite,
    /// The cookie is bound to its host.
    Host,
    /// The cookie is small.
    Size,
    /// How long the session lasts.
    Lifetime,
    /// The session ends when nothing is asked.
    Idle,
    /// No session before anybody needs one.
    Early,
    /// No token in an address.
    Address,
    /// No token where scripts read it.
    Body,
    /// No token in web storage.
    WebStorage,
    /// Caches keep nothing.
    Caches,
}

impl Check {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::Session,
        Self::Fixation,
        Self::LogOut,
        Self::Deletion,
        Self::Identifier,
        Self::Transport,
        Self::Secure,
        Self::HttpOnly,
        Self::SameSite,
        Self::Host,
        Self::Size,
        Self::Lifetime,
        Self::Idle,
        Self::Early,
        Self::Address,
        Self::Body,
        Self::WebStorage,
        Self::Caches,
    ];

    /// By which other programs know it.
    pub fn id(self) -> &'static str {
        self.told().0
    }

    /// What it is about, in words.
    pub fn title(self) -> &'static str {
        self.told().1
    }

    /// The rule that it stands on.
    pub fn rule(self) -> &'static str {
        self.told().2
    }

    fn told(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Session => ("session-cookie", "Which cookie is the session", "OWASP Session Management Cheat Sheet"),
            Self::Fixation => ("session-fixation", "The log-in rotates the identifier", "OWASP ASVS 5.0, 7.2.4"),
            Self::LogOut => {
                ("log-out-ends-the-session", "The log-out ends the session on the server", "OWASP ASVS 5.0, 7.4.1")
            }
            Self::Deletion => {
                ("log-out-deletes-the-cookie", "The log-out deletes the cookie", "OWASP ASVS 5.0, 14.3.1")
            }
            Self::Identifier => {
                ("random-identifier", "The identifier looks random", "OWASP ASVS 5.0, 7.2.3; NIST SP 800-63B-4 §5.1")
            }
            Self::Transport => ("https", "Passwords and cookies travel encrypted", "OWASP ASVS 5.0, 12.2.1"),
            Self::Secure => ("secure", "The cookie is Secure", "OWASP ASVS 5.0, 3.3.1; RFC 6265bis §4.1.2.5"),
            Self::HttpOnly => ("http-only", "The cookie is HttpOnly", "OWASP ASVS 5.0, 3.3.4; RFC 6265bis §4.1.2.6"),
            Self::SameSite => ("same-site", "The cookie names SameSite", "OWASP ASVS 5.0, 3.3.2; RFC 6265bis §4.1.2.7"),
            Self::Host => {
                ("host-bound", "The cookie is bound to its host", "OWASP ASVS 5.0, 3.3.3; RFC 6265bis §4.1.3")
            }
            Self::Size => ("size", "The cookie is small", "OWASP ASVS 5.0, 3.3.5; RFC 6265bis §5.6"),
            Self::Lifetime => {
                ("lifetime", "How long the session lasts", "OWASP ASVS 5.0, 7.3.2; NIST SP 800-63B-4 §2.1.3")
            }
            Self::Idle => ("idle-timeout", "The session ends when nothing is asked", "OWASP ASVS 5.0, 7.3.1"),
            Self::Early => {
                ("session-before-it-is-needed", "No session before anybody needs one", "OWASP ASVS 5.0, 7.6.2")
            }
            Self::Address => ("token-in-an-address", "No token in an address", "OWASP ASVS 5.0, 14.2.1"),
            Self::Body => (
                "token-in-a-body",
                "No token where scripts read it",
                "OWASP ASVS 5.0, 3.3.4; OWASP Session Management Cheat Sheet",
            ),
            Self::WebStorage => {
                ("token-in-web-storage", "No token in web storage", "OWASP HTML5 Security Cheat Sheet, Local Storage")
            }
            Self::Caches => ("caches", "Caches keep nothing", "OWASP ASVS 5.0, 14.3.2; RFC 9111 §5.2.2"),
        }
    }
}

/// One thing that was found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// How bad it is.
    pub severity: Severity,
    /// How it is.
    pub words: String,
    /// What to do about it; empty where nothing is to be done.
    pub remedy: String,
    /// Where it was seen: the index of an exchange.
    pub evidence: Option<usize>,
}

impl Finding {
    fn new(check: Check, severity: Severity, words: impl Into<String>) -> Self {
        Self { check, severity, words: words.into(), remedy: String::new(), evidence: None }
    }

    fn ok(check: Check, words: impl Into<String>) -> Self {
        Self::new(check, Severity::Ok, words)
    }

    fn seen_in(self, evidence: impl Into<Option<usize>>) -> Self {
        Self { evidence: evidence.into(), ..self }
    }

    fn remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: remedy.into(), ..self }
    }
}

/// Everything that is found, the worst first, and else in the order of [`Check`].
pub fn judge(seen: &Seen) -> Vec<Finding> {
    let mut findings = vec![session(seen)];
    findings.extend(life::judge(seen));
    findings.extend(identifier::judge(seen));
    findings.extend(attributes::judge(seen));
    findings.extend(exposure::judge(seen));
    findings.sort_by_key(|finding| (Reverse(finding.severity), finding.check));
    findings
}

fn session(seen: &Seen) -> Finding {
    let names: Vec<_> = seen.session.iter().map(|cookie| cookie.name.as_str()).collect();
    if names.is_empty() {
        let words = "No cookie carries the session: the page lets in who has none of them. What follows about cookies does not apply.";
        let remedy = "If there is one, name it in the file of storage-lab check-session: session = [\"NAME\"].";
        return Finding::new(Check::Session, Severity::Note, words).remedy(remedy).seen_in(seen.member);
    }
    let set = seen.session.iter().find_map(|cookie| cookie.set);
    let names = names.join(" and ");
    let words = match seen.known {
        Known::Named => format!("{names}, as the file says."),
        Known::Chosen => format!("{names}, as you say."),
        Known::Needed if seen.session.len() == 1 => format!("{names}: without it the page lets nobody in."),
        Known::Needed => format!("{names}: without each of them the page lets nobody in."),
        Known::EachEnough => format!("{names}: each of them alone lets in."),
    };
    Finding::ok(Check::Session, words).seen_in(set.unwrap_or(seen.member))
}
