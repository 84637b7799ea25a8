//! The stores, by their names.

use serde::{Deserialize, Serialize};

/// One of the stores: the four that the bench begins with, and the optional ones that can be switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Store {
    Cookies,
    SessionStorage,
    LocalStorage,
    ServerSession,
    IndexedDb,
    CacheStorage,
    Opfs,
    /// The query parameters of the page's own address.
    Address,
}

impl Store {
    /// Those that are always there.
    pub const DEFAULT: [Self; 4] = [Self::Cookies, Self::SessionStorage, Self::LocalStorage, Self::ServerSession];
    /// The optional ones, which can be switched on.
    pub const OPTIONAL: [Self; 4] = [Self::IndexedDb, Self::CacheStorage, Self::Opfs, Self::Address];
    pub const ALL: [Self; 8] = [
        Self::Cookies,
        Self::SessionStorage,
        Self::LocalStorage,
        Self::ServerSession,
        Self::IndexedDb,
        Self::CacheStorage,
        Self::Opfs,
        Self::Address,
    ];

    /// Its name on the page, part of the product's contract.
    pub fn title(self) -> &'static str {
        match self {
            Self::Cookies => "Cookies",
            Self::SessionStorage => "sessionStorage",
            Self::LocalStorage => "localStorage",
            Self::ServerSession => "Server session",
            Self::IndexedDb => "IndexedDB",
            Self::CacheStorage => "Cache Storage",
            Self::Opfs => "OPFS",
            Self::Address => "Address",
        }
    }

    /// The store of a [`slug`](Self::slug).
    pub fn of(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|store| store.slug() == slug)
    }

    /// Its name in styles and ids.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Cookies => "cookies",
            Self::SessionStorage => "session",
            Self::LocalStorage => "local",
            Self::ServerSession => "server",
            Self::IndexedDb => "indexed",
            Self::CacheStorage => "cache",
            Self::Opfs => "opfs",
            Self::Address => "address",
        }
    }
}
