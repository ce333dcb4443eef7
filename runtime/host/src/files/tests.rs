//! A mount against a directory that others change, and against guests that want more than they were granted.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use tempfile::TempDir;

use super::*;

/// A granted directory with something outside of it that nobody may reach.
struct Case {
    dir: TempDir,
    roots: HostRoots,
}

impl Case {
    fn new() -> Self {
        let dir = TempDir::new().expect("a temporary directory");
        fs::create_dir(dir.path().join("data")).expect("made");
        fs::write(dir.path().join("secret"), "secret").expect("written");
        Case { dir, roots: HostRoots::default() }
    }

    fn data(&self, path: &str) -> PathBuf {
        self.dir.path().join("data").join(path)
    }

    fn secret(&self) -> PathBuf {
        self.dir.path().join("secret")
    }

    fn config(&self, mode: Mode, quota_bytes: u64) -> MountConfig {
        MountConfig { binding: "DATA".into(), path: self.data(""), mode, quota_bytes, quota_entries: 100 }
    }

    fn files(&self, mode: Mode, quota_bytes: u64) -> Files {
        let files = Files::new(FilesConfig {
            worker: "w".into(),
            mounts: &[self.config(mode, quota_bytes)],
            roots: &self.roots,
            purpose: Purpose::Serve,
            limits: FilesLimits { open_files: 8, tmp_bytes: 10_000, tmp_entries: 10 },
            metrics: Metrics::default(),
            runtime: Handle::current(),
        });
        files.expect("it can be mounted")
    }

    fn mount(&self) -> Mount {
        self.files(Mode::ReadWrite, 1 << 20).mounts()[0].1.clone()
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.data("")).expect("it can be read");
        entries.map(|entry| entry.expect("read").file_name().into_string().expect("text")).collect()
    }
}

fn path(text: &str) -> FilePath {
    FilePath::parse(text).expect("a path")
}

fn options(access: OpenAccess, create: Create) -> OpenOptions {
    OpenOptions { access, create, content: Content::Keep }
}

async fn write(mount: &Mount, name: &str, content: &str) -> Result<(), FileError> {
    let file = mount.open(&path(name), options(OpenAccess::Write, Create::IfAbsent)).await?;
    file.set_size(0).await?;
    file.write(WriteAt::Offset(0), Bytes::copy_from_slice(content.as_bytes())).await
}

async fn read(mount: &Mount, name: &str) -> Result<String, FileError> {
    let file = mount.open(&path(name), options(OpenAccess::Read, Create::Never)).await?;
    Ok(String::from_utf8_lossy(&file.read(0, 1 << 20).await?).into_owned())
}

