//! Changes between the servers on one PostgreSQL.

use super::{change::Change, hub::Hub};
use crate::store::{Notices, NotificationListener};
use app::sessions::SessionId;
use std::time::Duration;
use tokio::time;

/// Capacity of the outgoing queue of notices.
const BACKLOG: usize = 1_024;
/// How long after a fault the connection to the other servers is tried again.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Relays changes between this server and the others for as long as the server runs.
pub async fn relay(hub: Hub, notices: Notices, mut listener: NotificationListener) {
    // By this number a server leaves its own notices out. Without randomness no session begins either.
    let me = getrandom::u64().unwrap_or_default();
    let mut changes = hub.queue_for_others(BACKLOG);
    let telling = async {
        while let Some(change) = changes.recv().await {
            notify(&notices, me, change).await;
            if hub.take_missed() {
                notify(&notices, me, Change::Unknown).await;
            }
        }
    };
    let hearing = async {
        loop {
            match listener.next().await {
                Ok(Some(notice)) => {
                    if let Some((from, change)) = read(&notice)
                        && from != me
                    {
                        hub.tell_here(change);
                    }
                }
                Ok(None) => hub.tell_here(Change::Unknown),
                Err(error) => {
                    tracing::warn!(%error, "the other servers are not heard");
                    time::sleep(TRY_AGAIN_AFTER).await;
                    if let Ok(again) = notices.listen().await {
                        listener = again;
                        hub.tell_here(Change::Unknown);
                    }
                }
            }
        }
    };
    tokio::join!(telling, hearing);
}

/// Notifies the other servers of a change. Where that fails it tries again until it can tell them that they missed one.
async fn notify(notices: &Notices, me: u64, mut change: Change) {
    while let Err(error) = notices.tell(&write(me, change)).await {
        tracing::warn!(%error, "the other servers could not be told of a change");
        change = Change::Unknown;
        time::sleep(TRY_AGAIN_AFTER).await;
    }
}

/// Writes a notice: the number of the server that sends it, a letter for the kind of change, an id.
fn write(me: u64, change: Change) -> String {
    let (letter, id) = match change {
        Change::Values(session) => ("v", hexadecimal(session)),
        Change::Session(session) => ("s", hexadecimal(session)),
        Change::Account(id) => ("a", id.to_string()),
        Change::Unknown => ("u", String::new()),
    };
    format!("{me:x} {letter} {id}")
}

/// Reads what [`write`] writes.
fn read(notice: &str) -> Option<(u64, Change)> {
    let mut words = notice.splitn(3, ' ');
    let from = u64::from_str_radix(words.next()?, 16).ok()?;
    let (letter, id) = (words.next()?, words.next()?);
    let session = || Some(SessionId(u128::from_str_radix(id, 16).ok()?.to_be_bytes()));
    let change = match letter {
        "v" => Change::Values(session()?),
        "s" => Change::Session(session()?),
        "a" => Change::Account(id.parse().ok()?),
        _ => Change::Unknown,
    };
    Some((from, change))
}

fn hexadecimal(SessionId(id): SessionId) -> String {
    format!("{:x}", u128::from_be_bytes(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_reads_back_as_itself() {
        let session = SessionId([7; 16]);
        for change in
            [Change::Values(session), Change::Session(SessionId([0; 16])), Change::Account(-3), Change::Unknown]
        {
            assert_eq!(read(&write(u64::MAX, change)), Some((u64::MAX, change)));
        }
    }

    #[test]
    fn what_somebody_else_says_on_the_channel_is_no_change() {
        for notice in ["", "1", "1 v", "1 v x", "x v 1", "1 a one", "1 s 1ffffffffffffffffffffffffffffffff0"] {
            assert_eq!(read(notice), None, "{notice}");
        }
    }
}
