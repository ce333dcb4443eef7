use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use parking_lot::Mutex;

use crate::error::Problem;
use crate::packages::project_base;
use crate::project::BuildLimits;
use crate::specifier::FilePath;

/// The worker's directory, and the project around it, from which packages come. Nothing else in this crate reads sources,
/// and nothing here reads outside of them.
#[derive(Debug)]
pub(crate) struct SourceTree {
    /// Without symbolic links.
    root: PathBuf,
    /// Packages come from beneath here. Without symbolic links.
    base: PathBuf,
    module_bytes_max: u64,
    wasm_bytes_max: u64,
    /// The absolute path of everything that was looked for, there or not.
    touched: Mutex<BTreeSet<PathBuf>>,
}

/// What a path leads to.
#[derive(Debug)]
pub(crate) enum Found {
    /// A regular file, by its path without symbolic links.
    File(FilePath),
    Directory,
    Nothing,
}

impl SourceTree {
    pub(crate) fn open(root: &Path, limits: &BuildLimits) -> Result<Self, Problem> {
        let problem = |source| Problem::Root { path: root.to_owned(), source };
        let canonical = fs::canonicalize(root).map_err(problem)?;
        if !fs::metadata(&canonical).map_err(problem)?.is_dir() {
            return Err(problem(io::Error::from(io::ErrorKind::NotADirectory)));
        }
        let BuildLimits { module_bytes_max, wasm_bytes_max, .. } = *limits;
        let base = project_base(&canonical);
        Ok(SourceTree { root: canonical, base, module_bytes_max, wasm_bytes_max, touched: Mutex::default() })
    }

    /// Whatever would make the build another one if it changed, appeared or went.
    pub(crate) fn take_touched(&self) -> BTreeSet<PathBuf> {
        std::mem::take(&mut *self.touched.lock())
    }

