//! A meter for a password that is being chosen, and a passphrase on request: made in the browser, the server hears of
//! neither. Without scripts there is nothing of it.

mod chunk;

use crate::ui::{effect, flag, handler, text};
use chunk::{Judge, STRONGEST, Verdict, judge, suggest};
use leptos::{ev, prelude::*, task::spawn_local};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

const PROMISE: &str = "About 64 bits: five words out of 7,776. Save it in your password manager.";
const NO_PASSPHRASE: &str = "The words could not be fetched. Try again, or think of some yourself.";
/// How long somebody must have stopped typing before the verdict is read out.
const QUIET: Duration = Duration::from_millis(900);

/// What the meter shows and what it needs for that.
#[derive(Clone, Copy)]
struct Meter {
    /// The field's id.
    field: &'static str,
    /// Whether the field shows what is in it.
    shown: RwSignal<bool>,
    judge: RwSignal<Option<Judge>>,
    verdict: RwSignal<Verdict>,
    /// The verdict as it is read out, some time after it is shown.
    spoken: RwSignal<String>,
    /// Of the passphrase that was asked for.
    note: RwSignal<&'static str>,
    /// Counts the verdicts, so that one which another has replaced is not read out.
    count: RwSignal<u32>,
}

/// Goes below the field with this id, in the same form; `shown` is whether that shows its password. The form's username is
/// taken into account.
pub(super) fn strength(field: &'static str, shown: RwSignal<bool>) -> AnyView {
    let meter = Meter {
        field,
        shown,
        judge: RwSignal::new(None),
        verdict: RwSignal::new(Verdict::default()),
        spoken: RwSignal::new(String::new()),
        note: RwSignal::new(""),
        count: RwSignal::new(0),
    };
    effect(move || meter.watch());
    let Meter { verdict, spoken, note, .. } = meter;
    view! {
        <div class="strength needs-script">
            <div hidden=flag(move || verdict.read().word.is_empty())>
                <meter
                    aria-label="Password strength"
                    min="0"
                    max=STRONGEST.to_string()
                    value=text(move || verdict.read().level.to_string())
                ></meter>
                <p class="hint">{text(move || verdict.read().to_string())}</p>
            </div>
            <button type="button" on:click=handler(move |_| meter.suggest())>
                "Suggest a passphrase"
            </button>
            <p class="hint" role="status">
                {text(move || note.get().to_owned())}
            </p>
            <p class="visually-hidden" role="status">
                {spoken}
            </p>
        </div>
    }
    .into_any()
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.hint.is_empty() {
            true => f.write_str(&self.word),
            false => write!(f, "{}. {}", self.word, self.hint),
        }
    }
}

impl Meter {
    /// Follows the field. Listening at the window survives a field that is drawn anew, and ends with the page.
    fn watch(self) {
        let of_field = move |event: &Event| {
            let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            field.is_some_and(|field| field.id() == self.field)
        };
        let focus = window_event_listener(ev::focusin, move |event| {
            if of_field(&event) {
                self.fetch(|_, _| {});
            }
        });
        let input = window_event_listener(ev::input, move |event| {
            if of_field(&event) {
                self.note.set("");
                self.fetch(Self::judge);
            }
        });
        on_cleanup(move || {
            focus.remove();
            input.remove();
        });
        // It was typed in before the page woke.
        if self.input().is_some_and(|input| !input.value().is_empty()) {
            self.fetch(Self::judge);
        }
    }

    /// None once the page was left: the next one may have a field of the same name.
    fn input(self) -> Option<HtmlInputElement> {
        self.count.try_get_untracked()?;
        document().get_element_by_id(self.field)?.dyn_into().ok()
    }

    /// Does something with the judge: at once when it is there. When it cannot be fetched there is no meter.
    fn fetch(self, then: fn(Self, Judge)) {
        if let Some(judge) = self.judge.get_untracked() {
            return then(self, judge);
        }
        spawn_local(async move {
            // The page may have been left in the meantime.
            if let Ok(judge) = judge().await
                && self.judge.try_set(Some(judge)).is_none()
            {
                then(self, judge);
            }
        });
    }

    fn judge(self, judge: Judge) {
        let Some(input) = self.input() else { return };
        let username = input.form().and_then(|form| form.query_selector("[autocomplete=username]").ok().flatten());
        let username = username.and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
        let username = username.map(|field| field.value()).unwrap_or_default();
        let verdict = judge(&input.value(), &username);
        let spoken = verdict.to_string();
        self.verdict.set(verdict);
        self.count.update(|count| *count = count.wrapping_add(1));
        let count = self.count.get_untracked();
        let speak = move || {
            if self.count.try_get_untracked() == Some(count) {
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
            self.fetch(Self::judge);
        });
    }
}
