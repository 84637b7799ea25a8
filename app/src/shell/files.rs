//! The app's files, as the page's head names them.

use leptos::prelude::*;
use std::{collections::HashMap, fs, path::Path, sync::OnceLock};

/// The addresses of the app's files in the browser.
struct Files {
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
    /// Where the build says that they are. Without its list (in tests) they have their plain names, and no chunks.
    fn of(options: &LeptosOptions) -> Self {
        let hashes = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join(&*options.hash_file)));
        let hashes =
            hashes.filter(|_| options.hash_files).and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
        let hash = |kind: &str| {
            let mut lines = hashes.lines().filter_map(|line| line.split_once(':'));
            lines.find(|(of, _)| *of == kind).map(|(_, hash)| format!(".{}", hash.trim())).unwrap_or_default()
        };
        let directory = &options.site_pkg_dir;
        let address = |file: String| format!("/{directory}/{file}");
        let manifest = format!("__wasm_split_manifest{}.json", hash("manifest"));
        let manifest = fs::read(Path::new(&*options.site_root).join(&**directory).join(manifest)).unwrap_or_default();
        let chunks: HashMap<String, Vec<String>> = serde_json::from_slice(&manifest).unwrap_or_default();
        Self {
            script: address(format!("{}{}.js", options.output_name, hash("js"))),
            program: address(format!("{}{}.wasm", options.output_name, hash("wasm"))),
            loader: address(format!("__wasm_split{}.js", hash("split"))),
            chunks: chunks
                .into_iter()
                .map(|(chunk, files)| (chunk, files.into_iter().map(|file| address(format!("{file}.wasm"))).collect()))
                .collect(),
        }
    }
}

/// Names the files; the page's scripts ask for them when they are needed. `chunk` is the one that the page is in.
pub(super) fn links(options: &LeptosOptions, chunk: Option<&str>) -> impl IntoView + use<> {
    static FILES: OnceLock<Files> = OnceLock::new();
    let Files { script, program, loader, chunks } = FILES.get_or_init(|| Files::of(options));
    let module = |file: &'static str| view! { <link data-rel="modulepreload" href=file /> };
    let wasm = |file: &'static str| view! { <link data-rel="preload" href=file r#as="fetch" crossorigin="" /> };
    let parts = chunk.and_then(|chunk| chunks.get(chunk));
    view! {
        {module(script)} {wasm(program)} {parts.map(|_| module(loader))}
        {parts.into_iter().flatten().map(|file| wasm(file)).collect_view()}
    }
}
