//! The lab's database: one object store from name to value.

use super::{names::PLACE, promise, trouble::Trouble};
use crate::text::{
    told as named,
    units::{exact, written},
};
use gloo_events::EventListener;
use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, IdbDatabase, IdbFactory, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction,
    IdbTransactionMode,
};

const VERSION: u32 = 1;
const VALUES: &str = "values";

/// An open database. It is closed as soon as nothing is asked of it any more: while it is open, nobody can delete it.
struct Connection(IdbDatabase);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Connection {
    fn begin(&self, mode: IdbTransactionMode) -> Result<(IdbTransaction, IdbObjectStore), Trouble> {
        let transaction = self.0.transaction_with_str_and_mode(VALUES, mode)?;
        let values = transaction.object_store(VALUES)?;
        Ok((transaction, values))
    }
}

fn factory() -> Result<IdbFactory, Trouble> {
    web_sys::window().ok_or(Trouble::Absent)?.indexed_db()?.ok_or(Trouble::Absent)
}

/// Opens the database; where it is not there yet, it is made or nothing happens.
async fn open(make: bool) -> Result<Option<Connection>, Trouble> {
    let request = factory()?.open_with_u32(PLACE, VERSION)?;
    let asked = request.clone();
    let _upgrade = EventListener::once(&request, "upgradeneeded", move |_| drop(upgrade(&asked, make)));
    match done(&request).await {
        Ok(database) => Ok(Some(Connection(database.unchecked_into()))),
        Err(Trouble::Failed(name)) if name == "AbortError" && !make => Ok(None),
        Err(trouble) => Err(trouble),
    }
}

fn upgrade(request: &IdbOpenDbRequest, make: bool) -> Result<(), JsValue> {
    match request.transaction() {
        Some(transaction) if !make => transaction.abort(),
        _ => request.result()?.unchecked_into::<IdbDatabase>().create_object_store(VALUES).map(drop),
    }
}

/// What a request ends with.
async fn done(request: &IdbRequest) -> Result<JsValue, Trouble> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    match JsFuture::from(promise).await {
        Ok(_) => Ok(request.result()?),
        Err(_) => Err(trouble(request.error()?)),
    }
}

/// Waits until a transaction has ended well.
async fn committed(transaction: &IdbTransaction) -> Result<(), Trouble> {
    let promise = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    JsFuture::from(promise).await.map(drop).map_err(|_| trouble(transaction.error()))
}

fn trouble(error: Option<DomException>) -> Trouble {
    error.map_or(Trouble::NotKept, |error| JsValue::from(error).into())
}

pub(super) async fn list() -> Result<Vec<(String, String)>, Trouble> {
    let Some(connection) = open(false).await? else { return Ok(Vec::new()) };
    let (_, store) = connection.begin(IdbTransactionMode::Readonly)?;
    let (names, values) = (store.get_all_keys()?, store.get_all()?);
    let names: Array = done(&names).await?.unchecked_into();
    let values: Array = done(&values).await?.unchecked_into();
    let pairs = names.iter().zip(values.iter());
    Ok(pairs.filter_map(|(name, value)| Some((text(&name)?, text(&value)?))).collect())
}

/// The units of a string; `None` for a key or a value of another kind.
fn text(value: &JsValue) -> Option<String> {
    Some(exact(value.as_string()?, &|| Some(value.clone())))
}

pub(super) async fn find(name: &str) -> Result<Option<String>, Trouble> {
    let Some(connection) = open(false).await? else { return Ok(None) };
    let (_, store) = connection.begin(IdbTransactionMode::Readonly)?;
    Ok(text(&done(&store.get(&written(name))?).await?))
}

pub(super) async fn put(name: &str, value: &str) -> Result<(), Trouble> {
    let Some(connection) = open(true).await? else { return Err(Trouble::NotKept) };
    let (transaction, store) = connection.begin(IdbTransactionMode::Readwrite)?;
    store.put_with_key(&written(value), &written(name))?;
    committed(&transaction).await
}

pub(super) async fn delete(name: &str) -> Result<(), Trouble> {
    let Some(connection) = open(false).await? else { return Ok(()) };
    let (transaction, store) = connection.begin(IdbTransactionMode::Readwrite)?;
    store.delete(&written(name))?;
    committed(&transaction).await
}

/// The other databases of this origin. Counting what is in them would mean opening them, which may stand in their owner's
/// way. Not every browser lists them.
pub(super) async fn others() -> Result<Vec<String>, Trouble> {
    let factory = factory()?;
    let Some(databases) = promise::method(&factory, "databases") else { return Ok(Vec::new()) };
    let databases: Array = promise::kept(databases.call0(&factory)?.unchecked_into()).await?;
    let told = |database: JsValue| {
        let fact = |name: &str| Reflect::get(&database, &name.into()).ok();
        let name = fact("name")?.as_string().filter(|name| name != PLACE)?;
        Some(format!("database {}, version {}", named(&name), fact("version")?.as_f64()?))
    };
    Ok(databases.iter().filter_map(told).collect())
}
