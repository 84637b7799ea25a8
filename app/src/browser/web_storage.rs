//! sessionStorage and localStorage: two areas of one kind.

use super::{
    draft::Draft,
    entry::{Entry, Expires},
    names::is_probe,
    refusal::Refusal,
    sizes::units,
    store::Store,
    yielder::Yielder,
};
use crate::text::units::{exact, has_lone, written};
use gloo_storage::{LocalStorage, SessionStorage, Storage};
use js_sys::{Array, Function, Reflect};
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

/// One of the two areas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Area {
    Session,
    Local,
}

impl Area {
    /// A browser may deny the area: its getter throws (WHATWG HTML §12.2.2), so it is touched with care.
    pub fn open(self) -> Result<web_sys::Storage, Refusal> {
        let window = web_sys::window().ok_or(Refusal::Denied)?;
        let allowed = match self {
            Self::Session => window.session_storage(),
            Self::Local => window.local_storage(),
        };
        match allowed {
            Ok(Some(_)) => Ok(match self {
                Self::Session => SessionStorage::raw(),
                Self::Local => LocalStorage::raw(),
            }),
            _ => Err(Refusal::Denied),
        }
    }

    /// The store that it is.
    pub fn store(self) -> Store {
        match self {
            Self::Session => Store::SessionStorage,
            Self::Local => Store::LocalStorage,
        }
    }

    /// All entries, sorted by name: the area's own order is left to the browser.
    pub async fn list(self) -> Vec<Entry> {
        let Ok(area) = self.open() else { return Vec::new() };
        let mut yielder = Yielder::begin();
        let count = area.length().unwrap_or(0);
        yielder.pause_before(count).await;
        let name = |index| key(&area, index).filter(|name| !is_probe(name));
        let mut names: Vec<_> = (0..count).filter_map(name).collect();
        yielder.pause_before(count).await;
        names.sort_unstable();
        let mut entries = Vec::with_capacity(names.len());
        for name in names {
            yielder.pause().await;
            entries.extend(self.entry(&area, name));
        }
        entries
    }

    /// The entry of one name.
    pub fn find(self, name: &str) -> Option<Entry> {
        self.entry(&self.open().ok()?, name.to_owned())
    }

    fn entry(self, area: &web_sys::Storage, name: String) -> Option<Entry> {
        let expires = match self {
            Self::Session => Expires::TabClose,
            Self::Local => Expires::Never,
        };
        let value = get_item(area, &name)?;
        Some(Entry::new(name, value, expires))
    }

    /// How many entries there are, probes among them.
    pub fn count(self) -> usize {
        self.open().ok().and_then(|area| area.length().ok()).unwrap_or(0) as usize
    }

    /// The value of one entry.
    pub fn get(self, name: &str) -> Option<String> {
        get_item(&self.open().ok()?, name)
    }

    pub(crate) fn changed(self, name: &str, before: Option<&str>) -> Option<Option<Arc<str>>> {
        let now = self.get(name);
        (now.as_deref() != before).then(|| now.map(Arc::from))
    }

    pub(crate) fn put(self, draft: &Draft) -> Result<(), Refusal> {
        self.set(&draft.name, &draft.value)
    }

    pub fn set(self, name: &str, value: &str) -> Result<(), Refusal> {
        let refused = |error: JsValue| match error.dyn_ref::<DomException>().map(DomException::name).as_deref() {
            Some("SecurityError") => Refusal::Denied,
            _ => Refusal::AreaFull(units(name) + units(value)),
        };
        let written = [written(name), written(value)].map(JsValue::from);
        call(&self.open()?, "setItem", &written).map(drop).map_err(refused)
    }

    pub fn delete(self, name: &str) -> Result<(), Refusal> {
        call(&self.open()?, "removeItem", &[written(name).into()]).map(drop).map_err(|_| Refusal::Denied)
    }
}

/// Calls a method of an area with units, of which its binding makes Unicode text. Names of entries hide no method (Web IDL
/// §3.10).
fn call(area: &web_sys::Storage, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(area, &method.into())?.dyn_into()?;
    Reflect::apply(&method, area, &arguments.iter().collect::<Array>())
}

fn key(area: &web_sys::Storage, index: u32) -> Option<String> {
    let name = area.key(index).ok().flatten()?;
    Some(exact(name, &|| call(area, "key", &[index.into()]).ok()))
}

fn get_item(area: &web_sys::Storage, name: &str) -> Option<String> {
    let again = || call(area, "getItem", &[written(name).into()]).ok();
    match has_lone(name) {
        true => Some(exact(again()?.as_string()?, &again)),
        false => Some(exact(area.get_item(name).ok().flatten()?, &again)),
    }
}
