//! What a connection has sent and nobody has read yet.

/// Enough for nearly every request.
const BUFFER_BYTES: usize = 8 << 10;

pub(super) struct Input {
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

impl Input {
    /// Begins with what was read already.
    pub(super) fn new(first: Vec<u8>) -> Self {
        let end = first.len();
        let mut buffer = first;
        buffer.resize(BUFFER_BYTES.max(end), 0);
        Input { buffer, start: 0, end }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    pub(super) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Forgets the first `count` bytes.
    pub(super) fn consume(&mut self, count: usize) {
        self.start += count;
        if self.is_empty() {
            (self.start, self.end) = (0, 0);
        }
    }

    /// Room for more, so that `whole` bytes fit in all.
    pub(super) fn room(&mut self, whole: usize) -> &mut [u8] {
        if self.start > 0 && (self.end == self.buffer.len() || self.start + whole > self.buffer.len()) {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        let needed = whole.max(self.end + 1);
        if needed > self.buffer.len() {
            self.buffer.resize(needed.next_power_of_two(), 0);
        }
        &mut self.buffer[self.end..]
    }

    /// `count` bytes were put into the room.
    pub(super) fn filled(&mut self, count: usize) {
        self.end += count;
    }

    /// Gives memory back that one large request has taken.
    pub(super) fn shrink(&mut self) {
        if self.is_empty() && self.buffer.len() > BUFFER_BYTES {
            self.buffer = vec![0; BUFFER_BYTES];
        }
    }

    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        self.buffer.truncate(self.end);
        self.buffer.drain(..self.start);
        self.buffer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(input: &mut Input, whole: usize, bytes: &[u8]) {
        input.room(whole)[..bytes.len()].copy_from_slice(bytes);
        input.filled(bytes.len());
    }

    #[test]
    fn bytes_come_out_as_they_went_in() {
        let mut input = Input::new(b"abc".to_vec());
        put(&mut input, 0, b"def");
        input.consume(2);
        assert_eq!(input.bytes(), b"cdef");
        let long = vec![b'x'; 3 * BUFFER_BYTES];
        put(&mut input, long.len() + 4, &long);
        assert_eq!(&input.bytes()[..5], b"cdefx");
        assert_eq!(input.bytes().len(), 4 + long.len());
        input.consume(4 + long.len() - 1);
        input.shrink();
        assert_eq!(input.bytes(), b"x", "nothing is lost by shrinking");
        assert_eq!(input.into_bytes(), b"x");
    }

    #[test]
    fn there_is_always_room() {
        let mut input = Input::new(vec![b'x'; BUFFER_BYTES]);
        assert!(!input.room(0).is_empty());
        input.consume(BUFFER_BYTES);
        assert!(input.is_empty());
        input.shrink();
        assert_eq!(input.room(0).len(), BUFFER_BYTES);
    }
}
