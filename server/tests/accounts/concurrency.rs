//! Many requests at once around a new token, a renewal and an end, on both databases.

use crate::support::{Answer, Kind, PASSWORD, TestServer};
use rstest::rstest;
use server::accounts::HashCost;
use std::time::Duration;

/// Lets `count` requests go at once and returns their answers.
async fn at_once<F>(count: usize, request: impl Fn(usize) -> F) -> Vec<Answer>
where
    F: Future<Output = Answer> + Send + 'static,
{
    let running: Vec<_> = (0..count).map(|number| tokio::spawn(request(number))).collect();
    let mut answers = Vec::new();
    for task in running {
        answers.push(task.await.unwrap());
    }
    answers
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn requests_around_a_renewal_are_all_let_in(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let ada = server.user("Ada").await;
    for _ in 0..20 {
        server.clock.forward(Duration::from_secs(60));
        let answers = at_once(16, |_| {
            let mut ada = ada.clone();
            async move { ada.who_am_i().await }
        });
        assert!(answers.await.iter().all(|answer| answer.status == 200));
    }
}

/// A browser's requests that left before the new cookie came find a dead token: told so, they try again with the new
/// one, as the page does, and nothing that was put is lost.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn no_value_is_lost_around_a_new_token(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut ada = server.user("Ada").await;
    for round in 0..8 {
        let old = ada.clone();
        let confirming = tokio::spawn(async move {
            assert_eq!(ada.confirm(PASSWORD).await.status, 200);
            ada
        });
        let puts = at_once(8, |number| {
            let mut old = old.clone();
            async move { old.put(&format!("lab-{round}-{number}"), "x").await }
        });
        let puts = puts.await;
        ada = confirming.await.unwrap();
        for (number, put) in puts.into_iter().enumerate() {
            assert!(!put.headers.contains_key("set-cookie"), "no answer takes the new cookie away");
            if put.status != 200 {
                assert_eq!((put.status, put.body.as_str()), (409, r#"{"error":"session_ended"}"#));
                assert_eq!(ada.put(&format!("lab-{round}-{number}"), "x").await.status, 200);
            }
        }
        assert_eq!(old.clone().who_am_i().await.status, 401);
    }
    assert_eq!(ada.observe().await.session.unwrap().values.len(), 64);
}

/// Of several confirmations with one token, one turns the session; the others find it gone and bring nothing back.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn one_token_turns_into_one_other(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let ada = server.user("Ada").await;
    let answers = at_once(4, |_| {
        let mut ada = ada.clone();
        async move { ada.confirm(PASSWORD).await }
    });
    let statuses: Vec<_> = answers.await.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    // One that comes when the token has been turned already is nobody's.
    assert!(statuses.iter().all(|status| matches!(status, 200 | 401 | 409)), "{statuses:?}");
    assert_eq!(server.elsewhere("Ada").await.profile().await.sessions.len(), 2);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_among_requests_stays_dead(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    server.visitor().sign_up("Ada", PASSWORD).await;
    for _ in 0..8 {
        let ada = server.elsewhere("Ada").await;
        server.clock.forward(Duration::from_secs(60));
        let mut leaving = ada.clone();
        let log_out = tokio::spawn(async move { leaving.log_out().await });
        // Renewals, values, a new token: none of them may write the row again.
        let _ = at_once(9, |number| {
            let mut ada = ada.clone();
            async move {
                match number % 3 {
                    0 => ada.who_am_i().await,
                    1 => ada.put("lab-a", "1").await,
                    _ => ada.post("/api/stay-logged-in", &[]).await,
                }
            }
        })
        .await;
        assert_eq!(log_out.await.unwrap().status, 200);
        assert_eq!(ada.clone().who_am_i().await.status, 401);
    }
}

/// Each of them would like to renew the hash; the others find another than they have checked.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn log_ins_at_once_all_succeed_while_the_hash_is_renewed(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    server.visitor().sign_up("Ada", PASSWORD).await;
    let server = server.restarted_at(HashCost { memory_kib: 128, iterations: 2 }).await;
    let answers = at_once(4, |_| {
        let mut ada = server.visitor();
        async move { ada.log_in("Ada", PASSWORD).await }
    });
    let statuses: Vec<_> = answers.await.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200; 4]);
}

/// A log-in with the old password that meets a change of the password: whichever comes first, no session is left that
/// the change should have ended.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn no_log_in_with_the_old_password_survives_the_new_one(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut ada = server.user("Ada").await;
    let mut current = PASSWORD.to_owned();
    for round in 0..6 {
        let new = format!("a bell, a boat, a button {round}");
        let log_ins = at_once(4, |number| {
            let mut client = server.visitor().with("x-forwarded-for", &format!("192.0.{round}.{number}"));
            let old = current.clone();
            async move {
                let answer = client.log_in("Ada", &old).await;
                assert!([200, 401].contains(&answer.status));
                answer
            }
        });
        let (log_ins, change) = tokio::join!(log_ins, ada.change_password(&current, &new, true));
        assert_eq!(change.status, 200);
        drop(log_ins);
        assert_eq!(ada.profile().await.sessions.len(), 1, "round {round}");
        current = new;
    }
}
