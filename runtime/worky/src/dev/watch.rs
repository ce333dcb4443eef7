//! Which of the files that matter have changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::event::{EventKind, ModifyKind};
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
    directories: BTreeMap<PathBuf, RecursiveMode>,
}

/// The last part of a path that stands for whatever is in its directory, and in those beneath it.
pub(crate) const EVERYTHING_BENEATH: &str = "**";

impl Watch {
    pub(crate) fn new() -> notify::Result<Self> {
        let (sender, events) = mpsc::unbounded_channel();
        // Nobody receives any more once the program ends.
        let watcher = notify::recommended_watcher(move |event| drop(sender.send(event)))?;
        Ok(Watch { watcher, events, files: BTreeSet::new(), directories: BTreeMap::new() })
    }

    /// From now on these files matter, there or not. A last part `*` stands for whatever is in its directory, and
    /// [`EVERYTHING_BENEATH`] for more.
    pub(crate) fn set(&mut self, files: BTreeSet<PathBuf>) {
        let files = as_told(files);
        let directories = directories_of(&files);
        for (gone, _) in self.directories.iter().filter(|(directory, mode)| directories.get(*directory) != Some(mode)) {
            // It may be gone itself.
            let _gone = self.watcher.unwatch(gone);
        }
        for (new, mode) in directories.iter().filter(|(directory, mode)| self.directories.get(*directory) != Some(mode))
        {
            if let Err(error) = self.watcher.watch(new, *mode) {
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

    fn take(&mut self, event: notify::Result<Event>, changed: &mut BTreeSet<PathBuf>) {
        if let Ok(Event { kind: EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)), paths, .. }) = &event {
            // A directory that comes back under the same name is another one.
            let is_gone = |directory: &PathBuf| paths.iter().any(|path| directory.starts_with(path));
            for (gone, _) in self.directories.extract_if(.., |directory, _| is_gone(directory)) {
                // It may be gone already.
                let _gone = self.watcher.unwatch(&gone);
            }
        }
        match event {
            Ok(event) if event.need_rescan() => changed.extend(self.files.iter().cloned()),
            Ok(event) => changed.extend(event.paths.iter().flat_map(|path| matching(&self.files, path, event.kind))),
            Err(error) => tracing::warn!(%error, "changes may not be seen"),
        }
    }
}

/// What to watch, and how. Within a tree nothing is watched by itself: it would end with its own reason.
fn directories_of(files: &BTreeSet<PathBuf>) -> BTreeMap<PathBuf, RecursiveMode> {
    let is_tree = |file: &&PathBuf| file.file_name().is_some_and(|name| name == EVERYTHING_BENEATH);
    let trees = files.iter().filter(is_tree).filter_map(|file| file.parent()).filter(|tree| tree.is_dir());
    let trees: BTreeSet<&Path> = trees.collect();
    let in_tree = |directory: &Path| directory.ancestors().any(|around| trees.contains(around));
    // A tree that goes away is seen to come back by who is around it.
    let above = files.iter().filter(is_tree).filter_map(|file| file.parent()?.parent());
    let around: BTreeSet<&Path> = files.iter().filter_map(|file| file.parent()).chain(above).collect();
    let single = around.into_iter().filter_map(nearest).filter(|directory| !in_tree(directory));
    let outermost = trees.iter().filter(|tree| !tree.ancestors().skip(1).any(|around| trees.contains(around)));
    let single = single.map(|directory| (directory, RecursiveMode::NonRecursive));
    single.chain(outermost.map(|tree| (tree.to_path_buf(), RecursiveMode::Recursive))).collect()
}

/// The files that matter of which an event tells.
fn matching(files: &BTreeSet<PathBuf>, path: &Path, kind: EventKind) -> Vec<PathBuf> {
    if matches!(kind, EventKind::Access(_)) {
        return Vec::new();
    }
    let listed = path.parent().map(|directory| directory.join("*"));
    let trees = path.ancestors().map(|around| around.join(EVERYTHING_BENEATH));
    let mut found: Vec<PathBuf> =
        [path.to_owned()].into_iter().chain(listed).chain(trees).filter(|file| files.contains(file)).collect();
    if matches!(kind, EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))) {
        // A directory that came or went, with what is in it.
        let beneath = files.range(path.to_owned()..).take_while(|file| file.starts_with(path));
        let beneath: Vec<_> = beneath.filter(|file| *file != path && !found.contains(file)).cloned().collect();
        found.extend(beneath);
    }
    found
}

/// The paths by which the system tells of these files: without links in their directories, each of which is asked once.
pub(super) fn as_told(files: BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
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
    use notify::event::{AccessKind, CreateKind};

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

    /// What is made in a new directory is seen, however soon after it.
    #[tokio::test]
    async fn trees_are_watched_to_their_ends() {
        let directory = tempfile::tempdir().expect("a directory");
        let root = directory.path().canonicalize().expect("it is there");
        let tree = root.join("tree");
        std::fs::create_dir(&tree).expect("a directory");
        std::fs::write(tree.join("a"), "1").expect("written");
        let mut watch = Watch::new().expect("the system can watch");
        watch.set([tree.join("**"), tree.join("a"), root.join("other/**")].into());
        std::fs::create_dir_all(tree.join("x/y")).expect("directories");
        assert_eq!(watch.changed().await, Some([tree.join("**")].into()));
        std::fs::write(tree.join("x/y/z"), "1").expect("written");
        assert_eq!(watch.changed().await, Some([tree.join("**")].into()));
        std::fs::write(tree.join("a"), "2").expect("written");
        assert_eq!(watch.changed().await, Some([tree.join("**"), tree.join("a")].into()));
        std::fs::create_dir(root.join("other")).expect("a directory");
        assert_eq!(watch.changed().await, Some([root.join("other/**")].into()));
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
