//! The built site: the style sheet, the scripts, the program and its chunks. A release binary carries it; `--site DIR` serves
//! from a folder instead, for development.

use app::Files;
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};
use std::{
    borrow::Cow,
    fs,
    future::{Ready, ready},
    io::{self, Cursor, SeekFrom},
    path::{Component, Path, PathBuf},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};
use tower_http::services::fs::{Backend, File, Metadata};

/// The folder of what is built, within the site.
pub(crate) const PACKAGE: &str = "pkg";
/// Which files the chunks of the program have.
const MANIFEST: &str = "__wasm_split_manifest.json";
/// Of the version in an address; as many bits are enough to tell two builds apart.
const VERSION_BYTES: usize = 6;

/// What the release build has made; a debug build reads it from its folder.
#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Built;

/// Where the files come from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Carried(Carried),
    Folder(PathBuf),
}

/// The site, and what its files are called; clones share it.
#[derive(Clone)]
pub struct Site {
    pub(crate) source: Source,
    /// The address of what is built. It holds the version, so that it changes with any of the content.
    pub(crate) package: Arc<str>,
    /// The same for the pages.
    pub(crate) files: Arc<Files>,
}

impl Site {
    /// The site that this binary carries; `None` where it was built without one.
    pub fn carried() -> Option<Self> {
        if !Files::NAMES.iter().all(|name| Built::get(&format!("{PACKAGE}/{name}")).is_some()) {
            return None;
        }
        let mut names: Vec<_> = Built::iter().filter(|name| name.starts_with(PACKAGE)).collect();
        names.sort();
        let mut all = Sha256::new();
        for name in &names {
            all.update(name.as_bytes());
            all.update(Built::get(name)?.metadata.sha256_hash());
        }
        let version: String = all.finalize().iter().take(VERSION_BYTES).map(|byte| format!("{byte:02x}")).collect();
        let manifest = Built::get(&format!("{PACKAGE}/{MANIFEST}"))?;
        Some(Self::of(Source::Carried(Carried), &version, &manifest.data))
    }

    /// What a folder holds: it may be built anew while the server runs.
    pub fn in_folder(folder: PathBuf) -> Self {
        let manifest = fs::read(folder.join(PACKAGE).join(MANIFEST)).unwrap_or_default();
        Self::of(Source::Folder(folder), "dev", &manifest)
    }

    fn of(source: Source, version: &str, manifest: &[u8]) -> Self {
        let package = format!("/{PACKAGE}/{version}");
        Self { source, files: Arc::new(Files::new(&package, manifest)), package: package.into() }
    }
}

/// The files that this binary carries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Carried;

/// One of them.
pub(crate) struct CarriedFile {
    content: Cursor<Cow<'static, [u8]>>,
    about: About,
}

/// What is known of a file that the binary carries.
#[derive(Clone, Copy)]
pub(crate) struct About {
    bytes: u64,
    modified: SystemTime,
}

impl About {
    fn of(file: &EmbeddedFile) -> Self {
        let modified = UNIX_EPOCH + Duration::from_secs(file.metadata.last_modified().unwrap_or_default());
        Self { bytes: file.data.len() as u64, modified }
    }
}

/// `./pkg/a.js`, as a folder would be asked for it, is called `pkg/a.js`.
fn find(path: &Path) -> io::Result<EmbeddedFile> {
    let name: PathBuf = path.components().filter(|part| matches!(part, Component::Normal(_))).collect();
    name.to_str().and_then(Built::get).ok_or_else(|| io::ErrorKind::NotFound.into())
}

impl Backend for Carried {
    type File = CarriedFile;
    type Metadata = About;
    type OpenFuture = Ready<io::Result<CarriedFile>>;
    type MetadataFuture = Ready<io::Result<About>>;

    fn open(&self, path: PathBuf) -> Self::OpenFuture {
        ready(find(&path).map(|file| CarriedFile { about: About::of(&file), content: Cursor::new(file.data) }))
    }

    fn metadata(&self, path: PathBuf) -> Self::MetadataFuture {
        ready(find(&path).map(|file| About::of(&file)))
    }
}

impl File for CarriedFile {
    type Metadata = About;
    type MetadataFuture<'a> = Ready<io::Result<About>>;

    fn metadata(&self) -> Self::MetadataFuture<'_> {
        ready(Ok(self.about))
    }
}

impl Metadata for About {
    fn is_dir(&self) -> bool {
        false
    }

    fn modified(&self) -> io::Result<SystemTime> {
        Ok(self.modified)
    }

    fn len(&self) -> u64 {
        self.bytes
    }
}

impl AsyncRead for CarriedFile {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.content).poll_read(context, buffer)
    }
}

impl AsyncSeek for CarriedFile {
    fn start_seek(mut self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        Pin::new(&mut self.content).start_seek(position)
    }

    fn poll_complete(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Pin::new(&mut self.content).poll_complete(context)
    }
}
