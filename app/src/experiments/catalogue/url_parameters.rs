//! URL parameters: they carry data, anyone can read and change it, and it turns up where nobody sent it.

use crate::experiments::prelude::*;

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "url-parameters",
    title: "What an address gives away",
    group: Group::Travels,
    claims: &[C7],
    about: &[
        "An address may carry data: after the question mark stand pairs of a name and a value, joined by “&”. In \
         “/page?asd=lol&boo=no” there are two. These are URL parameters, and the server that is asked for the address \
         receives them as they are.",
        "But an address is not a letter in an envelope. It stands in the address bar, is kept, copied and passed on. \
         Here you send a parameter, change it as anybody could, and look for it in places that it was not sent to.",
    ],
    question: "A page puts data into an address and asks the server for it. Who can read the data, and who can change it?",
    choices: &[
        "Only the page and the server; the address is theirs.",
        "Whoever sees the address can read it and change it, and it is passed on to further places.",
        "Anybody can read it, but the server notices a change.",
    ],
    parameters: &[
        Parameter::word("value", "The value of asd", 24, "lol"),
        Parameter::word("changed", "What somebody makes of it", 24, "rofl"),
    ],
    steps: &[
        Step(
            "It arrives",
            "The page asks for an address with two parameters, asd and boo. The server answers with what it received.",
        ),
        Step(
            "Somebody changes it",
            "Like a visitor in their address bar, or a friend who passes a link on, the page puts another value into the \
             same address and asks again. Is there anything else in the request by which a server could tell?",
        ),
        Step(
            "It stays in the history",
            "The parameters are put into the address of this page. Look at the address bar: whoever looks over your \
             shoulder sees them, every script of the page can read them, and the browser's history keeps the address.",
        ),
        Step(
            "It goes along as the Referer",
            "While they stand there, the page asks for something else, at an address that has nothing to do with them. \
             By itself the browser adds a line “Referer” (the misspelling is the standard's): the address of the page \
             that asks. Then it asks once more and tells the browser to leave that out.",
        ),
        Step(
            "It is on every line of a log",
            "Servers note the first line of each request in their logs, and so do many machines on the way. This is that \
             line, for the first request and for the one with the Referer. This server leaves out of its log what \
             comes after the question mark; many do not.",
        ),
    ],
    alone: false,
    needs: &[],
    takes: 2,
    opens: &[],
    in_general: &[
        "Parameters are good for what may be seen, changed and passed on: which page of a list, what to search for. That \
         a link can be handed to somebody else is their use. A password or the key of a session has no place there.",
        "How much the Referer says is for the page to decide. Without a word from the page browsers send the whole \
         address to the same site and only its beginning, such as “https://example.com/”, to others. This site tells \
         them to send it to this site alone (Referrer-Policy: same-origin).",
        "HTTPS hides the parameters from those who listen on the way, but not from anybody named here.",
        "The same holds for cookies that scripts can read, but they are not passed on with a link, nor shown in the \
         address bar.",
    ],
    other_browsers: "Chrome since 85, Firefox since 87 and Safari send only the beginning of an address to other sites, unless \
                a page allows more (MDN, Referrer-Policy). Older ones sent it whole.",
    sources: &[
        Source {
            says: "Data that should not be seen does not belong into an address:",
            rule: "RFC 9110 §17.9",
            link: "https://www.rfc-editor.org/rfc/rfc9110.html#section-17.9",
        },
        Source {
            says: "The Referer is the address that the request came from:",
            rule: "RFC 9110 §10.1.3",
            link: "https://www.rfc-editor.org/rfc/rfc9110.html#section-10.1.3",
        },
        Source {
            says: "How a page limits it:",
            rule: "W3C Referrer Policy §3",
            link: "https://www.w3.org/TR/referrer-policy/#referrer-policies",
        },
    ],
};

