//! The store's contract, the same on both databases.

use crate::support::{Database, Kind};
use app::{accounts::Username, bench::SessionValue, services::SessionId};
use rstest::rstest;
use server::store::{NewSession, Store, StoreError};

const NOW: i64 = 1_800_000_000;

async fn open(kind: Kind) -> (Store, Database) {
    let database = Database::new(kind).await;
    (Store::open(&database.url).await.unwrap(), database)
}

fn session(id: u8, user_id: Option<i64>) -> NewSession {
    NewSession {
        id: SessionId([id; 16]),
        secret_hash: [id; 32],
        user_id,
        now: NOW,
        idle_seconds: 100,
        ends_at: NOW + 1_000,
    }
}

fn value(name: &str, value: &str) -> SessionValue {
    SessionValue { name: name.into(), value: value.into() }
}

async fn ada(store: &Store) -> i64 {
    let ada = Username::parse("Ada").unwrap();
    store.add_user(&ada, "a hash", NOW).await.unwrap();
    store.find_user(&ada).await.unwrap().unwrap().id
}

#[rstest]
#[tokio::test]
async fn a_user_is_found_without_regard_to_case(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let id = ada(&store).await;
    let found = store.find_user(&Username::parse("aDA").unwrap()).await.unwrap().unwrap();
    assert_eq!((found.id, found.password_hash.as_str()), (id, "a hash"));
    assert!(store.find_user(&Username::parse("bob").unwrap()).await.unwrap().is_none());
}

#[rstest]
#[tokio::test]
async fn a_name_is_taken_once(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    ada(&store).await;
    let again = store.add_user(&Username::parse("ADA").unwrap(), "another hash", NOW).await;
    assert!(matches!(again, Err(StoreError::Taken)));
}

#[rstest]
#[tokio::test]
async fn a_session_is_found_with_its_user_until_it_expires(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let user_id = ada(&store).await;
    store.add_session(&session(1, Some(user_id))).await.unwrap();
    let found = store.find_session(SessionId([1; 16]), NOW + 99).await.unwrap().unwrap();
    assert_eq!(found.secret_hash, [1; 32]);
    assert_eq!(found.user.unwrap().username, "Ada");
    assert_eq!(
        (found.created_at, found.last_seen_at, found.expires_at, found.ends_at),
        (NOW, NOW, NOW + 100, NOW + 1_000)
    );
    assert!(store.find_session(SessionId([1; 16]), NOW + 100).await.unwrap().is_none());
    assert!(store.find_session(SessionId([2; 16]), NOW).await.unwrap().is_none());
}

#[rstest]
#[tokio::test]
async fn an_anonymous_session_has_no_user(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    store.add_session(&session(1, None)).await.unwrap();
    assert!(store.find_session(SessionId([1; 16]), NOW).await.unwrap().unwrap().user.is_none());
}

#[rstest]
#[tokio::test]
async fn rotation_kills_the_old_id_and_takes_the_values_along(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    store.add_session(&session(1, None)).await.unwrap();
    store.put_value(SessionId([1; 16]), &value("lab-a", "1"), 100).await.unwrap();
    let user_id = ada(&store).await;
    assert!(store.rotate_session(SessionId([1; 16]), &session(2, Some(user_id))).await.unwrap());
    assert!(store.find_session(SessionId([1; 16]), NOW).await.unwrap().is_none());
    assert!(store.find_session(SessionId([2; 16]), NOW).await.unwrap().unwrap().user.is_some());
    assert_eq!(store.list_values(SessionId([2; 16])).await.unwrap(), [value("lab-a", "1")]);
    assert!(!store.rotate_session(SessionId([1; 16]), &session(3, None)).await.unwrap());
}

