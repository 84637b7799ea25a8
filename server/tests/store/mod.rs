//! The store's contract, the same on both databases.

mod atlas;
mod operations;
mod plan;
mod progress;
mod test_accounts;
mod trials;

use crate::support::{Database, Kind};
use app::{
    accounts::{EventKind, Username},
    bench::{Expected, SessionValue},
    request::Caller,
    sessions::SessionId,
};
use rstest::rstest;
use server::clock::{Clock, SystemClock};
use server::store::{
    AttemptReset, Connections, Counter, Guess, NewSession, Operation, PreviousSession, Rule, SessionStart, Store,
    StoreError, StoredEvent, StoredUser,
};
use sqlx::{AnyConnection, Connection};
use std::{os::unix::fs::PermissionsExt, time::Duration};
use tokio::time::timeout;

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
        created_at: NOW,
        now: NOW,
        idle_seconds: 100,
        ends_at: NOW + 1_000,
        kept: false,
        caller: Caller { address: "192.0.2.1".into(), agent: "curl/8".into() },
    }
}

fn event(kind: EventKind) -> StoredEvent {
    StoredEvent { at: NOW, kind, times: 1, caller: Caller::default() }
}

fn operation(at: i64) -> Operation {
    Operation { at, operator: "root".into(), command: "a command", subject: "Ada".into() }
}

fn value(name: &str, value: &str) -> SessionValue {
    SessionValue { name: name.into(), value: value.into() }
}

async fn find(store: &Store, name: &str) -> StoredUser {
    store.find_user(&Username::parse(name).unwrap()).await.unwrap().unwrap()
}

async fn ada(store: &Store) -> StoredUser {
    let ada = Username::parse("Ada").unwrap();
    store.add_user(&ada, "a hash", &event(EventKind::SignedUp)).await.unwrap();
    find(store, "Ada").await
}

/// Ada's password was right: a session begins.
async fn start(store: &Store, user: &StoredUser, previous: PreviousSession, id: u8) -> Result<(), StoreError> {
    store
        .start_session(SessionStart {
            user: user.clone(),
            password_hash: None,
            previous,
            end_others: false,
            session: session(id, Some(user.id)),
            attempt_reset: AttemptReset::default(),
            event: event(EventKind::LoggedIn),
        })
        .await
}

async fn lives(store: &Store, id: u8) -> bool {
    store.find_session(SessionId([id; 16]), NOW).await.unwrap().is_some()
}

#[rstest]
#[tokio::test]
async fn a_user_is_found_without_regard_to_case(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let id = ada(&store).await.id;
    let found = store.find_user(&Username::parse("aDA").unwrap()).await.unwrap().unwrap();
    assert_eq!((found.id, found.password_hash.as_str()), (id, "a hash"));
    assert!(store.find_user(&Username::parse("bob").unwrap()).await.unwrap().is_none());
}

#[rstest]
#[tokio::test]
async fn a_name_is_taken_once(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    ada(&store).await;
    let again = store.add_user(&Username::parse("ADA").unwrap(), "another hash", &event(EventKind::SignedUp)).await;
    assert!(matches!(again, Err(StoreError::Taken)));
}

#[rstest]
#[tokio::test]
async fn a_session_is_found_with_its_user_until_it_expires(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let user_id = ada(&store).await.id;
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
    store.put_value(SessionId([1; 16]), &value("lab-a", "1"), None, 100).await.unwrap();
    let ada = ada(&store).await;
    start(&store, &ada, PreviousSession::RotateIfAlive(SessionId([1; 16])), 2).await.unwrap();
    assert!(!lives(&store, 1).await);
    assert!(store.find_session(SessionId([2; 16]), NOW).await.unwrap().unwrap().user.is_some());
    assert_eq!(store.list_values(SessionId([2; 16])).await.unwrap(), [value("lab-a", "1")]);
}

