//! Small entries kept in memory, so that a read of what was read before costs no statement.
//!
//! This process alone writes the files, so the one thread that writes a file knows what becomes untrue. Before a group
//! of writes begins, its keys leave the cache and may not come back until the group has ended; what it wrote takes the
//! place of what stood there. A read that began before a group does not fill the cache after it.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use hashlink::LruCache;
use parking_lot::Mutex;

use crate::KvEntry;

/// The longest value that is kept, in bytes: a copy of it takes less time than the statement.
const VALUE_BYTES_MAX: usize = 64 << 10;
/// What an entry takes besides its key, value and metadata: the map's node and the allocations' own.
const ENTRY_BYTES: usize = 192;

/// Memory for the entries of all namespaces. Each has an equal share, so that none can push out what another one reads.
#[derive(Debug)]
pub(super) struct Budget {
    bytes_max: usize,
    caches: AtomicUsize,
}

impl Budget {
    pub(super) fn new(bytes_max: usize) -> Self {
        Budget { bytes_max, caches: AtomicUsize::new(0) }
    }

    fn share(&self) -> usize {
        self.bytes_max / self.caches.load(Ordering::Relaxed).max(1)
    }
}

/// How often what was asked for was in memory, and what is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CacheFigures {
    pub hits: u64,
    pub misses: u64,
    pub bytes: u64,
}

/// What is kept of one namespace, the least recently used going first.
pub(super) struct Cache {
    budget: Arc<Budget>,
    state: Mutex<State>,
}

struct State {
    /// `None` is known to be absent.
    entries: LruCache<String, Option<KvEntry>>,
    bytes: usize,
    /// Groups of writes that have begun.
    groups: u64,
    hits: u64,
    misses: u64,
    /// The keys of the group under way, by their hashes, and whether they stood here when it began. A hash that two keys
    /// share keeps one of them out for the length of a group.
    writing: HashMap<u64, WasHere>,
    closed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum WasHere {
    Yes,
    No,
}

/// What the cache says of a key.
pub(super) enum Found {
    Entry(Option<KvEntry>),
    /// Nothing; what the file says may be put there with the ticket.
    Nothing(Ticket),
}

/// When a read began.
pub(super) struct Ticket {
    /// `None` where the key is being written.
    groups: Option<u64>,
}

/// What one write of a group makes of its key.
pub(super) enum Written<'a> {
    Entry(&'a KvEntry),
    Absent,
    /// Only the file knows.
    Unknown,
}

impl Cache {
    pub(super) fn new(budget: Arc<Budget>) -> Self {
        budget.caches.fetch_add(1, Ordering::Relaxed);
        let state = State {
            entries: LruCache::new_unbounded(),
            bytes: 0,
            groups: 0,
            hits: 0,
            misses: 0,
            writing: HashMap::new(),
            closed: false,
        };
        Cache { budget, state: Mutex::new(state) }
    }

    pub(super) fn find(&self, key: &str, now_ms: u64) -> Found {
        let mut guard = self.state.lock();
        let state = &mut *guard;
        if let Some(entry) = state.entries.get(key) {
            state.hits += 1;
            return Found::Entry(entry.as_ref().filter(|entry| entry.expires_ms.is_none_or(|at| at > now_ms)).cloned());
        }
        state.misses += 1;
        let is_written = state.writing.contains_key(&state.hash(key));
        Found::Nothing(Ticket { groups: (!is_written && !state.closed).then_some(state.groups) })
    }

    /// Keeps what a read found.
    pub(super) fn fill(&self, key: &str, entry: Option<&KvEntry>, ticket: Ticket) {
        let Some(began) = ticket.groups else { return };
        let mut state = self.state.lock();
        if state.groups == began && !state.closed {
            state.keep(key, entry, self.budget.share());
        }
    }

    /// A group of writes begins, before anybody can see any of it.
    pub(super) fn begin<'a>(&self, keys: impl Iterator<Item = &'a str>) {
        let mut state = self.state.lock();
        state.groups += 1;
        for key in keys {
            let hash = state.hash(key);
            let was_here = state.remove(key);
            let before = state.writing.entry(hash).or_insert(was_here);
            if was_here == WasHere::Yes {
                *before = was_here;
            }
        }
    }

