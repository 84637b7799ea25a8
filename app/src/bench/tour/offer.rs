//! The offer of the tour. It stands where the status line is still empty, so that nothing moves when it comes and goes.

use super::progress::Tour;
use crate::{
    bench::state::Bench,
    reactive::State,
    ui::{flag, handler},
};
use leptos::prelude::*;

/// The offer, on the first visit until something is done.
pub(in crate::bench) fn offer(bench: Bench, tour: State<Tour>) -> AnyView {
    let offered = move || tour.get() == Tour::Offered && bench.status.read().is_empty();
    view! {
        <div class="offer" hidden=flag(move || !offered())>
            <p>"New here? Five steps, under a minute."</p>
            <div class="buttons">
                <button type="button" on:click=handler(move |_| tour.set(Tour::Open("deposit-name")))>
                    "Start the tour"
                </button>
                <button type="button" class="quiet" on:click=handler(move |_| Tour::end(bench, tour, "declined"))>
                    "No, thanks"
                </button>
            </div>
        </div>
    }
    .into_any()
}