#[rstest]
#[tokio::test]
async fn a_dead_session_is_not_brought_back(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let ada = ada(&store).await;
    let gone = start(&store, &ada, PreviousSession::Rotate(SessionId([1; 16])), 2).await;
    assert!(matches!(gone, Err(StoreError::Gone)));
    assert!(!lives(&store, 2).await);
    start(&store, &ada, PreviousSession::RotateIfAlive(SessionId([1; 16])), 3).await.unwrap();
    assert!(lives(&store, 3).await, "a log-in begins anew");
    let mut late = session(4, Some(ada.id));
    late.now = NOW + 100;
    let ended = SessionStart {
        user: ada.clone(),
        password_hash: None,
        previous: PreviousSession::Rotate(SessionId([3; 16])),
        end_others: false,
        session: late,
        attempt_reset: AttemptReset::default(),
        event: event(EventKind::Confirmed),
    };
    assert!(matches!(store.start_session(ended).await, Err(StoreError::Gone)), "ended, though not swept away yet");
}

#[rstest]
#[tokio::test]
async fn another_users_session_in_the_same_browser_ends(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    store.add_session(&session(1, None)).await.unwrap();
    let ada = ada(&store).await;
    start(&store, &ada, PreviousSession::End(SessionId([1; 16])), 2).await.unwrap();
    assert!(!lives(&store, 1).await && lives(&store, 2).await);
}

#[rstest]
#[tokio::test]
async fn no_session_begins_with_a_password_that_changed_meanwhile(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let ada = ada(&store).await;
    let outdated = StoredUser { password_hash: "an older hash".into(), ..ada.clone() };
    assert!(matches!(start(&store, &outdated, PreviousSession::None, 1).await, Err(StoreError::Gone)));
    store.set_disabled(ada.id, true, &event(EventKind::DisabledByOperator), &operation(NOW)).await.unwrap();
    assert!(matches!(start(&store, &ada, PreviousSession::None, 1).await, Err(StoreError::Gone)));
    assert!(!lives(&store, 1).await);
    store.set_disabled(ada.id, false, &event(EventKind::EnabledByOperator), &operation(NOW)).await.unwrap();
    start(&store, &ada, PreviousSession::None, 1).await.unwrap();
    assert!(matches!(store.delete_user(&outdated).await, Err(StoreError::Gone)));
    store.delete_user(&ada).await.unwrap();
    assert!(!lives(&store, 1).await, "the sessions go with their account");
    assert!(store.list_events(ada.id, 10).await.unwrap().is_empty(), "and so does what happened to it");
}

#[rstest]
#[tokio::test]
async fn an_account_has_at_most_50_sessions_and_the_one_unused_longest_ends(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let (store, _database) = open(kind).await;
    let ada = ada(&store).await;
    for id in 0..50 {
        start(&store, &ada, PreviousSession::None, id).await.unwrap();
    }
    for id in (0..50).filter(|id| *id != 7) {
        store.renew_session(SessionId([id; 16]), NOW + 1, NOW + 101, "192.0.2.2").await.unwrap();
    }
    start(&store, &ada, PreviousSession::None, 50).await.unwrap();
    assert_eq!(store.list_sessions(ada.id, NOW).await.unwrap().len(), 50);
    assert!(!lives(&store, 7).await);
}

#[rstest]
#[tokio::test]
async fn an_owner_ends_sessions_of_the_own_account_only(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let ada = ada(&store).await;
    for id in 1..=3 {
        start(&store, &ada, PreviousSession::None, id).await.unwrap();
    }
    let told = event(EventKind::SessionEnded);
    assert!(!store.end_session(ada.id + 1, SessionId([1; 16]), &told).await.unwrap(), "somebody else's");
    assert!(store.end_session(ada.id, SessionId([1; 16]), &told).await.unwrap());
    assert!(!store.end_session(ada.id, SessionId([1; 16]), &told).await.unwrap());
    assert_eq!(store.end_sessions(ada.id, Some(SessionId([2; 16])), &told).await.unwrap(), 1);
    assert!(lives(&store, 2).await && !lives(&store, 3).await);
    assert_eq!(store.end_sessions(ada.id, None, &told).await.unwrap(), 1);
    assert_eq!(store.count_sessions(NOW).await.unwrap(), 0);
}

