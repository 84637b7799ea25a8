//! The sealed cookie: data that the client keeps, encrypted with a secret of the server, and what that cannot prevent.

use crate::experiments::prelude::*;

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "sealed-cookie",
    title: "The sealed cookie",
    group: Group::Server,
    claims: &[C9],
    about: &[
        "A server that wants to keep nothing can let the browser keep it: in a cookie, encrypted with a secret that stays \
         on the server. The browser carries a text that it can neither read nor change.",
        "The server seals with AES-256-GCM: whoever changes one character of the text breaks it. Then you try what is \
         left: to send an old cookie once more.",
    ],
    question: "The server gets back a cookie that it has sealed. What can it be sure of?",
    choices: &[
        "That nobody read or changed it, and that it is the latest.",
        "That nobody read or changed it, but not that it is the latest.",
        "Of nothing: what lies in the browser can always be changed.",
    ],
    parameters: &[
        Parameter::word("value", "What is sealed", 200, "role.guest"),
        Parameter::word("later", "What it becomes", 200, "role.nobody"),
    ],
    steps: &[
        Step(
            "Sealed and opened",
            "The server seals the value, the browser keeps it as a cookie, and the server opens it.",
        ),
        Step("One character changed", "The browser changes one character of the cookie and sends it."),
        Step(
            "An old one again",
            "The server seals a newer value. The browser puts the old cookie back and sends that.",
        ),
        Step(
            "A new key",
            "The server takes a new key and keeps the old one for a while; then it gives the old one up.",
        ),
    ],
    alone: false,
    needs: &[Need::Cookies],
    takes: 3,
    opens: &[],
    in_general: &[
        "Sealing keeps the contents secret and whole. It does not know about time: an old cookie is as genuine as a new \
         one. So a basket may be kept like this, but not how much money is left, nor whether somebody has logged out.",
        "The cookie grows by the sealing, and travels with every request. And when the key is changed, cookies that were \
         sealed with the old one open only for as long as the server keeps that too.",
    ],
    other_browsers: "All browsers do this alike: to them it is a cookie like any other.",
    sources: &[
        Source {
            says: "Servers may encrypt and sign what they put into cookies, and that does not prevent replay:",
            rule: "RFC 6265bis §8.3",
            link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-8.3",
        },
        Source {
            says: "Authenticated encryption with additional data:",
            rule: "RFC 5116 §2",
            link: "https://www.rfc-editor.org/rfc/rfc5116.html#section-2",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: no_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    let (name, value) = (run.name("sealed"), run.value("value"));

    run.step(0).await?;
    let sealed = seal(&run, &name, &value).await?;
    let opened = open(&run, &name, &sealed, "1").await?;
    let whole = opened.value.as_ref() == Some(&value);
    run.saw(
        Lane::Wire,
        "Bytes of the value, plain and sealed",
        Sight::Bars(vec![
            ("plain".to_owned(), value.len() as f64, format!("{} bytes", value.len())),
            ("sealed".to_owned(), sealed.len() as f64, format!("{} bytes", sealed.len())),
        ]),
    );

    run.step(1).await?;
    let middle = sealed.len() / 2;
    let other = if sealed[middle..].starts_with('A') { "B" } else { "A" };
    let changed = format!("{}{other}{}", &sealed[..middle], &sealed[middle + 1..]);
    let broken = open(&run, &name, &changed, "1").await?.value.is_none();

    run.step(2).await?;
    let newer = seal(&run, &name, &run.value("later")).await?;
    open(&run, &name, &newer, "1").await?;
    let replayed = open(&run, &name, &sealed, "1").await?.value.as_ref() == Some(&value);

    run.step(3).await?;
    let kept = open(&run, &name, &sealed, "2,1").await?.key == Some(1);
    let given_up = open(&run, &name, &sealed, "3,2").await?.value.is_none();

    // A short word may stand in any text by chance.
    let hidden = value.len() < 6 || !sealed.contains(&value);
    let size = format!("{} bytes became {}.", value.len(), sealed.len());
    Ok(match (whole && hidden && broken && kept && given_up, replayed) {
        (true, true) => Verdict::holds_with_a_catch(
            1,
            format!(
                "It could not be read, and changed it did not open. But the old one opened as if nothing had been. {size}"
            ),
        ),
        (true, false) => Verdict::holds(0, format!("Neither a changed nor an old cookie opened. {size}")),
        (false, _) => Verdict::does_not_hold(2, "The cookie did not come back as it was sealed: see the steps above."),
    })
}

async fn seal(run: &Run, name: &str, value: &str) -> Result<String, Trouble> {
    let ask = Ask::post("/lab/seal", &[("name", name), ("value", value), ("key", "1")]);
    let sealed = run.ask(&ask).await?.ok()?.body;
    run.saw(Lane::Server, format!("“{value}”, sealed"), sealed.clone());
    Ok(sealed)
}

/// Puts the text into the cookie, and lets the server open what arrives with the keys of these numbers.
async fn open(run: &Run, name: &str, sealed: &str, keys: &str) -> Result<Opened, Trouble> {
    let line = format!("{name}={sealed}; Path=/lab; SameSite=Lax");
    run.set_cookie_by_script(&line)?;
    run.saw(Lane::Browser, "The cookie", line);
    let ask = Ask::get(format!("/lab/unseal?name={name}&keys={keys}"));
    let opened: Opened = run.ask(&ask).await?.ok()?.json()?;
    let said = match (&opened.value, opened.key) {
        (Some(value), Some(key)) => format!("Key {key} opens it: “{value}”"),
        _ => "No key opens it.".to_owned(),
    };
    run.saw(Lane::Server, format!("Opened with the keys {keys}"), said);
    Ok(opened)
}
