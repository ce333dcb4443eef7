use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Secret;

/// A shorter value, in bytes, is left in the text: it would be found by chance, and taking it out would tell it.
pub const REDACTED_BYTES_MIN: usize = 4;

/// The shortest encoded form that is looked for, in bytes: shorter ones are found by chance.
const ENCODED_BYTES_MIN: usize = 6;

/// What `encodeURIComponent` does not leave as it is.
pub(crate) const URI_COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// Takes the values of a worker's secrets out of text that leaves it. Each occurrence becomes `[secret NAME]`, also of
/// the value as it stands in JSON, in a URL, and anywhere within base64.
///
/// This is a net under mistakes, not a wall: a guest that means to can write a secret in a way no list knows.
#[derive(Clone, Default)]
pub struct Redactor(Option<Arc<Patterns>>);

struct Patterns {
    automaton: AhoCorasick,
    /// The secret of each pattern, by its number.
    names: Vec<Arc<str>>,
    bytes_max: usize,
}

impl Redactor {
    pub fn new(secrets: Vec<(String, Secret)>) -> Self {
        let mut forms: Vec<(String, Arc<str>)> = Vec::new();
        for (name, secret) in secrets {
            let name: Arc<str> = name.into();
            for form in forms_of(secret.expose()) {
                if !forms.iter().any(|(known, _)| *known == form) {
                    forms.push((form, name.clone()));
                }
            }
        }
        let Some(bytes_max) = forms.iter().map(|(form, _)| form.len()).max() else { return Redactor(None) };
        // Standard is the kind that also reports matches within and across others.
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(forms.iter().map(|(form, _)| form))
            .expect("the secrets of one worker are far fewer than an automaton holds");
        Redactor(Some(Arc::new(Patterns { automaton, names: forms.into_iter().map(|(_, n)| n).collect(), bytes_max })))
    }

    /// The text without any secret.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.redact_head(text, text.len()).text
    }

    /// The first `bytes_max` bytes of a text without any secret, neither whole nor cut at the end of the head. Costs
    /// no more for a longer text.
    pub(crate) fn redact_head<'a>(&self, text: &'a str, bytes_max: usize) -> Head<'a> {
        let end = text.floor_char_boundary(bytes_max);
        let Some(patterns) = &self.0 else { return Head { text: text[..end].into(), source_bytes: end } };
        // Whatever begins in the head ends here.
        let window = &text[..text.floor_char_boundary(end.saturating_add(patterns.bytes_max))];
        let found = patterns.find(window);
        if found.first().is_none_or(|first| first.range.start >= end) {
            return Head { text: text[..end].into(), source_bytes: end };
        }
        let (mut redacted, mut at) = (String::with_capacity(end), 0);
        for Found { range, name, .. } in found.into_iter().take_while(|found| found.range.start < end) {
            redacted.push_str(&text[at..range.start]);
            redacted.push_str("[secret ");
            redacted.push_str(name);
            redacted.push(']');
            at = range.end;
        }
        redacted.push_str(&text[at..end.max(at)]);
        Head { text: redacted.into(), source_bytes: end.max(at) }
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.as_ref().map_or(&[][..], |patterns| &patterns.names);
        f.debug_tuple("Redactor").field(&names).finish()
    }
}

/// What [`Redactor::redact_head`] answers.
pub(crate) struct Head<'a> {
    pub(crate) text: Cow<'a, str>,
    /// How many bytes of the source it stands for.
    pub(crate) source_bytes: usize,
}

/// One stretch of text that one or more secrets cover without a gap.
struct Found<'a> {
    range: Range<usize>,
    /// The longest of them, which names it.
    name: &'a str,
    name_bytes: usize,
}

impl Patterns {
    /// In order, apart from each other. Secrets that overlap are one stretch, so that no end of either is left.
    fn find<'a>(&'a self, text: &str) -> Vec<Found<'a>> {
        let mut found: Vec<Found<'a>> = Vec::new();
        // In the order of their ends, so only what is last in the list can touch the next.
        for one in self.automaton.find_overlapping_iter(text) {
            let mut next =
                Found { range: one.range(), name: &self.names[one.pattern().as_usize()], name_bytes: one.len() };
            while let Some(last) = found.pop_if(|last| last.range.end > next.range.start) {
                next.range.start = next.range.start.min(last.range.start);
                if last.name_bytes >= next.name_bytes {
                    (next.name, next.name_bytes) = (last.name, last.name_bytes);
                }
            }
            found.push(next);
        }
        found
    }
}