    /// The group has ended: everybody sees it, or nobody will. Only what was kept before is kept again, so that writes
    /// that nobody reads take no room.
    pub(super) fn end<'a>(&self, written: impl Iterator<Item = (&'a str, Written<'a>)>) {
        let share = self.budget.share();
        let mut state = self.state.lock();
        for (key, written) in written {
            if state.closed || state.writing.get(&state.hash(key)) != Some(&WasHere::Yes) {
                continue;
            }
            match written {
                Written::Entry(entry) => state.keep(key, Some(entry), share),
                Written::Absent => state.keep(key, None, share),
                Written::Unknown => drop(state.remove(key)),
            }
        }
        state.writing.clear();
    }

    /// Entries that expired at or before `now_ms` have gone from the file.
    pub(super) fn sweep(&self, now_ms: u64) {
        let mut state = self.state.lock();
        let State { entries, bytes, .. } = &mut *state;
        entries.retain(|key, entry| {
            let has_gone = entry.as_ref().and_then(|entry| entry.expires_ms).is_some_and(|at| at <= now_ms);
            if has_gone {
                *bytes -= cost(key, entry.as_ref());
            }
            !has_gone
        });
    }

    /// Gives back what is beyond this namespace's share, which gets smaller with each other one.
    pub(super) fn trim(&self) {
        let share = self.budget.share();
        self.state.lock().trim(share);
    }

    pub(super) fn figures(&self) -> CacheFigures {
        let state = self.state.lock();
        CacheFigures { hits: state.hits, misses: state.misses, bytes: state.bytes as u64 }
    }

    /// Nothing is found or kept any more.
    pub(super) fn close(&self) {
        let mut state = self.state.lock();
        state.closed = true;
        state.trim(0);
    }
}

impl State {
    fn hash(&self, key: &str) -> u64 {
        self.writing.hasher().hash_one(key)
    }

    fn keep(&mut self, key: &str, entry: Option<&KvEntry>, share: usize) {
        self.remove(key);
        let bytes = cost(key, entry);
        // One entry may not take the place of many.
        if entry.is_some_and(|entry| entry.value.len() > VALUE_BYTES_MAX) || bytes > share / 8 {
            return;
        }
        // A copy: what came with a write may be a part of something larger.
        let entry = entry.map(|entry| KvEntry { value: Bytes::copy_from_slice(&entry.value), ..entry.clone() });
        self.entries.insert(key.to_owned(), entry);
        self.bytes += bytes;
        self.trim(share);
    }

    fn remove(&mut self, key: &str) -> WasHere {
        match self.entries.remove(key) {
            Some(entry) => {
                self.bytes -= cost(key, entry.as_ref());
                WasHere::Yes
            }
            None => WasHere::No,
        }
    }

    fn trim(&mut self, share: usize) {
        while self.bytes > share
            && let Some((key, entry)) = self.entries.remove_lru()
        {
            self.bytes -= cost(&key, entry.as_ref());
        }
    }
}

