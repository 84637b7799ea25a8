//! Trials, the same on both databases.

use super::{NOW, open};
use crate::support::Kind;
use rstest::rstest;

#[rstest]
#[tokio::test]
async fn a_trial_is_kept_changed_and_deleted(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    store.add_trial([1; 16], "{}", NOW).await.unwrap();
    assert!(store.change_trial([1; 16], r#"{"é":"漢"}"#, NOW).await.unwrap());
    assert_eq!(store.find_trial([1; 16]).await.unwrap().as_deref(), Some(r#"{"é":"漢"}"#));
    assert_eq!(store.find_trial([2; 16]).await.unwrap(), None);
    store.delete_trial([1; 16]).await.unwrap();
    assert_eq!(store.find_trial([1; 16]).await.unwrap(), None);
}

#[rstest]
#[tokio::test]
async fn a_trial_that_is_not_there_is_not_changed(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    assert!(!store.change_trial([1; 16], "{}", NOW).await.unwrap());
    assert_eq!(store.find_trial([1; 16]).await.unwrap(), None);
}

#[rstest]
#[tokio::test]
async fn trials_that_were_left_alone_are_swept_in_batches(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    for id in 0..5 {
        store.add_trial([id; 16], "{}", NOW).await.unwrap();
    }
    store.change_trial([4; 16], "{}", NOW + 1).await.unwrap();
    assert_eq!(store.delete_old_trials(NOW + 1, 3).await.unwrap(), 3);
    assert_eq!(store.delete_old_trials(NOW + 1, 3).await.unwrap(), 1);
    assert!(store.find_trial([4; 16]).await.unwrap().is_some());
}
