//! Which rows of a long table are in the document: those in sight and a few around them.

use std::ops::Range;

/// Up to this many entries all rows are in the document, each as high as it needs to be; beyond, rows have one height.
pub(super) const ALL_DRAWN: usize = 60;
/// The window moves by this many rows at a time, so that scrolling mostly changes nothing.
const STEP: usize = 4;
/// Rows above the first in sight.
const ABOVE: usize = 8;
/// Rows in all: more than fit into the highest table.
const DRAWN: usize = 32;

/// The row at the top edge, of `count` rows that are `height` high together.
pub(super) fn first_in_sight(scrolled: f64, height: f64, count: usize) -> usize {
    if height <= 0.0 {
        return 0;
    }
    let first = (scrolled / height * count as f64) as usize;
    first / STEP * STEP
}

/// The rows to draw when `first` is the first in sight.
pub(super) fn window(first: usize, count: usize) -> Range<usize> {
    if count <= ALL_DRAWN {
        return 0..count;
    }
    let from = first.saturating_sub(ABOVE).min(count - DRAWN);
    from..from + DRAWN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_table_is_drawn_whole() {
        assert_eq!([window(0, 0), window(0, 60), window(40, 60)], [0..0, 0..60, 0..60]);
    }

    #[test]
    fn a_long_table_is_drawn_around_what_is_in_sight() {
        assert_eq!(window(0, 10_000), 0..32);
        assert_eq!(window(5_000, 10_000), 4_992..5_024);
        assert_eq!(window(9_996, 10_000), 9_968..10_000);
        assert_eq!(window(9_996, 61), 29..61, "after a filter the place may lie beyond the end");
    }

    #[test]
    fn the_first_row_in_sight_follows_the_scrolling_in_steps() {
        assert_eq!(first_in_sight(0.0, 1_000.0, 100), 0);
        assert_eq!(first_in_sight(79.0, 1_000.0, 100), 4);
        assert_eq!(first_in_sight(990.0, 1_000.0, 100), 96);
        assert_eq!(first_in_sight(50.0, 0.0, 100), 0, "not laid out yet");
    }
}
