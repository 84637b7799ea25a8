//! The hub of one process: a room for the listening pages of each session.

use super::change::{Change, News};
use crate::{
    descriptors::most_connections,
    places::{Place, Places},
    sessions::Sessions,
};
use app::{AppError, request::Session, sessions::SessionId};
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
/// Most pages of one network (an IPv4 address, or an IPv6 network of 56 bits), and never more than a quarter of all.
pub(crate) const MOST_PAGES_OF_NETWORK: usize = 128;
/// Most pages of one session: each change is told to every one of them.
pub(crate) const MOST_PAGES_OF_SESSION: usize = 32;
/// Changes that a page may be behind before it is told to look at everything.
const BACKLOG: usize = 16;
/// How often a page's session is looked up in any case: time ends sessions, and an operator does it beside the servers.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Takes changes and hands them to the listening pages; clones are one hub.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    rooms: Mutex<HashMap<SessionId, Room>>,
    places: Places,
    stopping: watch::Sender<bool>,
    /// The queue of changes for the other servers, where there are any.
    others: OnceLock<mpsc::Sender<Change>>,
    /// Whether that queue was full for a change.
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
            others: OnceLock::new(),
            missed: AtomicBool::new(false),
        }))
    }
}

impl Hub {
    /// Tells a change to the pages of this server and of the others.
    pub fn tell(&self, change: Change) {
        self.tell_here(change);
        if let Some(others) = self.0.others.get()
            && others.try_send(change).is_err()
        {
            // The relay tells them later that they missed a change.
            self.0.missed.store(true, Ordering::SeqCst);
        }
    }

    /// Tells a change to the pages of this server alone.
    pub(super) fn tell_here(&self, change: Change) {
        let rooms = self.rooms();
        let tell = |room: &Room| {
            // The last page may just have gone.
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

    /// The stream of what happens to a session from now on until it ends, for a page at this address.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many pages listen: of this session, of this network, or in all.
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

    /// The queue of changes for the other servers. Filled once, by the relay.
    pub(super) fn queue_for_others(&self, length: usize) -> mpsc::Receiver<Change> {
        let (sender, receiver) = mpsc::channel(length);
        let _ = self.0.others.set(sender);
        receiver
    }

    /// Whether a change found the queue full since this was asked last.
    pub(super) fn take_missed(&self) -> bool {
        self.0.missed.swap(false, Ordering::SeqCst)
    }

    fn rooms(&self) -> MutexGuard<'_, HashMap<SessionId, Room>> {
        self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One page that listens.
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

    /// Whether the session lives; also where the database does not answer, since that ends no session.
    async fn lives(&self) -> bool {
        self.sessions.lives(self.session).await.unwrap_or(true)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.hub.leave(self.session);
    }
}
