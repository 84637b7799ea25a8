//! Laying the markers, and taking them away again.

use super::{Column, Marker};
use crate::{
    bench::state::Bench,
    browser::{Draft, Store, Who, cookies, stores},
    ui::random,
};
use leptos::prelude::*;

impl Column {
    /// The store that it is a marker of.
    fn store(self) -> Store {
        match self {
            Self::SessionCookie | Self::TimedCookie => Store::Cookies,
            Self::SessionStorage => Store::SessionStorage,
            Self::LocalStorage => Store::LocalStorage,
            Self::ServerSession => Store::ServerSession,
            Self::IndexedDb => Store::IndexedDb,
            Self::CacheStorage => Store::CacheStorage,
            Self::Opfs => Store::Opfs,
        }
    }

    /// Whether its store is among the columns of the bench.
    pub(super) fn is_on(self, bench: Bench) -> bool {
        bench.columns.read().contains(&self.store())
    }

    /// All that are on at this moment.
    pub(super) fn on_now(bench: Bench) -> Vec<Self> {
        untrack(|| Self::ALL.into_iter().filter(|column| column.is_on(bench)).collect())
    }
}

/// Lays a new marker in every column that is on; the cookie with `Max-Age` gets so many seconds. Whether a store took
/// it is for the reader to find out.
pub(super) async fn lay(bench: Bench, max_age: u32) -> Vec<(Column, Marker)> {
    let mut laid = Vec::new();
    for column in Column::on_now(bench) {
        let Some(marker) = random().map(Marker::new) else { continue };
        let (name, value) = (column.marker_name().to_owned(), marker.to_string());
        bench.announce(column.store(), Some(&name), Who::ThisTab);
        let _ = match column {
            Column::SessionCookie => cookies::write(&format!("{name}={value}; Path=/; SameSite=Lax")),
            Column::TimedCookie => cookies::write(&format!("{name}={value}; Path=/; SameSite=Lax; Max-Age={max_age}")),
            _ => stores::put(column.store(), &Draft::new(name, value)).await,
        };
        laid.push((column, marker));
    }
    look_again(bench, laid.iter().map(|(column, _)| *column)).await;
    laid
}

/// Takes the markers of these columns away.
pub(super) async fn lift(bench: Bench, columns: Vec<Column>) {
    for column in &columns {
        let name = column.marker_name();
        bench.announce(column.store(), Some(name), Who::ThisTab);
        // One that is gone already is none the less gone.
        let _ = stores::delete(column.store(), &Draft::new(name.to_owned(), "")).await;
    }
    look_again(bench, columns.into_iter()).await;
}

/// Lets the bench show what became of the markers.
pub(super) async fn look_again(bench: Bench, columns: impl Iterator<Item = Column>) {
    // Asking the server shows the cookies too.
    for store in columns.map(Column::store).filter(|store| *store != Store::Cookies) {
        bench.look_again(store).await;
    }
}
