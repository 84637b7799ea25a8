//! Passwords: the rules they keep (NIST SP 800-63B-4 §3.1.1.2) and their hashing, off the async threads and behind a
//! bounded queue.

use super::{common, pattern};
use app::{
    AppError,
    accounts::{MAX_PASSWORD, MIN_PASSWORD, Username},
};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use secrecy::{ExposeSecret, SecretString};
use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// How many may wait for each hashing thread before others are told to come back.
const WAITING_PER_THREAD: usize = 16;

/// One spelling for one password: Unicode NFC.
pub(super) fn normalised(password: &SecretString) -> SecretString {
    password.expose_secret().nfc().collect::<String>().into()
}

/// The site's name as far as it is compared: letters and digits alone, so that `Storage-Lab` is one of its spellings.
const SITE_NAME: &str = "storagelab";

/// Checks a new password's rules and returns it in its one spelling. Capital letters make no difference to what is
/// easy to guess; the password itself keeps them.
pub(super) fn check(password: SecretString, username: &Username) -> Result<SecretString, AppError> {
    let password = normalised(&password);
    let text = password.expose_secret();
    match text.chars().count() {
        count if count < MIN_PASSWORD => return Err(AppError::PasswordTooShort),
        count if count > MAX_PASSWORD => return Err(AppError::PasswordTooLong),
        _ => {}
    }
    let lower = text.to_lowercase();
    if lower.contains(&username.key()) {
        Err(AppError::PasswordHoldsUsername)
    } else if lower.chars().filter(|c| c.is_alphanumeric()).collect::<String>().contains(SITE_NAME) {
        Err(AppError::PasswordHoldsSiteName)
    } else if pattern::is_predictable(&lower) {
        Err(AppError::PasswordRepeats)
    } else if common::is_common(&lower) {
        Err(AppError::PasswordCommon)
    } else {
        Ok(password)
    }
}

/// What one hash costs (OWASP ASVS 5.0 appendix C).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
}

impl Default for HashCost {
    fn default() -> Self {
        Self { memory_kib: 19_456, iterations: 2 }
    }
}

/// The hasher cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("argon2 does not take this cost: {0}")]
pub struct HasherError(String);

/// Hashes and verifies with argon2id.
#[derive(Clone)]
pub struct Hasher {
    argon2: Argon2<'static>,
    threads: Arc<Semaphore>,
    places: Arc<Semaphore>,
    /// Stands in for an unknown user's hash, so that the answer takes the same time.
    dummy: Arc<str>,
}

/// The outcome of a verification.
pub(super) struct Checked {
    pub is_right: bool,
    /// The hash at today's cost, when the stored one had another.
    pub rehashed: Option<String>,
}

impl Hasher {
    /// A hasher that runs on at most `threads` threads at once.
    ///
    /// # Errors
    /// [`HasherError`] when argon2 refuses the cost.
    pub fn new(cost: HashCost, threads: usize) -> Result<Self, HasherError> {
        let params =
            Params::new(cost.memory_kib, cost.iterations, 1, None).map_err(|error| HasherError(error.to_string()))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let dummy = hash(&argon2, b"nobody has this password").map_err(|error| HasherError(error.to_string()))?;
        let threads = threads.max(1);
        Ok(Self {
            argon2,
            threads: Arc::new(Semaphore::new(threads)),
            places: Arc::new(Semaphore::new(threads * (1 + WAITING_PER_THREAD))),
            dummy: dummy.into(),
        })
    }

    /// Hashes a password into a PHC string with a salt of its own.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many wait already.
    pub async fn hash(&self, password: SecretString) -> Result<String, AppError> {
        let argon2 = self.argon2.clone();
        self.run(move || hash(&argon2, password.expose_secret().as_bytes())).await
    }

    /// Verifies a password against a stored hash; without one, against the stand-in, and it is wrong.
    pub(super) async fn verify(&self, password: SecretString, stored: Option<String>) -> Result<Checked, AppError> {
        let argon2 = self.argon2.clone();
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.dummy.to_string());
        self.run(move || {
            let parsed = PasswordHash::new(&stored)?;
            let password = password.expose_secret().as_bytes();
            let is_right = argon2.verify_password(password, &parsed).is_ok() && known;
            let same_cost = Params::try_from(&parsed).is_ok_and(|params| {
                (params.m_cost(), params.t_cost(), params.p_cost())
                    == (argon2.params().m_cost(), argon2.params().t_cost(), argon2.params().p_cost())
            });
            let rehashed = if is_right && !same_cost { Some(hash(&argon2, password)?) } else { None };
            Ok(Checked { is_right, rehashed })
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, argon2::password_hash::Error> + Send + 'static,
    ) -> Result<T, AppError> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| AppError::Busy)?;
        let thread = self.threads.clone().acquire_owned().await.map_err(|_| AppError::Internal)?;
        // The permits go along: a client that hangs up does not free a thread that still works.
        let done = tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop((place, thread));
            outcome
        });
        match done.await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(cause)) => {
                tracing::error!(%cause, "hashing failed");
                Err(AppError::Internal)
            }
            Err(cause) => {
                tracing::error!(%cause, "the hashing thread died");
                Err(AppError::Internal)
            }
        }
    }

    /// Hashes on every thread as fast as it can, for `span`; returns hashes per second. For `script/bench`.
    ///
    /// # Errors
    /// [`HasherError`] when hashing fails.
    pub fn measure(&self, span: Duration) -> Result<f64, HasherError> {
        let began = Instant::now();
        let work = || {
            let mut hashes = 0_u32;
            while began.elapsed() < span {
                hash(&self.argon2, b"correct horse battery staple")?;
                hashes += 1;
            }
            Ok(hashes)
        };
        let counts: Result<Vec<u32>, argon2::password_hash::Error> = thread::scope(|scope| {
            let threads: Vec<_> = (0..self.threads.available_permits()).map(|_| scope.spawn(work)).collect();
            threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
        });
        let hashes: u32 = counts.map_err(|error| HasherError(error.to_string()))?.iter().sum();
        Ok(f64::from(hashes) / began.elapsed().as_secs_f64())
    }
}

