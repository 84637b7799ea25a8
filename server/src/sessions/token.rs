//! The session token: a public id that names the session and a secret that opens it. Only SHA-256 of the secret is
//! stored: whoever reads the database holds no token.

use crate::ids::{read_id, write_id};
use app::sessions::SessionId;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

const SECRET_CHARACTERS: usize = 43;

/// 16 bytes of id and 32 bytes of secret, from the system's random source (OWASP ASVS 7.2.3).
pub struct Token {
    /// The public half.
    pub id: SessionId,
    secret: [u8; 32],
}

impl Token {
    /// Draws a new token.
    ///
    /// # Errors
    /// The system's random source failed.
    pub fn random() -> Result<Self, getrandom::Error> {
        let (mut id, mut secret) = ([0; 16], [0; 32]);
        getrandom::fill(&mut id)?;
        getrandom::fill(&mut secret)?;
        Ok(Self { id: SessionId(id), secret })
    }

    /// Reads a token as the cookie spells it; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, secret) = text.split_once('.')?;
        if secret.len() != SECRET_CHARACTERS {
            return None;
        }
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
        Some(Self { id: SessionId(read_id(id)?), secret })
    }

    /// The whole token, as the cookie spells it.
    pub fn reveal(&self) -> SecretString {
        format!("{}.{}", write_id(self.id.0), URL_SAFE_NO_PAD.encode(self.secret)).into()
    }

    /// What the database keeps of the secret.
    pub fn secret_hash(&self) -> [u8; 32] {
        Sha256::digest(self.secret).into()
    }

    /// Whether a stored hash is this token's, compared in constant time.
    pub fn matches(&self, secret_hash: &[u8]) -> bool {
        self.secret_hash().ct_eq(secret_hash).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn a_token_reads_back_as_itself() {
        let token = Token::random().unwrap();
        let again = Token::parse(token.reveal().expose_secret()).unwrap();
        assert_eq!(again.id, token.id);
        assert!(again.matches(&token.secret_hash()));
    }

    #[test]
    fn two_tokens_share_nothing() {
        let (one, two) = (Token::random().unwrap(), Token::random().unwrap());
        assert_ne!(one.id, two.id);
        assert!(!one.matches(&two.secret_hash()));
    }

    #[test]
    fn a_changed_or_cut_token_is_none_or_does_not_match() {
        let token = Token::random().unwrap();
        let revealed = token.reveal();
        let text = revealed.expose_secret();
        for end in 0..text.len() {
            assert!(Token::parse(&text[..end]).is_none(), "cut at {end}");
        }
        let other_end = if text.ends_with('A') { 'E' } else { 'A' };
        let changed = format!("{}{other_end}", &text[..text.len() - 1]);
        assert!(Token::parse(&changed).is_none_or(|changed| !changed.matches(&token.secret_hash())));
    }

    #[test]
    fn garbage_is_no_token() {
        for text in ["", ".", "a.b", "é".repeat(66).as_str(), "=".repeat(66).as_str(), "A".repeat(10_000).as_str()] {
            assert!(Token::parse(text).is_none());
        }
    }

    #[test]
    fn the_stored_hash_is_not_the_secret() {
        let token = Token::random().unwrap();
        assert_ne!(token.secret_hash(), token.secret);
    }
}
