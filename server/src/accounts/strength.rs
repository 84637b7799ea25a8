//! How hard a new password is to guess, for the meter beside its field (NIST SP 800-63B-4 §3.1.1.2 asks for such guidance).

use super::{hasher::lower_priority, password};
use app::{
    AppError,
    accounts::{Strength, Username},
};
use secrecy::{ExposeSecret, SecretString};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread,
};
use tokio::sync::oneshot;
use zxcvbn::{Score, zxcvbn};

/// So many ratings may wait for the thread.
const WAITING: usize = 16;
/// So many characters are rated. The time that zxcvbn takes grows faster than their number: a third of a second for 32 that each
/// could stand for a letter, two seconds for 128. What is hard to guess so far is not easier with more behind it.
const RATED: usize = 32;

/// What is to be rated, and where the answer goes.
struct Task {
    password: SecretString,
    username: String,
    answer: oneshot::Sender<Strength>,
}

/// Rates passwords, one after the other, on a thread that gives way to everything else: anybody may ask.
pub(super) struct Meter {
    tasks: SyncSender<Task>,
}

impl Meter {
    pub fn new() -> Self {
        let (tasks, waiting) = sync_channel(WAITING);
        if let Err(error) = thread::Builder::new().name("strength".into()).spawn(move || rate_all(&waiting)) {
            tracing::warn!(%error, "passwords are not rated");
        }
        Self { tasks }
    }

    /// The rules come first, in the words that a sign-up would be answered with.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many wait.
    pub async fn rate(&self, username: &str, password: SecretString) -> Result<Strength, AppError> {
        let password = match password::check(password, Username::parse(username).ok().as_ref()) {
            Ok(password) => password,
            Err(refusal) => return Ok(Strength { level: 0, words: refusal.to_string() }),
        };
        let (answer, rated) = oneshot::channel();
        let task = Task { password, username: username.to_owned(), answer };
        self.tasks.try_send(task).map_err(|_| AppError::Busy)?;
        rated.await.map_err(|_| AppError::Busy)
    }
}

fn rate_all(waiting: &Receiver<Task>) {
    lower_priority();
    for Task { password, username, answer } in waiting {
        // Whoever has hung up is not waited for.
        if !answer.is_closed()
            // The panic is in the log by its hook; its task gets no answer, and the thread goes on.
            && let Ok(rated) = catch_unwind(AssertUnwindSafe(|| rated(password.expose_secret(), &username)))
        {
            let _ = answer.send(rated);
        }
    }
}

fn rated(password: &str, username: &str) -> Strength {
    let end = password.char_indices().nth(RATED).map_or(password.len(), |(end, _)| end);
    let guesses = zxcvbn(&password[..end], &[username, "storage", "lab"]);
    let (level, word) = match guesses.score() {
        Score::Four => (Strength::STRONGEST, "Strong"),
        Score::Three => (3, "Good"),
        Score::Two => (2, "Fair"),
        _ => (1, "Weak"),
    };
    let hint = guesses.feedback().and_then(|feedback| {
        let warning = feedback.warning().map(|warning| warning.to_string());
        warning.or_else(|| feedback.suggestions().first().map(ToString::to_string))
    });
    let words = hint.map_or_else(|| word.to_owned(), |hint| format!("{word}. {hint}"));
    Strength { level, words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_easy_to_guess_is_weak_and_says_why() {
        let weak = rated("ada.lovelace.1815", "ada.lovelace.1815");
        assert_eq!(weak.level, 1);
        assert!(weak.words.starts_with("Weak. "), "{}", weak.words);
    }

    #[test]
    fn unrelated_words_are_strong() {
        let strong = rated("zebra lamp violin gravel", "ada");
        assert_eq!((strong.level, strong.words.as_str()), (Strength::STRONGEST, "Strong"));
    }

    #[test]
    fn only_the_beginning_of_a_long_password_is_rated() {
        let beginning = "漢".repeat(RATED);
        assert_eq!(rated(&format!("{beginning} and more"), ""), rated(&beginning, ""));
    }

    #[tokio::test]
    async fn the_rules_are_told_in_the_words_of_a_refused_sign_up() {
        let meter = Meter::new();
        for (password, refusal) in [
            ("too short", AppError::PasswordTooShort),
            ("passwordpassword", AppError::PasswordRepeats),
            ("30secondstomars", AppError::PasswordCommon),
            ("ada-1815-secret", AppError::PasswordHoldsUsername),
        ] {
            let rated = meter.rate("Ada", password.into()).await;
            assert_eq!(rated, Ok(Strength { level: 0, words: refusal.to_string() }), "{password}");
        }
    }

    #[tokio::test]
    async fn a_name_that_is_none_yet_is_no_reason_to_refuse() {
        let rated = Meter::new().rate("a", "zebra lamp violin gravel".into()).await.unwrap();
        assert_eq!(rated.level, Strength::STRONGEST);
    }

    #[tokio::test]
    async fn whoever_would_wait_too_long_is_told_so() {
        // Without a thread nothing is taken out.
        let (tasks, _waiting) = sync_channel(0);
        let rated = Meter { tasks }.rate("", "zebra lamp violin gravel".into()).await;
        assert_eq!(rated, Err(AppError::Busy));
    }
}
