//! Guessing passwords, and being slowed down.

use crate::support::{Answer, CHEAP, Client, Kind, PASSWORD, TestServer};
use rstest::rstest;
use server::accounts::HashCost;
use std::{io::Write, time::Duration};

fn at(server: &TestServer, address: &str) -> Client {
    server.visitor().with("x-forwarded-for", address)
}

async fn fail(client: &mut Client, username: &str) -> Answer {
    client.log_in(username, "not the password at all").await
}

#[rstest]
#[case("Ada")]
#[case("nobody-has-this-name")]
#[tokio::test]
async fn the_sixth_wrong_password_must_wait_and_the_wait_grows(
    #[case] name: &str,
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let server = TestServer::on(kind).await;
    let mut thief = at(&server, "203.0.113.9");
    thief.sign_up("Ada", PASSWORD).await;
    for _ in 0..6 {
        assert_eq!(fail(&mut thief, name).await.status, 401);
    }
    for wait in [1, 2, 4, 8] {
        let answer = fail(&mut thief, name).await;
        assert_eq!((answer.status, answer.header("retry-after")), (429, wait.to_string().as_str()));
        assert_eq!(answer.body, format!(r#"{{"error":"too_many_attempts","wait":{wait}}}"#));
        server.clock.forward(Duration::from_secs(wait));
        assert_eq!(fail(&mut thief, name).await.status, 401);
    }
}

#[tokio::test]
async fn the_right_password_must_wait_too_and_then_clears_the_count() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.visitor();
    ada.sign_up("Ada", PASSWORD).await;
    for _ in 0..6 {
        fail(&mut ada, "Ada").await;
    }
    assert_eq!(ada.log_in("Ada", PASSWORD).await.status, 429);
    server.clock.forward(Duration::from_secs(1));
    assert_eq!(ada.log_in("Ada", PASSWORD).await.status, 200);
    for _ in 0..6 {
        assert_eq!(fail(&mut ada, "Ada").await.status, 401);
    }
}

#[rstest]
#[tokio::test]
async fn strangers_do_not_lock_the_owner_out(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut ada = at(&server, "192.0.2.7");
    ada.sign_up("Ada", PASSWORD).await;
    ada.log_in("Ada", PASSWORD).await;
    // Ten addresses of a botnet, each within its own limits.
    for host in 0..10 {
        for _ in 0..6 {
            fail(&mut at(&server, &format!("203.0.113.{host}")), "Ada").await;
        }
    }
    assert_eq!(fail(&mut at(&server, "198.51.100.1"), "Ada").await.status, 429, "the account is slow for strangers");
    assert_eq!(at(&server, "192.0.2.7").log_in("Ada", PASSWORD).await.status, 200, "but not where it is at home");
}

#[tokio::test]
async fn an_address_that_tries_many_accounts_must_wait() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut thief = at(&server, "2001:db8:1:2::1");
    for number in 0..31 {
        assert_eq!(fail(&mut thief, &format!("user-{number}")).await.status, 401);
    }
    assert_eq!(fail(&mut at(&server, "2001:db8:1:2::ffff"), "user-99").await.status, 429, "the same network");
    assert_eq!(fail(&mut at(&server, "2001:db8:1:3::1"), "user-99").await.status, 401);
}

#[tokio::test]
async fn log_ins_that_succeed_cost_an_address_nothing() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.user("Ada").await;
    for _ in 0..40 {
        assert_eq!(ada.log_in("Ada", PASSWORD).await.status, 200);
    }
}

#[tokio::test]
async fn guessing_in_an_open_session_is_slowed_down_as_well() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.user("Ada").await;
    for _ in 0..3 {
        assert_eq!(ada.confirm("not the password at all").await.status, 422);
        assert_eq!(ada.change_password("not the password at all", "a bell, a boat, a button", true).await.status, 422);
    }
    let answers = [
        ada.confirm(PASSWORD).await,
        ada.change_password(PASSWORD, "a bell, a boat, a button", true).await,
        ada.post("/api/account/delete", &[("current_password", PASSWORD)]).await,
    ];
    for answer in answers {
        assert_eq!((answer.status, answer.header("retry-after")), (429, "1"));
    }
    assert_eq!(ada.who_am_i().await.status, 200);
}