fn hash(argon2: &Argon2<'_>, password: &[u8]) -> Result<String, argon2::password_hash::Error> {
    Ok(argon2.hash_password(password)?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: HashCost = HashCost { memory_kib: 64, iterations: 1 };

    fn checked(password: &str) -> Result<String, AppError> {
        let ada = Username::parse("Ada").unwrap();
        check(password.into(), &ada).map(|password| password.expose_secret().to_owned())
    }

    /// Letters that make no word, as many as asked for.
    fn letters(first: &str, count: usize) -> String {
        first.chars().chain("mjwfkzbnqgxhdcvytrpsl".chars().cycle().skip(3)).take(count).collect()
    }

    #[test]
    fn a_password_has_15_to_128_code_points() {
        assert_eq!(checked(&letters("éé漢", 14)), Err(AppError::PasswordTooShort));
        assert_eq!(checked(&letters("éé漢", 15)), Ok(letters("éé漢", 15)));
        assert!(checked(&letters("漢", 128)).is_ok());
        assert_eq!(checked(&letters("漢", 129)), Err(AppError::PasswordTooLong));
    }

    #[test]
    fn a_password_is_one_in_all_its_spellings() {
        assert_eq!(checked(&letters("e\u{301}", 16)), Ok(letters("é", 15)));
    }

    #[test]
    fn a_password_on_the_list_of_breached_ones_is_refused_in_any_case() {
        for password in ["30secondstomars", "YoungAndRestless", "MauriceUndTommy"] {
            assert_eq!(checked(password), Err(AppError::PasswordCommon), "{password}");
        }
    }

    #[test]
    fn a_password_that_repeats_or_follows_the_keys_is_refused() {
        assert_eq!(checked("PasswordPassword"), Err(AppError::PasswordRepeats));
        assert_eq!(checked("1234567890-=qwertyuiop"), Err(AppError::PasswordRepeats));
    }

    #[test]
    fn a_password_that_holds_the_sites_name_is_refused() {
        for password in ["my StorageLab secret", "STORAGE-LAB for me", "the storage lab, mine", "storage_lab.2026!"] {
            assert_eq!(checked(password), Err(AppError::PasswordHoldsSiteName), "{password}");
        }
    }

    #[test]
    fn unrelated_words_and_random_characters_are_fine() {
        for password in ["correct horse battery staple", "k7Rw-2mXq-9vTz-4b", "Zwölf Boxkämpfer jagen"] {
            assert_eq!(checked(password), Ok(password.to_owned()));
        }
    }

    #[test]
    fn a_password_that_holds_the_username_is_refused() {
        assert_eq!(checked("the secret of ADA himself"), Err(AppError::PasswordHoldsUsername));
    }

    #[tokio::test]
    async fn the_hash_is_a_phc_string_with_its_own_salt() {
        let hasher = Hasher::new(CHEAP, 1).unwrap();
        let one = hasher.hash("correct horse battery".into()).await.unwrap();
        let two = hasher.hash("correct horse battery".into()).await.unwrap();
        assert!(one.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{one}");
        assert_ne!(one, two);
    }

    #[tokio::test]
    async fn only_the_right_password_verifies_and_nobody_has_the_stand_in() {
        let hasher = Hasher::new(CHEAP, 1).unwrap();
        let stored = hasher.hash("correct horse battery".into()).await.unwrap();
        let right = hasher.verify("correct horse battery".into(), Some(stored.clone())).await.unwrap();
        assert!(right.is_right && right.rehashed.is_none());
        assert!(!hasher.verify("correct horse batterx".into(), Some(stored)).await.unwrap().is_right);
        assert!(!hasher.verify("nobody has this password".into(), None).await.unwrap().is_right);
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_is_made_anew() {
        let old = Hasher::new(CHEAP, 1).unwrap().hash("correct horse battery".into()).await.unwrap();
        let hasher = Hasher::new(HashCost { memory_kib: 128, iterations: 1 }, 1).unwrap();
        let fresh = hasher.verify("correct horse battery".into(), Some(old)).await.unwrap().rehashed.unwrap();
        assert!(fresh.starts_with("$argon2id$v=19$m=128,t=1,p=1$"), "{fresh}");
    }

    #[tokio::test]
    async fn past_the_queue_the_server_says_that_it_is_busy() {
        let hasher = Hasher::new(HashCost { memory_kib: 8_192, iterations: 4 }, 1).unwrap();
        let all: Vec<_> = (0..WAITING_PER_THREAD + 9)
            .map(|_| {
                let hasher = hasher.clone();
                tokio::spawn(async move { hasher.hash("correct horse battery".into()).await })
            })
            .collect();
        let mut refused = 0;
        for one in all {
            refused += usize::from(one.await.unwrap() == Err(AppError::Busy));
        }
        assert_eq!(refused, 8);
    }

    #[test]
    fn a_cost_that_argon2_refuses_is_told_at_the_start() {
        assert!(Hasher::new(HashCost { memory_kib: 1, iterations: 1 }, 1).is_err());
    }
}