/// What a mount does, whatever is behind it.
async fn works(mount: &Mount) {
    write(mount, "a", "hello").await.expect("written");
    assert_eq!(read(mount, "a").await.expect("read"), "hello");
    assert!(matches!(read(mount, "b").await, Err(FileError::NotFound { .. })));
    assert!(matches!(mount.stat(&path("a/b")).await, Err(FileError::NotDirectory { .. })));
    mount.create_directory(&path("dir")).await.expect("made");
    assert!(matches!(mount.create_directory(&path("dir")).await, Err(FileError::Exists { .. })));
    write(mount, "dir/b", "there").await.expect("written");
    let listed = mount.list(&FilePath::root()).await.expect("listed");
    let listed: Vec<_> = listed.iter().map(|entry| (entry.name.as_str(), entry.entry)).collect();
    assert_eq!(listed, [("a", Entry::File), ("dir", Entry::Directory)]);
    assert_eq!(mount.usage(), (10, 3));

    assert!(matches!(mount.remove_file(&path("dir")).await, Err(FileError::IsDirectory { .. })));
    assert!(matches!(mount.remove_directory(&path("a")).await, Err(FileError::NotDirectory { .. })));
    assert!(matches!(mount.remove_directory(&path("dir")).await, Err(FileError::NotEmpty { .. })));
    let exclusive = options(OpenAccess::Write, Create::Always);
    assert!(matches!(mount.open(&path("a"), exclusive).await, Err(FileError::Exists { .. })));
    assert!(matches!(mount.open(&path("dir"), exclusive).await, Err(FileError::Exists { .. })));
    assert!(matches!(read(mount, "dir").await, Err(FileError::IsDirectory { .. })));

    // Renaming replaces files, and gives back what they held.
    mount.rename(&path("a"), mount, &path("dir/b")).await.expect("moved");
    assert_eq!(read(mount, "dir/b").await.expect("read"), "hello");
    assert_eq!(mount.usage(), (5, 2));
    assert!(matches!(mount.rename(&path("dir"), mount, &path("dir/inner")).await, Err(FileError::IntoItself { .. })));
    assert!(matches!(mount.rename(&path("dir/b"), mount, &path("dir")).await, Err(FileError::IsDirectory { .. })));

    // A file that lost its name still counts while it is open.
    let open = mount.open(&path("dir/b"), options(OpenAccess::Write, Create::Never)).await.expect("opened");
    mount.remove_file(&path("dir/b")).await.expect("removed");
    open.write(WriteAt::End, "and more".into()).await.expect("written");
    assert_eq!(open.read(0, 100).await.expect("read"), "helloand more");
    assert_eq!(mount.usage(), (13, 1));
    drop(open);
    assert_eq!(mount.usage(), (0, 1));

    // Writing far away, cutting, growing.
    let file = mount.open(&path("holes"), exclusive).await.expect("made");
    file.write(WriteAt::Offset(100), "x".into()).await.expect("written");
    assert_eq!(file.stat().await.expect("known").bytes, 101);
    file.set_size(3).await.expect("cut");
    file.set_size(5).await.expect("grown");
    assert_eq!(file.read(0, 10).await.expect("read"), [0; 5].as_slice());
    assert_eq!(file.read(5, 10).await.expect("read"), "");
    assert_eq!(file.read(u64::MAX >> 1, 0).await.expect("read"), "");
    assert!(matches!(file.read(u64::MAX, 10).await, Err(FileError::TooLarge { .. })));
    assert!(matches!(file.write(WriteAt::Offset(u64::MAX), "x".into()).await, Err(FileError::TooLarge { .. })));
    assert!(matches!(file.set_size(u64::MAX).await, Err(FileError::TooLarge { .. })));
    assert!(matches!(file.set_size(1 << 50).await, Err(FileError::Quota { .. })));
    assert_eq!(mount.usage(), (5, 2));
    drop(file);

    // Replacing is all or nothing.
    let replacement = mount.replace(&path("holes"), Content::Keep).await.expect("begun");
    replacement.write(5, "new".into()).await.expect("written");
    assert_eq!(read(mount, "holes").await.expect("read").len(), 5);
    assert!(matches!(mount.remove_file(&path("holes")).await, Err(FileError::Locked { .. })));
    assert!(matches!(mount.rename(&path("holes"), mount, &path("x")).await, Err(FileError::Locked { .. })));
    let listed = mount.list(&FilePath::root()).await.expect("listed");
    assert_eq!(listed.len(), 2, "what is being written is not seen: {listed:?}");
    replacement.commit().await.expect("committed");
    assert!(replacement.write(0, "late".into()).await.is_err());
    assert_eq!(read(mount, "holes").await.expect("read"), "\0\0\0\0\0new");
    assert_eq!(mount.usage(), (8, 2));
    drop(mount.replace(&path("holes"), Content::Discard).await.expect("begun"));
    mount.remove_all(&path("dir")).await.expect("removed");
    // The one that was given up is removed on another thread.
    while mount.remove_all(&path("holes")).await.is_err() {}
    assert_eq!(mount.usage(), (0, 0));
}

#[tokio::test]
async fn a_directory_of_the_host_works() {
    let case = Case::new();
    works(&case.mount()).await;
    assert!(case.names().is_empty(), "{:?}", case.names());
}

#[tokio::test]
async fn memory_works() {
    let case = Case::new();
    let files = case.files(Mode::Read, 0);
    works(files.session(None).mount(MountId::Tmp).expect("there")).await;
}

