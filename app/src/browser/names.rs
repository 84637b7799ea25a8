//! The names by which the lab knows what it made.

use super::source;

/// The names of what the lab writes for a moment to find out how much fits. They are nobody's entries: never listed, and
/// removed where a crash left them.
pub(crate) const PROBE: &str = "lab-limit-probe";

/// Whether an entry is a probe: that name, or with the four digits of a piece.
pub(crate) fn is_probe(name: &str) -> bool {
    let Some(piece) = name.strip_prefix(PROBE) else { return false };
    piece.is_empty()
        || piece.len() == 5 && piece.starts_with('-') && piece[1..].bytes().all(|digit| digit.is_ascii_digit())
}

/// The name under which the lab keeps what a visitor typed: with `lab-` before it, unless it has that already or goes to an app.
pub(crate) fn lab_name(typed: &str) -> String {
    let typed = typed.trim();
    if typed.is_empty() || is_within_reach(typed) { typed.to_owned() } else { format!("lab-{typed}") }
}

/// Whether the lab puts an entry of this name where it is missing: one that it removes again, or one without a name, which no
/// name tells from others.
pub(crate) fn may_put(name: &str) -> bool {
    name.is_empty() || is_within_reach(name)
}

/// Whether the bench changes entries of this name wherever they are: its own, and in an app's page all of the app's.
pub(crate) fn is_within_reach(name: &str) -> bool {
    is_lab_name(name) || source::app().is_some()
}

/// Whether the lab made this entry. Browsers match the prefixes without case (RFC 6265bis §4.1.3).
pub fn is_lab_name(name: &str) -> bool {
    ["lab-", "__host-lab-", "__secure-lab-", "__http-lab-", "__host-http-lab-"]
        .iter()
        .any(|prefix| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_lab_creates_is_named_lab() {
        assert_eq!(
            ["colour", " lab-colour ", "__Host-lab-x", "__HOST-LAB-X", ""].map(lab_name),
            ["lab-colour", "lab-colour", "__Host-lab-x", "__HOST-LAB-X", ""]
        );
    }
}
