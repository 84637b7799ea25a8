//! Runs whose pages act on the other site, or look from the other port. The page that conducts a run registers it for one
//! task, one place and one prefix of names, and reads the outcome with the run's secret. Runs are kept in memory for a while.
//!
//! The table is no cache: where there are too many runs a new one is refused, and never takes the place of another.

use crate::{clock::Clock, ids::random, network::Network};
use app::{
    AppError,
    experiments::{
        runs::{Found, Report},
        test_account::Arrived,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use subtle::ConstantTimeEq;

/// A run that nobody ended lives so long, in seconds.
const LIFETIME: i64 = 600;
/// Most runs at once.
const MOST: usize = 1_000;
/// Most runs at once of one network. Each lasts seconds, so a class behind one address has enough.
const MOST_OF_NETWORK: usize = 50;
/// Requests that are noted of a run.
const MOST_ARRIVED: usize = 20;
/// Names that are kept of each kind of a report, and the longest that they and an error's name may be.
const MOST_NAMES: usize = 16;
const LONGEST_NAME: usize = 100;

/// What the page of a run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Looks for what bears the run's names.
    Look,
    /// Sets so many cookies at most.
    Fill {
        /// How many.
        most: u16,
    },
    /// Has its server send `Clear-Site-Data`.
    Clear {
        /// The one kind of data, as the form of `/lab/clear-site-data` spells it.
        kind: &'static str,
    },
    /// Sends requests to the site where the run was registered.
    Forge,
}

impl Task {
    /// Whether a page with this task may report that.
    fn may_report(self, report: &Report) -> bool {
        match report {
            Report::Failed(_) => self != Self::Forge,
            Report::Others => matches!(self, Self::Fill { .. } | Self::Clear { .. }),
            Report::Found(_) => self == Self::Look,
            Report::Filled(filled) => matches!(self, Self::Fill { most } if filled.lost.len() <= most.into()),
            Report::Cleared(_) => matches!(self, Self::Clear { .. }),
        }
    }
}

/// What a run is, as it was registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// What its page does.
    pub task: Task,
    /// How the names of all begin that it makes: `lab-x0123456789ab-`.
    pub begins: String,
    /// The origin at which it was registered.
    pub home: String,
    /// The origin at which its page is served, and nowhere else.
    pub at: String,
}

struct Living {
    run: Run,
    secret: String,
    network: Network,
    until: i64,
    report: Option<Report>,
    arrived: Vec<Arrived>,
}

/// The living runs; clones share them.
#[derive(Clone)]
pub struct Runs {
    living: Arc<Mutex<HashMap<String, Living>>>,
    clock: Arc<dyn Clock>,
}

