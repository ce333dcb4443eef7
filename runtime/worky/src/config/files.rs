//! `[[files]]`: the directories that a worker is granted.

use std::io;
use std::path::{Component, Path, PathBuf};

use worky_host::files::{Mode, MountConfig};

use super::reader::Reader;
use super::report::{Problem, Report};
use super::server::ProcessConfig;
use super::source::At;
use super::worker::WorkerConfig;

/// What the files of a directory may add up to where nothing is said, in bytes.
const QUOTA_BYTES: u64 = 1 << 30;
/// How many files and directories it may hold where nothing is said.
const QUOTA_ENTRIES: u64 = 100_000;

/// What components find beside the mounts, so that no binding may be called so.
const TAKEN: [&str; 2] = ["bundle", "tmp"];

/// One `[[files]]`.
#[derive(Debug, Clone)]
pub(crate) struct FilesConfig {
    /// The name in `env`, and of the preopen.
    pub(crate) binding: At<String>,
    /// As it was written.
    path: At<String>,
    pub(crate) mount: MountConfig,
}

pub(crate) fn read(reader: &mut Reader<'_>) -> Vec<FilesConfig> {
    let mut files = Vec::new();
    for table in reader.tables("files").unwrap_or_default() {
        let mut entry = Reader::new(table, reader.path("files"), reader.report());
        let (binding, path) = (entry.string("binding"), entry.string("path"));
        let mode = entry.choice("mode", &[("read", Mode::Read), ("read-write", Mode::ReadWrite)]);
        let mode = mode.unwrap_or(Mode::Read);
        let quota_bytes = entry.integer("quota_bytes", 0..=1 << 50, "bytes").unwrap_or(QUOTA_BYTES);
        let quota_entries =
            entry.integer("quota_entries", 0..=10_000_000, "files and directories").unwrap_or(QUOTA_ENTRIES);
        if mode == Mode::Read {
            for key in ["quota_bytes", "quota_entries"] {
                if let Some((name, _)) = table.find(key) {
                    let message = format!("`{}` has no effect: nothing is written here", entry.path(key));
                    let hint = "to let the worker write, set mode = \"read-write\"";
                    reader.report().push(Problem::warning(message).at(&name.span, "").hint(hint));
                }
            }
        }
        if table.find("binding").is_none() {
            entry.missing("binding", "`binding` is the name the worker finds the directory by, as `env.NAME`");
        }
        if table.find("path").is_none() {
            entry.missing("path", "`path` is the directory, relative to that of worky.toml");
        }
        entry.finish();
        if let (Some(binding), Some(path)) = (binding, path) {
            let mount = MountConfig {
                binding: binding.value.clone(),
                path: without_dots(&path.span.resolve(&path.value)),
                mode,
                quota_bytes,
                quota_entries,
            };
            files.push(FilesConfig { binding, path, mount });
        }
    }
    files
}

pub(crate) fn check_names(files: &[FilesConfig], report: &Report) {
    for file in files {
        if TAKEN.iter().any(|taken| taken.eq_ignore_ascii_case(&file.binding.value)) {
            let message = format!("\"{}\" cannot be the name of a files binding", file.binding.value);
            let label = "every worker has a directory of this name already";
            report.push(Problem::error(message).at(&file.binding.span, label));
        }
    }
}

/// Checks what can be said of one worker alone: that each directory is there, or can be made.
pub(crate) fn check_there(files: &[FilesConfig], root: &Path, report: &Report) {
    for file in files {
        let path = &file.mount.path;
        let problem = |message: String| Problem::error(message).at(&file.path.span, "");
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => report.push(problem(format!("`files.path` is not a directory: {}", path.display()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if file.mount.mode == Mode::Read {
                    let hint = "a directory that is only read must be there; paths are relative to that of worky.toml";
                    report.push(problem(format!("`files.path` does not exist: {}", path.display())).hint(hint));
                } else if !real(path).starts_with(real(root)) {
                    let hint = "make it first: only directories beneath that of worky.toml are made when they lack";
                    report.push(problem(format!("`files.path` does not exist: {}", path.display())).hint(hint));
                }
            }
            Err(error) => {
                report.push(problem(format!("`files.path` cannot be looked at: {}: {error}", path.display())));
            }
        }
    }
}

/// Checks every directory against those of all workers and of the process. Needs all workers to have been read.
pub(crate) fn check_places(workers: &[WorkerConfig], process: &ProcessConfig, report: &Report) {
    let mounts: Vec<_> =
        workers.iter().flat_map(|worker| &worker.files).map(|file| (file, real(&file.mount.path))).collect();
    for (index, (file, place)) in mounts.iter().enumerate() {
        let problem = |message: String| Problem::error(message).at(&file.path.span, "");
        if let Some(worker) = workers.iter().find(|worker| real(&worker.root).starts_with(place)) {
            report.push(
                problem(format!(
                    "`{}` would hand out the configuration of the worker `{}`",
                    file.path.value, worker.name.value
                ))
                .hint("name a directory beneath it: path = \"./data\""),
            );
            continue;
        }
        let storage = real(&process.storage.path);
        if overlap(place, &storage) {
            report.push(
                problem(format!("`{}` would hand out the data of all workers: {}", file.path.value, storage.display()))
                    .hint("grant another directory, or keep worky's own elsewhere: `path` in `[storage]`"),
            );
            continue;
        }
        if let Some(secrets) = process.credentials_dir.as_deref().map(real).filter(|dir| overlap(place, dir)) {
            report.push(
                problem(format!("`{}` would hand out the secrets in {}", file.path.value, secrets.display()))
                    .hint("keep `server.credentials_dir` and what workers are granted apart"),
            );
            continue;
        }
        // Two accounts for the same bytes would be no limit for either. Where nothing is written nothing is counted.
        let nested = |other: &&(&FilesConfig, PathBuf)| {
            let (other, other_place) = other;
            *other_place != *place
                && overlap(place, other_place)
                && file.mount.mode == Mode::ReadWrite
                && other.mount.mode == Mode::ReadWrite
        };
        if let Some((other, _)) = mounts[..index].iter().find(nested) {
            report.push(
                Problem::error("a directory that is written lies in another that is written")
                    .at(&file.path.span, "this one")
                    .at(&other.path.span, "and this one")
                    .hint("their quotas would count the same files: grant one of them, or two that are apart"),
            );
        }
    }
}

pub(super) fn overlap(a: &Path, b: &Path) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

/// A path without `.` and `..`, as text: what is not there cannot be asked what it is.
pub(super) fn without_dots(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if clean.file_name().is_some() => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

/// Where a path leads, with links undone as far as it exists.
pub(super) fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let path = without_dots(&path);
    let mut lacking = Vec::new();
    for existing in path.ancestors() {
        if let Ok(real) = existing.canonicalize() {
            return lacking.iter().rev().fold(real, |real, name| real.join(name));
        }
        lacking.extend(existing.file_name().map(ToOwned::to_owned));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_taken_out_of_paths() {
        for (path, clean) in [("/a/./b/../c", "/a/c"), ("/../a", "/../a"), ("a/..", ""), ("../a", "../a")] {
            assert_eq!(without_dots(Path::new(path)), Path::new(clean), "{path}");
        }
    }

    #[test]
    fn what_does_not_exist_is_placed_by_what_does() {
        let dir = tempfile::TempDir::new().expect("a directory");
        let root = dir.path().canonicalize().expect("it is there");
        std::os::unix::fs::symlink(&root, root.join("link")).expect("linked");
        assert_eq!(real(&root.join("link/a/b")), root.join("a/b"));
    }
}
