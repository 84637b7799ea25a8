//! The router and what stands on every page: head, navigation, foot.

use crate::{
    accounts::{Account, LogOut, LoggedIn, Page, banner},
    bench::{BenchPage, Typed},
    experiments,
    ui::{NotFound, ThemeChoice, ThemeSwitch, changing, error_text, handler, text},
};
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};
use leptos_router::{
    SsrMode,
    components::{A, Route, Router, Routes},
    path,
};

/// The whole app. Every route is rendered at once (`SsrMode::Async`): right status codes and cookies, and a whole page
/// without JavaScript.
#[component]
pub fn App() -> impl IntoView {
    Account::provide();
    Typed::provide();
    ThemeChoice::provide();
    view! {
        <Router>
            <a class="skip" href="#main" rel="external">
                "Skip to content"
            </a>
            <Header />
            {banner()}
            <main id="main" tabindex="-1">
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=BenchPage ssr=SsrMode::Async />
                    <Route path=path!("/experiments") view=experiments::Page::Index ssr=SsrMode::Async />
                    <Route path=path!("/experiments/:slug") view=experiments::Page::Experiment ssr=SsrMode::Async />
                    <Route path=path!("/atlas") view=experiments::Page::Atlas ssr=SsrMode::Async />
                    <Route path=path!("/login-flow") view=experiments::Page::LoginFlow ssr=SsrMode::Async />
                    <Route path=path!("/login-flow/source/*path") view=experiments::Page::Source ssr=SsrMode::Async />
                    <Route path=path!("/signup") view=Page::SignUp ssr=SsrMode::Async />
                    <Route path=path!("/login") view=Page::LogIn ssr=SsrMode::Async />
                    <Route path=path!("/reset") view=Page::Reset ssr=SsrMode::Async />
                    <Route path=path!("/account") view=Page::Account ssr=SsrMode::Async />
                    <Route path=path!("/account/confirm") view=Page::Confirm ssr=SsrMode::Async />
                </Routes>
            </main>
            <footer>
                <p>
                    "Storage Lab shows where the web keeps things. Everything it creates in your browser is named "
                    <code>"lab-…"</code> "."
                </p>
            </footer>
        </Router>
    }
}

#[component]
fn Header() -> impl IntoView {
    let account = expect_context::<Account>();
    let Account { log_out_error, user, .. } = account;
    let submit_log_out = move |event: SubmitEvent| {
        event.prevent_default();
        account.log_out();
    };
    let log_out_error = text(move || match log_out_error.get() {
        Some(error) => format!("You are still logged in. {error}"),
        None => String::new(),
    });
    view! {
        <header>
            <A href="/" attr:class="brand" attr:aria-label="Storage Lab, home">
                <svg aria-hidden="true" viewBox="0 0 24 24" width="24" height="24">
                    <circle class="c-cookies" cx="7" cy="7" r="4.5" />
                    <path class="c-session" d="M17 2.5 21.5 11.5h-9z" />
                    <rect class="c-local" x="3" y="13.5" width="8" height="8" rx="1" />
                    <path class="c-server" d="m17 12.5 4.7 4.7-4.7 4.7-4.7-4.7z" />
                </svg>
                <span>"Storage Lab"</span>
            </A>
            <nav aria-label="Main">
                <ul>
                    <li>
                        <A href="/" exact=true>
                            "Bench"
                        </A>
                    </li>
                    <li>
                        <A href="/experiments">"Experiments"</A>
                    </li>
                    <li>
                        <A href="/login-flow">"Log-in flow"</A>
                    </li>
                    {changing(move || match user.get() {
                        Some(LoggedIn { username, .. }) => {
                            view! {
                                <li>
                                    <A href="/account">"Account"</A>
                                </li>
                                <li class="who">
                                    <form method="post" action=LogOut::url() on:submit=handler(submit_log_out)>
                                        <button type="submit" class="quiet" title=format!("You are {username}")>
                                            "Log out"
                                        </button>
                                    </form>
                                </li>
                            }
                                .into_any()
                        }
                        None => {
                            view! {
                                <li>
                                    <A href="/login">"Log in"</A>
                                </li>
                                <li>
                                    <A href="/signup">"Sign up"</A>
                                </li>
                            }
                                .into_any()
                        }
                    })}
                </ul>
            </nav>
            <ThemeSwitch />
            {error_text("log-out-error".into(), log_out_error)}
        </header>
    }
}
