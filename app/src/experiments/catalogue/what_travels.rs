//! Cookies travel, storage does not: the same value in a cookie, in sessionStorage and in localStorage, and what arrives.

use crate::{browser::Area, experiments::prelude::*};

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "what-travels",
    title: "Cookies travel, storage does not",
    group: Group::Travels,
    claims: &[C1, C3],
    about: &[
        "A browser has several places where a site can keep something on your machine: cookies, and the two web storages, \
         sessionStorage and localStorage. On the page they look alike: a name and a value.",
        "One thing sets them apart. Here the same value is put into all three. Then the page sends requests, and the \
         server tells what of it arrived.",
    ],
    question: "The same value lies in a cookie, in sessionStorage and in localStorage. The page sends a request and says \
               nothing about any of them. What arrives at the server?",
    choices: &[
        "All three: the server can read what its site has stored.",
        "The cookie alone, with every request, wanted or not.",
        "The cookie and localStorage, since both outlive the tab.",
        "Nothing, unless a script sends it.",
    ],
    parameters: &[Parameter::number("bytes", "Bytes of the value", 1..=2_048, 100)],
    steps: &[
        Step(
            "The same value in three places",
            "A script of this page writes the value into each place and reads it back. So far nothing has left the browser.",
        ),
        Step(
            "A request",
            "The page asks for an address, with no word about the value. The server answers with what it received.",
        ),
        Step("Other requests", "Another address, and a form that is sent: neither has any use for the value."),
        Step(
            "A script takes it along",
            "What lies in localStorage reaches the server only like this: a script reads it and puts it into a request, \
             here into a header field of its own.",
        ),
    ],
    alone: false,
    needs: &[Need::Cookies, Need::WebStorage],
    takes: 2,
    opens: &[],
    in_general: &[
        "The browser adds the cookies that match a request's site and path to each request by itself: pages, pictures, \
         forms. That is what they were made for, and the reason why a browser keeps only some 4 KB in each: what lies \
         there is sent again and again.",
        "Web storage is for the page's scripts alone. It can hold megabytes because it costs nothing on the way.",
        "All three keep the value on your machine. What a server learns of a cookie it learns anew with each request. A \
         session is kept in two places: its data on the server, and on your machine only an id, mostly in a cookie, so \
         that the id travels and the data does not.",
    ],
    other_browsers: "All browsers do this alike. A browser that blocks cookies sends none, and mostly denies web storage as well.",
    sources: &[
        Source {
            says: "The browser returns cookies with its requests:",
            rule: "RFC 6265bis §5.8",
            link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.8",
        },
        Source {
            says: "A server should use as few and as small cookies as possible, since they are in every request:",
            rule: "RFC 6265bis §6.1",
            link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-6.1",
        },
        Source {
            says: "Web storage was made because cookies are transmitted with every request:",
            rule: "WHATWG HTML §12.1",
            link: "https://html.spec.whatwg.org/multipage/webstorage.html#webstorage",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: no_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

/// What the value is made of, over and over.
const DIGITS: &str = "0123456789";

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    let bytes = run.number("bytes") as usize;
    let value: String = DIGITS.chars().cycle().take(bytes).collect();
    let [cookie, session, local] = ["cookie", "session", "local"].map(|place| run.name(place));

    run.step(0).await?;
    let line = format!("{cookie}={value}; Path=/; SameSite=Lax");
    run.set_cookie_by_script(&line)?;
    Area::Session.set(&session, &value)?;
    Area::Local.set(&local, &value)?;
    let script = format!(
        "const value = '0123456789…' // {} bytes\ndocument.cookie = `{cookie}=${{value}}; Path=/; SameSite=Lax`\n\
         sessionStorage.setItem('{session}', value)\nlocalStorage.setItem('{local}', value)",
        thousands(bytes as u64)
    );
    run.saw(Lane::Browser, "What the page does", script);
    let found = [
        ("cookie", &cookie, run.cookie_for_scripts(&cookie)),
        ("sessionStorage", &session, Area::Session.get(&session)),
        ("localStorage", &local, Area::Local.get(&local)),
    ];
    let row = |(place, name, found): &(&str, &String, Option<String>)| {
        let read = match found {
            Some(read) if *read == value => format!("the value, {} bytes", thousands(bytes as u64)),
            Some(_) => "something else".to_owned(),
            None => "nothing".to_owned(),
        };
        vec![(*place).to_owned(), (*name).clone(), read]
    };
    let rows = found.iter().map(row).collect();
    run.saw(Lane::Browser, "Read back", Sight::Table(&["Place", "Name", "What is there"], rows));

    run.step(1).await?;
    let mut requests = vec![request(&run, Ask::get("/lab/echo/travel")).await?];
    let bar = |place: &str, name: &str| {
        let bytes = came(&requests[0], name);
        (place.to_owned(), f64::from(bytes), format!("{} bytes", thousands(bytes.into())))
    };
    let bars =
        vec![bar("cookie, its name included", &cookie), bar("sessionStorage", &session), bar("localStorage", &local)];
    run.saw(Lane::Server, "What arrived", Sight::Bars(bars));

    run.step(2).await?;
    requests.push(request(&run, Ask::get("/lab/echo/another/address")).await?);
    requests.push(request(&run, Ask::post("/lab/echo/travel/form", &[("question", "why")])).await?);
    let carried: Vec<_> = requests.iter().filter_map(|request| request.carried(&cookie)).collect();
    let leaked = requests.iter().any(|request| came(request, &session) + came(request, &local) > 0);
    let sum: u32 = carried.iter().sum();
    let sum =
        format!("{} of {} carried the cookie: {} bytes in all.", carried.len(), requests.len(), thousands(sum.into()));
    run.saw(Lane::Server, "All requests until now", sum.clone());

    run.step(3).await?;
    let kept = Area::Local.get(&local).unwrap_or_default();
    let by_script = request(&run, Ask::get("/lab/echo/travel").header("lab-value", kept)).await?;
    let handed_over = by_script.field("lab-value") == Some(&value);
    let said = if handed_over { "All of it." } else { "It did not arrive." };
    run.saw(Lane::Server, "What arrived of localStorage", said);

    if leaked {
        return Ok(Verdict::does_not_hold(0, "Something that lay in web storage arrived without a script sending it."));
    }
    Ok(match carried.len() {
        0 => Verdict::does_not_hold(3, "Not even the cookie arrived: this browser blocks cookies for this site."),
        some if some == requests.len() => Verdict::holds(
            1,
            format!("{sum} Of sessionStorage and localStorage not one byte arrived, until a script sent it along."),
        ),
        _ => Verdict::holds_with_a_catch(1, format!("{sum} Of sessionStorage and localStorage not one byte arrived.")),
    })
}

/// Sends a request, and shows how it arrived.
async fn request(run: &Run, ask: Ask) -> Result<Echo, Trouble> {
    run.saw(Lane::Browser, "What the page does", ask.to_string());
    let echo = run.echo(&ask).await?;
    run.saw(Lane::Wire, "The request, as it arrived", echo.head());
    Ok(echo)
}

/// Bytes of what came along under this name: a cookie, or whatever header field says it.
fn came(echo: &Echo, name: &str) -> u32 {
    let fields = echo.received.fields.iter().filter(|field| field.value.contains(name));
    echo.carried(name).unwrap_or_else(|| fields.map(|field| field.bytes).sum())
}
