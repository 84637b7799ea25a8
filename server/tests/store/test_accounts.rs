//! Subjects, the same on both databases.

use super::{NOW, event, find, open};
use crate::support::Kind;
use app::accounts::{EventKind, Username};
use rstest::rstest;
use server::store::{NewTestAccount, Store, StoreError, StoredUser};

/// A test account of this name, which ends at this time.
async fn test_account(store: &Store, id: u8, name: &str, ends_at: i64) -> StoredUser {
    add(store, id, name, ends_at, true).await.unwrap();
    find(store, name).await
}

async fn add(store: &Store, id: u8, name: &str, ends_at: i64, own: bool) -> Result<(), StoreError> {
    let test_account = NewTestAccount { id: [id; 16], ends_at, own };
    store.add_test_account(&Username::parse(name).unwrap(), "a hash", &event(EventKind::SignedUp), test_account).await
}

async fn exists(store: &Store, name: &str) -> bool {
    store.find_user(&Username::parse(name).unwrap()).await.unwrap().is_some()
}

#[rstest]
#[tokio::test]
async fn a_test_account_is_found_by_its_id_until_it_ends(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let account = test_account(&store, 1, "lab-one", NOW + 10).await;
    let (user, stored) = store.find_test_account([1; 16], NOW + 9).await.unwrap().unwrap();
    assert_eq!((user.id, user.username.as_str()), (account.id, "lab-one"));
    assert_eq!((stored.id, stored.password_hash.as_str()), (account.id, "a hash"));
    assert!(store.find_test_account([1; 16], NOW + 10).await.unwrap().is_none());
    assert!(store.find_test_account([2; 16], NOW).await.unwrap().is_none());
}

#[rstest]
#[tokio::test]
async fn a_test_account_that_is_kept_is_an_account_like_any_other(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let account = test_account(&store, 1, "ada", NOW + 10).await;
    assert!(store.keep_test_account(account.id).await.unwrap());
    assert!(store.find_test_account([1; 16], NOW).await.unwrap().is_none());
    assert_eq!(store.delete_ended_test_accounts(NOW + 10, 100).await.unwrap(), 0);
    assert!(exists(&store, "ada").await);
}

#[rstest]
#[tokio::test]
async fn a_test_account_with_a_drawn_name_is_not_kept(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    add(&store, 1, "lab-drawn", NOW + 10, false).await.unwrap();
    assert!(!store.keep_test_account(find(&store, "lab-drawn").await.id).await.unwrap());
    assert_eq!(store.delete_ended_test_accounts(NOW + 10, 100).await.unwrap(), 1);
    assert!(!exists(&store, "lab-drawn").await);
}

#[rstest]
#[tokio::test]
async fn an_account_that_cannot_become_a_test_account_is_not_made(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    add(&store, 1, "lab-one", NOW + 10, true).await.unwrap();
    assert!(add(&store, 1, "lab-two", NOW + 10, true).await.is_err(), "the id is taken");
    assert!(!exists(&store, "lab-two").await);
}

#[rstest]
#[tokio::test]
async fn test_accounts_that_have_ended_are_swept_in_batches(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    for id in 0..3 {
        test_account(&store, id, &format!("lab-ended-{id}"), NOW).await;
    }
    test_account(&store, 3, "lab-alive", NOW + 1).await;
    store.add_user(&Username::parse("ada").unwrap(), "a hash", &event(EventKind::SignedUp)).await.unwrap();
    assert_eq!(store.delete_ended_test_accounts(NOW, 2).await.unwrap(), 2);
    assert_eq!(store.delete_ended_test_accounts(NOW, 2).await.unwrap(), 1);
    assert!(exists(&store, "lab-alive").await && exists(&store, "ada").await);
}

#[rstest]
#[tokio::test]
async fn a_test_account_goes_with_its_account(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let account = test_account(&store, 1, "lab-one", NOW + 10).await;
    store.delete_user(&account).await.unwrap();
    assert!(store.find_test_account([1; 16], NOW).await.unwrap().is_none());
}
