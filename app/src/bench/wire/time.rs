//! When something came or went.

use crate::words::utc;

/// UTC, to the millisecond.
pub(super) fn time(milliseconds: i64) -> String {
    let spelled = utc(milliseconds.div_euclid(1_000));
    let clock = spelled.get(17..25).unwrap_or_default();
    format!("{clock}.{:03}", milliseconds.rem_euclid(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_to_the_millisecond() {
        assert_eq!([0, 1_795_442_700_007].map(time), ["00:00:00.000", "14:05:00.007"]);
    }
}
