//! What was written under which key, and what may therefore be read.
//!
//! Several clients write one key. The order of writes that overlap is not known, so a key has candidates: every write that
//! no other one, begun after its acknowledgement, has replaced for certain. A read must find one of those, or one that
//! began while it read.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

/// The writes of one soak.
#[derive(Default)]
pub(crate) struct Ledger(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    /// Counts begins and acknowledgements, which puts them in one order.
    clock: u64,
    keys: HashMap<String, Key>,
    acknowledged: u64,
    read: u64,
}

#[derive(Default)]
struct Key {
    candidates: Vec<Write>,
    last_deletion: u64,
}

#[derive(Debug, Clone, Copy)]
struct Write {
    begun: u64,
    acknowledged: Option<u64>,
    what: Change,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Put,
    Delete,
}

/// A write that has begun. Its number is when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Begun(u64);

/// A read that has begun.
pub(crate) struct Reading {
    key: String,
    since: u64,
    puts: Vec<u64>,
    may_be_absent: bool,
}

impl Ledger {
    pub(crate) fn begin(&self, key: &str, what: Change) -> Begun {
        let mut inner = self.lock();
        let begun = inner.tick();
        let key = inner.keys.entry(key.to_owned()).or_insert_with(Key::never_written);
        key.candidates.push(Write { begun, acknowledged: None, what });
        if what == Change::Delete {
            key.last_deletion = begun;
        }
        Begun(begun)
    }

    pub(crate) fn acknowledge(&self, key: &str, write: Begun) {
        let mut inner = self.lock();
        let now = inner.tick();
        inner.acknowledged += 1;
        let key = inner.keys.get_mut(key).expect("it was begun");
        if let Some(own) = key.candidates.iter_mut().find(|candidate| candidate.begun == write.0) {
            own.acknowledged = Some(now);
        }
        key.candidates.retain(|candidate| candidate.acknowledged.is_none_or(|when| when >= write.0));
    }

    pub(crate) fn reading(&self, key: &str) -> Reading {
        let mut inner = self.lock();
        let since = inner.tick();
        let never = Key::never_written();
        let candidates = &inner.keys.get(key).unwrap_or(&never).candidates;
        let puts = candidates.iter().filter(|write| write.what == Change::Put).map(|write| write.begun).collect();
        let may_be_absent = candidates.iter().any(|write| write.what == Change::Delete);
        Reading { key: key.to_owned(), since, puts, may_be_absent }
    }

    /// What is wrong with what was found.
    pub(crate) fn check(&self, reading: &Reading, found: Option<&[u8]>) -> Result<(), String> {
        let mut inner = self.lock();
        inner.read += 1;
        let Reading { key, since, puts, may_be_absent } = reading;
        let wrong = |what: &str| Err(format!("{key} {what}; the writes that may be there are {puts:?}"));
        match found {
            None => {
                let deleted_meanwhile = inner.keys.get(key).is_some_and(|key| key.last_deletion > *since);
                if *may_be_absent || deleted_meanwhile { Ok(()) } else { wrong("is absent") }
            }
            Some(bytes) => match number(key, bytes) {
                None => wrong(&format!("holds what nobody wrote: {:?}", shown(bytes))),
                Some(put) if puts.contains(&put) || put > *since => Ok(()),
                Some(put) => wrong(&format!("holds the write {put}")),
            },
        }
    }

    /// Compares everything that is stored with everything that was written, while nothing is asked, and takes over which
    /// of several candidates it is. Answers what is wrong.
    pub(crate) fn settle(&self, found: &HashMap<String, Vec<u8>>) -> Vec<String> {
        let keys: Vec<String> = self.lock().keys.keys().cloned().collect();
        let mut wrong: Vec<String> =
            found.keys().filter(|name| !keys.contains(name)).map(|name| format!("nobody wrote {name}")).collect();
        for key in keys {
            let value = found.get(&key).map(Vec::as_slice);
            wrong.extend(self.check(&self.reading(&key), value).err());
            let mut inner = self.lock();
            let now = inner.tick();
            let (what, begun) = match value.and_then(|value| number(&key, value)) {
                Some(put) => (Change::Put, put),
                None => (Change::Delete, now),
            };
            let only = Write { begun, acknowledged: Some(now), what };
            inner.keys.insert(key, Key { candidates: vec![only], last_deletion: 0 });
        }
        wrong
    }

