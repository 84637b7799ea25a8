//! The lab's folder in the origin private file system: a file for each name.

use super::{
    names::{self, PLACE},
    promise,
    trouble::Trouble,
};
use crate::{
    browser::sizes::counted,
    text::{told as named, units::usv},
    words::thousands,
};
use js_sys::{AsyncIterator, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Blob, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions, FileSystemGetFileOptions,
    FileSystemHandle, FileSystemHandleKind, FileSystemWritableFileStream,
};

async fn root() -> Result<FileSystemDirectoryHandle, Trouble> {
    let storage = web_sys::window().ok_or(Trouble::Absent)?.navigator().storage();
    // Not there where the page came without encryption, nor in older browsers.
    if storage.is_undefined() || promise::method(&storage, "getDirectory").is_none() {
        return Err(Trouble::Absent);
    }
    promise::kept(storage.get_directory()).await
}

/// The lab's folder, if it was made already.
async fn folder() -> Result<Option<FileSystemDirectoryHandle>, Trouble> {
    there(promise::kept(root().await?.get_directory_handle(PLACE)).await)
}

async fn file(folder: &FileSystemDirectoryHandle, name: &str) -> Result<Option<FileSystemFileHandle>, Trouble> {
    there(promise::kept(folder.get_file_handle(&names::encoded(name))).await)
}

fn there<T>(outcome: Result<T, Trouble>) -> Result<Option<T>, Trouble> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(trouble) if trouble.is_not_found() => Ok(None),
        Err(trouble) => Err(trouble),
    }
}

/// What lies in a folder.
async fn handles(folder: &FileSystemDirectoryHandle) -> Result<Vec<FileSystemHandle>, Trouble> {
    let walk: AsyncIterator = folder.values();
    let mut handles = Vec::new();
    loop {
        let step: JsValue = promise::kept(walk.next()?.unchecked_into()).await?;
        if Reflect::get(&step, &"done".into())?.is_truthy() {
            return Ok(handles);
        }
        handles.push(Reflect::get(&step, &"value".into())?.unchecked_into());
    }
}

pub(super) async fn list() -> Result<Vec<(String, String)>, Trouble> {
    let Some(folder) = folder().await? else { return Ok(Vec::new()) };
    let files = handles(&folder).await?.into_iter().filter(|handle| handle.kind() == FileSystemHandleKind::File);
    let files: Vec<_> = files.filter_map(|file| Some((names::decoded(&file.name())?, file))).collect();
    let mut values = Vec::with_capacity(files.len());
    for some in files.chunks(promise::AT_A_TIME) {
        // The browser works at each of them from now on, not only when it is waited for.
        let opened: Vec<_> =
            some.iter().map(|(name, file)| (name, file.unchecked_ref::<FileSystemFileHandle>().get_file())).collect();
        for (name, file) in opened {
            // One that another tab has deleted meanwhile is not there.
            if let Some(file) = there(promise::kept::<Blob>(file).await)? {
                values.push((name.clone(), promise::text(file.array_buffer()).await?));
            }
        }
    }
    Ok(values)
}

pub(super) async fn find(name: &str) -> Result<Option<String>, Trouble> {
    let Some(folder) = folder().await? else { return Ok(None) };
    let Some(file) = file(&folder, name).await? else { return Ok(None) };
    let file: Blob = promise::kept(file.get_file()).await?;
    promise::text(file.array_buffer()).await.map(Some)
}

pub(super) async fn put(name: &str, value: &str) -> Result<(), Trouble> {
    let make_folder = FileSystemGetDirectoryOptions::new();
    make_folder.set_create(true);
    let make_file = FileSystemGetFileOptions::new();
    make_file.set_create(true);
    let root = root().await?;
    let folder: FileSystemDirectoryHandle =
        promise::kept(root.get_directory_handle_with_options(PLACE, &make_folder)).await?;
    let is_new = file(&folder, name).await?.is_none();
    let encoded = names::encoded(name);
    let file: FileSystemFileHandle = promise::kept(folder.get_file_handle_with_options(&encoded, &make_file)).await?;
    let written = write(&file, value).await;
    if written.is_err() && is_new {
        // No empty file is left of a value that found no room.
        let _ = promise::kept::<JsValue>(folder.remove_entry(&encoded)).await;
    }
    written
}

/// What is written takes the old one's place when the stream is closed, not before.
async fn write(file: &FileSystemFileHandle, value: &str) -> Result<(), Trouble> {
    if promise::method(file, "createWritable").is_none() {
        return Err(Trouble::WorkersOnly);
    }
    let stream: FileSystemWritableFileStream = promise::kept(file.create_writable()).await?;
    promise::kept::<JsValue>(stream.write_with_str(&usv(value))?).await?;
    promise::kept::<JsValue>(stream.close()).await.map(drop)
}

pub(super) async fn delete(name: &str) -> Result<(), Trouble> {
    let Some(folder) = folder().await? else { return Ok(()) };
    there(promise::kept::<JsValue>(folder.remove_entry(&names::encoded(name))).await).map(drop)
}

/// What else lies in the root: files with their size, folders with how much is in them.
pub(super) async fn others() -> Result<Vec<String>, Trouble> {
    let mut told = Vec::new();
    for handle in handles(&root().await?).await?.into_iter().filter(|handle| handle.name() != PLACE) {
        let name = handle.name();
        told.push(match handle.kind() {
            FileSystemHandleKind::Directory => {
                let within = handles(handle.unchecked_ref()).await?;
                format!("folder {}, {}", named(&name), counted(within.len() as u32, "item"))
            }
            _ => {
                let file: Blob = promise::kept(handle.unchecked_ref::<FileSystemFileHandle>().get_file()).await?;
                format!("file {}, {} bytes", named(&name), thousands(file.size() as u64))
            }
        });
    }
    Ok(told)
}
