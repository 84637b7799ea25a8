//! Values that the client keeps and cannot read or change: sealed with AES-256-GCM by the crate `cookie`, under the name
//! of their cookie. The keys are numbered and derived from a secret that this process draws; which of them the server
//! holds at the moment, the experiment says.

use crate::ids::random;
use app::{AppError, experiments::test_account::Opened};
use cookie::{Cookie, CookieJar, Key};
use std::sync::OnceLock;

/// The secret behind the keys.
#[derive(Default)]
pub struct Seal(OnceLock<[u8; 64]>);

impl Seal {
    fn key(&self, number: u8) -> Result<Key, AppError> {
        let secret = match self.0.get() {
            Some(secret) => secret,
            None => {
                let drawn = random()?;
                self.0.get_or_init(|| drawn)
            }
        };
        Ok(Key::derive_from(&[secret.as_slice(), &[number]].concat()))
    }

    /// Seals a value for the cookie of this name with the key of this number.
    ///
    /// # Errors
    /// [`AppError::Internal`] without randomness.
    pub fn seal(&self, name: &str, value: &str, key: u8) -> Result<String, AppError> {
        let mut jar = CookieJar::new();
        jar.private_mut(&self.key(key)?).add(Cookie::new(name.to_owned(), value.to_owned()));
        jar.get(name).map(|cookie| cookie.value().to_owned()).ok_or(AppError::Internal)
    }

    /// Opens what a cookie of this name holds, with the first key that does.
    ///
    /// # Errors
    /// [`AppError::Internal`] without randomness.
    pub fn open(&self, name: &str, sealed: &str, keys: &[u8]) -> Result<Opened, AppError> {
        for number in keys {
            let cookie = Cookie::new(name.to_owned(), sealed.to_owned());
            if let Some(opened) = CookieJar::new().private(&self.key(*number)?).decrypt(cookie) {
                return Ok(Opened { value: Some(opened.value().to_owned()), key: Some(*number) });
            }
        }
        Ok(Opened { value: None, key: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_key_under_its_name_and_not_otherwise() {
        let seal = Seal::default();
        let sealed = seal.seal("lab-a", "role=guest", 1).unwrap();
        assert!(!sealed.contains("guest"));
        let open = |name, sealed: &str, keys: &[u8]| seal.open(name, sealed, keys).unwrap();
        assert_eq!(open("lab-a", &sealed, &[2, 1]), Opened { value: Some("role=guest".into()), key: Some(1) });
        let nothing = Opened { value: None, key: None };
        assert_eq!(open("lab-a", &sealed, &[3, 2]), nothing, "the key was given up");
        assert_eq!(open("lab-b", &sealed, &[1]), nothing, "another cookie's name");
        for place in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            assert_eq!(open("lab-a", std::str::from_utf8(&changed).unwrap(), &[1]), nothing, "changed at {place}");
        }
        assert_ne!(sealed, seal.seal("lab-a", "role=guest", 1).unwrap(), "sealed twice, it looks different");
        assert_eq!(Seal::default().open("lab-a", &sealed, &[1]).unwrap(), nothing, "another server's secret");
    }
}
