//! The one-time link to a new password. The operator makes it, and decides who gets one.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
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
    pub(super) fn parse(text: &str) -> Option<Self> {
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
