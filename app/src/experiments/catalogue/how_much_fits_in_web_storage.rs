//! How much fits in web storage: both areas, filled to the unit in three alphabets.

use crate::{
    browser::{
        Area,
        filled_area::{fill_up, kept, swept},
        probe::ALPHABETS,
    },
    experiments::prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::DomException;

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "how-much-fits-in-web-storage",
    title: "How much fits in web storage",
    group: Group::Kept,
    claims: &[C2],
    about: &[
        "Pictures that compare the stores of a browser say that localStorage holds 5 MB, or 10, and sessionStorage 5. But \
         millions of what? A letter can be counted in several ways: as one letter, as the bytes that it takes in a file, \
         or as the units in which JavaScript keeps text.",
        "In UTF-8, the usual way of writing files, an “a” takes one byte, a “漢” three and a “😀” four. In JavaScript, \
         which uses UTF-16, “a” and “漢” take one unit each and “😀” two. Here both areas are filled with each of them \
         until not one unit more fits. Afterwards there is as much room as before.",
    ],
    question: "localStorage is filled with a, then with 漢, then with 😀. When is it full?",
    choices: &[
        "After the same number of bytes in UTF-8, as a cookie: the most a, fewer 漢, fewest 😀.",
        "After the same number of UTF-16 units: as many 漢 as a, and half as many 😀.",
        "After the same number of letters, whichever they are.",
        "After the same number of bytes where a plain letter takes one, and each unit of other letters two.",
        "In none of these ways.",
    ],
    parameters: &[],
    steps: &[
        Step(
            "What is there already",
            "What the areas keep now takes room too. It stays as it is, and is counted in below.",
        ),
        Step(
            "sessionStorage, in three alphabets",
            "A script fills it with more and more, twice as much each time, until the browser refuses; then it halves what \
             is left, until one unit is between what fits and what does not. Then it asks for one entry more.",
        ),
        Step("localStorage, in three alphabets", "The same with the other area."),
        Step(
            "A thousandth of it in a cookie",
            "For comparison: would a cookie take even a thousandth of what localStorage has just taken?",
        ),
    ],
    alone: true,
    needs: &[Need::WebStorage],
    takes: 10,
    opens: &[],
    in_general: &[
        "The standard asks for some five mebibytes for each area of an origin and leaves the counting to the browser. \
         Names count as well as values. An area that is full says so: setItem fails with a QuotaExceededError, unlike a \
         cookie, which is dropped without a word.",
        "So code that stores a lot has to expect that error each time it writes. How much a user has room for differs with \
         the browser, the letters, and what else the site has stored.",
    ],
    other_browsers: "Chromium’s source counts two bytes for each unit, up to 10 MiB: 5,242,880 units. WebKit’s counts one byte \
                for each letter of a plain text and two for each unit of others, up to 5 MB. Firefox’s setting is 5,120 KB, \
                shared by the origins of a site.",
    sources: &[
        Source {
            says: "Each area has a quota of 5 × 2²⁰ bytes:",
            rule: "WHATWG Storage §4",
            link: "https://storage.spec.whatwg.org/#registered-storage-endpoints",
        },
        Source {
            says: "setItem throws a QuotaExceededError if the value could not be set:",
            rule: "WHATWG HTML §12.2.1",
            link: "https://html.spec.whatwg.org/multipage/webstorage.html#dom-storage-setitem",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: no_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    swept(filled(&run)).await
}

async fn filled(run: &Run) -> Result<Verdict, Trouble> {
    run.step(0).await?;
    let mut before = Vec::new();
    for area in [Area::Session, Area::Local] {
        before.push(kept(area).await);
    }
    let bars = [("sessionStorage", before[0]), ("localStorage", before[1])];
    let bar = |(name, units): (&str, u32)| (name.to_owned(), f64::from(units), in_units(units));
    run.saw(Lane::Browser, "Names and values, now", Sight::Bars(bars.map(bar).into()));

    run.step(1).await?;
    let session = in_three_alphabets(run, Area::Session, "sessionStorage").await?;
    run.step(2).await?;
    let local = in_three_alphabets(run, Area::Local, "localStorage").await?;
    if before != [kept(Area::Session).await, kept(Area::Local).await] {
        return Err(Trouble::because("Something else wrote to the areas meanwhile. Run it again."));
    }

    run.step(3).await?;
    let bytes = (local[0] / 1_000) as usize;
    let name = run.name("thousandth");
    let value = "a".repeat(bytes.saturating_sub(name.len()));
    run.set_cookie_by_script(&format!("{name}={value}; Path=/; SameSite=Lax; Max-Age=60"))?;
    let in_cookie = run.cookie_for_scripts(&name).is_some_and(|read| read == value);
    let said = if in_cookie { "It is there." } else { "It is not there, and no error came." };
    run.saw(Lane::Browser, format!("A cookie of {} bytes", thousands(bytes as u64)), said);

    let figures = format!(
        "{} A cookie of a thousandth of that {}.",
        figures(session, local),
        if in_cookie { "was kept" } else { "was not" }
    );
    let right = counted(local);
    let alike = session.iter().zip(local).all(|(session, local)| nearly(*session, local));
    Ok(match (right == counted(session), alike) {
        (false, _) => Verdict::does_not_hold(right, format!("{figures} The two areas count in different ways.")),
        (true, false) => Verdict::holds(right, format!("{figures} All the places differ in how much they hold.")),
        (true, true) if in_cookie => {
            Verdict::does_not_hold(right, format!("{figures} No difference in capacity was seen here."))
        }
        (true, true) => Verdict::holds_with_a_catch(
            right,
            format!(
                "{figures} So the capacity of cookies differs from theirs; between the two areas there is no difference."
            ),
        ),
    })
}

/// Units that the area holds of each alphabet, what was there already counted in.
async fn in_three_alphabets(run: &Run, area: Area, called: &str) -> Result<[u32; 3], Trouble> {
    let mut limits = [0; 3];
    let mut rows = Vec::new();
    for (limit, letter) in limits.iter_mut().zip(ALPHABETS) {
        let says = |fits: u32| {
            run.says(format!("{called}, filled with {letter}: {} fit", in_units(fits)));
            run.go_on()
        };
        let Some(full) = fill_up(area, letter, says).await? else {
            return Err(Trouble::because(
                "No limit was found: the browser denies the area, has no room left, or takes everything. Allow this site \
                 to store data or delete something, then run it again.",
            ));
        };
        let refused = one_more(area, &run.name("more"))?;
        *limit = full.units + kept(area).await;
        drop(full);
        rows.push(vec![
            letter.to_owned(),
            letter.len().to_string(),
            wide(letter).to_string(),
            thousands((*limit).into()),
            thousands((*limit / wide(letter)).into()),
            refused,
        ]);
    }
    let headings =
        &["Filled with", "Bytes in UTF-8", "UTF-16 units", "Full at, units", "Such letters, at most", "One entry more"];
    run.saw(Lane::Browser, format!("{called}: what fits"), Sight::Table(headings, rows));
    Ok(limits)
}

/// What the browser says when one more is asked for.
fn one_more(area: Area, name: &str) -> Result<String, Trouble> {
    Ok(match area.open()?.set_item(name, "") {
        Ok(()) => {
            area.delete(name)?;
            "kept".to_owned()
        }
        Err(error) => error.dyn_into::<DomException>().map_or_else(|_| "an error".to_owned(), |error| error.name()),
    })
}

fn figures(session: [u32; 3], local: [u32; 3]) -> String {
    let told = |limits: [u32; 3]| match limits {
        [a, kanji, emoji] if a == kanji && kanji == emoji => format!("{} of any of the letters", in_units(a)),
        [a, kanji, emoji] => {
            format!("{} of a, {} of 漢 and {} of 😀", in_units(a), thousands(kanji.into()), thousands(emoji.into()))
        }
    };
    match session.iter().zip(local).all(|(session, local)| nearly(*session, local)) {
        true => format!("Each of the two areas is full at {}.", told(local)),
        false => format!("localStorage is full at {}, sessionStorage at {}.", told(local), told(session)),
    }
}

/// Whether two areas hold the same, but for what lies there already: a browser may count that in another way than we do.
fn nearly(one: u32, other: u32) -> bool {
    one.abs_diff(other) <= one.max(other) / 1_000
}

/// Which of the choices tells how these limits are counted. What names and the rest take is let pass, except where the
/// limits are the same to the unit.
fn counted([a, kanji, emoji]: [u32; 3]) -> usize {
    let near = |one: u64, other: u64| one.abs_diff(other) * 100 <= one.max(other);
    let [a, kanji, emoji] = [a, kanji, emoji].map(u64::from);
    if a == kanji && kanji == emoji {
        1
    } else if near(a, 3 * kanji) && near(a, 2 * emoji) {
        0
    } else if near(a, kanji) && near(2 * a, emoji) {
        2
    } else if near(a, 2 * kanji) && near(kanji, emoji) {
        3
    } else {
        4
    }
}

/// UTF-16 units of a letter.
fn wide(letter: &str) -> u32 {
    letter.encode_utf16().count() as u32
}

fn in_units(units: u32) -> String {
    format!("{} units", thousands(units.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_tell_how_they_are_counted() {
        assert_eq!(counted([5_242_880; 3]), 1);
        assert_eq!(counted([5_242_880, 1_747_626, 2_621_440]), 0);
        assert_eq!(counted([5_000_000, 5_000_000, 10_000_000]), 2);
        assert_eq!(counted([5_242_880, 2_621_440, 2_621_800]), 3);
        assert_eq!(counted([5_242_880, 5_242_880, 1]), 4);
    }
}
