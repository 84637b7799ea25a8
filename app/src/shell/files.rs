//! The app's files, as the page's head names them.

use leptos::prelude::*;
use std::collections::HashMap;

/// The addresses of the app's files in the browser.
pub struct Files {
    /// How the pages look.
    pub style: String,
    /// The script that runs the program.
    script: String,
    /// The program, in WebAssembly.
    program: String,
    /// The script that fetches chunks of the program.
    loader: String,
    /// The files of each chunk.
    chunks: HashMap<String, Vec<String>>,
}

impl Files {
    /// The style sheet, the script, the program and the loader, as the build names them without hashes.
    pub const NAMES: [&str; 4] =
        ["storage-lab.css", "storage-lab.js", "storage-lab.wasm", "__wasm_split.______________________.js"];

    /// Where the build puts them, below this address. `manifest` is its list of the chunks, in JSON; without it there are none.
    pub fn new(package: &str, manifest: &[u8]) -> Self {
        let address = |file: &str| format!("{package}/{file}");
        let chunks: HashMap<String, Vec<String>> = serde_json::from_slice(manifest).unwrap_or_default();
        let [style, script, program, loader] = Self::NAMES.map(address);
        Self {
            style,
            script,
            program,
            loader,
            chunks: chunks
                .into_iter()
                .map(|(chunk, files)| (chunk, files.iter().map(|file| address(&format!("{file}.wasm"))).collect()))
                .collect(),
        }
    }
}

/// Names the files; the page's scripts ask for them when they are needed. `chunk` is the one that the page is in.
pub(super) fn links(files: &Files, chunk: Option<&str>) -> impl IntoView + use<> {
    let link = |file: &str| view! { <link data-rel="preload" href=file.to_owned() r#as="fetch" crossorigin="" /> };
    let parts = chunk.and_then(|chunk| files.chunks.get(chunk));
    view! {
        {link(&files.script)} {link(&files.program)} {link(&files.loader)}
        {parts.into_iter().flatten().map(|file| link(file)).collect_view()}
    }
}
