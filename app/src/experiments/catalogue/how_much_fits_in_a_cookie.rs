//! How much fits in a cookie: to the byte, in letters of one, two and four bytes, by a script and by the server.

use crate::{
    browser::{Search, cookies::CookieLine},
    experiments::prelude::*,
};

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "how-much-fits-in-a-cookie",
    title: "How much fits in a cookie",
    group: Group::Kept,
    claims: &[C2],
    about: &[
        "Pictures that compare the stores of a browser say that a cookie holds 4 KB. But of what: of letters or of bytes, \
         of the value alone or with the name? And what becomes of a cookie that is too large? Nobody is told: a script \
         sets it, no error comes, and it is not there.",
        "Computers keep text as bytes. In UTF-8, the usual way, an “a” takes one byte, an “é” two, and a “😀” four. Here \
         cookies are filled with each of them, larger and smaller by turns, until the limit is known to the byte.",
    ],
    question: "A cookie is filled with a, another with é, a third with 😀. When is it full?",
    choices: &[
        "After the same number of letters in all three.",
        "After the same number of bytes, name and value together: fewer letters where each takes more bytes.",
        "After the same number of bytes of the value; how long the name is does not matter.",
        "Never: what is too long is cut off at its end and the rest is kept.",
        "Never: it is kept whole, however long it is.",
    ],
    parameters: &[Parameter::number("name", "Bytes of the name", 24..=2_048, 32)],
    steps: &[
        Step(
            "The largest, in three alphabets",
            "A script sets a cookie, looks whether it is there, and deletes it. What is kept is tried twice as large, \
             then the middle between what is kept and what is not, until one byte is between them.",
        ),
        Step(
            "A longer name",
            "The same once more, with a name that is 100 bytes longer: if the name counts, there is less room for the value.",
        ),
        Step(
            "What does not count",
            "The largest cookie again, now with more attributes behind it: they say how long it is kept and where it is sent.",
        ),
        Step(
            "By the server",
            "The server sets a cookie of this size with the line “Set-Cookie”, and then one that is a byte larger. What is \
             kept is sent back, so the server sees it.",
        ),
    ],
    alone: false,
    needs: &[Need::Cookies],
    takes: 5,
    opens: &[],
    in_general: &[
        "The rule counts bytes: of the name and the value together, without the “=” between them and without the \
         attributes. What is larger than 4,096 is dropped whole, and neither a script nor the server is told.",
        "So a cookie holds some four thousand plain letters, but only about a thousand emoji. A page that stores text in \
         cookies has to count bytes, and to look whether it is there.",
    ],
    other_browsers: "The limit of 4,096 bytes is in the draft that Chromium, Firefox and Safari follow, and the shared tests of \
                the browsers try it. A browser that leaves its cookies to a library of the system, as WebKitGTK does, may \
                have none; then it is the server that refuses.",
    sources: &[
        Source {
            says: "A cookie whose name and value are larger than 4,096 bytes is ignored:",
            rule: "RFC 6265bis §5.7, step 4",
            link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.7",
        },
        Source {
            says: "The browsers’ shared tests of it, ten cases at 4,096 and 4,097:",
            rule: "web-platform-tests cookies/size/name-and-value.html",
            link: "https://github.com/web-platform-tests/wpt/blob/master/cookies/size/name-and-value.html",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: no_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

const LETTERS: [&str; 3] = ["a", "é", "😀"];
/// Nothing larger is looked for.
const MOST: u32 = 65_536;
/// The choice that is right where there is no limit.
const NO_LIMIT: usize = 4;
/// So much longer is the second name.
const LONGER: u32 = 100;
const ATTRIBUTES: &str = "Path=/; SameSite=Lax; Max-Age=60";

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    let named = |bytes: u32| format!("{:n<width$}", run.name(""), width = bytes as usize);
    let (name, longer) = (named(run.number("name")), named(run.number("name") + LONGER));

    run.step(0).await?;
    if !kept(&run, &line(&name, "a", run.number("name") + 1))? {
        return Err(Trouble::because("This browser keeps no cookie for this site. Allow cookies, then run it again."));
    }
    let script = format!(
        "document.cookie = `{name}=${{value}}; {ATTRIBUTES}`\nconst kept = document.cookie.includes(`{name}=${{value}}`)\n\
         document.cookie = '{name}=; Path=/; Max-Age=0'"
    );
    run.saw(Lane::Browser, "What the page does, with one value after the other", script);
    let mut limits = Vec::new();
    for letter in LETTERS {
        match largest(&run, &name, letter).await? {
            Some(limit) => limits.push(limit),
            None => return Ok(no_limit(letter)),
        }
    }
    let room = |limit: u32, letter: &str| (limit - name.len() as u32) / letter.len() as u32;
    let row = |(limit, letter): (&u32, &str)| {
        vec![
            letter.to_owned(),
            letter.len().to_string(),
            thousands((*limit).into()),
            thousands(room(*limit, letter).into()),
            format!("{}: not kept", thousands((limit + 1).into())),
        ]
    };
    let rows = limits.iter().zip(LETTERS).map(row).collect();
    let headings =
        &["Filled with", "Bytes of the letter", "Largest: name and value, bytes", "Such letters", "A byte more"];
    run.saw(Lane::Browser, "What this browser keeps", Sight::Table(headings, rows));

    run.step(1).await?;
    let Some(with_longer) = largest(&run, &longer, LETTERS[0]).await? else { return Ok(no_limit(LETTERS[0])) };
    let values = [(&name, limits[0]), (&longer, with_longer)];
    let bar = |(name, limit): (&String, u32)| {
        let value = limit - name.len() as u32;
        let words = format!("{} bytes of value", thousands(value.into()));
        (format!("name of {} bytes", thousands(name.len() as u64)), f64::from(value), words)
    };
    run.saw(Lane::Browser, "StorageEstimate for the value", Sight::Bars(values.map(bar).into()));

    run.step(2).await?;
    let ignored = format!("{}; lab-unknown={}", line(&name, LETTERS[0], limits[0]), "x".repeat(500));
    let attributes_count = !kept(&run, &ignored)?;
    let said = if attributes_count { "It is not kept: they count as well." } else { "It is kept: they do not count." };
    run.saw(Lane::Browser, format!("With {} bytes of attributes", attributes(&ignored)), said);

    run.step(3).await?;
    let mut by_http = Vec::new();
    for (bytes, said) in [(limits[1], "the largest"), (limits[1] + 1, "a byte more")] {
        let line = line(&name, LETTERS[1], bytes);
        run.set_cookie_by_http(&line).await?;
        let sent =
            format!("Set-Cookie: {name}=ééé…; {ATTRIBUTES}\n\nname and value: {} bytes", thousands(bytes.into()));
        run.saw(Lane::Server, format!("Sent: {said}"), sent);
        let echo = run.echo(&Ask::get("/lab/echo/full")).await?;
        let came = echo.carried(&name);
        let words = came.map_or("No cookie of this name.".to_owned(), |came| {
            format!("{} bytes of name and value.", thousands(came.into()))
        });
        run.saw(Lane::Wire, format!("Came back: {said}"), words);
        by_http.push(came == Some(bytes));
        run.set_cookie_by_http(&CookieLine::parse(&line).deletion().text()).await?;
    }

    let [ascii, accented, emoji] = [0, 1, 2].map(|place| (limits[place], room(limits[place], LETTERS[place])));
    let figures = format!(
        "With a name of {} bytes there is room for {} a, {} é or {} 😀: {}, {} and {} bytes of name and value.",
        thousands(name.len() as u64),
        thousands(ascii.1.into()),
        thousands(accented.1.into()),
        thousands(emoji.1.into()),
        thousands(ascii.0.into()),
        thousands(accented.0.into()),
        thousands(emoji.0.into())
    );
    let same_bytes = limits.iter().all(|limit| *limit == limits[0]);
    let name_counts = with_longer == limits[0];
    Ok(match (same_bytes, name_counts) {
        (true, true) if !attributes_count && by_http == [true, false] => Verdict::holds(
            1,
            format!(
                "{figures} A name longer by {LONGER} bytes leaves so much less for the value, attributes do not count, \
                     and a cookie of the server is held to the same byte."
            ),
        ),
        (true, true) => Verdict::holds_with_a_catch(
            1,
            format!(
                "{figures} But attributes, or a cookie set by the server, are counted in another way: see the steps."
            ),
        ),
        (true, false) => Verdict::does_not_hold(2, format!("{figures} The name does not count.")),
        (false, _) if ascii.1 == accented.1 => {
            Verdict::does_not_hold(0, format!("{figures} It is letters that count."))
        }
        (false, _) => Verdict::does_not_hold(0, format!("{figures} It is not bytes in UTF-8 that count.")),
    })
}

fn no_limit(letter: &str) -> Verdict {
    Verdict::does_not_hold(
        NO_LIMIT,
        format!(
            "A cookie of {} bytes of name and value, filled with {letter}, was kept whole: no limit was met, and nothing \
             larger was tried. What refuses such a cookie is the server that it is sent to.",
            thousands(MOST.into())
        ),
    )
}

/// The largest cookie of this name that is kept, in bytes of name and value, found by halving; `None` where all were kept.
async fn largest(run: &Run, name: &str, letter: &str) -> Result<Option<u32>, Trouble> {
    let mut search = Search::up_to(MOST);
    let mut tried = Vec::new();
    while let Some(bytes) = search.ask() {
        let fits = bytes < name.len() as u32 || kept(run, &line(name, letter, bytes))?;
        if bytes >= name.len() as u32 {
            tried.push(format!("{} {}", thousands(bytes.into()), if fits { "kept" } else { "not kept" }));
        }
        search.tell(bytes, fits);
        run.says(format!("Filled with {letter}: {} bytes are kept", thousands(search.so_far().into())));
        run.wait(0).await?;
    }
    run.saw(Lane::Browser, format!("Tried with {letter}, bytes of name and value"), tried.join(", "));
    match search.so_far() {
        most if most <= name.len() as u32 => {
            Err(Trouble::because("This browser stopped keeping cookies in the middle. Run it again."))
        }
        _ => Ok(search.found()),
    }
}

/// Sets a cookie, looks whether it is there as it was set, and deletes it before anything can travel.
fn kept(run: &Run, line: &str) -> Result<bool, Trouble> {
    let cookie = CookieLine::parse(line);
    run.set_cookie_by_script(line)?;
    let kept = run.cookie_for_scripts(&cookie.name).is_some_and(|value| value == cookie.value);
    run.set_cookie_by_script(&cookie.deletion().text())?;
    Ok(kept)
}

/// The line of a cookie of so many bytes; where the letters do not come out even, it ends with one of a byte.
fn line(name: &str, letter: &str, bytes: u32) -> String {
    let room = (bytes as usize).saturating_sub(name.len());
    let value = letter.repeat(room / letter.len()) + &"a".repeat(room % letter.len());
    format!("{name}={value}; {ATTRIBUTES}")
}

/// Bytes of a line after the pair.
fn attributes(line: &str) -> usize {
    line.split_once(';').map_or(0, |(_, attributes)| attributes.len())
}
