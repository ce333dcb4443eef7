//! The files of one request: its `/tmp`, and what it is writing.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use worky_host::files::{Files, MemoryAccount, Replacement, Session};

use crate::memory::MemoryMeter;

/// It ends with its request: what is not finished by then is given up.
#[derive(Default)]
pub(crate) struct RequestFiles {
    session: Option<Session>,
    writers: HashMap<u32, Rc<Replacement>>,
    next: u32,
}

impl RequestFiles {
    pub(crate) fn session(&mut self, files: &Files, memory: &Arc<MemoryMeter>) -> Session {
        self.session.get_or_insert_with(|| files.session(Some(memory.clone()))).clone()
    }

    /// Keeps a file that is being written; answers the number it is known by.
    pub(crate) fn keep(&mut self, writer: Replacement) -> u32 {
        let number = self.next;
        self.next = self.next.wrapping_add(1) & (i32::MAX as u32);
        self.writers.insert(number, Rc::new(writer));
        number
    }

    pub(crate) fn writer(&self, number: u32) -> Option<Rc<Replacement>> {
        self.writers.get(&number).cloned()
    }

    /// Lets it go, and gives it up where it was not committed.
    pub(crate) fn close(&mut self, number: u32) {
        self.writers.remove(&number);
    }
}

impl MemoryAccount for MemoryMeter {
    fn take(&self, bytes: usize) -> bool {
        self.try_hold(bytes)
    }

    fn give_back(&self, bytes: usize) {
        self.release(bytes);
    }
}