#[tokio::test]
async fn no_link_is_followed() {
    let case = Case::new();
    let mount = case.mount();
    fs::create_dir(case.dir.path().join("outside")).expect("made");
    fs::write(case.dir.path().join("outside/file"), "secret").expect("written");
    fs::write(case.data("inside"), "inside").expect("written");
    symlink(case.secret(), case.data("absolute")).expect("linked");
    symlink("../secret", case.data("relative")).expect("linked");
    symlink("inside", case.data("harmless")).expect("linked");
    symlink("../outside", case.data("directory")).expect("linked");
    symlink("/proc/self/root", case.data("magic")).expect("linked");
    symlink("gone", case.data("dangling")).expect("linked");
    for name in ["absolute", "relative", "harmless", "directory", "magic", "dangling"] {
        let place = path(name);
        let refused = |done: Result<(), FileError>, what: &str| {
            assert!(matches!(done, Err(FileError::Symlink { .. })), "{what} {name}: {done:?}");
        };
        refused(read(&mount, name).await.map(drop), "read");
        refused(write(&mount, name, "x").await, "write");
        refused(mount.stat(&place).await.map(drop), "stat");
        refused(mount.list(&place).await.map(drop), "list");
        refused(mount.replace(&place, Content::Discard).await.map(drop), "replace");
        refused(mount.remove_file(&place).await, "remove");
        refused(mount.remove_all(&place).await, "remove all");
        refused(mount.rename(&place, &mount, &path("moved")).await, "move");
        refused(mount.rename(&path("inside"), &mount, &place).await, "move onto");
        refused(read(&mount, &format!("{name}/file")).await.map(drop), "read in");
        refused(write(&mount, &format!("{name}/file"), "x").await, "write in");
        refused(mount.create_directory(&path(&format!("{name}/new"))).await, "make in");
    }
    let listed = mount.list(&FilePath::root()).await.expect("listed");
    assert_eq!(listed.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["inside"]);
    assert_eq!(fs::read_to_string(case.secret()).expect("read"), "secret");
    assert!(!case.dir.path().join("gone").exists() && !case.data("gone").exists());
}

#[tokio::test]
async fn links_within_a_removed_directory_are_removed_and_not_followed() {
    let case = Case::new();
    fs::create_dir_all(case.data("dir/inner")).expect("made");
    symlink(case.dir.path(), case.data("dir/inner/up")).expect("linked");
    symlink(case.secret(), case.data("dir/file")).expect("linked");
    let mount = case.mount();
    mount.remove_all(&path("dir")).await.expect("removed");
    assert_eq!(fs::read_to_string(case.secret()).expect("still there"), "secret");
    assert_eq!(mount.usage(), (0, 0));
}

#[tokio::test]
async fn what_is_no_file_is_not_opened() {
    let case = Case::new();
    let fifo = case.data("fifo");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status().expect("mkfifo runs");
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(case.data("socket")).expect("bound");
    let mount = case.mount();
    for name in ["fifo", "socket"] {
        // A pipe without a writer would keep its reader waiting.
        assert!(matches!(read(&mount, name).await, Err(FileError::Special { .. })), "{name}");
        assert!(matches!(write(&mount, name, "x").await, Err(FileError::Special { .. })), "{name}");
        assert!(mount.replace(&path(name), Content::Discard).await.is_err(), "{name}");
    }
    assert!(mount.list(&FilePath::root()).await.expect("listed").is_empty());
}

#[tokio::test]
async fn other_names_of_a_file_are_not_written_through() {
    let case = Case::new();
    fs::hard_link(case.secret(), case.data("linked")).expect("linked");
    let mount = case.mount();
    assert_eq!(read(&mount, "linked").await.expect("read"), "secret");
    assert!(matches!(write(&mount, "linked", "x").await, Err(FileError::HardLink { .. })));
    let replacement = mount.replace(&path("linked"), Content::Discard).await.expect("begun");
    replacement.write(0, "mine".into()).await.expect("written");
    replacement.commit().await.expect("committed");
    assert_eq!(read(&mount, "linked").await.expect("read"), "mine");
    assert_eq!(fs::read_to_string(case.secret()).expect("read"), "secret");
}

