//! What an experiment does on the other site, because it would harm the visitor's own cookies and entries on this one: in
//! a window of `/lab/elsewhere`, which reports through the server.

use super::{
    beside::OwnWindow,
    client::Ask,
    model::{Lane, Trouble},
    run::Run,
};
use crate::{bench::Travelled, ui::random};
use serde::{Deserialize, de::DeserializeOwned};

/// How often it is asked for the report, and how many times at most.
const LOOK_AFTER_MS: u32 = 200;
const LOOKS: u32 = 75;

/// What the window reports where it did nothing.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Nothing {
    /// Names of what lies there and is not its own.
    Others(Vec<String>),
    /// The error's name.
    Failed(String),
}

/// The origin of the other site.
pub(super) async fn other_site(run: &Run) -> Result<String, Trouble> {
    let travelled: Travelled = run.ask(&Ask::get("/lab/markers")).await?.ok()?.json()?;
    travelled.other_site.ok_or_else(|| {
        Trouble::cannot_be_tried(
            "This lab answers under one name only, so there is no other site to try this on. Its operator can name one with \
             --other-site.",
        )
    })
}

/// A name for what the other site leaves at the server for this run.
pub(super) fn mailbox() -> Result<String, Trouble> {
    let bits = random().map(u64::from_be_bytes);
    bits.map(|bits| format!("{bits:016x}"))
        .ok_or_else(|| Trouble::because("This browser gives no random numbers. Try another."))
}

/// Leads the run's window to a page of another site, where it does not know this one; it closes itself when it is done.
pub(super) async fn open(run: &Run, address: &str) -> Result<OwnWindow, Trouble> {
    let opened = run.window().await?;
    run.saw(Lane::Browser, "The window that is opened", address);
    opened.lead_to(address)?;
    Ok(opened)
}

/// Opens the window on the other site, with what it is to do as `name=value`, and waits for what it reports.
pub(super) async fn act<T: DeserializeOwned>(run: &Run, task: &str) -> Result<T, Trouble> {
    let site = other_site(run).await?;
    act_at(run, &site, task).await
}

/// The same at any origin of this server.
pub(super) async fn act_at<T: DeserializeOwned>(run: &Run, site: &str, task: &str) -> Result<T, Trouble> {
    let mailbox = mailbox()?;
    let _opened = open(run, &format!("{site}/lab/elsewhere?run={mailbox}&begins={}&{task}", run.name(""))).await?;
    let ask = Ask::get(format!("/lab/report?run={mailbox}"));
    for _ in 0..LOOKS {
        run.waits_for("the report of the window");
        run.wait(LOOK_AFTER_MS).await?;
        let answer = run.ask(&ask).await?.ok()?;
        if answer.status == 200 {
            run.saw(Lane::Wire, "What the window reported", answer.body.clone());
            return match answer.json::<Nothing>() {
                Ok(Nothing::Others(names)) => Err(Trouble::cannot_be_tried(format!(
                    "On {site} lies something of yours already ({}), which this could harm. Open the lab there, reset it and \
                     log out; then run this again.",
                    names.join(", ")
                ))),
                Ok(Nothing::Failed(error)) => Err(Trouble::cannot_be_tried(format!(
                    "The browser denied the other site something ({error}). Allow it to store data, then run it again."
                ))),
                Err(_) => answer.json(),
            };
        }
    }
    Err(Trouble::cannot_be_tried(format!(
        "No word came from the window of {site}. If it shows a warning about its certificate, accept that there once; if it was \
         closed, leave it open. Then run this again."
    )))
}