impl Runs {
    /// None yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { living: Arc::default(), clock }
    }

    fn living(&self) -> MutexGuard<'_, HashMap<String, Living>> {
        // No holder of the lock can leave the table half changed.
        self.living.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Draws the name and the secret of a new run.
    ///
    /// # Errors
    /// [`AppError::TooManyAttempts`] where its network has as many as it may, [`AppError::Busy`] where all have.
    pub fn register(&self, run: Run, client: IpAddr) -> Result<(String, String), AppError> {
        let name = format!("{:032x}", u128::from_be_bytes(random()?));
        let secret = URL_SAFE_NO_PAD.encode(random::<16>()?);
        let (now, network) = (self.clock.now(), Network::of(client).large_site());
        let mut living = self.living();
        living.retain(|_, other| other.until > now);
        let of_network = living.values().filter(|other| other.network == network);
        let ends: Vec<_> = of_network.map(|other| other.until - now).collect();
        if ends.len() >= MOST_OF_NETWORK {
            let wait = ends.into_iter().min().and_then(|wait| u32::try_from(wait).ok());
            return Err(AppError::TooManyAttempts(wait.unwrap_or(1)));
        }
        if living.len() >= MOST {
            return Err(AppError::Busy);
        }
        let drawn = (name.clone(), secret.clone());
        let until = now + LIFETIME;
        living.insert(name, Living { run, secret, network, until, report: None, arrived: Vec::new() });
        Ok(drawn)
    }

    /// Looks at a living run.
    fn look<T>(&self, name: &str, look: impl FnOnce(&mut Living) -> Option<T>) -> Option<T> {
        let now = self.clock.now();
        self.living().get_mut(name).filter(|found| found.until > now).and_then(look)
    }

    /// The same for a request that shows the run's secret.
    fn open<T>(&self, name: &str, secret: &str, look: impl FnOnce(&mut Living) -> T) -> Result<T, AppError> {
        let look = |found: &mut Living| found.is_opened_by(secret).then(|| look(found));
        self.look(name, look).ok_or(AppError::NoSuchRun)
    }

    /// The run whose page is asked for at this host and port; none that has reported already.
    pub fn acting_at(&self, name: &str, authority: &str) -> Option<Run> {
        self.look(name, |found| found.acts_at(authority).then(|| found.run.clone()))
    }

    /// The run that has requests forged to this host and port.
    pub fn forging_to(&self, name: &str, authority: &str) -> Option<Run> {
        self.look(name, |found| found.is_forged_to(authority).then(|| found.run.clone()))
    }

    /// Takes the page's one report. Of names it keeps those of the run.
    ///
    /// # Errors
    /// [`AppError::NoSuchRun`] for a run of another place and one that has reported, [`AppError::BadRequest`] for the
    /// report of another task.
    pub fn report(&self, name: &str, authority: &str, report: Report) -> Result<(), AppError> {
        let taken = self.look(name, |found| {
            found.acts_at(authority).then(|| {
                if !found.run.task.may_report(&report) {
                    return Err(AppError::BadRequest);
                }
                found.report = Some(of_run(report, &found.run.begins));
                Ok(())
            })
        });
        taken.unwrap_or(Err(AppError::NoSuchRun))
    }

    /// What the page has reported; `None` as long as it has not.
    ///
    /// # Errors
    /// [`AppError::NoSuchRun`], also where the secret is another's.
    pub fn told(&self, name: &str, secret: &str) -> Result<Option<Report>, AppError> {
        self.open(name, secret, |found| found.report.clone())
    }

    /// Notes a request that was forged to this host and port. Of cookies it keeps the names of the run's.
    pub fn note(&self, name: &str, authority: &str, mut arrived: Arrived) {
        self.look(name, |found| {
            if found.is_forged_to(authority) && found.arrived.len() < MOST_ARRIVED {
                keep_own(&mut arrived.cookies, &found.run.begins);
                found.arrived.push(arrived);
            }
            Some(())
        });
    }

    /// The forged requests that came, the first first.
    ///
    /// # Errors
    /// [`AppError::NoSuchRun`], also where the secret is another's.
    pub fn arrived(&self, name: &str, secret: &str) -> Result<Vec<Arrived>, AppError> {
        self.open(name, secret, |found| found.arrived.clone())
    }

    /// Forgets a run with all that came of it.
    ///
    /// # Errors
    /// [`AppError::NoSuchRun`], also where the secret is another's.
    pub fn end(&self, name: &str, secret: &str) -> Result<(), AppError> {
        self.open(name, secret, |_| ())?;
        self.living().remove(name);
        Ok(())
    }
}

impl Living {
    fn is_opened_by(&self, secret: &str) -> bool {
        self.secret.as_bytes().ct_eq(secret.as_bytes()).into()
    }

    fn acts_at(&self, authority: &str) -> bool {
        self.report.is_none() && authority_of(&self.run.at) == authority
    }

    fn is_forged_to(&self, authority: &str) -> bool {
        self.run.task == Task::Forge && authority_of(&self.run.home) == authority
    }
}

/// Host and port of an origin.
fn authority_of(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, authority)| authority)
}

/// A report of which every name is the run's own.
fn of_run(report: Report, begins: &str) -> Report {
    match report {
        Report::Found(Found { mut cookies, mut local, mut carried }) => {
            for names in [&mut cookies, &mut local, &mut carried] {
                keep_own(names, begins);
            }
            Report::Found(Found { cookies, local, carried })
        }
        // Names of errors are letters (Web IDL §2.8.1).
        Report::Failed(error) if error.len() > LONGEST_NAME || !error.bytes().all(|b| b.is_ascii_alphabetic()) => {
            Report::Failed("Error".to_owned())
        }
        report => report,
    }
}

fn keep_own(names: &mut Vec<String>, begins: &str) {
    names.retain(|name| name.starts_with(begins) && name.len() <= LONGEST_NAME);
    names.truncate(MOST_NAMES);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_error_is_no_place_for_words() {
        let of = |error: &str| of_run(Report::Failed(error.to_owned()), "lab-x0123456789ab-");
        assert_eq!(of("SecurityError"), Report::Failed("SecurityError".to_owned()));
        assert_eq!(of("lab-secret=1"), Report::Failed("Error".to_owned()));
    }
}
