//! Bundles as files and directories: what goes in comes out, and whatever was done to one is told.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::path::EntryPath;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveWriter};
use worky_bundle::Packing;
use worky_bundle::archive::{
    Archive, ArchiveError, ArchiveLimits, Contents, Declaration, Form, Kind, MANIFEST, Manifest, WORKER, metafile,
};

use crate::fixture::Fixture;

const FILES: &[(&str, &str)] = &[
    (
        "src/index.ts",
        "import text from './a b.txt';\nexport default { fetch(): Response { return new Response(text + dead()); } };\nfunction dead(): string { return LIVE ? 'live' : 'dead branch'; }\nexport const unused = 1;",
    ),
    ("src/a b.txt", "an asset"),
];

fn archive_of(fixture: &mut Fixture) -> Archive {
    fixture.project.packing = Packing::Always;
    fixture.project.define.insert("LIVE".to_owned(), "true".to_owned());
    let declaration = Declaration { name: "app".to_owned(), ..Declaration::default() };
    let plugins = BTreeMap::new();
    let worker = "name = \"app\"\n".to_owned();
    Archive::new(Contents { declaration, worker, bundle: fixture.bundle(), assets: BTreeMap::new(), plugins })
        .expect("an archive")
}

fn archive() -> Archive {
    archive_of(&mut Fixture::new(FILES))
}

/// One entry of an archive that is put together by hand.
struct Entry {
    path: Vec<u8>,
    method: CompressionMethod,
    mode: u32,
    /// As it is in the archive.
    data: Vec<u8>,
}

fn entry(path: impl AsRef<[u8]>, data: impl Into<Vec<u8>>) -> Entry {
    Entry { path: path.as_ref().to_vec(), method: CompressionMethod::STORE, mode: 0o100_644, data: data.into() }
}

fn zip(entries: &[Entry]) -> Vec<u8> {
    let mut zip = ZipArchiveWriter::new(Vec::new());
    for entry in entries {
        let file = zip.new_file(EntryPath::verbatim(&entry.path[..]));
        let (mut file, config) =
            file.compression_method(entry.method).unix_permissions(entry.mode).start().expect("started");
        let mut writer = config.wrap(&mut file);
        writer.write_all(&entry.data).expect("written");
        let (_, descriptor) = writer.finish().expect("finished");
        file.finish(descriptor).expect("finished");
    }
    zip.finish().expect("finished")
}

/// What an archive holds, to be put together again in another way.
fn entries(archive: &Archive) -> Vec<Entry> {
    let files = archive
        .manifest()
        .files
        .iter()
        .map(|file| entry(&file.path, archive.file(&file.path).expect("there").to_vec()));
    std::iter::once(entry(MANIFEST, archive.manifest().to_json())).chain(files).collect()
}

/// Another manifest in the archive, which says that it is its version.
fn with_manifest(archive: &Archive, change: impl FnOnce(&mut Manifest)) -> Vec<Entry> {
    let mut manifest = archive.manifest().clone();
    change(&mut manifest);
    let mut entries = entries(archive);
    entries[0].data = manifest.to_json();
    entries
}

#[track_caller]
fn refused(bytes: &[u8]) -> ArchiveError {
    Archive::from_zip(bytes, &ArchiveLimits::default()).expect_err("it is refused")
}

#[track_caller]
fn refused_saying(entries: &[Entry], part: &str) {
    let error = refused(&zip(entries)).to_string();
    assert!(error.contains(part), "{part:?} is not in: {error}");
}

#[test]
fn what_goes_in_comes_out() {
    let archive = archive();
    let manifest = archive.manifest();
    assert_eq!((manifest.kind, manifest.handlers.as_deref()), (Kind::Js, Some(&["fetch".to_owned()][..])));
    let read = Archive::from_zip(&archive.to_zip(), &ArchiveLimits::default()).expect("it is whole");
    assert_eq!(read.manifest(), manifest);
    assert_eq!(read.worker(), "name = \"app\"\n");
    let bundle = read.bundle();
    let main = bundle.modules.iter().find(|module| module.specifier == bundle.entry).expect("the main module");
    let code = std::str::from_utf8(&main.source).expect("text");
    assert!(code.contains("live") && !code.contains("dead branch"), "{code}");
    assert!(main.source_map.is_some());
    let asset = &main.imports["file:///src/a%20b.txt"];
    let asset = bundle.modules.iter().find(|module| module.specifier == *asset).expect("the asset");
    assert_eq!(asset.source, Bytes::from_static(b"an asset"));
    assert!(read.file("modules/src/a%20b.txt").is_some());
}