    pub(crate) fn touch(&self, path: PathBuf) {
        self.touched.lock().insert(path);
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn base(&self) -> &Path {
        &self.base
    }

    /// How the file at an absolute path without links is called: from the worker's directory, with `..` where it is
    /// elsewhere in the project.
    pub(crate) fn name(&self, path: &Path) -> Result<FilePath, Problem> {
        let not_utf8 = || Problem::NameNotUtf8 { path: path.to_string_lossy().into_owned() };
        let mut up = String::new();
        for ancestor in self.root.ancestors() {
            if let Ok(below) = path.strip_prefix(ancestor) {
                return Ok(FilePath::new(format!("{up}{}", below.to_str().ok_or_else(not_utf8)?)));
            }
            up.push_str("../");
        }
        Err(not_utf8())
    }

    /// The bytes of a file of a package, by its absolute path without links.
    pub(crate) fn read_package_file(&self, path: &Path) -> Result<Vec<u8>, Problem> {
        self.touch(path.to_owned());
        let name = self.name(path)?;
        let problem = |source| Problem::Read { path: name.to_string(), source };
        let canonical = fs::canonicalize(path).map_err(problem)?;
        // It was resolved a moment ago, and may be another one now.
        if !canonical.starts_with(&self.base) {
            return Err(Problem::LinkOutside { link: name.to_string(), target: canonical });
        }
        self.read_bounded(&canonical, name.as_str())
    }

    /// What `path`, from the worker's directory, leads to. A link out of the directory is refused, wherever in the
    /// path it stands.
    pub(crate) fn locate(&self, path: &str) -> Result<Found, Problem> {
        let problem = |source| Problem::Read { path: path.to_owned(), source };
        let canonical = match self.canonical(path) {
            Ok(canonical) => canonical,
            Err(Problem::Read { source, .. }) if leads_nowhere(&source) => return Ok(Found::Nothing),
            Err(problem) => return Err(problem),
        };
        let metadata = fs::metadata(&canonical).map_err(problem)?;
        if metadata.is_dir() {
            return Ok(Found::Directory);
        }
        // Anything else may never end, or wait for another process.
        if !metadata.is_file() {
            return Err(Problem::NotAFile { path: path.to_owned() });
        }
        if metadata.len() > self.bytes_max(path) {
            return Err(self.too_large(path));
        }
        let inside = canonical.strip_prefix(&self.root).expect("canonical() stays inside");
        let inside =
            inside.to_str().ok_or_else(|| Problem::NameNotUtf8 { path: inside.to_string_lossy().into_owned() })?;
        Ok(Found::File(FilePath::new(inside.replace(std::path::MAIN_SEPARATOR, "/"))))
    }

    /// The bytes of a file that [`SourceTree::locate`] found.
    pub(crate) fn read(&self, path: &FilePath) -> Result<Vec<u8>, Problem> {
        self.read_bounded(&self.canonical(path.as_str())?, path.as_str())
    }

    fn read_bounded(&self, file: &Path, name: &str) -> Result<Vec<u8>, Problem> {
        let problem = |source| Problem::Read { path: name.to_owned(), source };
        // Anything else may never end, or wait for another process, as soon as it is opened.
        if !fs::metadata(file).map_err(problem)?.is_file() {
            return Err(Problem::NotAFile { path: name.to_owned() });
        }
        let file = fs::File::open(file).map_err(problem)?;
        let mut bytes = Vec::new();
        // A file can grow after its size was looked at.
        let bytes_max = self.bytes_max(name);
        file.take(bytes_max + 1).read_to_end(&mut bytes).map_err(problem)?;
        if bytes.len() as u64 > bytes_max {
            return Err(self.too_large(name));
        }
        Ok(bytes)
    }

    /// The names in a directory, sorted, each with whether it is a directory or may be a file. Names that are not
    /// UTF-8 are left out: nothing can import them.
    pub(crate) fn list(&self, directory: &str) -> Result<Vec<Entry>, Problem> {
        let problem = |source| Problem::Read { path: directory.to_owned(), source };
        let mut entries = Vec::new();
        let canonical = self.canonical(directory)?;
        // Any name that appears in it or goes.
        self.touch(canonical.join("*"));
        for entry in fs::read_dir(canonical).map_err(problem)? {
            let entry = entry.map_err(problem)?;
            let is_directory = entry.file_type().map_err(problem)?.is_dir();
            if let Ok(name) = entry.file_name().into_string() {
                entries.push(if is_directory { Entry::Directory(name) } else { Entry::Other(name) });
            }
        }
        entries.sort();
        Ok(entries)
    }

    /// The absolute path of `path` without symbolic links, if that is inside.
    fn canonical(&self, path: &str) -> Result<PathBuf, Problem> {
        // Joining an absolute path would replace the root.
        let joined = self.root.join(path.trim_start_matches('/'));
        self.touch(joined.clone());
        let canonical = fs::canonicalize(joined).map_err(|source| Problem::Read { path: path.to_owned(), source })?;
        if !canonical.starts_with(&self.root) {
            return Err(Problem::LinkOutside { link: self.link_outside(path), target: canonical });
        }
        Ok(canonical)
    }

    fn bytes_max(&self, path: &str) -> u64 {
        if path.ends_with(".wasm") { self.wasm_bytes_max } else { self.module_bytes_max }
    }

    fn too_large(&self, path: &str) -> Problem {
        Problem::ModuleTooLarge { path: path.to_owned(), max: self.bytes_max(path) }
    }

    /// The first part of `path` that is a link out of the directory.
    fn link_outside(&self, path: &str) -> String {
        path.match_indices('/')
            .map(|(end, _)| &path[..end])
            .find(|part| fs::canonicalize(self.root.join(part)).is_ok_and(|target| !target.starts_with(&self.root)))
            .unwrap_or(path)
            .to_owned()
    }
}

/// A name in a directory. A link is told by its own kind, not by what it leads to.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Entry {
    Directory(String),
    Other(String),
}

/// A path that asks for more than there is, as opposed to a file that is there and cannot be read.
fn leads_nowhere(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename)
}
