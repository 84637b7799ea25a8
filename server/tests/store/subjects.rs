//! Subjects, the same on both databases.

use super::{NOW, event, find, open};
use crate::support::Kind;
use app::accounts::{EventKind, Username};
use rstest::rstest;
use server::store::{Store, StoredUser};

/// An account of that name that is a subject until then.
async fn subject(store: &Store, id: u8, name: &str, ends_at: i64) -> StoredUser {
    store.add_user(&Username::parse(name).unwrap(), "a hash", &event(EventKind::SignedUp)).await.unwrap();
    let user = find(store, name).await;
    store.add_subject([id; 16], user.id, ends_at).await.unwrap();
    user
}

async fn exists(store: &Store, name: &str) -> bool {
    store.find_user(&Username::parse(name).unwrap()).await.unwrap().is_some()
}

#[rstest]
#[tokio::test]
async fn a_subject_is_found_by_its_id_until_it_ends(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let account = subject(&store, 1, "lab-one", NOW + 10).await;
    let (user, stored) = store.find_subject([1; 16], NOW + 9).await.unwrap().unwrap();
    assert_eq!((user.id, user.username.as_str()), (account.id, "lab-one"));
    assert_eq!((stored.id, stored.password_hash.as_str()), (account.id, "a hash"));
    assert!(store.find_subject([1; 16], NOW + 10).await.unwrap().is_none());
    assert!(store.find_subject([2; 16], NOW).await.unwrap().is_none());
}

#[rstest]
#[tokio::test]
async fn a_subject_that_is_kept_is_an_account_like_any_other(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let account = subject(&store, 1, "ada", NOW + 10).await;
    store.keep_subject(account.id).await.unwrap();
    assert!(store.find_subject([1; 16], NOW).await.unwrap().is_none());
    assert_eq!(store.delete_ended_subjects(NOW + 10, 100).await.unwrap(), 0);
    assert!(exists(&store, "ada").await);
}

#[rstest]
#[tokio::test]
async fn subjects_that_have_ended_are_swept_in_batches(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    for id in 0..3 {
        subject(&store, id, &format!("lab-ended-{id}"), NOW).await;
    }
    subject(&store, 3, "lab-alive", NOW + 1).await;
    store.add_user(&Username::parse("ada").unwrap(), "a hash", &event(EventKind::SignedUp)).await.unwrap();
    assert_eq!(store.delete_ended_subjects(NOW, 2).await.unwrap(), 2);
    assert_eq!(store.delete_ended_subjects(NOW, 2).await.unwrap(), 1);
    assert!(exists(&store, "lab-alive").await && exists(&store, "ada").await);
}

#[rstest]
#[tokio::test]
async fn a_subject_goes_with_its_account(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let account = subject(&store, 1, "lab-one", NOW + 10).await;
    store.delete_user(&account).await.unwrap();
    assert!(store.find_subject([1; 16], NOW).await.unwrap().is_none());
}
