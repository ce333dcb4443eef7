use std::fs;
use std::path::Path;

use tempfile::TempDir;
use worky_bundle::{BuildErrors, Bundle, Module, Project, build};

/// A worker's directory for one test.
pub(crate) struct Fixture {
    directory: TempDir,
    pub(crate) project: Project,
}

impl Fixture {
    /// Writes `files`; the first one is the main module.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let root = directory.path().join("worker");
        fs::create_dir(&root).expect("a new directory");
        let fixture = Fixture { project: Project::new(root, files[0].0), directory };
        for (path, text) in files {
            fixture.write(path, text.as_bytes());
        }
        fixture
    }

    pub(crate) fn import_map(mut self, entries: &[(&str, &str)]) -> Self {
        self.project.import_map = entries.iter().map(|(key, target)| (key.to_string(), target.to_string())).collect();
        self
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.project.root.join(path);
        fs::create_dir_all(path.parent().expect("a file in a directory")).expect("a new directory");
        fs::write(path, bytes).expect("a new file");
    }

    /// The directory around the worker's.
    pub(crate) fn outside(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn build(&self) -> Result<Bundle, BuildErrors> {
        build(&self.project)
    }

    #[track_caller]
    pub(crate) fn bundle(&self) -> Bundle {
        self.build().unwrap_or_else(|errors| panic!("{errors}"))
    }

    /// The errors as they are shown, without the path of the temporary directory.
    #[track_caller]
    pub(crate) fn errors(&self) -> String {
        let outside = fs::canonicalize(self.outside()).expect("the directory is there");
        let errors = self.build().expect_err("the build fails");
        errors.to_string().replace(&*outside.to_string_lossy(), "TMP")
    }
}

/// The module whose specifier is `file:///` and `path`.
#[track_caller]
pub(crate) fn module<'a>(bundle: &'a Bundle, path: &str) -> &'a Module {
    let specifier = format!("file:///{path}");
    bundle
        .modules
        .iter()
        .find(|module| module.specifier == specifier)
        .unwrap_or_else(|| panic!("no {specifier} among {:?}", specifiers(bundle)))
}

pub(crate) fn specifiers(bundle: &Bundle) -> Vec<&str> {
    bundle.modules.iter().map(|module| module.specifier.as_str()).collect()
}

pub(crate) fn text(module: &Module) -> &str {
    std::str::from_utf8(&module.source).expect("a module of text")
}
