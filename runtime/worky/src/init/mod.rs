//! `worky init`: a project to begin with. Nothing that is there already is changed.

mod templates;

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::cli::InitArgs;
use crate::command::{Exit, count, give_up, print_report};
use crate::config::{FILE_NAME, Problem, Report, Request, is_name};
use crate::terminal::Color;
use crate::types;

/// What stands for the worker's name in a template.
const NAME: &str = "{{name}}";

#[derive(Debug, thiserror::Error)]
enum InitError {
    #[error("\"{name}\" cannot be a worker's name")]
    Name { name: String },
    #[error("{} is a file", .0.display())]
    NotADirectory(PathBuf),
    #[error("{} in {} already, and nothing is overwritten: {}", are(.files.len()), .dir.display(), .files.join(", "))]
    InTheWay { dir: PathBuf, files: Vec<String> },
    #[error("{} cannot be written: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
}

/// `request` is what the new project's configuration is read with.
pub(crate) fn run(args: &InitArgs, root: &Path, request: &Request, color: Color) -> Exit {
    let report = Report::default();
    let mut written = match create(args, root) {
        Ok(written) => written,
        Err(error) => {
            let exit = if matches!(error, InitError::Write { .. }) { Exit::Failure } else { Exit::BadConfig };
            report.push(error.problem());
            print_report(&report, color);
            return exit;
        }
    };
    if templates::is_declared(args.template) {
        // What modules import may have to be installed first; what the worker is granted is known.
        let Some(declarations) = types::declare_env(request, &report) else { return give_up(&report, color) };
        if let Err(error) = write_new(&root.join(types::FILE_NAME), &declarations) {
            report.push(error.problem());
            print_report(&report, color);
            return Exit::Failure;
        }
        written += 1;
    }
    // Where standard output is gone the project is there all the same.
    let _gone = io::stdout().lock().write_all(told(args, written).as_bytes());
    Exit::Success
}

/// Writes the template's files, and tells how many.
fn create(args: &InitArgs, root: &Path) -> Result<usize, InitError> {
    let name = args.name.clone().unwrap_or_else(|| name_of(root));
    if !is_name(&name) {
        return Err(InitError::Name { name });
    }
    if root.exists() && !root.is_dir() {
        return Err(InitError::NotADirectory(args.dir.clone()));
    }
    let paths = templates::files(args.template).map(|file| file.path).chain([types::FILE_NAME]);
    let mut files: Vec<String> = paths.filter_map(|path| in_the_way(root, path)).collect();
    // One file may stand in the way of a whole directory.
    files.dedup();
    if !files.is_empty() {
        return Err(InitError::InTheWay { dir: args.dir.clone(), files });
    }
    let mut written = 0;
    for file in templates::files(args.template) {
        write_new(&root.join(file.path), &file.text.replace(NAME, &name))?;
        written += 1;
    }
    Ok(written)
}

/// The first part of the path that is there and must not be: the file, in whatever form, or a file for one of its directories.
fn in_the_way(root: &Path, path: &str) -> Option<String> {
    let ends = path.match_indices('/').map(|(end, _)| end);
    let directory = ends.map(|end| &path[..end]).find(|directory| {
        let there = root.join(directory);
        there.symlink_metadata().is_ok() && !there.is_dir()
    });
    let file = || root.join(path).symlink_metadata().is_ok().then_some(path);
    directory.or_else(file).map(str::to_owned)
}

fn write_new(path: &Path, text: &str) -> Result<(), InitError> {
    let failed = |source| InitError::Write { path: path.to_owned(), source };
    let directory = path.parent().expect("a file is in a directory");
    fs::create_dir_all(directory).map_err(failed)?;
    // Not even what came since it was looked for is overwritten.
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}

/// The directory's name, as far as it can be a worker's.
fn name_of(root: &Path) -> String {
    let path = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    // `..` and the like have no name of their own.
    let path = path.canonicalize().unwrap_or(path);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let allowed = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let name: String = name.chars().map(allowed).take(63).collect();
    name.trim_matches('-').to_owned()
}

fn are(number: usize) -> String {
    format!("{} {}", count(number, "file"), if number == 1 { "is" } else { "are" })
}

/// What there is now, and what to type next.
fn told(args: &InitArgs, written: usize) -> String {
    let dir = args.dir.display();
    let mut text = format!("{dir} has {} now; next:\n\n", count(written, "new file"));
    let change = (args.dir != Path::new(".")).then(|| (format!("cd {dir}"), ""));
    let steps = templates::steps(args.template).iter().map(|(command, purpose)| ((*command).to_owned(), *purpose));
    let steps: Vec<_> = change.into_iter().chain(steps).collect();
    let width = steps.iter().map(|(command, _)| command.len()).max().unwrap_or_default();
    for (command, purpose) in steps {
        let line = if purpose.is_empty() { command } else { format!("{command:width$}   # {purpose}") };
        text += &format!("  {line}\n");
    }
    text
}

impl InitError {
    fn problem(&self) -> Problem {
        let problem = Problem::error(self.to_string());
        match self {
            InitError::Name { .. } => {
                problem.hint("give another one, of 1 to 63 letters, digits, `-` or `_`: --name my-worker")
            }
            InitError::NotADirectory(_) => problem.hint("name a directory, which is made if it is not there"),
            InitError::InTheWay { files, .. } if files.iter().any(|file| file == FILE_NAME) => {
                problem.hint("there is a project already: choose another directory")
            }
            InitError::InTheWay { .. } => problem.hint("move them away, or choose another directory"),
            InitError::Write { .. } => problem,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_gives_its_name() {
        for (dir, name) in
            [("/x/my-app", "my-app"), ("/x/My app.2", "My-app-2"), ("/x/-a-", "a"), ("/x/日本", ""), ("/", "")]
        {
            assert_eq!(name_of(Path::new(dir)), name, "{dir}");
        }
    }

    #[test]
    fn what_stands_in_the_way() {
        let dir = tempfile::tempdir().expect("a directory");
        let root = dir.path();
        assert_eq!(in_the_way(root, "src/index.ts"), None);
        fs::create_dir(root.join("src")).expect("made");
        assert_eq!(in_the_way(root, "src/index.ts"), None);
        fs::create_dir(root.join("src/index.ts")).expect("made");
        assert_eq!(in_the_way(root, "src/index.ts").as_deref(), Some("src/index.ts"));
        fs::write(root.join("lib"), "").expect("written");
        assert_eq!(in_the_way(root, "lib/a/b.ts").as_deref(), Some("lib"));
        assert!(matches!(write_new(&root.join("lib"), "x"), Err(InitError::Write { .. })));
    }
}