#[tokio::test]
async fn sign_ups_from_one_address_are_limited() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut robot = at(&server, "203.0.113.9");
    for number in 0..61 {
        assert_eq!(robot.sign_up(&format!("robot-{number}"), PASSWORD).await.status, 200);
    }
    let answer = robot.sign_up("robot-61", PASSWORD).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, "60"));
    assert_eq!(at(&server, "192.0.2.7").sign_up("Ada", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_plain_form_is_told_how_long_to_wait() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut thief = server.visitor().plain_form();
    for _ in 0..6 {
        fail(&mut thief, "Ada").await;
    }
    let answer = fail(&mut thief, "Ada").await;
    assert_eq!(answer.location(), "/login?error=too_many_attempts&wait=1&username=Ada");
    assert!(thief.get(answer.location()).await.body.contains("Wait 1 s and try again"));
}

#[tokio::test]
async fn the_hash_is_renewed_at_log_in_when_its_cost_has_changed() {
    let server = TestServer::on(Kind::Sqlite).await;
    server.visitor().sign_up("Ada", PASSWORD).await;
    let dearer = HashCost { memory_kib: 128, iterations: 2 };
    let server = server.restarted_at(dearer).await;
    let hash = async || {
        let ada = app::accounts::Username::parse("Ada").unwrap();
        server.store.find_user(&ada).await.unwrap().unwrap().password_hash
    };
    assert!(hash().await.starts_with(&format!("$argon2id$v=19$m={},t={},p=1$", CHEAP.memory_kib, CHEAP.iterations)));
    fail(&mut server.visitor(), "Ada").await;
    assert!(hash().await.contains("m=64,t=1"), "a wrong password changes nothing");
    assert_eq!(server.visitor().log_in("Ada", PASSWORD).await.status, 200);
    assert!(hash().await.starts_with("$argon2id$v=19$m=128,t=2,p=1$"));
    assert_eq!(server.visitor().log_in("Ada", PASSWORD).await.status, 200);
}

/// Unknown user and wrong password, taking turns: two distributions of the same time. The cost makes hashing the larger
/// part; without the stand-in hash the quantiles would lie apart by a factor of more than ten.
#[tokio::test]
async fn an_unknown_user_and_a_wrong_password_take_the_same_time() {
    const SAMPLES: usize = 100;
    let server = TestServer::hashing_at(Kind::Sqlite, HashCost { memory_kib: 4_096, iterations: 1 }).await;
    server.visitor().sign_up("Ada", PASSWORD).await;
    let (mut wrong, mut unknown) = (Vec::new(), Vec::new());
    for sample in 0..SAMPLES {
        let mut both = [("Ada", &mut wrong), ("Eve", &mut unknown)];
        both.rotate_left(sample % 2);
        for (name, times) in both {
            let mut client = at(&server, &format!("2001:db8:{sample:x}::1"));
            let began = std::time::Instant::now();
            assert_eq!(fail(&mut client, name).await.status, 401);
            times.push(began.elapsed().as_micros());
            // The counts are forgotten, so that no attempt must wait.
            server.clock.forward(Duration::from_secs(86_400));
        }
    }
    let quantiles = |times: &mut Vec<u128>| {
        times.sort_unstable();
        [10, 25, 50, 75, 90].map(|percent| times[SAMPLES * percent / 100])
    };
    let (wrong, unknown) = (quantiles(&mut wrong), quantiles(&mut unknown));
    let shown = format!("µs at 10, 25, 50, 75, 90 %: wrong password {wrong:?}, unknown user {unknown:?}");
    writeln!(std::io::stdout(), "{shown}").unwrap();
    // What other work on the machine adds is in the higher ones.
    let ratio = wrong[1] as f64 / unknown[1] as f64;
    assert!((0.75..1.33).contains(&ratio), "{shown}");
}

/// 200 at once are more than may wait, and more than the end site has free if they were counted: 120.
#[tokio::test]
async fn what_a_busy_server_turns_away_is_not_counted_as_a_wrong_password() {
    let server = TestServer::hashing_at(Kind::Sqlite, HashCost { memory_kib: 8_192, iterations: 4 }).await;
    let from = |number: u32| format!("2001:db8:1:{:x}::1", number % 250);
    let attempts: Vec<_> = (0..200)
        .map(|number| {
            let mut thief = at(&server, &from(number));
            tokio::spawn(async move { fail(&mut thief, &format!("user-{number}")).await.status })
        })
        .collect();
    let mut busy = 0;
    for attempt in attempts {
        match attempt.await.unwrap() {
            503 => busy += 1,
            status => assert_eq!(status, 401),
        }
    }
    assert!(busy > 100, "{busy}");
    for number in 200..220 {
        assert_eq!(fail(&mut at(&server, &from(number)), &format!("user-{number}")).await.status, 401);
    }
}

#[tokio::test]
async fn one_network_with_the_right_password_keeps_no_other_from_logging_in() {
    // Dear enough that nothing else counts.
    let server = TestServer::hashing_at(Kind::Sqlite, HashCost { memory_kib: 19_456, iterations: 8 }).await;
    server.visitor().sign_up("Bob", PASSWORD).await;
    // As many as one address may try at once, of accounts that are all its own.
    for number in 0..25 {
        server.visitor().sign_up(&format!("robot-{number}"), PASSWORD).await;
    }
    let flood: Vec<_> = (0..25)
        .map(|number| {
            let mut robot = at(&server, "203.0.113.9");
            tokio::spawn(async move { robot.log_in(&format!("robot-{number}"), PASSWORD).await.status })
        })
        .collect();
    // The flood is in the queue by then.
    tokio::task::yield_now().await;
    assert_eq!(at(&server, "192.0.2.7").log_in("Bob", PASSWORD).await.status, 200);
    let waiting = flood.iter().filter(|log_in| !log_in.is_finished()).count();
    assert!(waiting > 8, "only {waiting} of the flood came after");
    for log_in in flood {
        assert_eq!(log_in.await.unwrap(), 200, "they wait, and are not refused");
    }
}

#[rstest]
#[tokio::test]
async fn who_moves_from_network_to_network_of_one_site_is_counted_there(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let server = TestServer::on(kind).await;
    for number in 0..121 {
        let mut thief = at(&server, &format!("2001:db8:1:{number:x}::1"));
        assert_eq!(fail(&mut thief, &format!("user-{number}")).await.status, 401);
    }
    assert_eq!(fail(&mut at(&server, "2001:db8:1:f0::1"), "user-999").await.status, 429);
    assert_eq!(fail(&mut at(&server, "2001:db8:1:100::1"), "user-999").await.status, 401, "the next end site");
}

#[rstest]
#[tokio::test]
async fn strangers_have_one_guess_a_day_once_there_were_a_hundred(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    const DAY: Duration = Duration::from_secs(86_400);
    let server = TestServer::on(kind).await;
    let mut ada = at(&server, "192.0.2.7");
    ada.sign_up("Ada", PASSWORD).await;
    ada.log_in("Ada", PASSWORD).await;
    let mut guesses = 0;
    // A month of a botnet that never comes twice from one address, waits as told and rests for a day now and then.
    let mut of_day = Vec::new();
    for day in 0..20 {
        let before = guesses;
        for hour in 0..24 {
            for number in 0..60 {
                let address = format!("10.{day}.{hour}.{number}");
                if fail(&mut at(&server, &address), "Ada").await.status != 401 {
                    break;
                }
                guesses += 1;
            }
            server.clock.forward(DAY / 24);
        }
        of_day.push(guesses - before);
        server.clock.forward(DAY);
    }
    assert!(guesses <= 101 + 20, "{guesses}: {of_day:?}");
    assert!(of_day[10..].iter().all(|guesses| *guesses <= 1), "{of_day:?}");
    assert_eq!(at(&server, "192.0.2.7").log_in("Ada", PASSWORD).await.status, 200, "its owner is let in");
}
