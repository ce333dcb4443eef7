//! What a tree holds at one moment, to be put back.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;

use super::super::FilePath;
use super::super::account::Quota;
use super::file::{Data, MemoryFile};
use super::{Directory, MemoryTree, Node};

/// One entry, with what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Saved {
    Directory(SavedDirectory),
    File(Bytes),
}

pub(in super::super) type SavedDirectory = BTreeMap<String, Saved>;

impl MemoryTree {
    /// A tree that can be written and begins with these.
    pub(in super::super) fn beginning_with(saved: &SavedDirectory, quota: Quota) -> Self {
        let tree = MemoryTree::empty(quota, None);
        tree.put_back(saved);
        tree
    }

    pub(in super::super) fn save(&self) -> SavedDirectory {
        save(&self.names.lock().root)
    }

    /// Has the tree hold what it held then. Files that somebody has open are no longer in it.
    pub(in super::super) fn put_back(&self, saved: &SavedDirectory) {
        let fresh = self.fill("", saved);
        let entries = fresh.count();
        let old = std::mem::replace(&mut self.names.lock().root, fresh);
        self.shared.account.give_back_entries(old.count());
        self.shared.account.add(0, entries);
    }

    fn fill(&self, path: &str, saved: &SavedDirectory) -> Directory {
        let mut directory = Directory::new();
        for (name, entry) in saved {
            let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            let Ok(file) = FilePath::parse(&path) else { continue };
            let node = match entry {
                Saved::Directory(inner) => Node::Directory(self.fill(&path, inner)),
                Saved::File(content) => {
                    // The file gives them back when it goes.
                    self.shared.account.add(content.len() as u64, 0);
                    let data = Data::Growable(content.to_vec());
                    Node::File(Arc::new(MemoryFile::new(self.shared.clone(), file, data)))
                }
            };
            directory.entries.insert(name.clone(), node);
        }
        directory
    }
}

fn save(directory: &Directory) -> SavedDirectory {
    let entry = |node: &Node| match node {
        Node::Directory(inner) => Saved::Directory(save(inner)),
        Node::File(file) => Saved::File(Bytes::copy_from_slice(file.content.lock().data.bytes())),
    };
    directory.entries.iter().map(|(name, node)| (name.clone(), entry(node))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::tree::Tree;
    use super::super::super::{Content, Create, OpenAccess, OpenOptions, WriteAt};
    use super::*;

    #[test]
    fn a_tree_is_put_back_with_its_account() {
        let quota = Quota { bytes: 100, bytes_key: "b", entries: 4, entries_key: "e" };
        let inner = SavedDirectory::from([("x".to_owned(), Saved::File(Bytes::from_static(b"12345")))]);
        let begun = SavedDirectory::from([("d".to_owned(), Saved::Directory(inner))]);
        let tree = MemoryTree::beginning_with(&begun, quota);
        assert_eq!(tree.usage(), (5, 2));
        let path = |text: &str| FilePath::parse(text).expect("a path");
        let options = OpenOptions { access: OpenAccess::Write, create: Create::IfAbsent, content: Content::Keep };
        let open = tree.open(&path("d/y"), options).expect("it is made");
        open.write(WriteAt::End, b"678").expect("it is written");
        tree.remove_file(&path("d/x")).expect("it is there");
        drop(open);
        let between = tree.save();
        assert_eq!(tree.usage(), (3, 2));
        tree.put_back(&begun);
        assert_eq!((tree.save(), tree.usage()), (begun, (5, 2)));
        tree.put_back(&between);
        assert_eq!((tree.save(), tree.usage()), (between, (3, 2)));
    }
}
