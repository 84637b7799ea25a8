//! What operators do, the same on both databases.

use super::{NOW, ada, event, lives, open, operation, session, start};
use crate::support::Kind;
use app::accounts::{EventKind, Username};
use rstest::rstest;
use server::store::{NewSession, PreviousSession, StoredOperation};

#[rstest]
#[tokio::test]
async fn everybodys_sessions_end_and_those_who_lost_one_are_told(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let ada = ada(&store).await;
    let bob = Username::parse("Bob").unwrap();
    store.add_user(&bob, "a hash", &event(EventKind::SignedUp)).await.unwrap();
    let bob = super::find(&store, "Bob").await;
    for id in 1..=2 {
        start(&store, &ada, PreviousSession::None, id).await.unwrap();
    }
    let ended = |id, user_id| NewSession { ends_at: NOW, ..session(id, user_id) };
    store.add_session(&session(3, None)).await.unwrap();
    store.add_session(&ended(4, None)).await.unwrap();
    store.add_session(&ended(5, Some(bob.id))).await.unwrap();

    let told = event(EventKind::RevokedByOperator);
    assert_eq!(store.revoke_sessions(None, &told, &operation(NOW)).await.unwrap(), 3, "those that lived");
    for id in 1..=5 {
        assert!(!lives(&store, id).await, "{id}");
    }
    assert_eq!(store.delete_ended_sessions(NOW, 10).await.unwrap(), 0, "the ended ones are gone too");
    let first = async |user_id| store.list_events(user_id, 1).await.unwrap()[0].kind;
    assert_eq!((first(ada.id).await, first(bob.id).await), (EventKind::RevokedByOperator, EventKind::SignedUp));
    let events = store.list_events(ada.id, 10).await.unwrap();
    assert_eq!(events.iter().filter(|event| event.kind == EventKind::RevokedByOperator).count(), 1);
}

#[rstest]
#[tokio::test]
async fn one_accounts_sessions_end_and_nobody_elses(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let ada = ada(&store).await;
    start(&store, &ada, PreviousSession::None, 1).await.unwrap();
    store.add_session(&session(2, None)).await.unwrap();
    let told = event(EventKind::RevokedByOperator);
    assert_eq!(store.revoke_sessions(Some(ada.id), &told, &operation(NOW)).await.unwrap(), 1);
    assert!(!lives(&store, 1).await && lives(&store, 2).await);
}

#[rstest]
#[tokio::test]
async fn operations_are_listed_in_their_order_and_in_pages(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let (store, _database) = open(kind).await;
    let told = event(EventKind::RevokedByOperator);
    for at in [NOW, NOW + 1, NOW + 2] {
        store.revoke_sessions(None, &told, &operation(at)).await.unwrap();
    }
    let first = store.list_operations(0, 2).await.unwrap();
    let rest = store.list_operations(first[1].id, 2).await.unwrap();
    assert_eq!(first.iter().chain(&rest).map(|operation| operation.at).collect::<Vec<_>>(), [NOW, NOW + 1, NOW + 2]);
    let StoredOperation { operator, command, subject, .. } = &rest[0];
    assert_eq!((operator.as_str(), command.as_str(), subject.as_str()), ("root", "a command", "Ada"));
}
