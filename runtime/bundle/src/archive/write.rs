//! An archive to bytes that follow from its content alone, and to the disk.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::path::EntryPath;
use rawzip::time::UtcDateTime;
use rawzip::{CompressionMethod, ZipArchiveWriter};

use super::error::ArchiveError;
use super::{Archive, ArchiveLimits, MANIFEST, RATIO_FREE_BYTES, is_archive};

/// A regular file that everybody may read.
const MODE: u32 = 0o100_644;

/// How a bundle lies on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    File,
    Directory,
}

impl Archive {
    /// The bytes of the bundle's file: sorted by path, all of one time, each entry deflated where that makes it smaller.
    pub fn to_zip(&self) -> Vec<u8> {
        // Writing into memory fails only with names and sizes that no archive of this kind has.
        self.zip().expect("its paths and sizes are within the bounds of the format")
    }

    fn zip(&self) -> Result<Vec<u8>, rawzip::Error> {
        let manifest = self.manifest.to_json();
        // The first that the format has, for all.
        let time = UtcDateTime::from_components(1980, 1, 1, 0, 0, 0, 0).expect("a day");
        let mut zip = ZipArchiveWriter::new(Vec::new());
        let files = self.files.iter().map(|(path, bytes)| (path.as_str(), &bytes[..]));
        for (path, bytes) in std::iter::once((MANIFEST, &manifest[..])).chain(files) {
            let deflated = deflated(bytes)?;
            let (method, data) = match &deflated {
                Some(deflated) => (CompressionMethod::DEFLATE, &deflated[..]),
                None => (CompressionMethod::STORE, bytes),
            };
            let entry = zip.new_file(EntryPath::verbatim(path.as_bytes())).compression_method(method);
            let (mut entry, config) = entry.unix_permissions(MODE).last_modified(time).start()?;
            // The checksum and the size are those of the content, whatever is written.
            let mut writer = config.wrap(io::sink());
            writer.write_all(bytes)?;
            let (_, descriptor) = writer.finish()?;
            entry.write_all(data)?;
            entry.finish(descriptor)?;
        }
        zip.finish()
    }

    /// Writes the bundle to `path`, in place of one that is there. A reader finds the old one or the new one, but for a
    /// moment between two directories.
    pub fn write(&self, path: &Path, form: Form) -> Result<(), ArchiveError> {
        let failed = |at: &Path, source| ArchiveError::Write { path: at.display().to_string(), source };
        let part = part_of(path);
        let written = match form {
            Form::File => fs::write(&part, self.to_zip()),
            Form::Directory => self.write_files(&part),
        };
        let moved = written.and_then(|()| {
            if form == Form::Directory && path.exists() {
                remove_bundle(path)?;
            }
            fs::rename(&part, path)
        });
        moved.map_err(|error| {
            // What is left of it is nobody's, and may be nothing.
            let _gone = if form == Form::File { fs::remove_file(&part) } else { fs::remove_dir_all(&part) };
            failed(path, error)
        })
    }

    fn write_files(&self, directory: &Path) -> io::Result<()> {
        match fs::remove_dir_all(directory) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir_all(directory)?,
        }
        fs::write(directory.join(MANIFEST), self.manifest.to_json())?;
        for (path, bytes) in &self.files {
            let file = directory.join(path);
            fs::create_dir_all(file.parent().expect("it is beneath the directory"))?;
            // Where names differ in case alone and the file system cannot tell them apart, one would be lost.
            fs::File::create_new(file)?.write_all(bytes)?;
        }
        Ok(())
    }
}

/// Only what a build made is removed.
fn remove_bundle(path: &Path) -> io::Result<()> {
    if path.is_dir() && is_archive(path) {
        return fs::remove_dir_all(path);
    }
    if path.is_dir() && fs::read_dir(path)?.next().is_none() {
        return fs::remove_dir(path);
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "something else than a bundle is there"))
}

/// Where it is written before it is complete: beside its place, so that moving it there is one step.
fn part_of(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}

/// `None` where it would not become smaller, or so much smaller that a reader would take it for a bomb.
fn deflated(bytes: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    let deflated = encoder.finish()?;
    let allowed = RATIO_FREE_BYTES + deflated.len() as u64 * ArchiveLimits::default().ratio_max;
    Ok((deflated.len() < bytes.len() && bytes.len() as u64 <= allowed).then_some(deflated))
}