/// Somebody swaps a directory for a link to the outside, as fast as they can.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_race_for_a_link_is_not_won() {
    let case = Case::new();
    let outside = case.dir.path().join("outside");
    fs::create_dir(&outside).expect("made");
    fs::write(outside.join("file"), "secret").expect("written");
    fs::create_dir(case.data("inside")).expect("made");
    fs::write(case.data("inside/file"), "mine").expect("written");
    symlink(&outside, case.data("link")).expect("linked");
    fs::write(case.data("plain"), "mine").expect("written");
    symlink(outside.join("file"), case.data("hole")).expect("linked");
    let mount = case.mount();
    let stop = AtomicBool::new(false);
    let (mut mine, mut refused) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                for name in ["inside", "link"] {
                    fs::rename(case.data(name), case.data("victim")).expect("there");
                    fs::rename(case.data("victim"), case.data(name)).expect("there");
                }
                for name in ["plain", "hole"] {
                    fs::rename(case.data(name), case.data("target")).expect("there");
                    fs::rename(case.data("target"), case.data(name)).expect("there");
                }
            }
        });
        let attack = async {
            // As often as it takes to meet both, and often enough for a rare third.
            for round in 0.. {
                if round >= 2000 && mine > 0 && refused > 0 {
                    break;
                }
                assert!(round < 1_000_000, "both are met: {mine} {refused}");
                match read(&mount, "victim/file").await {
                    Ok(text) => {
                        assert_eq!(text, "mine");
                        mine += 1;
                    }
                    Err(FileError::NotFound { .. }) => {}
                    Err(_) => refused += 1,
                }
                if let Ok(text) = read(&mount, "target").await {
                    assert_eq!(text, "mine");
                }
                let _often_refused = mount.open(&path("target"), options(OpenAccess::Write, Create::Never)).await;
                let made = path(&format!("victim/{}", round % 50));
                let _often_refused = write(&mount, &made.to_string(), "made").await;
                let _often_refused = mount.remove_all(&made).await;
            }
        };
        tokio::task::block_in_place(|| Handle::current().block_on(attack));
        stop.store(true, Ordering::Relaxed);
    });
    let found: Vec<_> = fs::read_dir(&outside).expect("read").map(|entry| entry.expect("read").file_name()).collect();
    assert_eq!(found, ["file"]);
    assert_eq!(fs::read_to_string(outside.join("file")).expect("read"), "secret");
}

#[tokio::test]
async fn a_mount_for_reading_refuses_every_change() {
    let case = Case::new();
    fs::write(case.data("a"), "there").expect("written");
    let mount = case.files(Mode::Read, 0).mounts()[0].1.clone();
    assert_eq!(read(&mount, "a").await.expect("read"), "there");
    let a = path("a");
    let refused = |done: Result<(), FileError>| assert!(matches!(done, Err(FileError::ReadOnly { .. })), "{done:?}");
    for create in [Create::Never, Create::IfAbsent, Create::Always] {
        refused(mount.open(&a, options(OpenAccess::Write, create)).await.map(drop));
    }
    refused(mount.open(&path("new"), options(OpenAccess::Read, Create::IfAbsent)).await.map(drop));
    let discard = OpenOptions { content: Content::Discard, ..options(OpenAccess::Read, Create::Never) };
    refused(mount.open(&a, discard).await.map(drop));
    refused(mount.remove_file(&a).await);
    refused(mount.remove_all(&a).await);
    refused(mount.remove_directory(&a).await);
    refused(mount.create_directory(&path("new")).await);
    refused(mount.rename(&a, &mount, &path("b")).await);
    refused(mount.replace(&a, Content::Keep).await.map(drop));
    let file = mount.open(&a, options(OpenAccess::Read, Create::Never)).await.expect("opened");
    for done in [file.write(WriteAt::End, "x".into()).await, file.set_size(0).await] {
        assert!(matches!(done, Err(FileError::NotOpenedForThis { .. })), "{done:?}");
    }
}

