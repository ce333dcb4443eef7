use super::Pattern;

/// How requests are matched with files.
#[derive(Debug, Clone, Default)]
pub struct AssetsSettings {
    pub html_handling: HtmlHandling,
    pub not_found_handling: NotFoundHandling,
    pub worker_first: WorkerFirst,
}

/// Which address a page has. `assets.html_handling`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HtmlHandling {
    /// `/a` for `a.html`, `/a/` for `a/index.html`.
    #[default]
    AutoTrailingSlash,
    /// `/a/` for both.
    ForceTrailingSlash,
    /// `/a` for both.
    DropTrailingSlash,
    /// The path of the file.
    None,
}

/// What is answered for what is not there. `assets.not_found_handling`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NotFoundHandling {
    #[default]
    None,
    /// The nearest `404.html`, with status 404.
    Page404,
    /// `/index.html`, with status 200.
    SinglePageApplication,
}

/// Which requests the worker gets although there is an asset. `assets.run_worker_first`
#[derive(Debug, Clone, Default)]
pub enum WorkerFirst {
    #[default]
    Never,
    Always,
    Paths {
        worker: Vec<Pattern>,
        /// Asked first.
        assets: Vec<Pattern>,
    },
}

impl WorkerFirst {
    /// From paths with `*` in them; those that begin with `!` are for the assets.
    pub fn of_paths<'p>(paths: impl IntoIterator<Item = &'p str>) -> Self {
        let (mut worker, mut assets) = (Vec::new(), Vec::new());
        for path in paths {
            match path.strip_prefix('!') {
                Some(path) => assets.push(Pattern::of_glob(path)),
                None => worker.push(Pattern::of_glob(path)),
            }
        }
        WorkerFirst::Paths { worker, assets }
    }
}

/// What assets may take. The defaults are written here and nowhere else.
#[derive(Debug, Clone)]
pub struct AssetsLimits {
    pub files_max: usize,
    pub file_bytes_max: u64,
    pub total_bytes_max: u64,
    /// The largest file that is kept in memory, and what all of them may take.
    pub kept_file_bytes_max: u64,
    pub kept_bytes_max: u64,
}

impl Default for AssetsLimits {
    fn default() -> Self {
        AssetsLimits {
            // A bundle holds as much: what is served from a directory can be built.
            files_max: 20_000,
            file_bytes_max: 256 << 20,
            total_bytes_max: 512 << 20,
            kept_file_bytes_max: 256 << 10,
            kept_bytes_max: 32 << 20,
        }
    }
}
