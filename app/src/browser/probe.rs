//! What is written to find out how much fits, and how it is taken away again. Everything here is named `lab-limit-probe…`.

use super::{
    cookies::script::{cookie_string, write},
    names::{PROBE, is_probe},
    web_storage::Area,
};
use gloo_timers::future::TimeoutFuture;
use web_sys::Storage;

/// What web storage is filled with: one byte in UTF-8, three bytes, and four bytes that are two units.
pub(crate) const ALPHABETS: [&str; 3] = ["a", "漢", "😀"];
/// Units of one piece of the filling, its name included: small enough that writing it does not hold up the page.
const PIECE: u32 = 131_072;

/// Lets the page do what it has to do.
pub(crate) async fn pause() {
    TimeoutFuture::new(0).await;
}

/// So many UTF-16 units of a letter; where it is two units wide and the number odd, with one narrow letter.
fn text(letter: &str, units: u32) -> String {
    let wide = letter.encode_utf16().count() as u32;
    letter.repeat((units / wide) as usize) + &"a".repeat((units % wide) as usize)
}

/// Fills an area of web storage with pieces, so that no single write is large, and a rest.
pub(crate) struct Filling {
    area: Storage,
    letter: &'static str,
    piece: String,
    pieces: u32,
}

impl Filling {
    /// `None` where the browser denies the area.
    pub fn of(area: Area, letter: &'static str) -> Option<Self> {
        let piece = text(letter, PIECE - name(0).len() as u32);
        Some(Self { area: area.open().ok()?, letter, piece, pieces: 0 })
    }

    /// Whether so many units fit beside what is there, the names counted in; below the length of one name none do.
    pub async fn fits(&mut self, units: u32) -> bool {
        let Some(filled) = units.checked_sub(PROBE.len() as u32) else { return true };
        if self.area.set_item(PROBE, "").is_err() {
            return false;
        }
        while self.pieces > filled / PIECE {
            self.pieces -= 1;
            let _ = self.area.remove_item(&name(self.pieces));
        }
        while self.pieces < filled / PIECE {
            pause().await;
            if self.area.set_item(&name(self.pieces), &self.piece).is_err() {
                return false;
            }
            self.pieces += 1;
        }
        self.area.set_item(PROBE, &text(self.letter, filled % PIECE)).is_ok()
    }
}

impl Drop for Filling {
    fn drop(&mut self) {
        sweep_area(&self.area);
    }
}

/// The name of a piece: all are equally long.
fn name(piece: u32) -> String {
    format!("{PROBE}-{piece:04}")
}

/// Whether a cookie of so many bytes, name and value, is kept. It is gone again before anything can travel.
pub(crate) fn cookie_fits(letter: &str, bytes: u32) -> bool {
    let Some(value) = bytes.checked_sub(PROBE.len() as u32) else { return true };
    let wide = letter.len() as u32;
    let value = letter.repeat((value / wide) as usize) + &"a".repeat((value % wide) as usize);
    let _ = write(&format!("{PROBE}={value}; Path=/; SameSite=Lax"));
    let kept = kept().is_some_and(|kept| kept == value);
    sweep_cookie("/");
    kept
}

/// Whether an attribute's value of so many bytes is heeded: a cookie for another path is not seen here, and one whose
/// `Path` is passed over is.
pub(crate) fn attribute_fits(bytes: u32) -> bool {
    let Some(rest) = bytes.checked_sub(PROBE.len() as u32 + 1) else { return true };
    let path = format!("/{PROBE}{}", "a".repeat(rest as usize));
    let _ = write(&format!("{PROBE}=a; Path={path}; SameSite=Lax"));
    let passed_over = kept().is_some();
    sweep_cookie(&path);
    sweep_cookie("/");
    !passed_over
}

fn kept() -> Option<String> {
    let cookies = cookie_string();
    cookies
        .split("; ")
        .find_map(|pair| pair.split_once('=').filter(|(name, _)| *name == PROBE))
        .map(|(_, v)| v.to_owned())
}

fn sweep_cookie(path: &str) {
    let _ = write(&format!("{PROBE}=; Path={path}; Max-Age=0"));
}

/// Whether a measurement that broke off has left something behind.
pub(crate) fn left_behind() -> bool {
    let in_area = |area: Area| area.open().is_ok_and(|area| area.get_item(PROBE).is_ok_and(|probe| probe.is_some()));
    in_area(Area::Session) || in_area(Area::Local) || kept().is_some()
}

/// Takes away everything that is named as a probe.
pub(crate) fn sweep() {
    for area in [Area::Session, Area::Local] {
        if let Ok(area) = area.open() {
            sweep_area(&area);
        }
    }
    sweep_cookie("/");
}

/// The rest goes last: by it a later page sees that something was left behind.
fn sweep_area(area: &Storage) {
    let names = (0..area.length().unwrap_or(0)).filter_map(|index| area.key(index).ok().flatten());
    let probes: Vec<_> = names.filter(|name| is_probe(name) && name != PROBE).collect();
    for name in probes.iter().map(String::as_str).chain([PROBE]) {
        let _ = area.remove_item(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_as_many_units_as_asked_for() {
        for letter in ALPHABETS {
            for units in [0, 1, 2, 7, 1_000] {
                assert_eq!(text(letter, units).encode_utf16().count(), units as usize);
            }
        }
    }

    #[test]
    fn every_name_of_a_probe_is_known_as_one() {
        assert!(is_probe(PROBE) && is_probe(&name(0)) && is_probe(&name(9_999)));
        assert_eq!(name(0).len(), name(9_999).len());
        assert!(
            !["lab-limits", "lab-limit-probes", "lab-limit-probe-notes", "lab-limit-probe-é1"]
                .into_iter()
                .any(is_probe)
        );
    }
}