    /// How many writes were acknowledged, and how many reads were compared with them.
    pub(crate) fn counts(&self) -> (u64, u64) {
        let inner = self.lock();
        (inner.acknowledged, inner.read)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().expect("no holder panics")
    }
}

impl Begun {
    /// What a put of this number stores: mostly short, at times some pages long.
    pub(crate) fn value(self, key: &str) -> String {
        let length = if self.0.is_multiple_of(50) { 20_000 } else { self.0 * 37 % 400 };
        format!("{key} {} {}", self.0, "x".repeat(length as usize))
    }
}

impl Inner {
    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }
}

impl Key {
    fn never_written() -> Self {
        Key { candidates: vec![Write { begun: 0, acknowledged: Some(0), what: Change::Delete }], last_deletion: 0 }
    }
}

/// Which put of the key a value is, if it is a whole one.
fn number(key: &str, value: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(value).ok()?;
    let number = text.split(' ').nth(1)?.parse().ok()?;
    (Begun(number).value(key) == text).then_some(number)
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(ledger: &Ledger, write: Begun) -> Result<(), String> {
        ledger.check(&ledger.reading("k"), Some(write.value("k").as_bytes()))
    }

    #[test]
    fn what_was_replaced_for_certain_is_a_lost_write() {
        let ledger = Ledger::default();
        assert!(ledger.check(&ledger.reading("k"), None).is_ok(), "never written");
        let first = ledger.begin("k", Change::Put);
        assert!(ledger.check(&ledger.reading("k"), None).is_ok() && read(&ledger, first).is_ok(), "under way");
        ledger.acknowledge("k", first);
        assert!(ledger.check(&ledger.reading("k"), None).is_err(), "acknowledged");
        let second = ledger.begin("k", Change::Put);
        assert!(read(&ledger, first).is_ok() && read(&ledger, second).is_ok());
        ledger.acknowledge("k", second);
        assert!(read(&ledger, first).is_err() && read(&ledger, second).is_ok());
    }

    #[test]
    fn either_of_two_writes_at_the_same_time_may_be_there() {
        let ledger = Ledger::default();
        let (one, two) = (ledger.begin("k", Change::Put), ledger.begin("k", Change::Delete));
        ledger.acknowledge("k", two);
        ledger.acknowledge("k", one);
        assert!(read(&ledger, one).is_ok() && ledger.check(&ledger.reading("k"), None).is_ok());
    }

    #[test]
    fn a_read_may_find_what_is_written_while_it_reads() {
        let ledger = Ledger::default();
        let first = ledger.begin("k", Change::Put);
        ledger.acknowledge("k", first);
        let reading = ledger.reading("k");
        let deletion = ledger.begin("k", Change::Delete);
        ledger.acknowledge("k", deletion);
        let later = ledger.begin("k", Change::Put);
        for found in [None, Some(first.value("k")), Some(later.value("k"))] {
            assert!(ledger.check(&reading, found.as_ref().map(String::as_bytes)).is_ok(), "{found:?}");
        }
    }

    #[test]
    fn half_a_value_and_a_foreign_one_are_told() {
        let ledger = Ledger::default();
        let write = ledger.begin("k", Change::Put);
        let value = write.value("k");
        for found in [&value[..value.len() - 1], "other 1 ", &write.value("j")] {
            assert!(ledger.check(&ledger.reading("k"), Some(found.as_bytes())).is_err(), "{found}");
        }
    }

    #[test]
    fn settling_finds_what_is_lost_and_what_nobody_wrote() {
        let ledger = Ledger::default();
        let write = ledger.begin("k", Change::Put);
        let mut found = HashMap::from([("k".to_owned(), write.value("k").into_bytes())]);
        assert_eq!(ledger.settle(&found), Vec::<String>::new());
        assert!(ledger.check(&ledger.reading("k"), None).is_err(), "it was there, and so it counts");
        found.insert("stranger".to_owned(), Vec::new());
        assert_eq!(ledger.settle(&found), ["nobody wrote stranger"]);
        assert_eq!(ledger.settle(&HashMap::new()).len(), 1, "lost");
    }
}