#[test]
fn the_same_sources_give_the_same_bytes() {
    let first = archive();
    let second = archive();
    assert_eq!(first.manifest().version, second.manifest().version);
    assert!(first.to_zip() == second.to_zip());
    let mut changed = Fixture::new(FILES);
    changed.write("src/a b.txt", b"another asset");
    assert_ne!(archive_of(&mut changed).manifest().version, first.manifest().version);
}

#[test]
fn a_directory_is_the_same() {
    let archive = archive();
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("app");
    archive.write(&path, Form::Directory).expect("written");
    let read = |path: &Path| Archive::open(path, &ArchiveLimits::default());
    assert_eq!(read(&path).expect("it is whole").manifest(), archive.manifest());
    // Once more over the first one, but not over what is none.
    archive.write(&path, Form::Directory).expect("written again");
    assert_eq!(read(&path).expect("it is whole").to_zip(), archive.to_zip());
    std::fs::write(path.join("stray.txt"), "x").expect("written");
    assert!(matches!(read(&path), Err(ArchiveError::Unlisted { path }) if path == "stray.txt"));
    std::fs::remove_file(path.join("stray.txt")).expect("removed");
    std::os::unix::fs::symlink("/etc/passwd", path.join("link")).expect("linked");
    assert!(matches!(read(&path), Err(ArchiveError::NotAFile { path, .. }) if path == "link"));
    std::fs::remove_file(path.join("link")).expect("removed");
    std::fs::remove_file(path.join(WORKER)).expect("removed");
    assert!(matches!(read(&path), Err(ArchiveError::Missing { path }) if path == WORKER));
    let other = directory.path().join("other");
    std::fs::create_dir_all(other.join("sources")).expect("made");
    archive.write(&other, Form::Directory).expect_err("something else is there");
    assert!(other.join("sources").is_dir());
}

#[test]
fn other_bytes_than_the_manifest_says() {
    let archive = archive();
    let worker = |data: &str| {
        let mut entries = entries(&archive);
        entries.iter_mut().find(|entry| entry.path == WORKER.as_bytes()).expect("there").data = data.into();
        entries
    };
    refused_saying(&worker("name = \"APP\"\n"), "the SHA-256 of worker.toml is ");
    refused_saying(&worker("name = \"app\""), "worker.toml has 12 bytes, and the manifest says 13");
    refused_saying(&worker("name = \"app\"\n\n"), "worker.toml has more than 13 bytes, and the manifest says 13");
    refused_saying(&with_manifest(&archive, |manifest| manifest.worker.name.push('x')), "has the version");
}

#[test]
fn other_files_than_the_manifest_says() {
    let archive = archive();
    let mut more = entries(&archive);
    more.push(entry("modules/more.js", "x"));
    refused_saying(&more, "modules/more.js is in the bundle and not in the manifest");
    let fewer = || entries(&archive).into_iter();
    let without = |path: &str| fewer().filter(|entry| entry.path != path.as_bytes()).collect::<Vec<_>>();
    refused_saying(&without(WORKER), "worker.toml is in the manifest and not in the bundle");
    refused_saying(&without("modules/.packed/index.js.map"), "modules/.packed/index.js.map is in the manifest");
    refused_saying(&without(MANIFEST), "it has no manifest.json");
    refused_saying(&[], "it has no manifest.json");
    let mut twice = entries(&archive);
    twice.push(entry(WORKER, "name = \"app\"\n"));
    refused_saying(&twice, "worker.toml is in it twice");
}

