//! Finding the largest number that fits: galloping until one does not, then halving what is left.

/// A search under way: it asks about a number and is told whether that many fit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Search {
    fits: Option<u32>,
    fails: Option<u32>,
    most: u32,
}

impl Search {
    /// Nothing beyond `most` is asked about.
    pub fn up_to(most: u32) -> Self {
        Self { fits: None, fails: None, most }
    }

    /// The next number to try; `None` when the answer is known.
    pub fn ask(self) -> Option<u32> {
        match (self.fits, self.fails) {
            (None, None) => Some(0),
            (None, Some(_)) => None,
            (Some(fits), None) => (fits < self.most).then(|| fits.saturating_mul(2).clamp(1, self.most)),
            (Some(fits), Some(fails)) => (fails - fits > 1).then(|| fits + (fails - fits) / 2),
        }
    }

    /// Takes in whether so many fit.
    pub fn tell(&mut self, asked: u32, fits: bool) {
        let known = if fits { &mut self.fits } else { &mut self.fails };
        *known = Some(asked);
    }

    /// The largest number that is known to fit.
    pub fn so_far(self) -> u32 {
        self.fits.unwrap_or(0)
    }

    /// The largest number that fits; `None` where nothing does, or all that was asked about.
    pub fn found(self) -> Option<u32> {
        self.fits.filter(|_| self.fails.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Searches a store that takes so many; returns what was found and how often it was asked.
    fn search(limit: u32) -> (Option<u32>, u32) {
        let mut search = Search::up_to(1 << 20);
        let mut asked = 0;
        while let Some(number) = search.ask() {
            asked += 1;
            search.tell(number, number <= limit);
        }
        (search.found(), asked)
    }

    #[test]
    fn the_limit_is_found_exactly() {
        for limit in [0, 1, 2, 3, 1_023, 1_024, 1_025, 4_096, 524_287, 1_000_000, (1 << 20) - 1] {
            assert_eq!(search(limit).0, Some(limit));
        }
    }

    #[test]
    fn the_limit_is_found_in_few_steps() {
        assert!(search(700_000).1 <= 42);
    }

    #[test]
    fn a_store_that_takes_everything_or_nothing_has_no_limit_to_tell() {
        assert_eq!(search(1 << 20).0, None);
        let mut search = Search::up_to(8);
        search.tell(0, false);
        assert_eq!((search.ask(), search.found(), search.so_far()), (None, None, 0));
    }
}