fn cost(key: &str, entry: Option<&KvEntry>) -> usize {
    let entry = entry.map_or(0, |entry| entry.value.len() + entry.metadata.as_ref().map_or(0, String::len));
    ENTRY_BYTES + key.len() + entry
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(bytes: usize) -> Cache {
        Cache::new(Arc::new(Budget::new(bytes)))
    }

    fn entry(text: &str) -> KvEntry {
        KvEntry { value: text.to_owned().into(), metadata: None, expires_ms: None }
    }

    /// What stands there: a value, `-` for what is known to be absent, nothing.
    fn look(cache: &Cache, key: &str) -> String {
        match cache.find(key, 0) {
            Found::Entry(Some(entry)) => String::from_utf8_lossy(&entry.value).into_owned(),
            Found::Entry(None) => "-".to_owned(),
            Found::Nothing(_) => String::new(),
        }
    }

    fn ticket(cache: &Cache, key: &str) -> Ticket {
        match cache.find(key, 0) {
            Found::Nothing(ticket) => ticket,
            Found::Entry(_) => panic!("{key} is there"),
        }
    }

    #[test]
    fn a_read_that_a_write_overtook_keeps_nothing() {
        let cache = cache(1 << 20);
        let early = ticket(&cache, "key");
        cache.begin(["key"].into_iter());
        let during = ticket(&cache, "key");
        let other = ticket(&cache, "other");
        cache.fill("key", Some(&entry("during the group")), during);
        cache.fill("other", Some(&entry("not of the group")), other);
        assert_eq!((look(&cache, "key"), look(&cache, "other")), (String::new(), "not of the group".to_owned()));
        let during = ticket(&cache, "key");
        cache.end([("key", Written::Entry(&entry("new")))].into_iter());
        assert_eq!(look(&cache, "key"), "", "what nobody has read is not kept");
        cache.fill("key", Some(&entry("before the group")), early);
        cache.fill("key", Some(&entry("before its end")), during);
        assert_eq!(look(&cache, "key"), "");
        let late = ticket(&cache, "key");
        cache.fill("key", None, late);
        assert_eq!(look(&cache, "key"), "-");
    }

    #[test]
    fn the_last_write_of_a_group_counts() {
        let cache = cache(1 << 20);
        for key in ["a", "b", "c", "d"] {
            let ticket = ticket(&cache, key);
            cache.fill(key, Some(&entry("old")), ticket);
        }
        let (one, two) = (entry("1"), entry("2"));
        let group = || {
            [
                ("a", Written::Entry(&one)),
                ("b", Written::Entry(&one)),
                ("c", Written::Entry(&one)),
                ("a", Written::Entry(&two)),
                ("b", Written::Absent),
                ("c", Written::Unknown),
            ]
        };
        cache.begin(group().into_iter().map(|(key, _)| key));
        assert_eq!(["a", "b", "c", "d"].map(|key| look(&cache, key)), ["", "", "", "old"]);
        cache.end(group().into_iter());
        assert_eq!(["a", "b", "c", "d"].map(|key| look(&cache, key)), ["2", "-", "", "old"]);
    }

    #[test]
    fn what_expires_is_absent_from_its_instant_on() {
        let cache = cache(1 << 20);
        let ticket = ticket(&cache, "key");
        cache.fill("key", Some(&KvEntry { expires_ms: Some(10), ..entry("x") }), ticket);
        assert!(matches!(cache.find("key", 9), Found::Entry(Some(_))));
        assert!(matches!(cache.find("key", 10), Found::Entry(None)));
        assert_eq!(cache.figures().hits, 2);
        cache.sweep(9);
        assert!(matches!(cache.find("key", 9), Found::Entry(Some(_))));
        cache.sweep(10);
        assert!(matches!(cache.find("key", 9), Found::Nothing(_)));
        assert_eq!(cache.state.lock().bytes, 0);
    }

    #[test]
    fn it_stays_within_its_share() {
        let budget = Arc::new(Budget::new(64 << 10));
        let fill = |cache: &Cache, key: &str, bytes: usize| {
            let ticket = ticket(cache, key);
            cache.fill(key, Some(&entry(&"x".repeat(bytes))), ticket);
        };
        let first = Cache::new(budget.clone());
        for n in 0..1_000 {
            fill(&first, &format!("key{n}"), 1_000);
        }
        let bytes = |cache: &Cache| cache.state.lock().bytes;
        assert!((60 << 10..=64 << 10).contains(&bytes(&first)), "{}", bytes(&first));
        assert_eq!((look(&first, "key0").len(), look(&first, "key999").len()), (0, 1_000));
        fill(&first, "large", 10_000);
        assert_eq!(look(&first, "large"), "", "it would take the place of many");
        let second = Cache::new(budget.clone());
        first.trim();
        assert!(bytes(&first) <= 32 << 10);
        fill(&second, "key", 1_000);
        assert_eq!(look(&second, "key").len(), 1_000);
        let kept = first.state.lock().entries.len();
        assert_eq!(bytes(&first), kept * (ENTRY_BYTES + "key999".len() + 1_000));
        first.close();
        fill(&first, "key", 1);
        assert_eq!((bytes(&first), look(&first, "key")), (0, String::new()));
        let none = Cache::new(Arc::new(Budget::new(0)));
        fill(&none, "key", 1);
        assert_eq!(look(&none, "key"), "");
    }
}