#[rstest]
#[tokio::test]
async fn renewal_never_revives_or_shortens_a_session(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let id = SessionId([1; 16]);
    store.add_session(&session(1, None)).await.unwrap();
    store.renew_session(id, NOW + 50, NOW + 150).await.unwrap();
    assert_eq!(store.find_session(id, NOW + 120).await.unwrap().unwrap().last_seen_at, NOW + 50);
    store.renew_session(id, NOW + 60, NOW + 100).await.unwrap();
    assert_eq!(store.find_session(id, NOW + 120).await.unwrap().unwrap().expires_at, NOW + 150);
    store.renew_session(id, NOW + 150, NOW + 250).await.unwrap();
    assert!(store.find_session(id, NOW + 150).await.unwrap().is_none());
}

#[rstest]
#[tokio::test]
async fn a_value_is_kept_replaced_and_deleted(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let id = SessionId([1; 16]);
    store.add_session(&session(1, None)).await.unwrap();
    for put in [value("lab-b", "漢😀"), value("lab-a", "1"), value("lab-a", "2")] {
        store.put_value(id, &put, 100).await.unwrap();
    }
    assert_eq!(store.list_values(id).await.unwrap(), [value("lab-a", "2"), value("lab-b", "漢😀")]);
    store.delete_value(id, "lab-a").await.unwrap();
    assert_eq!(store.list_values(id).await.unwrap(), [value("lab-b", "漢😀")]);
    store.clear_values(id).await.unwrap();
    assert!(store.list_values(id).await.unwrap().is_empty());
}

#[rstest]
#[tokio::test]
async fn a_value_past_the_limit_is_refused_and_the_old_one_stays(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let id = SessionId([1; 16]);
    store.add_session(&session(1, None)).await.unwrap();
    store.put_value(id, &value("a", "12345678"), 9).await.unwrap();
    assert!(matches!(store.put_value(id, &value("a", "漢漢漢"), 9).await, Err(StoreError::Full)));
    assert_eq!(store.list_values(id).await.unwrap(), [value("a", "12345678")]);
}

#[rstest]
#[tokio::test]
async fn a_dead_session_keeps_nothing(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let id = SessionId([1; 16]);
    assert!(matches!(store.put_value(id, &value("a", "1"), 9).await, Err(StoreError::Gone)));
    store.add_session(&session(1, None)).await.unwrap();
    store.put_value(id, &value("a", "1"), 9).await.unwrap();
    store.delete_session(id).await.unwrap();
    assert!(store.list_values(id).await.unwrap().is_empty());
}

#[rstest]
#[tokio::test]
async fn the_sweep_takes_ended_sessions_in_batches(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    for id in 0..5 {
        store.add_session(&session(id, None)).await.unwrap();
    }
    store.renew_session(SessionId([4; 16]), NOW + 1, NOW + 101).await.unwrap();
    assert_eq!(store.delete_ended_sessions(NOW + 100, 3).await.unwrap(), 3);
    assert_eq!(store.delete_ended_sessions(NOW + 100, 3).await.unwrap(), 1);
    assert!(store.find_session(SessionId([4; 16]), NOW + 100).await.unwrap().is_some());
}

#[rstest]
#[tokio::test]
async fn writers_at_once_all_succeed(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let id = SessionId([1; 16]);
    store.add_session(&session(1, None)).await.unwrap();
    let writers = (0..40).map(|number| {
        let store = store.clone();
        tokio::spawn(async move { store.put_value(id, &value(&format!("lab-{number:02}"), "x"), 1_000).await })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap().unwrap();
    }
    assert_eq!(store.list_values(id).await.unwrap().len(), 40);
}

#[rstest]
#[tokio::test]
async fn opening_again_keeps_what_is_there(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, database) = open(kind).await;
    ada(&store).await;
    store.close().await;
    let store = Store::open(&database.url).await.unwrap();
    assert!(store.find_user(&Username::parse("ada").unwrap()).await.unwrap().is_some());
}

#[tokio::test]
async fn another_kind_of_database_is_refused() {
    assert!(matches!(Store::open("mysql://localhost/x").await, Err(StoreError::UnknownUrl)));
}
