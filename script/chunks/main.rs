//! `chunks PROGRAM.wasm FOLDER NAME`: splits the compiled program into the main one and its lazily fetched chunks, and writes
//! into the folder these, their JavaScript as `NAME.js`, and `__wasm_split_manifest.json`, which tells what each chunk needs.

use anyhow::{Context, Result, anyhow, bail};
use std::{env, fs, path::PathBuf};
use walrus::{Module, ModuleConfig};
use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::{Options, transform};

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [program, folder, name] = &arguments[..] else { bail!("Use: chunks PROGRAM.wasm FOLDER NAME") };
    let (program, folder) = (PathBuf::from(program), PathBuf::from(folder));
    let compiled = fs::read(&program).with_context(|| format!("cannot read {}", program.display()))?;

    // Between the two steps, so no file of the site.
    let main = program.with_file_name("main_split.wasm");
    let script = format!("./{name}.js");
    let mut split = Options::new(&compiled);
    split.output_dir = &folder;
    split.main_out_path = &main;
    split.main_module = &script;
    // The server's list of files has this name (leptos_config).
    split.link_name = "./__wasm_split.______________________.js";
    let split = transform(split).map_err(|error| anyhow!("{error:?}"))?;
    let manifest = serde_json::to_string_pretty(&split.prefetch_map)?;
    fs::write(folder.join("__wasm_split_manifest.json"), manifest)?;

    // As Bindgen itself reads a program.
    let mut linked = ModuleConfig::new().strict_validate(false).parse_file(&main)?;
    forget_streams(&mut linked);
    Bindgen::new()
        .input_module(name, linked)
        .out_name(name)
        .web(true)?
        // The chunks link to what the main program exports, by their names as they are.
        .keep_lld_exports(true)
        .demangle(false)
        .generate(&folder)?;
    // The name by which the pages ask for it (leptos).
    fs::rename(folder.join(format!("{name}_bg.wasm")), folder.join(format!("{name}.wasm")))?;
    Ok(())
}

/// wasm-streams, which server functions are linked with, exports classes that hand Rust's streams to scripts. The app makes none,
/// since it sends and reads whole bodies; as exports they would stay in the program with what they alone call.
fn forget_streams(program: &mut Module) {
    let streams = program.exports.iter().filter(|export| export.name.contains("intounderlying"));
    for export in streams.map(|export| export.id()).collect::<Vec<_>>() {
        program.exports.delete(export);
    }
}
