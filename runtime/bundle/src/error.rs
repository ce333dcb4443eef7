use std::fmt;
use std::io;
use std::ops::Range;
use std::path::PathBuf;

use crate::excerpt::{Excerpt, position};
use crate::kind::EXTENSIONS;
use crate::pack::node;
use crate::packages::Packages;

/// Everything that is wrong with a project, sorted by place. Never empty.
#[derive(Debug, thiserror::Error)]
pub struct BuildErrors(pub Vec<BuildError>);

impl fmt::Display for BuildErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

/// One thing that is wrong. It displays as `FILE:LINE:COLUMN: MESSAGE`, the line it is about, and how to mend it.
#[derive(Debug, thiserror::Error)]
pub struct BuildError {
    /// Absent where no line of a source file is at fault.
    pub location: Option<Location>,
    #[source]
    pub problem: Problem,
    excerpt: Option<Box<Excerpt>>,
}

/// A place in a file of the worker.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The path from the worker's directory.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
}

impl BuildError {
    pub(crate) fn new(problem: Problem) -> Self {
        BuildError { location: None, problem, excerpt: None }
    }

    /// An error about the bytes `range` of `file`, whose text is `text`.
    pub(crate) fn at(file: &str, text: &str, range: Range<usize>, problem: Problem) -> Self {
        let (line, column) = position(text, range.start);
        let location = Location { file: file.to_owned(), line, column };
        BuildError { location: Some(location), problem, excerpt: Some(Box::new(Excerpt::new(text, &range))) }
    }

    /// An error about a file that has no lines to show.
    pub(crate) fn in_file(file: &str, problem: Problem) -> Self {
        let location = Location { file: file.to_owned(), line: 1, column: 1 };
        BuildError { location: Some(location), problem, excerpt: None }
    }

    /// What is wrong, in one line.
    pub fn message(&self) -> String {
        self.problem.to_string()
    }

    /// How to mend it, in one line.
    pub fn hint(&self) -> Option<String> {
        self.problem.hint()
    }

    /// The line the error is about with a mark under the place, over several lines.
    pub fn excerpt(&self) -> Option<String> {
        self.excerpt.as_ref().map(|excerpt| excerpt.to_string())
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(location) = &self.location {
            write!(f, "{location}: ")?;
        }
        write!(f, "{}", self.problem)?;
        if let Some(excerpt) = &self.excerpt {
            write!(f, "\n{excerpt}")?;
        }
        if let Some(hint) = self.hint() {
            write!(f, "\n  = hint: {hint}")?;
        }
        Ok(())
    }
}