#[rstest]
#[tokio::test]
async fn events_are_told_the_latest_first_and_the_latest_100_of_a_kind_are_kept(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let (store, _database) = open(kind).await;
    let ada = ada(&store).await;
    for number in 0..102 {
        let mut failed = event(EventKind::LogInFailed);
        failed.caller.agent = format!("curl/{number}");
        store.add_event(ada.id, &failed).await.unwrap();
    }
    store.add_event(ada.id, &event(EventKind::LoggedOut)).await.unwrap();
    let events = store.list_events(ada.id, 1_000).await.unwrap();
    assert_eq!((events.len(), events[0].kind, events[101].kind), (102, EventKind::LoggedOut, EventKind::SignedUp));
    assert_eq!(events[1].caller.agent, "curl/101");
    assert_eq!(store.delete_old_events(NOW, 10).await.unwrap(), 0);
    assert_eq!(store.delete_old_events(NOW + 1, 60).await.unwrap(), 60);
}

const RULE: Rule = Rule { free: 2, first_wait: 10, longest_wait: 15, memory: 100, lasting: None };

fn counter(key: &str) -> Counter {
    Counter { key: key.into(), rule: RULE }
}

async fn wait(store: &Store, counters: &[Counter], now: i64) -> i64 {
    match store.count_attempt(counters, now).await {
        Err(StoreError::Blocked(seconds)) => seconds,
        counted => {
            counted.unwrap();
            0
        }
    }
}

#[rstest]
#[tokio::test]
async fn failures_beyond_the_free_ones_cost_growing_waits(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let counters = [counter("a"), counter("b")];
    for _ in 0..3 {
        assert_eq!(wait(&store, &counters, NOW).await, 0);
    }
    assert_eq!(wait(&store, &counters, NOW).await, 10);
    assert_eq!(wait(&store, &[counter("b")], NOW + 9).await, 1, "each counter blocks by itself");
    assert_eq!(wait(&store, &[counter("c")], NOW).await, 0);
    assert_eq!(wait(&store, &counters, NOW + 10).await, 0, "an attempt that had to wait is not counted");
    assert_eq!(wait(&store, &counters, NOW + 10).await, 15);
    assert_eq!(wait(&store, &counters, NOW + 111).await, 0, "forgotten");
    assert_eq!(wait(&store, &counters, NOW + 111).await, 0);
}

#[rstest]
#[tokio::test]
async fn a_success_takes_its_failures_back(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let ada = ada(&store).await;
    for _ in 0..3 {
        assert_eq!(wait(&store, &[counter("address"), counter("pair")], NOW).await, 0);
    }
    let attempt_reset = AttemptReset {
        take_back: vec!["address".into()],
        forget: vec!["pair".into()],
        remember: Some(("known".into(), NOW + 50)),
    };
    let start = SessionStart {
        user: ada.clone(),
        password_hash: Some("a new hash".to_owned()),
        previous: PreviousSession::None,
        end_others: false,
        session: session(1, Some(ada.id)),
        attempt_reset,
        event: event(EventKind::LoggedIn),
    };
    store.start_session(start).await.unwrap();
    assert_eq!(find(&store, "Ada").await.password_hash, "a new hash");
    assert_eq!(wait(&store, &[counter("pair")], NOW).await, 0);
    assert_eq!(wait(&store, &[counter("address")], NOW).await, 0);
    assert_eq!(wait(&store, &[counter("address")], NOW).await, 10, "two failures are left");
    let guess = |now| store.count_guess(Vec::new(), counter("strangers"), "known", now);
    assert_eq!(guess(NOW + 49).await.unwrap(), Guess { known_until: Some(NOW + 50), by_strangers: false });
    assert_eq!(guess(NOW + 50).await.unwrap(), Guess { known_until: None, by_strangers: true });
    assert_eq!(store.delete_old_attempts(NOW + 50, 10).await.unwrap(), 1);
}

#[rstest]
#[tokio::test]
async fn attempts_at_once_do_not_slip_through(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let attempts = (0..40).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { wait(&store, &[counter("a"), counter("b")], NOW).await == 0 })
    });
    let mut passed = 0;
    for attempt in attempts.collect::<Vec<_>>() {
        passed += usize::from(attempt.await.unwrap());
    }
    assert_eq!(passed, 3);
}