#[test]
fn manifests_that_are_none() {
    let archive = archive();
    let manifest = |text: &str| {
        let mut entries = entries(&archive);
        entries[0].data = text.into();
        entries
    };
    refused_saying(&manifest("not JSON"), "manifest.json is not a manifest: expected ident at line 1");
    refused_saying(&manifest("{\"format_version\": 2}"), "format version 2 is not known: this worky reads version 1");
    let mut more = serde_json::to_value(archive.manifest()).expect("JSON");
    more["novelty"] = true.into();
    refused_saying(&manifest(&more.to_string()), "unknown field `novelty`");
    let limits = ArchiveLimits { manifest_bytes_max: 100, ..ArchiveLimits::default() };
    let error = Archive::from_zip(&archive.to_zip(), &limits).expect_err("it is too large").to_string();
    assert_eq!(error, "manifest.json is larger than 100 bytes, the most it may have");
}

#[test]
fn manifests_that_do_not_hold_together() {
    let archive = archive();
    let check = |part: &str, change: &dyn Fn(&mut Manifest)| refused_saying(&with_manifest(&archive, change), part);
    check("the entry file:///gone.js is none of its modules", &|manifest| {
        manifest.entry = "file:///gone.js".to_owned()
    });
    check("is no code, and a worker of kind js has a module of JavaScript", &|manifest| {
        manifest.entry = "file:///src/a%20b.txt".to_owned();
    });
    check("a worker of kind wasm has a component", &|manifest| manifest.kind = Kind::Wasm);
    check("imports \"./gone.js\", which leads to file:///gone.js, and there is no such module", &|manifest| {
        manifest.modules[0].imports.insert("./gone.js".to_owned(), "file:///gone.js".to_owned());
    });
    check("which leads to plugin:gone, and there is no such module", &|manifest| {
        manifest.modules[0].imports.insert("gone".to_owned(), "plugin:gone".to_owned());
    });
    check("the entry file:///.packed/index.js is none", &|manifest| {
        manifest.modules.retain(|module| module.specifier != manifest.entry);
    });
    check("is in the manifest twice", &|manifest| manifest.modules.push(manifest.modules[0].clone()));
    check("is in it twice", &|manifest| manifest.files.push(manifest.files[0].clone()));
    check("refers to modules/gone.js, which is not among", &|manifest| {
        manifest.modules[0].file = "modules/gone.js".to_owned();
    });
    check("does not begin with file:///", &|manifest| manifest.modules[0].specifier = "https://a/b.js".to_owned());
    check("leads out of the bundle", &|manifest| manifest.files[0].path = "../x".to_owned());
}

#[test]
fn paths_that_lead_elsewhere() {
    let archive = archive();
    for (path, problem) in [
        (&b"../worker.toml"[..], "leads out of the bundle"),
        (b"modules/../../x", "leads out of the bundle"),
        (b"modules/../../", "leads out of the bundle"),
        (b"/etc/passwd", "is absolute"),
        (b"modules\\..\\x", "has a backslash"),
        (b"modules/a\0.js", "has a control character"),
        (b"modules//a.js", "has an empty part"),
        (b"./worker.toml", "has an empty part"),
        (b"modules/\xff.js", "is not UTF-8"),
    ] {
        let mut entries = entries(&archive);
        entries.push(entry(path, "x"));
        refused_saying(&entries, problem);
    }
    let mut linked = entries(&archive);
    let link = linked.iter_mut().find(|entry| entry.path == WORKER.as_bytes()).expect("there");
    (link.mode, link.data) = (0o120_777, b"/etc/passwd".to_vec());
    refused_saying(&linked, "worker.toml is a symbolic link");
    // What an archiver makes of a directory holds nothing.
    let mut directories = entries(&archive);
    directories.push(Entry { mode: 0o040_755, ..entry("modules/", "") });
    Archive::from_zip(&zip(&directories), &ArchiveLimits::default()).expect("directories change nothing");
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("written");
    encoder.finish().expect("finished")
}