/// The ways a value is commonly written.
fn forms_of(value: &str) -> Vec<String> {
    if value.len() < REDACTED_BYTES_MIN {
        return Vec::new();
    }
    let json = serde_json::to_string(value).expect("a string is JSON");
    let mut encoded = vec![json[1..json.len() - 1].to_owned(), utf8_percent_encode(value, URI_COMPONENT).to_string()];
    for offset in 0..3 {
        let (before, after) = (STANDARD_NO_PAD.encode(base64_probe(value, offset)), (offset + value.len()) % 3);
        // A character stands for 6 bits: those that also hold bits of what is around the value are left out.
        let from = [0, 2, 3][offset];
        let until = before.len() - usize::from(after != 0);
        if from < until {
            encoded.push(before[from..until].to_owned());
            encoded.push(URL_SAFE_NO_PAD.encode(base64_probe(value, offset))[from..until].to_owned());
        }
    }
    encoded.retain(|form| form.len() >= ENCODED_BYTES_MIN);
    encoded.push(value.to_owned());
    encoded
}

/// The value as it stands within a longer text, `offset` bytes into a group of three.
fn base64_probe(value: &str, offset: usize) -> Vec<u8> {
    [&[0; 3][..offset], value.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redactor(secrets: &[(&str, &str)]) -> Redactor {
        Redactor::new(secrets.iter().map(|(name, value)| (name.to_string(), Secret::new(*value))).collect())
    }

    #[test]
    fn every_occurrence_goes() {
        let redactor = redactor(&[("KEY", "sesame"), ("LONG", "sesame street")]);
        for (text, redacted) in [
            ("sesame", "[secret KEY]"),
            ("open sesame, sesame!", "open [secret KEY], [secret KEY]!"),
            ("sesamesesame", "[secret KEY][secret KEY]"),
            ("a sesame street b", "a [secret LONG] b"),
            ("sesame stree", "[secret KEY] stree"),
            ("Sesame sesam", "Sesame sesam"),
            ("", ""),
        ] {
            assert_eq!(redactor.redact(text), redacted);
        }
        assert!(matches!(redactor.redact("nothing here"), Cow::Borrowed(_)));
    }

    #[test]
    fn secrets_that_overlap_leave_no_end() {
        let redactor = redactor(&[("A", "abcd1234"), ("B", "1234wxyz!"), ("C", "d1234w")]);
        assert_eq!(redactor.redact("<abcd1234wxyz!>"), "<[secret B]>");
    }

    #[test]
    fn encoded_forms_go_too() {
        let value = "p\"ä/ss wo\nrd?~";
        let redactor = redactor(&[("KEY", value)]);
        let json = serde_json::to_string(&format!("x {value} y")).expect("it is JSON");
        assert_eq!(redactor.redact(&json), r#""x [secret KEY] y""#);
        let url = format!("https://h/?q={}&r=1", utf8_percent_encode(value, URI_COMPONENT));
        assert_eq!(redactor.redact(&url), "https://h/?q=[secret KEY]&r=1");
        for around in ["", "u", "us", "user", "user:"] {
            for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
                let text = engine.encode(format!("{around}{value}{around}"));
                let redacted = redactor.redact(&text);
                assert!(redacted.contains("[secret KEY]"), "{around}: {text} stays");
            }
        }
    }

    #[test]
    fn what_is_too_short_stays() {
        assert_eq!(redactor(&[("PIN", "123"), ("EMPTY", "")]).redact("a 123 b"), "a 123 b");
        assert_eq!(redactor(&[("PIN", "1234")]).redact("a 1234 b"), "a [secret PIN] b");
    }

    #[test]
    fn a_head_does_not_end_within_a_secret() {
        let redactor = redactor(&[("KEY", "sesame")]);
        for (bytes_max, text, source_bytes) in [
            (0, "", 0),
            (4, "abc ", 4),
            (5, "abc [secret KEY]", 10),
            (10, "abc [secret KEY]", 10),
            (11, "abc [secret KEY] ", 11),
            (12, "abc [secret KEY] ", 11),
            (99, "abc [secret KEY] é [secret KEY]", 20),
        ] {
            let head = redactor.redact_head("abc sesame é sesame", bytes_max);
            assert_eq!((&*head.text, head.source_bytes), (text, source_bytes), "{bytes_max}");
        }
    }

    #[test]
    fn nothing_prints_a_value() {
        let redactor = redactor(&[("KEY", "sesame")]);
        assert!(!format!("{redactor:?} {:?}", Secret::new("sesame")).contains("sesame"));
    }
}
