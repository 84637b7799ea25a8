//! What open pages are told: that their session's values changed, or that their session ended.
//!
//! One [`Hub`] in each process. On PostgreSQL the processes tell each other ([`relay`]). What is told is where to look,
//! never a value: whether a session still lives is asked of the database.

use crate::{
    accounts::Sessions,
    listen::most_connections,
    places::{Place, Places},
    store::{Ear, Notices},
};
use app::{
    AppError,
    services::{Session, SessionId},
};
use futures::{Stream, stream};
use std::{
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{
        broadcast::{self, error::RecvError},
        mpsc, watch,
    },
    time::{self, Interval},
};

/// Most pages that listen to one process, and never more than half of its connections.
pub(crate) const MOST_PAGES: usize = 1_024;
/// Most pages of one network (an IPv4 address, or an IPv6 network of 64 bits), and never more than a quarter of all.
pub(crate) const MOST_PAGES_OF_NETWORK: usize = 128;
/// Most pages of one session that do, or one visitor could make every change an avalanche.
pub(crate) const MOST_PAGES_OF_SESSION: usize = 32;
/// Changes that a page may be behind before it is told to look at everything.
const BACKLOG: usize = 16;
/// Changes that the other servers may be behind.
const BACKLOG_ABROAD: usize = 1_024;
/// How often a page's session is looked up in any case: an operator ends sessions beside the servers, and time ends them.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// How long after a fault the other servers are listened to again.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Something that open pages may have to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The values of this session.
    Values(SessionId),
    /// This session may have ended or gone on under another id.
    Session(SessionId),
    /// A session of this account may have ended.
    Account(i64),
    /// Something was missed.
    Unknown,
}

/// What a page is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// The session's values are others now.
    Values,
    /// The session is no more; nothing follows.
    Ended,
}

impl News {
    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Values => "values",
            Self::Ended => "ended",
        }
    }
}

/// Where changes are told and heard; clones are one hub.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    rooms: Mutex<HashMap<SessionId, Room>>,
    places: Places,
    stopping: watch::Sender<bool>,
    abroad: OnceLock<mpsc::Sender<Change>>,
    /// Whether the other servers were not told of something.
    missed: AtomicBool,
}

/// The listening pages of one session.
struct Room {
    pages: usize,
    account: Option<i64>,
    changes: broadcast::Sender<Change>,
}

impl Default for Hub {
    fn default() -> Self {
        let most = MOST_PAGES.min(most_connections().div_ceil(2));
        Self(Arc::new(Inner {
            rooms: Mutex::default(),
            places: Places::new(most, MOST_PAGES_OF_NETWORK.min(most.div_ceil(4))),
            stopping: watch::Sender::new(false),
            abroad: OnceLock::new(),
            missed: AtomicBool::new(false),
        }))
    }
}

impl Hub {
    /// Tells the pages of this server and of the others.
    pub fn tell(&self, change: Change) {
        self.tell_here(change);
        if let Some(abroad) = self.0.abroad.get()
            && abroad.try_send(change).is_err()
        {
            // Told by and by that something was missed.
            self.0.missed.store(true, Ordering::SeqCst);
        }
    }

    fn tell_here(&self, change: Change) {
        let rooms = self.rooms();
        let tell = |room: &Room| {
            // Nobody may be listening any more.
            let _ = room.changes.send(change);
        };
        match change {
            Change::Values(session) | Change::Session(session) => rooms.get(&session).into_iter().for_each(tell),
            Change::Account(id) => rooms.values().filter(|room| room.account == Some(id)).for_each(tell),
            Change::Unknown => rooms.values().for_each(tell),
        }
    }

    /// Ends every stream, now and from now on.
    pub fn stop(&self) {
        self.0.stopping.send_replace(true);
    }