/// What can be wrong with a project.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    #[error("cannot open the worker's directory {}: {source}", path.display())]
    Root { path: PathBuf, source: io::Error },
    #[error("cannot find the main module {main:?}")]
    MainNotFound { main: String, hint: Option<String> },
    #[error("the main module {main:?} is not a file of code")]
    MainNotCode { main: String },

    #[error("cannot find module {specifier:?}")]
    NotFound { specifier: String, hint: Option<String> },
    #[error("{specifier:?} leads out of the worker's directory")]
    OutsideRoot { specifier: String },
    #[error("{link} is a symbolic link out of the worker's directory, to {}", target.display())]
    LinkOutside { link: String, target: PathBuf },
    #[error("{specifier:?} holds a NUL character")]
    Nul { specifier: String },
    #[error("cannot find {specifier:?}: no package of that name is installed, and the import map has none")]
    Bare { specifier: String },
    #[error("cannot import {specifier:?}: {message}")]
    Package { specifier: String, message: String },
    #[error("{specifier:?} is a link out of the project in {}, to {}", base.display(), target.display())]
    PackageOutside { specifier: String, target: PathBuf, base: PathBuf },
    #[error("{specifier:?} is not available")]
    NodeModule { specifier: String },
    #[error("there is no builtin module {specifier:?}")]
    UnknownBuiltin { specifier: String, known: Vec<String> },
    #[error("there is no plugin {specifier:?}")]
    UnknownPlugin { specifier: String, declared: Vec<String>, near: Option<String> },
    #[error("cannot import {specifier:?}: modules are not loaded over {scheme}")]
    Scheme { specifier: String, scheme: String },
    #[error("import map: {target:?}, to which {key:?} leads, is neither a path nor a builtin module")]
    ImportMapTarget { key: String, target: String },
    #[error("import map: {key:?} ends in \"/\", but {target:?}, to which it leads, does not")]
    ImportMapPrefix { key: String, target: String },
    #[error("{specifier:?} leads out of {target:?}, to which the import map takes {key:?}")]
    ImportMapBacktrack { specifier: String, key: String, target: String },
    #[error("a path from an import() with a computed end matches more than {max} files: {pattern}")]
    PatternTooWide { pattern: String, max: usize },

    #[error("{path} is not a regular file")]
    NotAFile { path: String },
    #[error("the name of {path:?} is not valid UTF-8")]
    NameNotUtf8 { path: String },
    #[error("cannot read {path}: {source}")]
    Read { path: String, source: io::Error },
    #[error("{path} is larger than {max} bytes, the most one module may have")]
    ModuleTooLarge { path: String, max: u64 },
    #[error("the modules together are larger than {max} bytes, the most a worker may have")]
    TotalTooLarge { max: u64 },
    #[error("there are more than {max} modules, the most a worker may have")]
    TooManyModules { max: usize },
    #[error("cannot import {path}: no loader for this kind of file")]
    UnknownExtension { path: String },
    #[error("cannot import {path}: CommonJS modules are not supported")]
    CommonJsFile { path: String },
    #[error("{found} belongs to CommonJS, and this file is an ES module")]
    CommonJsCode { found: &'static str },
    #[error("the import attribute {name:?} is not supported")]
    UnknownAttribute { name: String },
    #[error("the import attribute says type {found:?}, but {path} is {actual}")]
    AttributeMismatch { found: String, path: String, actual: &'static str },

    #[error("syntax error: {message}")]
    Syntax { message: String },
    #[error("JSX is not read in {path}")]
    Jsx { path: String, ending: &'static str },
    #[error("the code nests more than {max} levels deep")]
    Nesting { max: usize },
    #[error("{message}")]
    Linking { message: String },
    #[error("the modules could not be packed: {message}")]
    Packer { message: String },
    #[error("{written:?} stands for {} in one file and for {} in another", files.0, files.1)]
    ComputedTwice { written: String, files: Box<(String, String)> },
    #[error("the compiler failed on this file: {message}")]
    Compiler { message: String },
    #[error("not valid JSON: {message}")]
    Json { message: String },
    #[error("not valid UTF-8")]
    NotUtf8,
    #[error(
        "neither a WebAssembly module nor a component: the file does not begin with \"\\0asm\" and a known version"
    )]
    NotWasm,

    #[error("not valid JSON with comments: {message}")]
    TsconfigSyntax { message: String },
    #[error("{option} is {found}, expected {expected}")]
    TsconfigOption { option: &'static str, found: String, expected: &'static str },
    #[error("cannot find {extends:?}, which this file extends")]
    TsconfigExtends { extends: String },
    #[error("this file extends itself, by way of {extends:?}")]
    TsconfigCycle { extends: String },
}

