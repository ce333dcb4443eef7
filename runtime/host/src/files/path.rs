//! Names and paths as guests write them. No path of the host is ever made of one: a tree takes it name by name.

use std::fmt;
use std::sync::Arc;

use super::FileError;

/// The longest name of one entry, in bytes of UTF-8, as most file systems have it.
pub const NAME_BYTES_MAX: usize = 255;
/// The most names in a path.
pub const DEPTH_MAX: usize = 64;
/// The longest path that a guest may write, in bytes.
pub const PATH_BYTES_MAX: usize = 4096;

/// What the names of files under way begin with. No guest can name or see one.
pub(super) const RESERVED_PREFIX: &str = ".worky-tmp-";

/// A place in a mount: names from its root, each of them checked. Cloning is a reference count.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct FilePath(Arc<[String]>);

impl FilePath {
    /// The mount itself.
    pub fn root() -> Self {
        FilePath::default()
    }

    /// Names joined with `/`, as [`FilePath`] displays them; the empty text is the root. Nothing is resolved: `.` and
    /// `..` are no names.
    pub fn parse(text: &str) -> Result<Self, FileError> {
        if text.is_empty() {
            return Ok(FilePath::root());
        }
        check_length(text)?;
        FilePath::of(text.split('/').map(|name| check_name(name).map(|()| name.to_owned())).collect::<Result<_, _>>()?)
    }

    /// A relative path of POSIX's, from here: `a/./b//../c`. Symbolic links are never followed, so that `..` is what
    /// the text says. A path that would leave the mount is refused, and so is an absolute one.
    pub fn resolve(&self, text: &str) -> Result<Self, FileError> {
        check_length(text)?;
        if text.is_empty() {
            return Err(FileError::NotFound { path: String::new() });
        }
        if text.starts_with('/') {
            return Err(FileError::Outside { path: text.to_owned() });
        }
        let mut names = self.0.to_vec();
        for name in text.split('/') {
            match name {
                "" | "." => {}
                ".." => {
                    names.pop().ok_or_else(|| FileError::Outside { path: text.to_owned() })?;
                }
                name => {
                    check_name(name)?;
                    names.push(name.to_owned());
                }
            }
        }
        FilePath::of(names)
    }

    /// One entry of this directory.
    pub fn child(&self, name: &str) -> Result<Self, FileError> {
        check_name(name)?;
        FilePath::of(self.0.iter().cloned().chain([name.to_owned()]).collect())
    }

    pub fn names(&self) -> &[String] {
        &self.0
    }

    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The directory it is in, and its name there; `None` for the root.
    pub(super) fn split(&self) -> Option<(&[String], &str)> {
        let (name, parent) = self.0.split_last()?;
        Some((parent, name))
    }

    /// Whether this is `other` or lies in it.
    pub(super) fn is_within(&self, other: &FilePath) -> bool {
        self.0.starts_with(&other.0)
    }

    fn of(names: Vec<String>) -> Result<Self, FileError> {
        if names.len() > DEPTH_MAX {
            return Err(FileError::TooDeep { max: DEPTH_MAX });
        }
        Ok(FilePath(names.into()))
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("/"))
    }
}

fn check_length(text: &str) -> Result<(), FileError> {
    if text.len() > PATH_BYTES_MAX {
        return Err(FileError::PathTooLong { bytes: text.len(), max: PATH_BYTES_MAX });
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), FileError> {
    match problem_of(name) {
        None => Ok(()),
        Some(problem) => Err(FileError::Name { name: shortened(name), problem }),
    }
}

/// Why a text is not the name of an entry.
pub(super) fn problem_of(name: &str) -> Option<&'static str> {
    match name {
        "" => Some("it is empty"),
        "." | ".." => Some("it is not the name of an entry"),
        // A separator somewhere is none anywhere: what a worker writes here can be read where it runs next.
        _ if name.contains(['/', '\\']) => Some("it has a path separator in it"),
        _ if name.contains('\0') => Some("it has a NUL in it"),
        _ if name.len() > NAME_BYTES_MAX => Some("it is longer than 255 bytes"),
        _ if name.starts_with(RESERVED_PREFIX) => Some("such names are kept for files that are being written"),
        _ => None,
    }
}

fn shortened(name: &str) -> String {
    const SHOWN_BYTES_MAX: usize = 80;
    match name.len() > SHOWN_BYTES_MAX {
        true => format!("{}…", &name[..name.floor_char_boundary(SHOWN_BYTES_MAX)]),
        false => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_are_refused() {
        let long = "x".repeat(NAME_BYTES_MAX + 1);
        for bad in ["", ".", "..", "a/b", "/", "a\\b", "a\0b", ".worky-tmp-1", &long] {
            assert!(matches!(FilePath::root().child(bad), Err(FileError::Name { .. })), "{bad:?}");
        }
        for good in ["a", "...", ".hidden", "ünï ✓", "C:", "a\nb", "con", &long[1..]] {
            assert!(FilePath::root().child(good).is_ok(), "{good:?}");
        }
    }

    #[test]
    fn paths_resolve_within_the_mount() {
        let base = FilePath::parse("a/b").expect("a path");
        let resolved = |text: &str| base.resolve(text).map(|path| path.to_string());
        assert_eq!(resolved("c").expect("beneath"), "a/b/c");
        assert_eq!(resolved("./c//d/").expect("beneath"), "a/b/c/d");
        assert_eq!(resolved("../x").expect("beneath"), "a/x");
        assert_eq!(resolved("../..").expect("the root"), "");
        for outside in ["../../..", "/etc/passwd", "../../../etc", "c/../../../..", "/"] {
            assert!(matches!(resolved(outside), Err(FileError::Outside { .. })), "{outside}");
        }
        assert!(matches!(resolved(""), Err(FileError::NotFound { .. })));
        assert!(matches!(resolved(&"a/".repeat(65)), Err(FileError::TooDeep { .. })));
        assert!(matches!(resolved(&"a/".repeat(4000)), Err(FileError::PathTooLong { .. })));
    }

    #[test]
    fn what_is_parsed_is_not_resolved() {
        assert!(FilePath::parse("").expect("the root").is_root());
        assert_eq!(FilePath::parse("a/b").expect("a path").names(), ["a", "b"]);
        for bad in ["/a", "a/", "a//b", "a/../b", "./a"] {
            assert!(FilePath::parse(bad).is_err(), "{bad}");
        }
    }
}
