//! Nothing acknowledged is lost when the process is killed.

use super::Process;
use crate::support::{Database, Kind, PASSWORD};
use rstest::rstest;
use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

const SIGN_UPS: usize = 200;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_kill_during_200_sign_ups_loses_none_that_was_answered(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let database = Database::new(kind).await;
    let server = Process::start(&database);
    let next = AtomicUsize::new(0);
    let answered = Mutex::new(Vec::new());

    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    if number >= SIGN_UPS {
                        return;
                    }
                    let name = format!("user-{number}");
                    let Some((200, ..)) =
                        server.call("POST", "/api/signup", &[("username", &name), ("password", PASSWORD)])
                    else {
                        return;
                    };
                    let mut answered = answered.lock().unwrap();
                    answered.push(name);
                    // In the middle of the others' work.
                    if answered.len() == SIGN_UPS / 2 {
                        server.kill();
                    }
                }
            });
        }
    });
    drop(server);

    let answered = answered.into_inner().unwrap();
    assert!((SIGN_UPS / 2..SIGN_UPS).contains(&answered.len()), "{} were answered", answered.len());
    let server = Process::start(&database);
    for name in &answered {
        let again = server.call("POST", "/api/login", &[("username", name), ("password", PASSWORD)]).unwrap();
        assert_eq!(again.0, 200, "{name} was answered and is gone");
    }
}
