//! The document around the app.

use crate::{
    App,
    accounts::logged_in,
    json::{LOGGED_IN, OBSERVATION, PAGE_ID, data_block},
    sessions::first_observation,
    ui::{BROKEN_SCRIPT, THEME_SCRIPT},
    wire::rendered_page_id,
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags, provide_meta_context};

/// The whole HTML document, made on the server only.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    provide_meta_context();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta
                    name="description"
                    content="See where the web keeps things: cookies, sessionStorage, localStorage and a server session, side by side."
                />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <script nonce=use_nonce()>{THEME_SCRIPT}</script>
                <script nonce=use_nonce()>{BROKEN_SCRIPT}</script>
                <noscript>
                    <link rel="stylesheet" href="/noscript.css" />
                </noscript>
                {data_block(PAGE_ID, rendered_page_id())}
                {data_block(LOGGED_IN, logged_in())}
                {data_block(OBSERVATION, first_observation())}
                <AutoReload options=options.clone() />
                <HydrationScripts options=options.clone() />
                <HashedStylesheet options id="style" />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
