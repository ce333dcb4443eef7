//! Where a list goes on: opaque to the guest, and bound to the prefix it was made for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Cursors of another version are refused, not misread.
const VERSION: u8 = 1;

/// Behind `last`, the last key of a page of the keys with `prefix`.
pub(super) fn encode(prefix: &str, last: &str) -> String {
    // A key with the prefix holds the prefix, so its length is enough to tell it.
    let prefix_bytes = u16::try_from(prefix.len()).expect("a prefix is no longer than a key");
    let mut bytes = vec![VERSION];
    bytes.extend_from_slice(&prefix_bytes.to_be_bytes());
    bytes.extend_from_slice(last.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The last key of the page before, if the cursor was made for `prefix`.
pub(super) fn decode(prefix: &str, cursor: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let [VERSION, high, low, last @ ..] = bytes.as_slice() else { return None };
    let is_ours = usize::from(u16::from_be_bytes([*high, *low])) == prefix.len();
    let last = std::str::from_utf8(last).ok()?;
    (is_ours && last.starts_with(prefix)).then(|| last.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_for_its_prefix_alone() {
        for (prefix, last) in [("", ""), ("", "k"), ("user:", "user:é\0"), ("k", &*"k".repeat(512))] {
            assert_eq!(decode(prefix, &encode(prefix, last)).as_deref(), Some(last));
        }
        let cursor = encode("user:", "user:1");
        for prefix in ["", "user", "user:1", "other", "post:"] {
            assert_eq!(decode(prefix, &cursor), None, "{prefix}");
        }
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for bad in
            ["", "x", "!!!", "AAAA", "user:1", &URL_SAFE_NO_PAD.encode([1, 0]), &URL_SAFE_NO_PAD.encode([9, 0, 0])]
        {
            assert_eq!(decode("", bad), None, "{bad}");
        }
        assert_eq!(decode("", &URL_SAFE_NO_PAD.encode([1, 0, 0, 0xff])), None, "not UTF-8");
    }
}
