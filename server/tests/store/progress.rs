//! Progress, the same on both databases.

use super::{NOW, ada, event, open};
use crate::support::Kind;
use app::{
    accounts::{EventKind, Username},
    experiments::{Done, Kind as Verdict, Progress},
};
use rstest::rstest;

fn done<const N: usize>(entries: [(&str, Verdict, i64); N]) -> Progress {
    entries.map(|(slug, verdict, at)| (slug.to_owned(), Done { verdict, at })).into()
}

#[rstest]
#[tokio::test]
async fn what_was_done_in_two_places_is_joined_and_the_latest_counts(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let (store, _database) = open(kind).await;
    let ada = ada(&store).await;
    let here = done([("a", Verdict::Holds, NOW), ("b", Verdict::Holds, NOW + 2)]);
    let there = done([("b", Verdict::DoesNotHold, NOW + 1), ("a", Verdict::HoldsWithACatch, NOW + 3)]);
    store.add_progress(ada.id, &here).await.unwrap();
    store.add_progress(ada.id, &there).await.unwrap();
    let joined = done([("a", Verdict::HoldsWithACatch, NOW + 3), ("b", Verdict::Holds, NOW + 2)]);
    assert_eq!(store.find_progress(ada.id).await.unwrap(), joined);
}

#[rstest]
#[tokio::test]
async fn what_is_forgotten_does_not_come_back_from_elsewhere(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let ada = ada(&store).await;
    let before = done([("a", Verdict::Holds, NOW), ("b", Verdict::Holds, NOW - 1)]);
    store.add_progress(ada.id, &before).await.unwrap();
    store.forget_progress(ada.id, &["a", "b"], NOW).await.unwrap();
    store.add_progress(ada.id, &before).await.unwrap();
    assert_eq!(store.find_progress(ada.id).await.unwrap(), Progress::new());
    let after = done([("a", Verdict::Holds, NOW + 1)]);
    store.add_progress(ada.id, &after).await.unwrap();
    assert_eq!(store.find_progress(ada.id).await.unwrap(), after);
}

#[rstest]
#[tokio::test]
async fn progress_is_of_one_user_and_ends_with_the_account(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let ada = ada(&store).await;
    let bob = Username::parse("Bob").unwrap();
    store.add_user(&bob, "a hash", &event(EventKind::SignedUp)).await.unwrap();
    let bob = super::find(&store, "Bob").await;
    let progress = done([("a", Verdict::Holds, NOW)]);
    store.add_progress(ada.id, &progress).await.unwrap();
    assert_eq!(store.find_progress(bob.id).await.unwrap(), Progress::new());
    store.delete_user(&ada).await.unwrap();
    assert_eq!(store.find_progress(ada.id).await.unwrap(), Progress::new());
    assert!(store.add_progress(ada.id, &progress).await.is_err(), "the account is gone");
}