pub(super) const PROCEDURE: Procedure = Procedure {
    window: no_window,
    run: |run| Box::pin(experiment(run)),
    clean: |run| Box::pin(async move { leave_address(&run) }),
};

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    let (value, changed) = (run.value("value"), run.value("changed"));

    run.step(0).await?;
    let first = page(&run, &value).await?;
    run.saw(Lane::Server, "What the server reads in the address", parameters(&first));

    run.step(1).await?;
    let second = page(&run, &changed).await?;
    run.saw(Lane::Server, "What the server reads in the address", parameters(&second));
    let silent = first.received.fields == second.received.fields;
    let telling = match silent {
        true => "Nothing. All header fields are the same, to the letter.",
        false => "Header fields differ as well, so something on the way writes into the requests.",
    };
    run.saw(Lane::Server, "What else differs", telling);

    run.step(2).await?;
    // A page that was reloaded in the middle still has them.
    leave_address(&run);
    readdress(&with_parameters(&address(), &value));
    run.saw(Lane::Browser, "What any script of the page can read: location.href", address());
    let kept = address().ends_with(&query(&value));

    run.step(3).await?;
    let elsewhere = Ask::get("/lab/echo/elsewhere");
    run.saw(Lane::Browser, "What the page does", elsewhere.to_string());
    let told = run.echo(&elsewhere).await?;
    run.saw(Lane::Wire, "As it arrived", told.head());
    let referer = told.field("referer").unwrap_or_default();
    run.saw(Lane::Server, "The Referer that the server received", if referer.is_empty() { "None." } else { referer });
    let quiet = elsewhere.bare();
    run.saw(Lane::Browser, "The same, told to leave it out", quiet.to_string());
    let untold = run.echo(&quiet).await?;
    run.saw(Lane::Wire, "As it arrived then", untold.head());
    leave_address(&run);

    run.step(4).await?;
    for request in [&first, &told] {
        let line = request.head().lines().next().unwrap_or_default().to_owned();
        run.saw(Lane::Server, "The first line, as it was received", line);
    }

    let passed_on = match (referer.ends_with(&query(&value)), untold.field("referer")) {
        (true, None) => {
            "a request that had nothing to do with it carried it along as the Referer, until it was told not to"
        }
        (true, Some(_)) => "a request that had nothing to do with it carried it along as the Referer",
        (false, _) => "this browser, or something on the way, kept it out of the Referer",
    };
    let history = if kept { "The history of this tab had it" } else { "This browser kept it out of the address bar" };
    let words = format!("“asd={value}” arrived as it was, and so did “asd={changed}”. {history}, and {passed_on}.");
    Ok(match silent {
        true => Verdict::holds(1, format!("{words} Nothing else in the requests told the change.")),
        false => Verdict::holds_with_a_catch(
            1,
            format!("{words} But the requests differed in more than that: something on the way writes into them."),
        ),
    })
}

fn query(value: &str) -> String {
    format!("asd={value}&boo=no")
}

/// Asks for an address with this value, and shows that it arrived to the letter.
async fn page(run: &Run, value: &str) -> Result<Echo, Trouble> {
    let path = with_parameters("/lab/echo/page", value);
    let ask = Ask::get(&path).bare();
    run.saw(Lane::Browser, "What the page does", ask.to_string());
    let echo = run.echo(&ask).await?;
    run.saw(Lane::Wire, "The request, as it arrived", echo.head());
    match echo.received.path == path {
        true => Ok(echo),
        false => Err(Trouble::because(
            "An address arrived changed: something between this browser and the server rewrites it. Try another network.",
        )),
    }
}

fn with_parameters(address: &str, value: &str) -> String {
    let joined_by = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joined_by}{}", query(value))
}

/// Takes the parameters out of this page's address, if they are there.
fn leave_address(run: &Run) {
    if let Some(before) = address().strip_suffix(&query(&run.value("value"))) {
        readdress(before.trim_end_matches(['?', '&']));
    }
}

fn parameters(echo: &Echo) -> Sight {
    let (_, query) = echo.received.path.split_once('?').unwrap_or_default();
    let rows =
        form_urlencoded::parse(query.as_bytes()).map(|(name, value)| vec![name.into_owned(), value.into_owned()]);
    Sight::Table(&["Name", "Value"], rows.collect())
}