    /// What happens to a session from now on, until it ends, for a page at this address.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many pages listen.
    pub fn listen(
        &self,
        session: &Session,
        sessions: Sessions,
        address: Option<IpAddr>,
    ) -> Result<impl Stream<Item = News> + Send + use<>, AppError> {
        let place = self.0.places.take(address).map_err(|_| AppError::Busy)?;
        let listener = Listener {
            changes: self.enter(session)?,
            session: session.id,
            sessions,
            stopping: self.0.stopping.subscribe(),
            look: time::interval(LOOK_EVERY),
            hub: self.clone(),
            _place: place,
        };
        Ok(stream::unfold(Some(listener), |listener| async {
            let mut listener = listener?;
            match listener.next().await? {
                News::Ended => Some((News::Ended, None)),
                news => Some((news, Some(listener))),
            }
        }))
    }

    fn enter(&self, session: &Session) -> Result<broadcast::Receiver<Change>, AppError> {
        let mut rooms = self.rooms();
        let room = rooms.entry(session.id).or_insert_with(|| Room {
            pages: 0,
            account: session.user.as_ref().map(|user| user.id),
            changes: broadcast::Sender::new(BACKLOG),
        });
        if room.pages == MOST_PAGES_OF_SESSION {
            return Err(AppError::Busy);
        }
        room.pages += 1;
        Ok(room.changes.subscribe())
    }

    fn leave(&self, session: SessionId) {
        if let Entry::Occupied(mut room) = self.rooms().entry(session) {
            room.get_mut().pages -= 1;
            if room.get().pages == 0 {
                room.remove();
            }
        }
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<SessionId, Room>> {
        self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One page's ear.
struct Listener {
    session: SessionId,
    sessions: Sessions,
    changes: broadcast::Receiver<Change>,
    stopping: watch::Receiver<bool>,
    look: Interval,
    hub: Hub,
    _place: Place,
}

impl Listener {
    async fn next(&mut self) -> Option<News> {
        loop {
            let change = tokio::select! {
                _ = self.stopping.wait_for(|stopping| *stopping) => return None,
                _ = self.look.tick() => Change::Session(self.session),
                change = self.changes.recv() => match change {
                    Ok(change) => change,
                    Err(RecvError::Lagged(_)) => Change::Unknown,
                    Err(RecvError::Closed) => return None,
                },
            };
            match change {
                Change::Values(_) => return Some(News::Values),
                _ if !self.lives().await => return Some(News::Ended),
                Change::Unknown => return Some(News::Values),
                Change::Session(_) | Change::Account(_) => {}
            }
        }
    }

    /// A database that does not answer has ended nothing.
    async fn lives(&self) -> bool {
        self.sessions.lives(self.session).await.unwrap_or(true)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.hub.leave(self.session);
    }
}

/// Tells the other servers what changes here, and the pages here what changes there, for as long as the server runs.
pub async fn relay(hub: Hub, notices: Notices, mut ear: Ear) {
    // Tells what this server has told from what another has; without randomness no session begins either.
    let me = getrandom::u64().unwrap_or_default();
    let (abroad, mut changes) = mpsc::channel(BACKLOG_ABROAD);
    let _ = hub.0.abroad.set(abroad);
    let telling = async {
        while let Some(change) = changes.recv().await {
            tell_abroad(&notices, me, change).await;
            if hub.0.missed.swap(false, Ordering::SeqCst) {
                tell_abroad(&notices, me, Change::Unknown).await;
            }
        }
    };
    let hearing = async {
        loop {
            match ear.next().await {
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
                        ear = again;
                        hub.tell_here(Change::Unknown);
                    }
                }
            }
        }
    };
    tokio::join!(telling, hearing);
}

/// Tells the other servers; where they cannot be told, that they have missed something, as soon as they can.
async fn tell_abroad(notices: &Notices, me: u64, mut change: Change) {
    while let Err(error) = notices.tell(&write(me, change)).await {
        tracing::warn!(%error, "the other servers could not be told of a change");
        change = Change::Unknown;
        time::sleep(TRY_AGAIN_AFTER).await;
    }
}

/// A change as it goes from server to server: who tells, a letter, an id.
fn write(me: u64, change: Change) -> String {
    let (letter, id) = match change {
        Change::Values(session) => ("v", hexadecimal(session)),
        Change::Session(session) => ("s", hexadecimal(session)),
        Change::Account(id) => ("a", id.to_string()),
        Change::Unknown => ("u", String::new()),
    };
    format!("{me:x} {letter} {id}")
}

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