impl Problem {
    /// How to mend it, in one line.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Problem::MainNotFound { hint, .. } | Problem::NotFound { hint, .. } => return hint.clone(),
            Problem::MainNotCode { .. } => "main names a .ts, .tsx, .mts, .js, .jsx or .mjs file".to_owned(),
            Problem::OutsideRoot { .. } | Problem::LinkOutside { .. } => {
                "sources come from the worker's directory only: copy the file into it".to_owned()
            }
            Problem::Bare { specifier } if specifier.ends_with("/jsx-runtime") => format!(
                "JSX is compiled to an import of it: npm install {}, or set jsxImportSource in tsconfig.json",
                Packages::name(specifier)
            ),
            Problem::Bare { specifier } => format!(
                "npm install {}, or write \"./{specifier}\" for a file beside this one",
                Packages::name(specifier)
            ),
            Problem::PackageOutside { .. } => "install the package, or make it a part of the same workspace".to_owned(),
            Problem::ComputedTwice { .. } => "give one of the two directories another name".to_owned(),
            Problem::NodeModule { specifier } if let Some(instead) = node::instead_of(specifier) => instead.to_owned(),
            Problem::NodeModule { .. } => format!("of Node's own modules there are {}", node::available()),
            Problem::UnknownBuiltin { specifier, .. } if specifier == "worky:test" => {
                "it is there in test files, which `worky test` runs: *.test.ts, *.spec.ts".to_owned()
            }
            Problem::UnknownBuiltin { known, .. } if known.is_empty() => return None,
            Problem::UnknownBuiltin { known, .. } => format!("the builtin modules are {}", known.join(", ")),
            Problem::UnknownPlugin { near: Some(near), .. } => format!("did you mean {near:?}?"),
            Problem::UnknownPlugin { declared, .. } if declared.is_empty() => {
                "declare it in worky.toml: [[plugins]], with its name and its path".to_owned()
            }
            Problem::UnknownPlugin { declared, .. } => {
                format!("worky.toml declares {} in [[plugins]]", declared.join(", "))
            }
            Problem::Scheme { .. } => "copy the module into the worker's directory".to_owned(),
            Problem::ImportMapTarget { .. } => {
                "write a path from the worker's directory that begins with \"./\" or \"/\"".to_owned()
            }
            Problem::ImportMapPrefix { .. } => "end both in \"/\", or neither".to_owned(),
            Problem::PatternTooWide { .. } => {
                "put the files into a directory of their own, and its name into the path".to_owned()
            }
            Problem::UnknownExtension { .. } => {
                let known: Vec<String> = EXTENSIONS.iter().map(|(extension, _)| format!(".{extension}")).collect();
                format!("these can be imported: {}; other text has to be in a .txt file", known.join(" "))
            }
            Problem::CommonJsFile { .. } | Problem::CommonJsCode { .. } => {
                "write an ES module, with import and export".to_owned()
            }
            Problem::UnknownAttribute { .. } => "the one attribute there is is type".to_owned(),
            Problem::AttributeMismatch { .. } => "leave the attribute out".to_owned(),
            Problem::Jsx { path, ending } => {
                let stem = path.rsplit_once('.').map_or(path.as_str(), |(stem, _)| stem);
                format!("rename it to {stem}.{ending}")
            }
            Problem::Syntax { message } if message.starts_with("await is only valid") => {
                "make the function around it async: async function name() { … }, async () => { … }".to_owned()
            }
            Problem::Syntax { message } if message.starts_with("a JSX element") => {
                "write its closing tag, </name>, or <name /> for an element without content".to_owned()
            }
            Problem::Nesting { .. } => "move a part into a function or a module of its own".to_owned(),
            Problem::TsconfigExtends { .. } => {
                "extends names a file in the worker's directory, or a package in its node_modules".to_owned()
            }
            Problem::Root { .. }
            | Problem::Nul { .. }
            | Problem::ImportMapBacktrack { .. }
            | Problem::NotAFile { .. }
            | Problem::NameNotUtf8 { .. }
            | Problem::Read { .. }
            | Problem::ModuleTooLarge { .. }
            | Problem::TotalTooLarge { .. }
            | Problem::TooManyModules { .. }
            | Problem::Syntax { .. }
            | Problem::Compiler { .. }
            | Problem::Package { .. }
            | Problem::Linking { .. }
            | Problem::Packer { .. }
            | Problem::Json { .. }
            | Problem::NotUtf8
            | Problem::NotWasm
            | Problem::TsconfigSyntax { .. }
            | Problem::TsconfigOption { .. }
            | Problem::TsconfigCycle { .. } => return None,
        };
        Some(hint)
    }
}
