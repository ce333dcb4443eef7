//! Which of the files that matter have changed.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::event::EventKind;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Whoever saves many files at once, as a checkout does, is done when nothing happened for so long …
const QUIET: Duration = Duration::from_millis(25);
/// … and is not waited for longer than this.
const STORM_MAX: Duration = Duration::from_secs(2);

/// Watches directories, since a file that is saved is often another file of the same name.
pub(crate) struct Watch {
    watcher: RecommendedWatcher,
    events: mpsc::UnboundedReceiver<notify::Result<Event>>,
    files: BTreeSet<PathBuf>,
    directories: BTreeSet<PathBuf>,
}

impl Watch {
    pub(crate) fn new() -> notify::Result<Self> {
        let (sender, events) = mpsc::unbounded_channel();
        // Nobody receives any more once the program ends.
        let watcher = notify::recommended_watcher(move |event| drop(sender.send(event)))?;
        Ok(Watch { watcher, events, files: BTreeSet::new(), directories: BTreeSet::new() })
    }

    /// From now on these files matter, there or not. A last part `*` stands for whatever is in its directory.
    pub(crate) fn set(&mut self, files: BTreeSet<PathBuf>) {
        let files = as_told(files);
        let around: BTreeSet<&Path> = files.iter().filter_map(|file| file.parent()).collect();
        let directories: BTreeSet<PathBuf> = around.into_iter().filter_map(nearest).collect();
        for gone in self.directories.difference(&directories) {
            // It may be gone itself.
            let _gone = self.watcher.unwatch(gone);
        }
        for new in directories.difference(&self.directories) {
            if let Err(error) = self.watcher.watch(new, RecursiveMode::NonRecursive) {
                tracing::warn!(directory = %new.display(), %error, "changes here are not seen");
            }
        }
        (self.files, self.directories) = (files, directories);
    }

    /// Waits until something that matters has changed and nothing more happens. `None` where nothing is watched any more.
    pub(crate) async fn changed(&mut self) -> Option<BTreeSet<PathBuf>> {
        let mut changed = BTreeSet::new();
        while changed.is_empty() {
            let event = self.events.recv().await?;
            self.take(event, &mut changed);
        }
        let last = Instant::now() + STORM_MAX;
        while Instant::now() < last {
            match tokio::time::timeout(QUIET, self.events.recv()).await {
                Ok(event) => self.take(event?, &mut changed),
                Err(_quiet) => break,
            }
        }
        Some(changed)
    }

    fn take(&self, event: notify::Result<Event>, changed: &mut BTreeSet<PathBuf>) {
        match event {
            Ok(event) if event.need_rescan() => changed.extend(self.files.iter().cloned()),
            Ok(event) => changed.extend(event.paths.iter().flat_map(|path| matching(&self.files, path, event.kind))),
            Err(error) => tracing::warn!(%error, "changes may not be seen"),
        }
    }
}

/// The files that matter of which an event tells.
fn matching(files: &BTreeSet<PathBuf>, path: &Path, kind: EventKind) -> Vec<PathBuf> {
    if matches!(kind, EventKind::Access(_)) {
        return Vec::new();
    }
    let listed = path.parent().map(|directory| directory.join("*"));
    let mut found: Vec<PathBuf> =
        [Some(path.to_owned()), listed].into_iter().flatten().filter(|file| files.contains(file)).collect();
    if matches!(
        kind,
        EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(notify::event::ModifyKind::Name(_))
    ) {
        // A directory that came or went, with what is in it.
        let beneath = files.range(path.to_owned()..).take_while(|file| file.starts_with(path));
        found.extend(beneath.filter(|file| *file != path).cloned());
    }
    found
}

/// The paths by which the system tells of these files: without links in their directories, each of which is asked once.
fn as_told(files: BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
    let mut directories: HashMap<PathBuf, PathBuf> = HashMap::new();
    let told = |file: PathBuf| match (file.parent(), file.file_name()) {
        (Some(parent), Some(name)) => {
            let known = directories.entry(parent.to_owned());
            known.or_insert_with(|| parent.canonicalize().unwrap_or_else(|_| parent.to_owned())).join(name)
        }
        _ => file,
    };
    files.into_iter().map(told).collect()
}

/// The directory, or the nearest one around it that is there.
fn nearest(directory: &Path) -> Option<PathBuf> {
    directory.ancestors().find(|directory| directory.is_dir()).map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, CreateKind, ModifyKind};

    use super::*;

    #[test]
    fn what_matters() {
        let files = ["/a/src/x.ts", "/a/pages/*", "/a/gone/deep/y.ts"].map(PathBuf::from).into();
        let check = |path: &str, kind: EventKind| matching(&files, Path::new(path), kind);
        let modified = EventKind::Modify(ModifyKind::Any);
        let created = EventKind::Create(CreateKind::Any);
        assert_eq!(check("/a/src/x.ts", modified), [PathBuf::from("/a/src/x.ts")]);
        assert_eq!(check("/a/src/x.ts", EventKind::Access(AccessKind::Any)), Vec::<PathBuf>::new());
        assert_eq!(check("/a/src/.x.ts.swp", created), Vec::<PathBuf>::new());
        assert_eq!(check("/a/pages/new.ts", created), [PathBuf::from("/a/pages/*")]);
        assert_eq!(check("/a/gone", created), [PathBuf::from("/a/gone/deep/y.ts")]);
        assert_eq!(check("/a/gone", modified), Vec::<PathBuf>::new());
        assert_eq!(check("/a/go", created), Vec::<PathBuf>::new());
    }

    #[tokio::test]
    async fn a_storm_is_one_change() {
        let directory = tempfile::tempdir().expect("a directory");
        let root = directory.path().canonicalize().expect("it is there");
        let file = |name: &str| root.join(name);
        std::fs::write(file("a"), "1").expect("written");
        let mut watch = Watch::new().expect("the system can watch");
        watch.set(["a", "b", "sub/c"].map(file).into());
        std::fs::write(file("unrelated"), "1").expect("written");
        for content in ["2", "3", "4"] {
            std::fs::write(file("a"), content).expect("written");
            std::fs::write(file("b"), content).expect("written");
        }
        std::fs::create_dir(file("sub")).expect("a directory");
        let changed = watch.changed().await.expect("it is watched");
        assert_eq!(changed, ["a", "b", "sub/c"].map(file).into());
        std::fs::rename(file("unrelated"), file("a")).expect("renamed");
        assert_eq!(watch.changed().await, Some([file("a")].into()));
    }
}