#[tokio::test]
async fn a_quota_counts_what_is_there_and_is_shared() {
    let case = Case::new();
    fs::write(case.data("there"), [0; 600]).expect("written");
    fs::write(case.data(".worky-tmp-0123"), [0; 600]).expect("written");
    let first = case.files(Mode::ReadWrite, 1000).mounts()[0].1.clone();
    let second = case.files(Mode::ReadWrite, 1000).mounts()[0].1.clone();
    assert_eq!(case.names(), ["there"], "what was left behind is gone");
    assert_eq!(first.usage(), (600, 1));
    write(&first, "a", &"x".repeat(300)).await.expect("it fits");
    assert!(matches!(write(&second, "b", &"x".repeat(101)).await, Err(FileError::Quota { max: 1000, .. })));
    write(&second, "b", &"x".repeat(100)).await.expect("it fits");
    // While a file is replaced, both count.
    let replacement = second.replace(&path("b"), Content::Discard).await.expect("begun");
    assert!(matches!(replacement.write(0, "x".into()).await, Err(FileError::Quota { .. })));
    first.remove_file(&path("there")).await.expect("removed");
    replacement.write(0, "x".into()).await.expect("it fits");
    replacement.commit().await.expect("committed");
    assert_eq!(second.usage(), (301, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_at_once_cannot_pass_a_quota() {
    let case = Case::new();
    let mount = case.files(Mode::ReadWrite, 1000).mounts()[0].1.clone();
    let one = mount.open(&path("one"), options(OpenAccess::Write, Create::Always)).await.expect("made");
    let writers = (0..8).map(|writer| {
        let (mount, one) = (mount.clone(), one.clone());
        tokio::spawn(async move {
            let mut written = 0;
            for round in 0..40 {
                let name = format!("{writer}-{}", round % 3);
                let _sometimes_refused = write(&mount, &name, "1234567").await;
                written += if one.write(WriteAt::End, "123".into()).await.is_ok() { 3 } else { 0 };
            }
            written
        })
    });
    let mut appended = 0;
    for writer in writers.collect::<Vec<_>>() {
        appended += writer.await.expect("it ends");
    }
    assert_eq!(one.stat().await.expect("known").bytes, appended);
    let on_disk: u64 = case.names().iter().map(|name| fs::metadata(case.data(name)).expect("there").len()).sum();
    assert_eq!(on_disk, mount.usage().0);
    assert!(on_disk <= 1000 && on_disk > 990, "{on_disk}");
}

#[tokio::test]
async fn entries_and_open_files_are_limited() {
    let case = Case::new();
    let files = case.files(Mode::ReadWrite, 1000);
    let (mount, session) = (files.mounts()[0].1.clone(), files.session(None));
    let tmp = session.mount(MountId::Tmp).expect("there");
    for index in 0..10 {
        write(tmp, &index.to_string(), "").await.expect("made");
    }
    assert!(matches!(write(tmp, "more", "").await, Err(FileError::Entries { max: 10, .. })));
    assert!(matches!(tmp.create_directory(&path("more")).await, Err(FileError::Entries { .. })));
    for index in 0..100 {
        mount.create_directory(&path(&index.to_string())).await.expect("made");
    }
    assert!(matches!(mount.create_directory(&path("more")).await, Err(FileError::Entries { max: 100, .. })));
    assert!(matches!(write(&mount, "more", "").await, Err(FileError::Entries { .. })));

    let mut open = Vec::new();
    for _ in 0..8 {
        open.push(tmp.open(&path("1"), options(OpenAccess::Read, Create::Never)).await.expect("opened"));
    }
    let one_more = tmp.open(&path("1"), options(OpenAccess::Read, Create::Never)).await;
    assert!(matches!(one_more, Err(FileError::OpenFiles { max: 8 })));
    assert!(matches!(tmp.replace(&path("1"), Content::Keep).await, Err(FileError::OpenFiles { .. })));
    open.pop();
    assert!(tmp.replace(&path("1"), Content::Keep).await.is_ok());
}

#[tokio::test]
async fn a_directory_is_written_by_one_process() {
    let case = Case::new();
    let _held = case.files(Mode::ReadWrite, 1000);
    // Another registry stands for another process: the lock belongs to the opened directory.
    let elsewhere = HostRoots::default();
    let config = case.config(Mode::ReadWrite, 1000);
    let error = elsewhere.open(&config, Purpose::Serve).err().expect("it is held");
    assert!(error.to_string().contains("another process"), "{error}");
    assert!(elsewhere.open(&config, Purpose::Check).is_ok());
}

#[tokio::test]
async fn a_changed_file_is_not_read_on() {
    let case = Case::new();
    let mount = case.mount();
    let files = case.files(Mode::Read, 0);
    let session = files.session(None);
    for mount in [&mount, session.mount(MountId::Tmp).expect("there")] {
        write(mount, "a", "first").await.expect("written");
        let version = mount.stat(&path("a")).await.expect("known").version();
        assert_eq!(mount.read(&path("a"), 1, 3, version).await.expect("read"), "irs");
        let replacement = mount.replace(&path("a"), Content::Discard).await.expect("begun");
        replacement.write(0, "other".into()).await.expect("written");
        replacement.commit().await.expect("committed");
        assert!(matches!(mount.read(&path("a"), 0, 5, version).await, Err(FileError::Changed { .. })));
    }
}

#[tokio::test]
async fn memory_is_on_somebodys_account() {
    struct Memory(parking_lot::Mutex<usize>);
    impl MemoryAccount for Memory {
        fn take(&self, bytes: usize) -> bool {
            let mut used = self.0.lock();
            let fits = *used + bytes <= 40_000;
            *used += if fits { bytes } else { 0 };
            fits
        }
        fn give_back(&self, bytes: usize) {
            *self.0.lock() -= bytes;
        }
    }
    let memory = Arc::new(Memory(parking_lot::Mutex::new(0)));
    let case = Case::new();
    let files = case.files(Mode::Read, 0);
    let first = files.session(Some(memory.clone()));
    let tmp = first.mount(MountId::Tmp).expect("there");
    for index in 0..8 {
        write(tmp, &index.to_string(), &"x".repeat(1000)).await.expect("it fits");
    }
    let second = files.session(Some(memory.clone()));
    let other = second.mount(MountId::Tmp).expect("there");
    assert!(matches!(write(other, "a", "x").await, Err(FileError::Memory { .. })));
    let file = tmp.open(&path("1"), options(OpenAccess::Write, Create::Never)).await.expect("opened");
    drop(first);
    write(other, "a", "x").await.expect("it fits");
    drop((file, second));
    assert_eq!(*memory.0.lock(), 0);
}

#[tokio::test]
async fn a_bundle_is_a_tree_for_reading() {
    let files = [("src/a.js", "a"), ("src/inner/b.txt", "b"), ("../out", "x"), ("src/a.js/no", "x"), ("/abs", "x")];
    let files = files.map(|(path, content)| (path.to_owned(), Bytes::from_static(content.as_bytes())));
    let case = Case::new();
    let session = case.files(Mode::Read, 0).with_bundle(files).session(None);
    let bundle = session.mount(MountId::Bundle).expect("there");
    let names = |listed: Vec<DirectoryEntry>| listed.into_iter().map(|entry| entry.name).collect::<Vec<_>>();
    assert_eq!(names(bundle.list(&FilePath::root()).await.expect("listed")), ["src"]);
    assert_eq!(names(bundle.list(&path("src")).await.expect("listed")), ["a.js", "inner"]);
    assert_eq!(read(bundle, "src/inner/b.txt").await.expect("read"), "b");
    assert!(matches!(write(bundle, "src/a.js", "x").await, Err(FileError::ReadOnly { .. })));
}

#[test]
fn names_that_are_no_text_are_left_out() {
    use std::os::unix::ffi::OsStrExt as _;
    let case = Case::new();
    fs::write(case.data("").join(Path::new(std::ffi::OsStr::from_bytes(b"\xff"))), "").expect("written");
    fs::write(case.data("back\\slash"), "").expect("written");
    fs::write(case.data("fine"), "").expect("written");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let listed = case.mount().list(&FilePath::root()).await.expect("listed");
        assert_eq!(listed.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["fine"]);
    });
}
