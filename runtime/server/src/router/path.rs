use std::borrow::Cow;

/// The path as a URL parser leaves it: without `.` and `..` segments, plain or percent-encoded. A worker's `Request`
/// has such a path; routing by another one would let `/public/../admin` reach the worker of `/public`.
pub(crate) fn normalized(path: &str) -> Cow<'_, str> {
    if !may_have_dots(path.as_bytes()) {
        return Cow::Borrowed(path);
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match dots(segment) {
            1 if last => kept.push(""),
            1 => {}
            2 => {
                kept.pop();
                if last {
                    kept.push("");
                }
            }
            _ => kept.push(segment),
        }
    }
    Cow::Owned(format!("/{}", kept.join("/")))
}

/// Whether a segment can begin with a dot: the cheap question that nearly every path answers with no.
fn may_have_dots(path: &[u8]) -> bool {
    path.windows(2).any(|pair| pair == b"/." || pair == b"/%")
}

/// 1 for `.`, 2 for `..`, 0 for everything else.
fn dots(segment: &str) -> usize {
    let mut rest = segment;
    let mut count = 0;
    while count < 3 && !rest.is_empty() {
        match rest.strip_prefix('.').or_else(|| rest.strip_prefix("%2e")).or_else(|| rest.strip_prefix("%2E")) {
            Some(after) => rest = after,
            None => return 0,
        }
        count += 1;
    }
    if count <= 2 { count } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dot_segments_go_as_in_a_url_parser() {
        for (path, expected) in [
            ("/", "/"),
            ("/a/b", "/a/b"),
            ("/a/./b", "/a/b"),
            ("/a/../b", "/b"),
            ("/a/..", "/"),
            ("/a/.", "/a/"),
            ("/../../b", "/b"),
            ("/a/%2e%2E/b", "/b"),
            ("/a/.%2e/b", "/b"),
            ("/a/...", "/a/..."),
            ("/.well-known/x", "/.well-known/x"),
            ("/a//b/..", "/a//"),
            ("/%41", "/%41"),
        ] {
            assert_eq!(normalized(path), expected, "{path}");
        }
    }
}
