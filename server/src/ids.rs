//! Random bytes from the system, and ids of 128 random bits: unguessable, so that who has one may use what it names.

use app::AppError;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// Characters of an id in base64url.
const ID_CHARACTERS: usize = 22;

/// Draws random bytes.
///
/// # Errors
/// [`AppError::Internal`] where the system gives none.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], AppError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|cause| {
        tracing::error!(%cause, "no randomness");
        AppError::Internal
    })?;
    Ok(bytes)
}

/// Spells an id in base64url.
pub(crate) fn write_id(id: [u8; 16]) -> String {
    URL_SAFE_NO_PAD.encode(id)
}

/// Reads what [`write_id`] spells; anything else is no id.
pub(crate) fn read_id(text: &str) -> Option<[u8; 16]> {
    // The length comes first: text of any length may stand there.
    if text.len() != ID_CHARACTERS {
        return None;
    }
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}
