//! The wire view: the latest requests of this page, and one of them opened.

use super::{
    cost::{Weight, cost_of_all, cost_of_one, reason},
    exchange::exchange,
    time::time,
};
use crate::{
    AppError,
    bench::state::Bench,
    browser::lab::{echo, exchanges},
    reactive::{Derived, State, Stored},
    ui::{aria, effect, error_text, flag, focus, handler, text},
    wire::Exchange,
    words::thousands,
};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;

/// What the panel knows.
#[derive(Clone, Copy)]
struct Wire {
    bench: Bench,
    /// The latest last; `None` until the server has answered, or where it keeps no record.
    exchanges: State<Option<Arc<Vec<Exchange>>>>,
    /// The id of the one that is opened.
    opened: State<Option<String>>,
    error: State<String>,
    /// Counts the questions, so that an earlier one's late answer is dropped.
    asked: Stored<u32>,
}

/// The panel.
pub(in crate::bench) fn panel(bench: Bench) -> AnyView {
    let wire = Wire {
        bench,
        exchanges: State::new(None),
        opened: State::new(None),
        error: State::new(String::new()),
        asked: Stored::new(0),
    };
    // Every action of the bench looks at the server anew.
    effect(move || {
        bench.observed.track();
        spawn_local(wire.load());
    });
    // Made anew only when it changes itself, so that what is read or has the focus stays.
    let opened = Derived::new(move || {
        let (exchanges, opened) = (wire.exchanges.read(), wire.opened.read());
        exchanges.as_ref()?.iter().find(|exchange| Some(&exchange.id) == opened.as_ref()).cloned()
    });
    let send = move |with_cookies| move |_| spawn_local(wire.send(with_cookies));
    view! {
        <div class="wire">
            <h2>"Wire view"</h2>
            <p>
                "The latest requests of this page and their answers, as the server received and sent them. Sizes are those of
                HTTP/1.1."
            </p>
            <div class="buttons">
                <button type="button" class="primary" on:click=handler(send(true))>
                    "Send a request now"
                </button>
                <button type="button" on:click=handler(send(false))>
                    "Send one without credentials"
                </button>
                <button type="button" class="quiet" on:click=handler(move |_| spawn_local(wire.load()))>
                    "Refresh"
                </button>
            </div>
            {error_text("wire-error".into(), wire.error.text())}
            {list(wire)}
            {move || opened.get().map(|opened| exchange(bench, wire.exchanges, opened))}
            {costs(wire)}
        </div>
    }
    .into_any()
}

impl Wire {
    async fn load(self) {
        let Some(asked) = self.asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        }) else {
            return;
        };
        let answer = exchanges().await;
        if self.asked.try_get_value() != Some(asked) {
            return;
        }
        let error = match answer {
            Ok(Some(exchanges)) => {
                let _ = self.exchanges.try_set(Some(Arc::new(exchanges)));
                String::new()
            }
            Ok(None) => {
                "The server keeps no record of this page any more. Reload the page to begin a new one.".to_owned()
            }
            Err(error) => error.to_string(),
        };
        let _ = self.error.try_set(error);
    }

    async fn send(self, with_cookies: bool) {
        let answer = echo(with_cookies).await;
        self.load().await;
        let told = match answer {
            Ok(received) => {
                let latest = self.exchanges.with_untracked(|all| {
                    let all = all.as_ref()?;
                    all.iter().rev().find(|exchange| exchange.path == received.path).map(|exchange| exchange.id.clone())
                });
                if let Some(latest) = latest {
                    self.open(latest);
                }
                let bytes: u32 =
                    received.fields.iter().filter(|field| field.name == "cookie").map(|field| field.bytes).sum();
                match received.cookies.len() {
                    0 => "The request arrived without a cookie.".to_owned(),
                    1 => format!("The request arrived with 1 cookie, {bytes} bytes."),
                    count => format!("The request arrived with {count} cookies, {} bytes.", thousands(bytes.into())),
                }
            }
            Err(error) => AppError::to_string(&error),
        };
        let _ = self.bench.status.try_set(told);
    }

    fn open(self, id: String) {
        let _ = self.opened.try_set(Some(id));
        focus("exchange-heading".to_owned());
    }
}

fn list(wire: Wire) -> AnyView {
    // In the order of time, so that no row moves when one is added.
    let all = move || wire.exchanges.get().map(|exchanges| exchanges.to_vec()).unwrap_or_default();
    view! {
        <div class="table list" role="group" tabindex="0" aria-label="Requests of this page">
            <table>
                <caption class="visually-hidden">"The latest requests of this page, the newest last"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Request"</th>
                        <th scope="col">"Time, UTC"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col" class="number">
                            "Bytes up"
                        </th>
                        <th scope="col" class="number">
                            "Bytes down"
                        </th>
                        <th scope="col" class="number">
                            "Cookies"
                        </th>
                    </tr>
                </thead>
                <tbody>
                    <For each=all key=|exchange| (exchange.id.clone(), exchange.response_body) let:exchange>
                        {row(wire, &exchange)}
                    </For>
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(wire: Wire, exchange: &Exchange) -> AnyView {
    let (up, down) = (Weight::of_request(exchange), Weight::of_response(exchange));
    let cookies = match up.cookies {
        0 => "none".to_owned(),
        bytes => format!("{}, {} %", thousands(bytes), up.share()),
    };
    let down = match exchange.response_body {
        Some(_) => thousands(down.total()),
        None => format!("{} so far", thousands(down.total())),
    };
    let id = exchange.id.clone();
    let opened = {
        let id = id.clone();
        aria(move || wire.opened.read().as_ref() == Some(&id))
    };
    view! {
        <tr>
            <th scope="row">
                <button type="button" class="quiet" aria-pressed=opened on:click=handler(move |_| wire.open(id.clone()))>
                    {format!("{} {}", exchange.method, exchange.path)}
                </button>
            </th>
            <td>{time(exchange.at)}</td>
            <td>{format!("{} {}", exchange.status, reason(exchange.status))}</td>
            <td class="number">{thousands(up.total())}</td>
            <td class="number">{down}</td>
            <td class="number cookies">{cookies}</td>
        </tr>
    }
    .into_any()
}

/// What the cookies cost, of the opened request and of all that are listed.
fn costs(wire: Wire) -> AnyView {
    let of_one = text(move || {
        let exchanges = wire.exchanges.read();
        let opened = wire.opened.read();
        let mut all = exchanges.iter().flat_map(|exchanges| exchanges.iter());
        match all.find(|exchange| Some(&exchange.id) == opened.as_ref()) {
            Some(exchange) => {
                format!("The request opened above: {}", cost_of_one(Weight::of_request(exchange).cookies))
            }
            None => "Open a request to see what its cookies cost.".to_owned(),
        }
    });
    let of_all = text(move || {
        let exchanges = wire.exchanges.read();
        let Some(exchanges) = exchanges.as_ref() else { return String::new() };
        cost_of_all(exchanges.len(), exchanges.iter().map(|exchange| Weight::of_request(exchange).cookies).sum())
    });
    let nothing = flag(move || wire.exchanges.read().is_none());
    view! {
        <section aria-labelledby="cost-heading" hidden=nothing>
            <h3 id="cost-heading">"What the cookies cost"</h3>
            <p>{of_one}</p>
            <p>{of_all}</p>
            <p>"The same values in localStorage: 0 bytes, 0 ms. They do not travel by themselves."</p>
            <p class="hint">
                "A slow phone line is taken to send 400 kbit/s, a very slow one 50 kbit/s. The time is that of the bytes alone,
                without the way there."
            </p>
        </section>
    }
    .into_any()
}
