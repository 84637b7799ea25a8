//! An area of web storage, filled to the last unit, for the experiments.

use super::{
    names::PROBE,
    probe::{Filling, pause, sweep},
    search::Search,
    sizes::units,
    web_storage::Area,
};
use leptos::{ev, prelude::*};

/// Nothing larger is looked for.
const MOST_UNITS: u32 = 33_554_432;

/// An area that is full; when it is dropped, there is room again.
pub(crate) struct FilledArea {
    /// UTF-16 units that were filled in, names and values.
    pub units: u32,
    _filling: Filling,
}

/// Fills an area with a letter until not one unit more fits, and tells after each step what is known to fit. `None` where
/// the browser denies the area, sets no limit that was found, or has no room even for a probe's name.
pub(crate) async fn fill_up<E>(
    area: Area,
    letter: &'static str,
    mut after_each: impl FnMut(u32) -> Result<(), E>,
) -> Result<Option<FilledArea>, E> {
    let Some(mut filling) = Filling::of(area, letter) else { return Ok(None) };
    let mut search = Search::up_to(MOST_UNITS);
    while let Some(units) = search.ask() {
        search.tell(units, filling.fits(units).await);
        pause().await;
        after_each(search.so_far())?;
    }
    // Where not even a probe's name has room, the limit cannot be told.
    let Some(found) = search.found().filter(|found| *found > units(PROBE)) else { return Ok(None) };
    // The last step may have been one that did not fit.
    filling.fits(found).await;
    Ok(Some(FilledArea { units: found, _filling: filling }))
}

/// UTF-16 units of what an area keeps, names and values, without the filling.
pub(crate) async fn kept(area: Area) -> u32 {
    let entries = area.list().await;
    entries.iter().map(|entry| units(&entry.name) + entry.value.as_deref().map_or(0, units)).sum()
}

/// Does what fills areas. Whoever leaves the page meanwhile leaves nothing behind.
pub(crate) async fn swept<T>(work: impl Future<Output = T>) -> T {
    let leaving = window_event_listener(ev::pagehide, move |_| sweep());
    let outcome = work.await;
    leaving.remove();
    sweep();
    outcome
}