#[rstest]
#[case(Kind::Sqlite, "BEGIN IMMEDIATE")]
#[case(Kind::Postgres, "BEGIN; LOCK TABLE attempts IN EXCLUSIVE MODE")]
#[tokio::test]
async fn whoever_waits_to_write_keeps_no_reader_waiting(#[case] kind: Kind, #[case] lock: &'static str) {
    let (store, database) = open(kind).await;
    store.add_session(&session(1, None)).await.unwrap();
    let mut other = AnyConnection::connect(&database.url).await.unwrap();
    sqlx::raw_sql(lock).execute(&mut other).await.unwrap();
    let writers: Vec<_> = (0..40)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { wait(&store, &[counter(&number.to_string())], NOW).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let found = tokio::time::timeout(Duration::from_secs(2), store.find_session(SessionId([1; 16]), NOW)).await;
    sqlx::raw_sql("COMMIT").execute(&mut other).await.unwrap();
    assert!(found.expect("a reader waits for writers").unwrap().is_some());
    for writer in writers {
        assert_eq!(writer.await.unwrap(), 0);
    }
}

#[rstest]
#[tokio::test]
async fn renewal_never_revives_or_shortens_a_session(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let id = SessionId([1; 16]);
    store.add_session(&session(1, None)).await.unwrap();
    store.renew_session(id, NOW + 50, NOW + 150, "192.0.2.9").await.unwrap();
    assert_eq!(store.find_session(id, NOW + 120).await.unwrap().unwrap().last_seen_at, NOW + 50);
    store.renew_session(id, NOW + 60, NOW + 100, "").await.unwrap();
    assert_eq!(store.find_session(id, NOW + 120).await.unwrap().unwrap().expires_at, NOW + 150);
    store.renew_session(id, NOW + 150, NOW + 250, "").await.unwrap();
    assert!(store.find_session(id, NOW + 150).await.unwrap().is_none());
}

#[rstest]
#[tokio::test]
async fn a_value_is_kept_replaced_and_deleted(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let id = SessionId([1; 16]);
    store.add_session(&session(1, None)).await.unwrap();
    for put in [value("lab-b", "漢😀"), value("lab-a", "1"), value("lab-a", "2")] {
        store.put_value(id, &put, None, 100).await.unwrap();
    }
    assert_eq!(store.list_values(id).await.unwrap(), [value("lab-a", "2"), value("lab-b", "漢😀")]);
    store.delete_value(id, "lab-a", None).await.unwrap();
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
    store.put_value(id, &value("a", "12345678"), None, 9).await.unwrap();
    assert!(matches!(store.put_value(id, &value("a", "漢漢漢"), None, 9).await, Err(StoreError::Full)));
    assert_eq!(store.list_values(id).await.unwrap(), [value("a", "12345678")]);
}

#[rstest]
#[tokio::test]
async fn a_value_is_written_only_where_the_expected_one_is_still_there(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let (store, _database) = open(kind).await;
    let id = SessionId([1; 16]);
    store.add_session(&session(1, None)).await.unwrap();
    let put = async |put: &str, expected: Expected| store.put_value(id, &value("a", put), Some(&expected), 100).await;
    let was = |value: &str| Expected::Value(value.into());
    assert!(matches!(put("1", was("")).await, Err(StoreError::Changed)), "there was none");
    put("1", Expected::Nothing).await.unwrap();
    assert!(matches!(put("2", Expected::Nothing).await, Err(StoreError::Changed)), "there is one by now");
    assert!(matches!(put("2", was("1 ")).await, Err(StoreError::Changed)));
    put("É 漢😀", was("1")).await.unwrap();
    assert!(matches!(put("2", was("1")).await, Err(StoreError::Changed)));
    assert!(matches!(put("2", was("é 漢😀")).await, Err(StoreError::Changed)), "the same means to the byte");
    put("É 漢😀", was("É 漢😀")).await.unwrap();
    assert!(matches!(put(&"x".repeat(101), was("É 漢😀")).await, Err(StoreError::Full)));
    assert_eq!(store.list_values(id).await.unwrap(), [value("a", "É 漢😀")]);
}

#[rstest]
#[tokio::test]
async fn a_value_is_deleted_only_where_the_expected_one_is_still_there(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let (store, _database) = open(kind).await;
    let id = SessionId([1; 16]);
    store.add_session(&session(1, None)).await.unwrap();
    store.put_value(id, &value("a", "1"), None, 100).await.unwrap();
    for expected in [Expected::Value("2".into()), Expected::Nothing] {
        assert!(matches!(store.delete_value(id, "a", Some(&expected)).await, Err(StoreError::Changed)));
    }
    store.delete_value(id, "a", Some(&Expected::Value("1".into()))).await.unwrap();
    assert!(store.list_values(id).await.unwrap().is_empty());
    for expected in [Expected::Value("1".into()), Expected::Nothing] {
        store.delete_value(id, "a", Some(&expected)).await.unwrap();
    }
}

#[rstest]
#[tokio::test]
async fn of_many_who_saw_the_same_value_one_alone_changes_it(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let id = SessionId([1; 16]);
    store.add_session(&session(1, None)).await.unwrap();
    store.put_value(id, &value("a", "seen by all"), None, 100).await.unwrap();
    let editors = (0..20).map(|number| {
        let store = store.clone();
        tokio::spawn(async move {
            let expected = Some(Expected::Value("seen by all".into()));
            if number % 2 == 0 {
                let own = value("a", &number.to_string());
                store.put_value(id, &own, expected.as_ref(), 100).await.is_ok().then_some(Some(own))
            } else {
                store.delete_value(id, "a", expected.as_ref()).await.is_ok().then_some(None)
            }
        })
    });
    let mut changes = Vec::new();
    for editor in editors.collect::<Vec<_>>() {
        changes.extend(editor.await.unwrap());
    }
    let left = store.list_values(id).await.unwrap();
    match left.as_slice() {
        // Deletions of a value that is gone already succeed too.
        [] => assert!(!changes.is_empty() && changes.iter().all(Option::is_none), "{changes:?}"),
        [left] => assert_eq!(changes, [Some(left.clone())]),
        left => panic!("{left:?}"),
    }
}

#[rstest]
#[tokio::test]
async fn values_are_deleted_by_their_names_at_once(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    for id in [1, 2] {
        store.add_session(&session(id, None)).await.unwrap();
        for name in ["a", "b", "c'", "d"] {
            store.put_value(SessionId([id; 16]), &value(name, "1"), None, 100).await.unwrap();
        }
    }
    let names: Vec<_> = (0..1_001).map(|number| format!("not there {number}")).collect();
    store.delete_values(SessionId([1; 16]), &[names, vec!["a".into(), "c'".into()]].concat()).await.unwrap();
    store.delete_values(SessionId([1; 16]), &[]).await.unwrap();
    assert_eq!(store.list_values(SessionId([1; 16])).await.unwrap(), [value("b", "1"), value("d", "1")]);
    assert_eq!(store.list_values(SessionId([2; 16])).await.unwrap().len(), 4);
}

#[rstest]
#[tokio::test]
async fn a_dead_session_keeps_nothing(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let id = SessionId([1; 16]);
    assert!(matches!(store.put_value(id, &value("a", "1"), None, 9).await, Err(StoreError::Gone)));
    store.add_session(&session(1, None)).await.unwrap();
    store.put_value(id, &value("a", "1"), None, 9).await.unwrap();
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
    store.renew_session(SessionId([4; 16]), NOW + 1, NOW + 101, "").await.unwrap();
    assert_eq!(store.delete_ended_sessions(NOW + 100, 3).await.unwrap(), 3);
    assert_eq!(store.delete_ended_sessions(NOW + 100, 3).await.unwrap(), 1);
    assert!(store.find_session(SessionId([4; 16]), NOW + 100).await.unwrap().is_some());
}

#[rstest]
#[tokio::test]
async fn the_sessions_that_live_are_counted(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    assert_eq!(store.count_sessions(NOW).await.unwrap(), 0);
    for id in 0..3 {
        store.add_session(&session(id, None)).await.unwrap();
    }
    store.renew_session(SessionId([2; 16]), NOW + 1, NOW + 101, "").await.unwrap();
    assert_eq!(store.count_sessions(NOW + 99).await.unwrap(), 3);
    assert_eq!(store.count_sessions(NOW + 100).await.unwrap(), 1);
}

#[rstest]
#[tokio::test]
async fn the_connections_in_use_and_at_rest_are_counted(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let (read, during) = tokio::join!(store.count_sessions(NOW), async { store.connections() });
    read.unwrap();
    assert!(during.used >= 1, "{during:?}");
    let at_rest = async {
        while store.connections().used > 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(10), at_rest).await.unwrap();
    // SQLite has a reader and a writer.
    let kept = if matches!(kind, Kind::Sqlite) { 2 } else { 1 };
    assert!(store.connections().idle >= kept, "{:?}", store.connections());
    store.close().await;
    assert_eq!(store.connections(), Connections { idle: 0, used: 0 });
}

#[rstest]
#[tokio::test]
async fn writers_at_once_all_succeed(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let id = SessionId([1; 16]);
    store.add_session(&session(1, None)).await.unwrap();
    let writers = (0..40).map(|number| {
        let store = store.clone();
        tokio::spawn(async move { store.put_value(id, &value(&format!("lab-{number:02}"), "x"), None, 1_000).await })
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

#[rstest]
#[tokio::test]
async fn a_log_out_that_began_before_the_token_was_made_anew_ends_the_session(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let (store, _database) = open(kind).await;
    let ada = ada(&store).await;
    start(&store, &ada, PreviousSession::None, 1).await.unwrap();
    start(&store, &ada, PreviousSession::Rotate(SessionId([1; 16])), 2).await.unwrap();
    assert!(store.end_session(ada.id, SessionId([1; 16]), &event(EventKind::LoggedOut)).await.unwrap());
    assert!(!lives(&store, 2).await);
}

#[rstest]
#[tokio::test]
async fn a_write_that_nobody_waits_for_is_done_to_its_end(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let ada = ada(&store).await;
    for id in 1..=20 {
        let starting = start(&store, &ada, PreviousSession::None, id);
        // Given up after a few steps, wherever it stands then.
        let _ = timeout(Duration::from_micros(u64::from(id) * 150), starting).await;
    }
    for _ in 0..500 {
        if store.list_sessions(ada.id, NOW).await.unwrap().len() == 20 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{} of 20 sessions are there", store.list_sessions(ada.id, NOW).await.unwrap().len());
}

#[tokio::test]
async fn the_database_file_is_its_owners_alone() {
    let (_store, database) = open(Kind::Sqlite).await;
    for name in ["test.db", "test.db-wal", "test.db-shm"] {
        let mode = std::fs::metadata(database.folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_file_of_an_older_version_gives_space_back_as_well() {
    let database = Database::new(Kind::Sqlite).await;
    let file = database.folder.path().join("test.db");
    std::fs::write(&file, []).unwrap();
    database
        .execute("PRAGMA auto_vacuum = NONE; PRAGMA journal_mode = WAL; CREATE TABLE old (a); DROP TABLE old;")
        .await;
    let store = Store::open(&database.url).await.unwrap();
    store.add_session(&session(1, None)).await.unwrap();
    let large = value("lab-a", &"x".repeat(4_000_000));
    store.put_value(SessionId([1; 16]), &large, None, u32::MAX).await.unwrap();
    store.clear_values(SessionId([1; 16])).await.unwrap();
    store.give_back_space().await.unwrap();
    store.close().await;
    let size = std::fs::metadata(&file).unwrap().len();
    assert!(size < 1_000_000, "{size}");
}

#[tokio::test]
async fn the_database_tells_the_time_where_several_servers_share_it() {
    let (sqlite, _file) = open(Kind::Sqlite).await;
    assert_eq!(sqlite.now().await.unwrap(), None);
    let (postgres, _database) = open(Kind::Postgres).await;
    let ours = SystemClock.now();
    assert!((ours - 2..=ours + 2).contains(&postgres.now().await.unwrap().unwrap()));
}

#[rstest]
#[tokio::test]
async fn what_the_stored_hashes_cost_is_counted(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let rest = "$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";
    let costs = ["$argon2id$v=19$m=64,t=1,p=1", "$argon2id$v=19$m=19456,t=2,p=1"];
    for (name, cost) in [("ada", costs[0]), ("bob", costs[1]), ("eve", costs[1])] {
        let name = Username::parse(name).unwrap();
        store.add_user(&name, &format!("{cost}{rest}"), &event(EventKind::SignedUp)).await.unwrap();
    }
    let mut shares = store.count_costs().await.unwrap();
    shares.sort_by_key(|share| share.hashes);
    assert_eq!(
        shares.iter().map(|share| (share.cost.as_str(), share.hashes)).collect::<Vec<_>>(),
        [(costs[0], 1), (costs[1], 2)]
    );
}
