//! Areas of the size that V8's pages have are used again, by whoever needs one next, instead of unmapped and mapped anew.
//!
//! To map and to unmap is to change the process's address space, which one thread does at a time. A guest that fills its
//! memory and drops it does so thousands of times a second, and it may lose its processor at any moment; meanwhile no other
//! isolate gets a page. To give back what is in an area, and to take it as new, needs no such lock. What waits here is
//! addresses only, no memory.
//!
//! Nothing here is a lock either: a thread that loses its processor keeps nobody waiting.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

/// How many bytes an area has, and what its address is a multiple of.
pub(super) const BYTES: usize = 256 << 10;

/// How many can wait. Each costs the kernel some tables of 4 KiB.
const WAITING_MAX: usize = 1024;

/// Where in `PLAIN` an address may be, from a place that is its own.
const REACH: usize = 8;

/// Those in use that are readable and writable throughout, as they were mapped: 16 GiB of them.
static PLAIN: [AtomicUsize; 1 << 16] = [const { AtomicUsize::new(0) }; 1 << 16];

/// Those that wait, all of them as if newly mapped.
static WAITING: [AtomicUsize; WAITING_MAX] = [const { AtomicUsize::new(0) }; WAITING_MAX];

/// About how many wait.
static COUNT: AtomicUsize = AtomicUsize::new(0);

fn places(address: usize) -> impl Iterator<Item = &'static AtomicUsize> {
    // The upper half of the product depends on all bits of the number, by Fibonacci hashing.
    let first = (address / BYTES).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48;
    (first..first + REACH).map(|at| &PLAIN[at % PLAIN.len()])
}

/// The area was mapped to be read and written. It is not used again if too many are known.
pub(super) fn is_plain(address: usize) {
    let _ = places(address).any(|place| place.compare_exchange(0, address, Relaxed, Relaxed).is_ok());
}

/// Whether the area around the address was as it had been mapped; it is not known from here on.
pub(super) fn forget(address: usize) -> bool {
    let address = address / BYTES * BYTES;
    places(address)
        .any(|place| place.load(Relaxed) == address && place.compare_exchange(address, 0, Relaxed, Relaxed).is_ok())
}

/// Keeps an area that nobody uses, and that reads as zeros; false where too many wait.
pub(super) fn put(address: usize) -> bool {
    // Counted before it is there, so that it cannot be taken away before that.
    let kept = COUNT.fetch_add(1, Relaxed) < WAITING_MAX
        && WAITING
            .iter()
            .any(|place| place.load(Relaxed) == 0 && place.compare_exchange(0, address, Release, Relaxed).is_ok());
    if !kept {
        COUNT.fetch_sub(1, Relaxed);
    }
    kept
}

/// An area that reads as zeros, and is nobody else's.
pub(super) fn take() -> Option<usize> {
    if COUNT.load(Relaxed) == 0 {
        return None;
    }
    let taken = WAITING.iter().find_map(|place| match place.load(Relaxed) {
        0 => None,
        _ => Some(place.swap(0, Acquire)).filter(|address| *address != 0),
    });
    if taken.is_some() {
        COUNT.fetch_sub(1, Relaxed);
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Addresses that no area has: V8's are below the middle of the address space.
    fn address(number: usize) -> usize {
        (1 << 63) + number * BYTES
    }

    #[test]
    fn an_area_is_plain_until_it_is_forgotten() {
        let area = address(1);
        assert!(!forget(area), "nobody said so");
        is_plain(area);
        assert!(!forget(area + BYTES), "that is the next one");
        assert!(forget(area + 4096), "any part of it will do");
        assert!(!forget(area), "it was forgotten");
    }

    #[test]
    fn what_finds_no_place_is_not_plain() {
        let places_of = |area| places(area).map(std::ptr::from_ref).next();
        let alike: Vec<usize> =
            (2..2_000_000).map(address).filter(|area| places_of(*area) == places_of(address(2))).collect();
        assert!(alike.len() > REACH, "{}", alike.len());
        alike.iter().copied().for_each(is_plain);
        let known = alike.iter().filter(|area| forget(**area)).count();
        assert!((1..=REACH).contains(&known), "{known}");
        assert!(!alike.iter().any(|area| forget(*area)), "they were forgotten");
    }
}
