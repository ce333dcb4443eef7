use futures_util::FutureExt;

use super::*;

fn body(limit_bytes: usize, exact_bytes: Option<u64>) -> (GuestBody, Body, Arc<MemoryMeter>) {
    let memory = MemoryMeter::new(limit_bytes);
    let guest = GuestBody::new(memory.clone(), exact_bytes);
    let host = guest.body();
    (guest, host, memory)
}

fn chunk(body: &mut Body) -> Option<Option<Result<usize, String>>> {
    body.chunk().now_or_never().map(|chunk| chunk.map(|chunk| chunk.map(|c| c.len()).map_err(|e| e.to_string())))
}

fn has_room(guest: &GuestBody) -> bool {
    guest.poll_room(&mut Context::from_waker(Waker::noop())).is_ready()
}

#[test]
fn what_waits_is_bounded_and_accounted() {
    let (guest, mut host, memory) = body(usize::MAX, None);
    let large = vec![1; WAITING_BYTES_MAX * 2];
    assert_eq!(guest.put(&large[..100]), Some(100));
    assert_eq!(guest.put(&large), Some(WAITING_BYTES_MAX - 100));
    assert_eq!(guest.put(&large), Some(0));
    assert!(guest.is_full() && !has_room(&guest));
    assert_eq!(memory.outside_heap(), WAITING_BYTES_MAX);
    assert_eq!(chunk(&mut host), Some(Some(Ok(100))));
    assert!(!has_room(&guest), "too little has left");
    assert_eq!(chunk(&mut host), Some(Some(Ok(WAITING_BYTES_MAX - 100))));
    assert!(has_room(&guest));
    assert_eq!((chunk(&mut host), memory.outside_heap()), (None, 0));
}

#[test]
fn small_chunks_leave_together() {
    let (guest, mut host, _) = body(usize::MAX, None);
    for _ in 0..10 {
        guest.put(&[1; 100]);
    }
    guest.put(&[1; JOINED_BYTES_MAX]);
    for _ in 11..PUTS_MAX {
        assert!(!guest.is_full());
        guest.put(b"x");
    }
    assert!(guest.is_full() && !has_room(&guest));
    guest.finish(End::Complete);
    assert_eq!(chunk(&mut host), Some(Some(Ok(1_000))));
    assert!(!http_body::Body::is_end_stream(&host) && guest.ended().now_or_never().is_none());
    assert_eq!(chunk(&mut host), Some(Some(Ok(JOINED_BYTES_MAX))));
    assert_eq!(chunk(&mut host), Some(Some(Ok(PUTS_MAX as usize - 11))));
    assert!(http_body::Body::is_end_stream(&host));
    assert_eq!(guest.ended().now_or_never(), Some(PumpEnd::Complete));
    assert_eq!(chunk(&mut host), Some(None));
}

#[test]
fn a_worker_without_memory_has_one_chunk_wait() {
    let (guest, mut host, memory) = body(1_000, None);
    assert_eq!(guest.put(&[1; 900]), Some(900));
    assert_eq!(guest.put(&[1; 900]), Some(0));
    assert!(!has_room(&guest));
    assert_eq!(chunk(&mut host), Some(Some(Ok(900))));
    assert!(has_room(&guest));
    assert_eq!(guest.put(&[1; 900]), Some(900));
    drop(host);
    assert_eq!((guest.put(&[1]), memory.outside_heap()), (None, 0));
    assert_eq!(guest.ended().now_or_never(), Some(PumpEnd::Abandoned));
}

#[test]
fn a_body_breaks_off_with_its_reason() {
    for (end, text) in [
        (Some(End::Failed("no more".to_owned())), "the worker failed while it sent the body: no more"),
        (None, "the worker failed while it sent the body: the instance was stopped"),
    ] {
        let (guest, mut host, _) = body(usize::MAX, None);
        guest.put(b"begun");
        match end {
            Some(end) => guest.finish(end),
            None => drop(guest),
        }
        assert_eq!(chunk(&mut host), Some(Some(Ok(5))));
        assert_eq!(chunk(&mut host), Some(Some(Err(text.to_owned()))));
        assert_eq!(chunk(&mut host), Some(None));
    }
}

#[test]
fn a_reader_that_knows_the_length_need_not_ask_for_the_end() {
    for (taken, end) in [(true, PumpEnd::Complete), (false, PumpEnd::Abandoned)] {
        let (guest, mut host, _) = body(usize::MAX, Some(3));
        guest.put(b"abc");
        assert_eq!(http_body::Body::size_hint(&host).exact(), Some(3));
        if taken {
            chunk(&mut host);
        }
        drop(host);
        assert_eq!(guest.ended().now_or_never(), Some(end));
    }
}
