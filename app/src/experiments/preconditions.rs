//! Proves what an experiment relies on, in the visitor's browser and before the first step: without it a run would blame
//! the claim for something else.

use super::{client::Ask, model::Trouble, need::Need, other_site, run::Run, windows::OwnFrame};
use crate::{bench::Travelled, browser::Area};
use leptos::prelude::window;

/// Proves what the experiment relies on; says what does not work here, and what would help.
pub(super) async fn prove(run: &Run) -> Result<(), Trouble> {
    for need in run.experiment().needs {
        prove_one(*need, run).await?;
        run.go_on()?;
    }
    Ok(())
}

async fn prove_one(need: Need, run: &Run) -> Result<(), Trouble> {
    match need {
        Need::Cookies => cookies(run).await,
        Need::SecureCookies => secure_cookies(run).await,
        Need::WebStorage => web_storage(run),
        Need::Frames => OwnFrame::load("/lab/reader?report=none").await.map(drop),
        // The window itself is the proof.
        Need::Windows => Ok(()),
        Need::OtherSite => other_site::origin(run).await.map(drop),
        Need::OtherPort => other_port(run).await.map(drop),
    }
}

const NO_COOKIES: &str = "This browser keeps or sends no cookies for this site, and this needs them. Allow cookies for it (an \
                          extension or a setting may block them), then run it again.";

async fn cookies(run: &Run) -> Result<(), Trouble> {
    let [script, server] = ["proof-script", "proof-server"].map(|what| run.name(what));
    run.set_cookie_by_script(&format!("{script}=1; Path=/; SameSite=Lax"))?;
    run.set_cookie_by_http(&format!("{server}=1; Path=/; SameSite=Lax")).await?;
    let echo = run.echo(&Ask::get("/lab/echo/proof")).await?;
    run.take_away_cookies().await;
    let sent = [&script, &server].into_iter().all(|name| echo.carried(name).is_some());
    sent.then_some(()).ok_or_else(|| Trouble::cannot_be_tried(NO_COOKIES))
}

async fn secure_cookies(run: &Run) -> Result<(), Trouble> {
    let [plain, secure] = ["proof-plain", "proof-secure"].map(|what| run.name(what));
    run.set_cookie_by_http(&format!("{plain}=1; Path=/; SameSite=Lax")).await?;
    run.set_cookie_by_http(&format!("{secure}=1; Path=/; SameSite=Lax; Secure")).await?;
    let echo = run.echo(&Ask::get("/lab/echo/proof")).await?;
    run.take_away_cookies().await;
    if echo.carried(&secure).is_some() {
        return Ok(());
    }
    if echo.carried(&plain).is_none() {
        return Err(Trouble::cannot_be_tried(NO_COOKIES));
    }
    let over_http = window().location().protocol().is_ok_and(|protocol| protocol == "http:");
    Err(Trouble::cannot_be_tried(match over_http {
        true => {
            "This browser takes no cookie with Secure over plain HTTP, not even on this machine, and this needs one. Start \
             the lab with --tls self-signed and open it with https://, or use a browser that trusts its own machine."
        }
        false => {
            "This browser keeps no cookie with Secure here, and this needs one. Allow cookies for this site, then run it again."
        }
    }))
}

fn web_storage(run: &Run) -> Result<(), Trouble> {
    let name = run.name("proof");
    for (area, title) in [(Area::Session, "sessionStorage"), (Area::Local, "localStorage")] {
        let kept = area.set(&name, "1").is_ok() && area.get(&name).as_deref() == Some("1");
        let _ = area.delete(&name);
        if !kept {
            return Err(Trouble::cannot_be_tried(format!(
                "This browser keeps nothing in {title} for this site, and this needs it. Allow the site to store data, or free \
                 some space, then run it again."
            )));
        }
    }
    Ok(())
}

/// The second port at which this server listens.
async fn other_port(run: &Run) -> Result<u16, Trouble> {
    let travelled: Travelled = run.ask(&Ask::get("/lab/markers")).await?.ok()?.json()?;
    travelled.other_port.ok_or_else(|| {
        Trouble::cannot_be_tried(
            "This lab listens at one port only: a second one is opened where it runs for its own machine alone. Start it on \
             yours to try this.",
        )
    })
}
