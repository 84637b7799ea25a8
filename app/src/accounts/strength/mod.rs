//! A meter for a password that is being chosen, judged by the server as it will be when it is sent; and a passphrase on request,
//! made in the browser. Without scripts there is nothing of it.

mod passphrase;

use super::{MAX_PASSWORD, MIN_PASSWORD, Strength, rate_password};
use crate::{
    reactive::State,
    ui::{effect, flag, handler, on_window, text},
};
use js_sys::JsString;
use leptos::{prelude::*, task::spawn_local};
use passphrase::suggest;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

const PROMISE: &str = "About 64 bits: five words out of 7,776. Save it in your password manager.";
const NO_PASSPHRASE: &str = "The words could not be fetched. Try again, or think of some yourself.";
/// How long somebody must have stopped typing before the server is asked.
const PAUSE: Duration = Duration::from_millis(300);
/// How long a verdict must have stood before it is read out.
const QUIET: Duration = Duration::from_millis(900);

/// What the meter shows and what it needs for that.
#[derive(Clone, Copy)]
struct Meter {
    /// The field's id.
    field: &'static str,
    /// Whether the field shows what is in it.
    shown: State<bool>,
    verdict: State<Strength>,
    /// The verdict as it is read out, some time after it is shown.
    spoken: State<String>,
    /// Of the passphrase that was asked for.
    note: State<&'static str>,
    /// Counts what was typed, so that an answer about something else is neither shown nor read out.
    count: State<u32>,
}

/// Goes below the field with this id, in the same form; `shown` is whether that shows its password. The form's username is
/// taken into account.
pub(super) fn strength(field: &'static str, shown: State<bool>) -> AnyView {
    let meter = Meter {
        field,
        shown,
        verdict: State::new(Strength::default()),
        spoken: State::new(String::new()),
        note: State::new(""),
        count: State::new(0),
    };
    effect(move || meter.watch());
    let Meter { verdict, spoken, note, .. } = meter;
    view! {
        <div class="strength needs-script">
            <div hidden=flag(move || verdict.read().words.is_empty())>
                <meter
                    aria-label="Password strength"
                    min="0"
                    max=Strength::STRONGEST.to_string()
                    value=text(move || verdict.read().level.to_string())
                ></meter>
                <p class="hint">{text(move || verdict.read().words.clone())}</p>
            </div>
            <button type="button" on:click=handler(move |_| meter.suggest())>
                "Suggest a passphrase"
            </button>
            <p class="hint" role="status">
                {text(move || note.get().to_owned())}
            </p>
            <p class="visually-hidden" role="status">
                {spoken.text()}
            </p>
        </div>
    }
    .into_any()
}

impl Meter {
    /// Follows the field. Listening at the window survives a field that is drawn anew, and ends with the page.
    fn watch(self) {
        let of_field = move |event: &Event| {
            let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            field.is_some_and(|field| field.id() == self.field)
        };
        on_window("input", move |event| {
            if of_field(event) {
                self.note.set("");
                self.judge();
            }
        });
        // It was typed in before the page woke.
        if self.input().is_some_and(|input| !input.value().is_empty()) {
            self.judge();
        }
    }

    /// None once the page was left: the next one may have a field of the same name.
    fn input(self) -> Option<HtmlInputElement> {
        self.count.try_get_untracked()?;
        document().get_element_by_id(self.field)?.dyn_into().ok()
    }

    /// Says at once whether the length is right. The rest is the server's to say, which hears nothing of what is too short or
    /// too long; where it does not answer there is no meter.
    fn judge(self) {
        let Some(input) = self.input() else { return };
        self.count.update(|count| *count = count.wrapping_add(1));
        let count = self.count.get_untracked();
        let password = input.value();
        if let Some(verdict) = judge_length(code_points(&password)) {
            return self.show(verdict, count);
        }
        let username = input.form().and_then(|form| form.query_selector("[autocomplete=username]").ok().flatten());
        let username = username.and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
        let username = username.map(|field| field.value()).unwrap_or_default();
        let ask = move || {
            if self.is_latest(count) {
                spawn_local(async move {
                    let verdict = rate_password(username, password).await.unwrap_or_default();
                    if self.is_latest(count) {
                        self.show(verdict, count);
                    }
                });
            }
        };
        set_timeout(ask, PAUSE);
    }

    /// Whether nothing was typed since, and the page not left.
    fn is_latest(self, count: u32) -> bool {
        self.count.try_get_untracked() == Some(count)
    }

    fn show(self, verdict: Strength, count: u32) {
        let spoken = verdict.words.clone();
        self.verdict.set(verdict);
        let speak = move || {
            if self.is_latest(count) {
                self.spoken.set(spoken);
            }
        };
        set_timeout(speak, QUIET);
    }

    /// Puts a passphrase into the field, for everybody to read: it has to be kept somewhere.
    fn suggest(self) {
        spawn_local(async move {
            let Ok(suggest) = suggest().await else {
                self.note.try_set(NO_PASSPHRASE);
                return;
            };
            let crypto = window().crypto().ok();
            let mut source = move || {
                let mut bytes = [0; 2];
                crypto.as_ref()?.get_random_values_with_u8_array(&mut bytes).ok()?;
                Some(u16::from_le_bytes(bytes))
            };
            let (Some(input), Some(phrase)) = (self.input(), suggest(&mut source)) else {
                self.note.try_set(NO_PASSPHRASE);
                return;
            };
            self.shown.set(true);
            input.set_value(&phrase);
            self.note.set(PROMISE);
            self.judge();
        });
    }
}

/// As the server counts: in Unicode's NFC, in which a letter and its accent are one.
fn code_points(password: &str) -> usize {
    String::from(JsString::from(password).normalize("NFC")).chars().count()
}

/// What the length alone decides: nothing typed, too little, too much.
fn judge_length(length: usize) -> Option<Strength> {
    let more = |count: usize| if count == 1 { "1 character".to_owned() } else { format!("{count} characters") };
    let words = match length {
        0 => String::new(),
        _ if length < MIN_PASSWORD => format!("Too short: {} more", more(MIN_PASSWORD - length)),
        _ if length > MAX_PASSWORD => format!("Too long: {} less", more(length - MAX_PASSWORD)),
        _ => return None,
    };
    Some(Strength { level: 0, words })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_that_the_server_refuses_is_told_in_characters() {
        let told = |length| judge_length(length).map(|verdict| verdict.words);
        assert_eq!(told(0).as_deref(), Some(""));
        assert_eq!(told(7).as_deref(), Some("Too short: 8 characters more"));
        assert_eq!(told(14).as_deref(), Some("Too short: 1 character more"));
        assert_eq!((told(15), told(128)), (None, None));
        assert_eq!(told(130).as_deref(), Some("Too long: 2 characters less"));
    }
}
