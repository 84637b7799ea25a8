//! A new password by a one-time link. The operator makes the link, and decides who gets one.

use super::{AccountService, log, password};
use crate::{push::Change, store::StoreError};
use app::{
    AppError,
    accounts::{EventKind, Username},
    request::Visitor,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// How long a link is good for, in seconds.
pub const RESET_SECONDS: i64 = 30 * 60;
const CODE_CHARACTERS: usize = 43;

/// The code of a link: 256 random bits, which need no slow hash (OWASP ASVS 6.4.1).
pub struct ResetCode([u8; 32]);

impl ResetCode {
    /// Draws a new code.
    ///
    /// # Errors
    /// The system's random source failed.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut code = [0; 32];
        getrandom::fill(&mut code)?;
        Ok(Self(code))
    }

    /// Reads a code as the link spells it; spaces around it are dropped. Anything else is no code.
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() != CODE_CHARACTERS {
            return None;
        }
        Some(Self(URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?))
    }

    /// The link on a site. Its fragment is sent to no server, so that it reaches no log and no referrer (RFC 9110 §10.1.3).
    pub fn link(&self, site: &str) -> String {
        format!("{site}/reset#{}", URL_SAFE_NO_PAD.encode(self.0))
    }

    /// Its SHA-256, which is all that the database keeps.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}

impl AccountService {
    /// [`app::accounts::port::Accounts::reset_password`].
    pub(super) async fn reset(
        &self,
        visitor: &Visitor,
        code: &SecretString,
        new: SecretString,
    ) -> Result<Username, AppError> {
        let caller = &visitor.caller;
        let attempt = self.throttle.reset(&caller.address).await?;
        let hash = ResetCode::parse(code.expose_secret()).ok_or(AppError::WrongCode)?.hash();
        let username = self.store.find_reset(hash, self.clock.now(), &attempt).await?;
        let username = Username::parse(&username.ok_or(AppError::WrongCode)?)?;
        let new = password::check(new, Some(&username))?;
        let password_hash = self.hasher.permit(&caller.address).await?.hash(new).await?;
        let attempt_reset = self.throttle.forget(&username.key(), &caller.address);
        let event = self.event(EventKind::PasswordReset, caller);
        match self.store.use_reset(hash, &password_hash, &attempt_reset, &event).await {
            Ok(user_id) => {
                self.hub.tell(Change::Account(user_id));
                log(user_id, EventKind::PasswordReset, caller);
                Ok(username)
            }
            Err(StoreError::Gone) => Err(AppError::WrongCode),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_back_from_its_link() {
        let code = ResetCode::random().unwrap();
        let link = code.link("https://lab.example");
        let (page, text) = link.split_once('#').unwrap();
        assert_eq!(page, "https://lab.example/reset");
        assert_eq!(ResetCode::parse(&format!(" {text}\n")).unwrap().hash(), code.hash());
        assert_ne!(ResetCode::random().unwrap().hash(), code.hash());
    }

    #[test]
    fn anything_else_is_no_code() {
        for text in
            ["", "=".repeat(43).as_str(), "é".repeat(43).as_str(), "A".repeat(42).as_str(), "A".repeat(44).as_str()]
        {
            assert!(ResetCode::parse(text).is_none(), "{text}");
        }
    }
}
