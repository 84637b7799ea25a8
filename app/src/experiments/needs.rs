//! What experiments rely on. Each is proved here, in the visitor's browser, before the first step: without it a run would
//! blame the claim for something else.

use super::{beside::OwnFrame, client::Ask, elsewhere, model::Trouble, run::Run};
use crate::{bench::Travelled, browser::Area};
use leptos::prelude::window;

/// Something that works in one browser, under one address, and not in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Cookies are kept, set by a script or by the server, and are sent with requests.
    Cookies,
    /// So are cookies with `Secure`.
    SecureCookies,
    /// Both areas of web storage can be written and read.
    WebStorage,
    /// A page of this site is shown in a frame.
    Frames,
    /// The browser opens a window when the visitor asks for it. The window itself is the proof ([`Run::window`]).
    Windows,
    /// The lab answers under the name of another site as well.
    OtherSite,
    /// The lab answers at another port of this host as well.
    OtherPort,
}

impl Need {
    /// In words for the visitor.
    pub fn title(self) -> &'static str {
        match self {
            Self::Cookies => "cookies of this site are kept and sent",
            Self::SecureCookies => "cookies with Secure are kept at this address",
            Self::WebStorage => "web storage can be written",
            Self::Frames => "pages of this site are shown in frames",
            Self::Windows => "the browser opens a window when you ask for it",
            Self::OtherSite => "the lab answers under the name of another site, too",
            Self::OtherPort => "the lab answers at another port, too",
        }
    }

    async fn prove(self, run: &Run) -> Result<(), Trouble> {
        match self {
            Self::Cookies => cookies(run).await,
            Self::SecureCookies => secure_cookies(run).await,
            Self::WebStorage => web_storage(run),
            Self::Frames => OwnFrame::load("/lab/reader?report=none").await.map(drop),
            Self::Windows => Ok(()),
            Self::OtherSite => elsewhere::other_site(run).await.map(drop),
            Self::OtherPort => other_port(run).await.map(drop),
        }
    }
}

/// Proves what the experiment relies on; says what does not work here, and what would help.
pub(super) async fn prove(run: &Run) -> Result<(), Trouble> {
    for need in run.experiment().needs {
        need.prove(run).await?;
        run.go_on()?;
    }
    Ok(())
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
pub(super) async fn other_port(run: &Run) -> Result<u16, Trouble> {
    let travelled: Travelled = run.ask(&Ask::get("/lab/markers")).await?.ok()?.json()?;
    travelled.other_port.ok_or_else(|| {
        Trouble::cannot_be_tried(
            "This lab listens at one port only: a second one is opened where it runs for its own machine alone. Start it on \
             yours to try this.",
        )
    })
}
