//! What runs in the head of every page, before the app is there: the theme, the message of a page that fails, and the fetching
//! of the app. In JavaScript, since the program in WASM comes later or may be what has failed.

use std::sync::LazyLock;

/// All of it, without what only its readers need: the one script within a page, which the page's policy names by its hash.
pub static SCRIPTS: LazyLock<String> = LazyLock::new(|| {
    let all = [include_str!("theme.js"), include_str!("broken.js"), include_str!("hydrate.js")];
    let lines = all.into_iter().flat_map(str::lines).map(str::trim);
    lines.filter(|line| !line.starts_with("//")).collect::<Vec<_>>().join("\n")
});
