//! What an experiment does on the other site, because it would harm the visitor's own cookies and entries on this one, or at
//! another port. The run is registered at the server, which says at which address a page acts for it, in a window; that
//! page reports through the server, and the report is read with the run's secret.

use super::{
    client::{Answer, Ask},
    model::{Lane, Trouble},
    run::Run,
    runs::{Registered, Report, SECRET_HEADER},
    windows::OwnWindow,
};
use crate::bench::Travelled;
use leptos::task::spawn_local;

/// How often it is asked for the report, and how many times at most.
const LOOK_AFTER_MS: u32 = 200;
const LOOKS: u32 = 75;

/// The origin of the other site.
pub(super) async fn origin(run: &Run) -> Result<String, Trouble> {
    let travelled: Travelled = run.ask(&Ask::get("/lab/markers")).await?.ok()?.json()?;
    travelled.other_site.ok_or_else(|| {
        Trouble::cannot_be_tried(
            "This lab answers under one name only, so there is no other site to try this on. Its operator can name one with \
             --other-site.",
        )
    })
}

/// What a run does on the other site or at the other port, as the server has registered it; forgotten there when it is
/// dropped.
pub(super) struct RegisteredRun(Registered);

impl RegisteredRun {
    /// Registers it: `task`, and what the task needs.
    pub async fn register(run: &Run, task: &[(&str, &str)]) -> Result<Self, Trouble> {
        let begins = run.name("");
        let fields: Vec<_> = [("begins", begins.as_str())].into_iter().chain(task.iter().copied()).collect();
        run.ask(&Ask::post("/lab/runs", &fields)).await?.ok()?.json().map(Self)
    }

    /// What names it in addresses.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Leads the run's window to the page that acts, where it does not know this one; it closes itself when it is done.
    pub async fn open(&self, run: &Run) -> Result<OwnWindow, Trouble> {
        let opened = run.window().await?;
        run.saw(Lane::Browser, "The window that is opened", self.0.address.as_str());
        opened.lead_to(&self.0.address)?;
        Ok(opened)
    }

    /// Asks what came of it, at one of the lab's addresses.
    pub async fn ask(&self, run: &Run, path: &str) -> Result<Answer, Trouble> {
        run.ask(&self.with_secret(Ask::get(self.at(path)))).await?.ok()
    }

    fn at(&self, path: &str) -> String {
        format!("{path}?run={}", self.0.name)
    }

    fn with_secret(&self, ask: Ask) -> Ask {
        ask.header(SECRET_HEADER, self.0.secret.as_str())
    }
}

impl Drop for RegisteredRun {
    fn drop(&mut self) {
        let end = self.with_secret(Ask::post(self.at("/lab/runs/end"), &[]));
        // Without an answer it ends by itself.
        spawn_local(async move { drop(end.send().await) });
    }
}

/// Has a window act, and waits for what it reports: nothing else than its task makes.
pub(super) async fn act(run: &Run, task: &[(&str, &str)]) -> Result<Report, Trouble> {
    let registered = RegisteredRun::register(run, task).await?;
    let _opened = registered.open(run).await?;
    for _ in 0..LOOKS {
        run.waits_for("the report of the window");
        run.wait(LOOK_AFTER_MS).await?;
        let answer = registered.ask(run, "/lab/report").await?;
        if answer.status == 200 {
            run.saw(Lane::Wire, "What the window reported", answer.body.as_str());
            return match answer.json()? {
                Report::Others => Err(Trouble::cannot_be_tried(
                    "On the other site lies something of yours already, which this could harm. Open the lab there, reset it \
                     and log out; then run this again.",
                )),
                Report::Failed(error) => Err(Trouble::cannot_be_tried(format!(
                    "The browser denied the other site something ({error}). Allow it to store data, then run it again."
                ))),
                report => Ok(report),
            };
        }
    }
    Err(Trouble::cannot_be_tried(
        "No word came from the window. If it shows a warning about its certificate, accept that there once; if it was closed, \
         leave it open. Then run this again.",
    ))
}
