//! Which files of a project have tests.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What ends the name of a module.
const EXTENSIONS: [&str; 6] = ["ts", "tsx", "js", "jsx", "mts", "mjs"];
/// What stands before it where the module has tests.
const MARKS: [&str; 2] = ["test", "spec"];
/// Directories and files that are looked at, before it is said that this can be no project.
const ENTRIES_MAX: usize = 200_000;

#[derive(Debug, thiserror::Error)]
pub(super) enum FilesError {
    #[error("{} cannot be read: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{} has more than {ENTRIES_MAX} files and directories: name the files or directories with tests", path.display())]
    TooMany { path: PathBuf },
    #[error("{name} is not in the project's directory, {}", root.display())]
    Outside { name: String, root: PathBuf },
    #[error("{name} is no module: tests are in {} files", EXTENSIONS.map(|extension| format!(".{extension}")).join(", "))]
    NotAModule { name: String },
    #[error("no test file is, is in, or has in its path: {name}")]
    Nothing { name: String },
}

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// From the project's directory, sorted.
    pub(super) files: BTreeSet<String>,
    /// Where a new one would be noticed.
    pub(super) directories: BTreeSet<PathBuf>,
}

/// The test files of the project in `root` that `names` mean, each a file, a directory or a part of a path; all of them
/// where there are no names. A file that is named needs no mark in its name.
pub(super) fn find(root: &Path, names: &[String], working_dir: &Path) -> Result<Found, FilesError> {
    let mut all = Found::default();
    walk(root, "", &mut all, &mut 0)?;
    if names.is_empty() {
        return Ok(all);
    }
    let mut files = BTreeSet::new();
    for name in names {
        let path = working_dir.join(name);
        if path.is_file() {
            files.insert(named(root, name, &path)?);
            continue;
        }
        let within = if path.is_dir() { Some(relative(root, name, &path)?) } else { None };
        let matches = |file: &&String| match &within {
            Some(directory) => Path::new(file.as_str()).starts_with(directory),
            None => file.contains(name.trim_start_matches("./")),
        };
        let before = files.len();
        files.extend(all.files.iter().filter(matches).cloned());
        if files.len() == before && !all.files.iter().any(|file| matches(&file)) {
            return Err(FilesError::Nothing { name: name.clone() });
        }
    }
    Ok(Found { files, directories: all.directories })
}

fn named(root: &Path, name: &str, path: &Path) -> Result<String, FilesError> {
    let is_module = path.extension().and_then(|extension| extension.to_str()).is_some_and(|e| EXTENSIONS.contains(&e));
    if !is_module {
        return Err(FilesError::NotAModule { name: name.to_owned() });
    }
    relative(root, name, path)
}

fn relative(root: &Path, name: &str, path: &Path) -> Result<String, FilesError> {
    let read = |path: &Path| path.canonicalize().map_err(|source| FilesError::Read { path: path.to_owned(), source });
    let (real_root, real) = (read(root)?, read(path)?);
    let within = real.strip_prefix(&real_root).ok().and_then(Path::to_str).map(str::to_owned);
    within.ok_or_else(|| FilesError::Outside { name: name.to_owned(), root: real_root })
}

fn walk(directory: &Path, prefix: &str, found: &mut Found, seen: &mut usize) -> Result<(), FilesError> {
    let unreadable = |source| FilesError::Read { path: directory.to_owned(), source };
    found.directories.insert(directory.to_owned());
    for entry in fs::read_dir(directory).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        *seen += 1;
        if *seen > ENTRIES_MAX {
            return Err(FilesError::TooMany { path: directory.to_owned() });
        }
        // What is not UTF-8 cannot be imported either.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = format!("{prefix}{name}");
        let kind = entry.file_type().map_err(unreadable)?;
        if kind.is_dir() && !name.starts_with('.') && name != "node_modules" {
            walk(&entry.path(), &format!("{path}/"), found, seen)?;
        } else if !kind.is_dir() && is_test(&name) {
            found.files.insert(path);
        }
    }
    Ok(())
}

/// `users.test.ts`, `users.spec.mjs`
fn is_test(name: &str) -> bool {
    let mut parts = name.rsplit('.');
    let (extension, mark) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    parts.next().is_some() && EXTENSIONS.contains(&extension) && MARKS.contains(&mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project() -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a directory");
        let files = [
            "src/index.ts",
            "src/users.test.ts",
            "test/a.spec.mjs",
            "test/deep/b.test.tsx",
            "test/helper.ts",
            "node_modules/p/p.test.js",
            ".hidden/c.test.js",
            "test.ts",
            "src/data.test.json",
        ];
        for file in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().expect("it has one")).expect("a directory");
            fs::write(path, "").expect("a file");
        }
        root
    }

    fn found(root: &Path, names: &[&str]) -> Result<Vec<String>, String> {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        find(root, &names, root).map(|found| found.files.into_iter().collect()).map_err(|error| error.to_string())
    }

    #[test]
    fn test_files_are_found() {
        let root = project();
        let check = |names: &[&str], expected: &[&str]| {
            assert_eq!(found(root.path(), names).expect("found"), expected, "{names:?}");
        };
        check(&[], &["src/users.test.ts", "test/a.spec.mjs", "test/deep/b.test.tsx"]);
        check(&["test"], &["test/a.spec.mjs", "test/deep/b.test.tsx"]);
        check(&["./test/deep"], &["test/deep/b.test.tsx"]);
        check(&["users"], &["src/users.test.ts"]);
        check(&["test/helper.ts", "users"], &["src/users.test.ts", "test/helper.ts"]);
    }

    #[test]
    fn what_means_nothing_is_told() {
        let root = project();
        let fails = |name: &str, part: &str| {
            let error = found(root.path(), &[name]).expect_err("it means nothing");
            assert!(error.contains(part), "{error}");
        };
        fails("nowhere", "nowhere");
        fails("src/data.test.json", "no module");
        fails("/etc/hostname.ts", "/etc/hostname.ts");
        fails("node_modules", "node_modules");
    }
}
