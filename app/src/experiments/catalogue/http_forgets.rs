//! HTTP forgets: requests that nobody can connect, then with a URL parameter, then with a cookie.

use crate::experiments::prelude::*;

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "http-forgets",
    title: "HTTP forgets",
    group: Group::Travels,
    claims: &[C6],
    about: &[
        "A browser talks to a server in requests: “give me this page”, and the server answers. Each request stands for \
         itself. Nothing in it says that it comes from the one who asked a moment ago.",
        "So how does a shop know what is in your basket? Something has to be carried along with each request. Here you \
         send the same request several times: first with nothing, then with a word in its address, then with a cookie.",
    ],
    question: "A page sends the same request several times within a second. Can the server tell from the requests that \
               they come from one visitor?",
    choices: &[
        "Yes, a server remembers who has just asked.",
        "No, unless the browser carries something along that tells it.",
        "Only once the visitor has logged in.",
    ],
    parameters: &[
        Parameter::number("requests", "Requests each time", 2..=8, 2),
        Parameter::word("visitor", "What is carried along", 24, "visitor-7"),
    ],
    steps: &[
        Step(
            "The same request, carrying nothing",
            "The page sends a request without cookies and without its own address, and again. The server answers with \
             what arrived. Compare the texts: is there anything that connects them?",
        ),
        Step(
            "With a URL parameter",
            "The same requests, with a word in the address: after the question mark, name and value. The server can read \
             it, and count.",
        ),
        Step(
            "With a cookie",
            "The server hands the word over once, with a line “Set-Cookie”. From then on the browser sends it along by \
             itself; the page asks as it did at first.",
        ),
    ],
    alone: false,
    needs: &[Need::Cookies],
    takes: 2,
    opens: &[],
    in_general: &[
        "HTTP is stateless: a server must be able to understand each request by itself, and nothing in the protocol joins \
         two of them. What joins them is put there: a parameter that the page adds to every address, or a cookie, which \
         the browser adds.",
        "A server does see more than the text of the request: the address that it came from and the connection. \
         A household or a company shares one address, a phone changes it on the way, and connections come and go, so \
         neither is a name for a visitor.",
    ],
    other_browsers: "All browsers do this alike. Where cookies are blocked, the last step fails, and only the parameter is left.",
    sources: &[
        Source {
            says: "Each request can be understood in isolation:",
            rule: "RFC 9110 §3.3",
            link: "https://www.rfc-editor.org/rfc/rfc9110.html#section-3.3",
        },
        Source {
            says: "Cookies were made to keep state over a protocol that is mostly stateless:",
            rule: "RFC 6265bis §1",
            link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-1",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: no_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    let (visitor, cookie) = (run.value("visitor"), run.name("visitor"));

    run.step(0).await?;
    let plain = Ask::get("/lab/echo/visit").bare();
    let nothing = visits(&run, &plain).await?;
    let same = nothing.iter().all(|visit| visit.head() == nothing[0].head());
    let telling = match same {
        true => "Nothing. Letter for letter they are the same: so would be one from anybody with the same browser.",
        false => "They differ, so something on the way writes into them.",
    };
    run.saw(Lane::Server, "What connects them", telling);

    run.step(1).await?;
    let by_parameter = visits(&run, &Ask::get(format!("/lab/echo/visit?visitor={visitor}")).bare()).await?;
    let said = format!("visitor={visitor}");
    let named = by_parameter.iter().filter(|visit| visit.received.path.ends_with(&said)).count();
    run.saw(Lane::Server, "What connects them", count(named, by_parameter.len(), "parameter", &visitor));
    if named < by_parameter.len() {
        return Err(Trouble::because(
            "An address arrived changed: something between this browser and the server rewrites it. Try another network.",
        ));
    }

    run.step(2).await?;
    let line = format!("{cookie}={visitor}; Path=/; SameSite=Lax");
    run.set_cookie_by_http(&line).await?;
    run.saw(Lane::Server, "Sent once with an answer", format!("Set-Cookie: {line}"));
    let by_cookie = visits(&run, &Ask::get("/lab/echo/visit")).await?;
    let bytes = (cookie.len() + visitor.len()) as u32;
    let carried = by_cookie.iter().filter(|visit| visit.carried(&cookie) == Some(bytes)).count();
    run.saw(Lane::Server, "What connects them", count(carried, by_cookie.len(), "cookie", &visitor));

    let all = nothing.len();
    Ok(match (same, carried == all) {
        (false, _) => Verdict::does_not_hold(
            0,
            "The requests that carried nothing arrived with different texts: something between this browser and the \
             server writes into them, and that could connect them.",
        ),
        (true, true) => Verdict::holds(
            1,
            format!(
                "{all} requests arrived as {all} times the same {} bytes of header fields, and nothing connected them. \
                 With the parameter all {named}, and with the cookie all {carried}, said “{visitor}”.",
                thousands(nothing[0].bytes().into())
            ),
        ),
        (true, false) => Verdict::holds_with_a_catch(
            1,
            format!(
                "{all} requests that carried nothing were all the same, and the parameter connected {named} of them. But \
                 the cookie came along with {carried} of {all}: this browser blocks cookies for this site."
            ),
        ),
    })
}

/// Sends a request as often as the visitor wants, and shows each as it arrived.
async fn visits(run: &Run, ask: &Ask) -> Result<Vec<Echo>, Trouble> {
    let mut visits = Vec::new();
    run.saw(Lane::Browser, format!("What the page does, {} times", run.number("requests")), ask.to_string());
    for number in 1..=run.number("requests") {
        let visit = run.echo(ask).await?;
        run.saw(Lane::Wire, format!("Request {number}, as it arrived"), visit.head());
        visits.push(visit);
    }
    Ok(visits)
}

fn count(named: usize, all: usize, by: &str, visitor: &str) -> String {
    format!("The {by}: {named} of {all} say “{visitor}”.")
}
