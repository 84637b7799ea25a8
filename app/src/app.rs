//! What stands on every page but the dock's: head, navigation, foot.

use crate::{
    accounts::{Account, LogOut, LoggedIn, banner},
    bench::Typed,
    navigation::Navigation,
    pages,
    ui::{ThemeChoice, ThemeSwitch, aria, changing, error_text, handler, text},
};
use leptos::{either::Either, ev::SubmitEvent, prelude::*, server_fn::ServerFn, tachys::reactive_graph::OwnedView};

/// What stands in the body of the document at a path. The dock is its page alone: in a frame of an app's page nobody sees the rest.
pub(crate) fn body(path: &str) -> AnyView {
    if path == pages::DOCK { pages::view(path) } else { view! { <App /> }.into_any() }
}

/// The whole app.
#[component]
fn App() -> impl IntoView {
    Navigation::provide(pages::fetch);
    Account::provide();
    Typed::provide();
    ThemeChoice::provide();
    let is_busy = expect_context::<Navigation>().is_busy;
    view! {
        <a class="skip" href="#main">
            "Skip to content"
        </a>
        <Header />
        {banner()}
        <main id="main" tabindex="-1" aria-busy=aria(move || is_busy.get())>
            {page()}
        </main>
        <footer>
            <p>
                "Storage Lab shows where the web keeps things. Everything it creates in your browser is named "
                <code>"lab-…"</code> "."
            </p>
        </footer>
    }
}

/// The page of the path. It is made anew for each path, never out of the elements of the page before: the two sides of an
/// `Either` take turns. Its state has an owner of its own, which lives until the next page stands, since effects of the
/// page that goes may still be waiting to run.
fn page() -> AnyView {
    let (path, app) = (expect_context::<Navigation>().path, Owner::current().unwrap_or_default());
    let mut left = false;
    changing(move || {
        left = !left;
        let owner = app.child();
        let view = owner.with(|| pages::view(&path.read()));
        let side = if left { Either::Left(view) } else { Either::Right(view) };
        OwnedView::new_with_owner(side, owner).into_any()
    })
    .into_any()
}

#[component]
fn Header() -> impl IntoView {
    let account = expect_context::<Account>();
    let Account { log_out_error, user, .. } = account;
    let submit_log_out = move |event: SubmitEvent| {
        event.prevent_default();
        account.log_out();
    };
    let path = expect_context::<Navigation>().path;
    let current =
        move |page: &'static str| text(move || if is_on(page, &path.read()) { "page" } else { "false" }.to_owned());
    let log_out_error = text(move || match log_out_error.get() {
        Some(error) => format!("You are still logged in. {error}"),
        None => String::new(),
    });
    view! {
        <header>
            <a href="/" class="brand" aria-label="Storage Lab, home">
                <svg aria-hidden="true" viewBox="0 0 24 24" width="24" height="24">
                    <circle class="c-cookies" cx="7" cy="7" r="4.5" />
                    <path class="c-session" d="M17 2.5 21.5 11.5h-9z" />
                    <rect class="c-local" x="3" y="13.5" width="8" height="8" rx="1" />
                    <path class="c-server" d="m17 12.5 4.7 4.7-4.7 4.7-4.7-4.7z" />
                </svg>
                <span>"Storage Lab"</span>
            </a>
            <nav aria-label="Main">
                <ul>
                    <li>
                        <a href="/" aria-current=current("/")>
                            "Bench"
                        </a>
                    </li>
                    <li>
                        <a href="/experiments" aria-current=current("/experiments")>"Experiments"</a>
                    </li>
                    <li>
                        <a href="/login-flow" aria-current=current("/login-flow")>"Log-in flow"</a>
                    </li>
                    {changing(move || match user.get() {
                        Some(LoggedIn { username, .. }) => {
                            view! {
                                <li>
                                    <a href="/account" aria-current=current("/account")>"Account"</a>
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
                                    <a href="/login" aria-current=current("/login")>"Log in"</a>
                                </li>
                                <li>
                                    <a href="/signup" aria-current=current("/signup")>"Sign up"</a>
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

/// Whether a path is that of a page or lies under it. Everything lies under `/`, which stands for itself alone.
fn is_on(page: &str, path: &str) -> bool {
    path.strip_prefix(page).is_some_and(|rest| rest.is_empty() || (page != "/" && rest.starts_with('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_the_current_one_on_its_path_and_under_it() {
        assert!(is_on("/", "/") && is_on("/experiments", "/experiments/http-forgets"));
        assert!(!is_on("/", "/login") && !is_on("/login", "/login-flow"));
    }
}