#[test]
fn bombs_are_stopped_while_they_inflate() {
    let archive = archive();
    let bomb = deflate(&vec![0; 64 << 20]);
    let deflated = |path: &str| Entry { method: CompressionMethod::DEFLATE, ..entry(path, bomb.clone()) };
    let mut as_manifest = entries(&archive);
    as_manifest[0] = deflated(MANIFEST);
    refused_saying(&as_manifest, "a decompression bomb");
    // The manifest knows of its size, and it is a bomb all the same.
    let mut listed = with_manifest(&archive, |manifest| {
        manifest.files.iter_mut().find(|file| file.path == WORKER).expect("there").bytes = 64 << 20;
        manifest.version = String::new();
    });
    // The version is held against the content first.
    refused_saying(&listed, "has the version");
    let (actual, entry) =
        (version_told(&zip(&listed)), listed.iter_mut().position(|entry| entry.path == WORKER.as_bytes()));
    let mut manifest: Manifest = serde_json::from_slice(&listed[0].data).expect("a manifest");
    manifest.version = actual;
    listed[0].data = manifest.to_json();
    listed[entry.expect("there")] = deflated(WORKER);
    refused_saying(&listed, "worker.toml inflates to more than");
    let limits = ArchiveLimits { total_bytes_max: 100, ..ArchiveLimits::default() };
    let error = Archive::from_zip(&archive.to_zip(), &limits).expect_err("it is too large").to_string();
    assert_eq!(error, "its files together are larger than 100 bytes, the most they may be");
    let limits = ArchiveLimits { entries_max: 2, ..ArchiveLimits::default() };
    let error = Archive::from_zip(&archive.to_zip(), &limits).expect_err("it has too many").to_string();
    assert_eq!(error, "it has more than 2 entries, the most a bundle may have");
}

/// The version that an archive's content has, as its refusal tells.
#[track_caller]
fn version_told(bytes: &[u8]) -> String {
    match refused(bytes) {
        ArchiveError::Version { actual, .. } => actual,
        other => panic!("{other}"),
    }
}

#[test]
fn what_deflates_like_a_bomb_is_stored() {
    let mut fixture =
        Fixture::new(&[("index.js", "import z from './z.txt'; export default { fetch: () => new Response(z) }")]);
    fixture.write("z.txt", &vec![b' '; 8 << 20]);
    let bytes = archive_of(&mut fixture).to_zip();
    assert!(bytes.len() > 8 << 20);
    Archive::from_zip(&bytes, &ArchiveLimits::default()).expect("it is no bomb");
}

#[test]
fn archives_that_are_cut_or_damaged() {
    let archive = archive();
    let bytes = archive.to_zip();
    for length in (0..bytes.len()).step_by(7) {
        let error = refused(&bytes[..length]);
        assert!(matches!(error, ArchiveError::Zip { .. }), "{length}: {error}");
    }
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x55;
        // Times and checksums of the format mean nothing here. Whatever means something is noticed.
        if let Ok(read) = Archive::from_zip(&damaged, &ArchiveLimits::default()) {
            assert_eq!(read.manifest(), archive.manifest(), "{at}");
        }
    }
    refused(b"not an archive");
    let limits = ArchiveLimits { archive_bytes_max: 10, ..ArchiveLimits::default() };
    let error = Archive::from_zip(&bytes, &limits).expect_err("it is too large").to_string();
    assert_eq!(error, "it is larger than 10 bytes, the most a bundle may have");
    let mut other = entries(&archive);
    other[1].method = CompressionMethod::BZIP2;
    refused_saying(&other, "is packed by method 12");
}

#[test]
fn entries_carry_nothing_of_the_machine() {
    let bytes = archive().to_zip();
    let zip = ZipArchive::from_slice(&bytes).expect("an archive");
    let mut paths = Vec::new();
    for record in zip.entries() {
        let record = record.expect("a record");
        assert_eq!(record.mode().value() & 0o7777, 0o644);
        paths.push(String::from_utf8(record.file_path().as_ref().to_vec()).expect("text"));
    }
    assert!(paths.is_sorted(), "{paths:?}");
}

#[test]
fn a_metafile_says_what_is_made_of_what() {
    let archive = archive();
    let metafile: serde_json::Value = serde_json::from_str(&metafile(&archive)).expect("JSON");
    let output = &metafile["outputs"]["modules/.packed/index.js"];
    assert_eq!(output["entryPoint"], "file:///.packed/index.js");
    assert_eq!(output["imports"], serde_json::json!(["modules/src/a%20b.txt"]));
    let share = output["inputs"]["src/index.ts"]["bytesInOutput"].as_u64().expect("a number");
    let all = output["bytes"].as_u64().expect("a number");
    assert!(share > 100 && share < all, "{output}");
    assert_eq!(metafile["inputs"]["src/a b.txt"]["bytes"], 8);
    assert_eq!(metafile["inputs"]["src/index.ts"]["bytes"], FILES[0].1.len());
}
