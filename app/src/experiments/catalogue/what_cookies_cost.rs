//! What cookies cost: more and more of them for one path, the bytes and the time of each request, and the server's refusal.

use crate::{browser::cookies::CookieLine, experiments::prelude::*};

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "what-cookies-cost",
    title: "What cookies cost",
    group: Group::Travels,
    claims: &[C3],
    about: &[
        "A cookie is set once, and then sent with every request that it is meant for. So its size is paid again and again: \
         with each picture, each script, each click.",
        "Here a page sets one cookie after the other, and after each it sends a request and counts. The cookies are meant \
         for a path of their own, where nothing else lives, so that no other request of yours carries them.",
    ],
    question: "A page sets more and more large cookies for one path. What becomes of its requests to that path?",
    choices: &[
        "Nothing much: what has been sent once need not be sent again.",
        "Each of them grows by all the cookies, until the server refuses it.",
        "The browser stops sending cookies before they are too many.",
    ],
    parameters: &[
        Parameter::number("bytes", "Bytes of each cookie", 1_000..=4_096, 3_000),
        Parameter::number("pairs", "Pairs of requests to compare", 10..=30, 10),
    ],
    steps: &[
        Step(
            "A request without them",
            "The page asks for the path before any cookie is set for it: so much a request takes anyway.",
        ),
        Step(
            "One cookie more, and again",
            "A script sets a cookie for this path and asks again, with the same words. The server counts what arrived. So \
             it goes on until the server reads no further.",
        ),
        Step(
            "Laden and unladen, by turns",
            "The cookie that was too much is taken away again. Then requests with all the others and requests to a path \
             without cookies take turns, and the page takes the time.",
        ),
        Step("Without them again", "The script deletes the cookies, and the same request is an ordinary one."),
    ],
    alone: false,
    needs: &[Need::Cookies],
    takes: 5,
    opens: &[],
    in_general: &[
        "A request’s header fields go out before anything else, and most connections of a household or a phone send more \
         slowly than they receive. So what lies in cookies delays each request a little, and a browser keeps it small: \
         4,096 bytes in a cookie, and not many cookies.",
        "A server reads so many bytes of a request’s head and no more. What is longer it answers with 431, “Request Header \
         Fields Too Large”, or it cuts the connection. A visitor whose cookies are too many for the whole site is locked \
         out of it until they delete them: no page of the site can help, since none can be asked for.",
        "Beside its server a browser notices next to nothing of this: on one machine thirty thousand bytes are there \
         within a millisecond.",
    ],
    other_browsers: "The browsers send all cookies alike. Servers differ in what they read: this one 32 KiB of a head over \
                HTTP/1.1, many others 8 KiB, and some answer 400 rather than 431.",
    sources: &[
        Source {
            says: "A server may refuse a request whose header fields are too large, by 431:",
            rule: "RFC 6585 §5",
            link: "https://www.rfc-editor.org/rfc/rfc6585.html#section-5",
        },
        Source {
            says: "A server should use as few and as small cookies as possible, since they are in every request:",
            rule: "RFC 6265bis §6.1",
            link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-6.1",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: no_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

/// So many cookies at most: fewer than for which any browser would throw out others.
const MOST: u32 = 40;

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    let path = format!("/lab/echo/{}", run.name("bomb"));
    let laden = Ask::get(&path);
    let unladen = Ask::get(format!("/lab/echo/{}", run.name("free")));
    let bytes = run.number("bytes");

    run.step(0).await?;
    run.saw(Lane::Browser, "What the page does", laden.to_string());
    let (first, took_ms) = answered(&run, &laden).await?;
    run.saw(Lane::Wire, "The request, as it arrived", first.head());
    let mut requests = vec![(first.bytes(), took_ms)];

    run.step(1).await?;
    let mut lines = Vec::new();
    let refusal = loop {
        let number = lines.len() as u32 + 1;
        let name = run.name(&format!("{number:02}"));
        let value = "x".repeat((bytes as usize).saturating_sub(name.len()));
        // What a page that is left in the middle cannot take away again ends by itself.
        let attributes = format!("Path={path}; Max-Age=120; SameSite=Lax");
        let line = format!("{name}={value}; {attributes}");
        if number == 1 {
            let script =
                format!("document.cookie = '{name}=xxx…; {attributes}' // {} bytes\n{laden}", thousands(bytes.into()));
            run.saw(Lane::Browser, "What the page does, again and again", script);
        }
        run.set_cookie_by_script(&line)?;
        lines.push(line);
        run.says(format!("{number} cookies, {} bytes", thousands((number * bytes).into())));
        match send(&run, &laden).await? {
            Outcome::Answered(echo, took_ms) => {
                let arrived = echo.received.cookies.iter().filter(|cookie| cookie.name.starts_with(&run.name("")));
                if arrived.map(|cookie| cookie.bytes).sum::<u32>() < number * bytes {
                    show(&run, &requests);
                    return Ok(Verdict::does_not_hold(
                        2,
                        format!(
                            "Not all of what was set arrived ({number} so far): this browser keeps or sends no more."
                        ),
                    ));
                }
                requests.push((echo.bytes(), took_ms));
            }
            Outcome::Refused(how) => break Some(how),
        }
        if number == MOST {
            break None;
        }
    };
    show(&run, &requests);
    let said = refusal.clone().unwrap_or_else(|| "It read them all.".to_owned());
    run.saw(Lane::Server, format!("What it made of {} cookies", lines.len()), said);
    let (elsewhere, _) = answered(&run, &unladen).await?;
    let words = format!("{} bytes of header fields, and an answer as ever.", thousands(elsewhere.bytes().into()));
    run.saw(Lane::Server, "A request to another path meanwhile", words);

    run.step(2).await?;
    if refusal.is_some()
        && let Some(last) = lines.pop()
    {
        delete(&run, &last)?;
    }
    let (mut heavy, mut light) = (Vec::new(), Vec::new());
    for number in 1..=run.number("pairs") {
        run.says(format!("Pair {number}"));
        heavy.push(answered(&run, &laden).await?.1);
        light.push(answered(&run, &unladen).await?.1);
    }
    let slower = heavy.iter().zip(&light).filter(|(heavy, light)| heavy > light).count();
    let pairs = heavy.len();
    let (heavy, light) = (median(heavy), median(light));
    let bar = |what: &str, took_ms: f64| (what.to_owned(), took_ms, milliseconds(took_ms));
    run.saw(
        Lane::Browser,
        "Until the answer, the middle one of all",
        Sight::Bars(vec![bar("with all these cookies", heavy), bar("without", light)]),
    );
    run.saw(Lane::Browser, "Pair by pair", format!("The laden request was the slower one in {slower} of {pairs}."));

    run.step(3).await?;
    for line in &lines {
        delete(&run, line)?;
    }
    let (last, _) = answered(&run, &laden).await?;
    run.saw(Lane::Wire, "The request, as it arrived", last.head());

    let (least, most) = (requests[0].0, requests.iter().map(|(bytes, _)| *bytes).max().unwrap_or_default());
    let grew = format!(
        "Each request carried all of them: its header fields grew from {} to {} bytes with {} cookies.",
        thousands(least.into()),
        thousands(most.into()),
        lines.len()
    );
    let time = format!(
        "Until the answer it took {} with them and {} without, and of {pairs} pairs the laden one was the slower in {slower}.",
        milliseconds(heavy),
        milliseconds(light)
    );
    let Some(how) = refusal else {
        return Ok(Verdict::holds_with_a_catch(1, format!("{grew} This server did not refuse it yet. {time}")));
    };
    let words =
        format!("{grew} One more, and this came back: {how} With them gone, the same path answers again. {time}");
    // By chance alone nine of ten pairs fall that way once in a hundred runs.
    Ok(match slower * 10 >= pairs * 9 {
        true => Verdict::holds(1, words),
        false => Verdict::holds_with_a_catch(
            1,
            format!("{words} So near the server that is no slowing down to speak of; on a slow line the bytes count."),
        ),
    })
}

/// What became of a request.
enum Outcome {
    /// How it arrived, and milliseconds until the answer.
    Answered(Echo, f64),
    /// In which words, or without any.
    Refused(String),
}

/// Sends a request that may be too large.
async fn send(run: &Run, ask: &Ask) -> Result<Outcome, Trouble> {
    match run.ask(ask).await {
        // Too many requests are not too large ones.
        Ok(answer) if (400..500).contains(&answer.status) && answer.status != 429 => {
            Ok(Outcome::Refused(format!("status {}, by this server.", answer.status)))
        }
        Ok(answer) => {
            let took_ms = answer.took_ms;
            Ok(Outcome::Answered(answer.ok()?.echo()?, took_ms))
        }
        Err(Trouble::Because(_)) => Ok(Outcome::Refused("no answer, the connection was cut.".to_owned())),
        Err(stopped) => Err(stopped),
    }
}

/// Sends a request that is to be answered.
async fn answered(run: &Run, ask: &Ask) -> Result<(Echo, f64), Trouble> {
    let answer = run.ask(ask).await?;
    let took_ms = answer.took_ms;
    Ok((answer.ok()?.echo()?, took_ms))
}

fn delete(run: &Run, line: &str) -> Result<(), Trouble> {
    run.set_cookie_by_script(&CookieLine::parse(line).deletion().text())
}

/// Shows how the requests grew, by bytes and by time.
fn show(run: &Run, requests: &[(u32, f64)]) {
    let each = || requests.iter().enumerate().map(|(cookies, request)| (format!("{cookies} cookies"), request));
    let sizes =
        each().map(|(name, (bytes, _))| (name, f64::from(*bytes), format!("{} bytes", thousands((*bytes).into()))));
    run.saw(Lane::Wire, "Header fields of each request", Sight::Bars(sizes.collect()));
    let times = each().map(|(name, (_, took_ms))| (name, *took_ms, milliseconds(*took_ms)));
    run.saw(Lane::Browser, "Until the answer of each", Sight::Bars(times.collect()));
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

fn milliseconds(figure: f64) -> String {
    format!("{figure:.1} ms")
}
