use std::fmt;
use std::ops::Range;

/// A line longer than this is shown as a window around the place, which keeps minified code readable.
const LINE_CHARS_MAX: usize = 120;
/// What is shown before the place in such a window.
const LEAD_CHARS: usize = 40;

/// Where in a text a byte range begins: line and column in characters, both from 1.
pub(crate) fn position(text: &str, offset: usize) -> (u32, u32) {
    let offset = floor_char_boundary(text, offset);
    let before = &text[..offset];
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (count(line), count(before[line_start..].chars().count() + 1))
}

/// One line of source with a mark under the place an error is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Excerpt {
    line: u32,
    text: String,
    /// Characters before the mark, in `text`.
    lead: String,
    mark_chars: usize,
}

impl Excerpt {
    pub(crate) fn new(text: &str, range: &Range<usize>) -> Self {
        let start = floor_char_boundary(text, range.start);
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        let line_text = text[line_start..line_end].trim_end_matches('\r');
        let end =
            floor_char_boundary(text, range.end).clamp(start, line_start + line_text.len().max(start - line_start));
        let (line, _) = position(text, start);

        let lead_chars = text[line_start..start].chars().count();
        let skipped =
            if line_text.chars().count() > LINE_CHARS_MAX { lead_chars.saturating_sub(LEAD_CHARS) } else { 0 };
        let shown: String = line_text.chars().skip(skipped).take(LINE_CHARS_MAX).collect();
        // A tab stays a tab, so that the mark stands right whatever a tab's width is.
        let lead = shown.chars().take(lead_chars - skipped).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let mark_chars =
            text[start..end].chars().count().clamp(1, LINE_CHARS_MAX - (lead_chars - skipped).min(LINE_CHARS_MAX - 1));
        Excerpt { line, text: shown, lead, mark_chars }
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        writeln!(f, "{margin} |")?;
        writeln!(f, "{number} | {}", self.text)?;
        write!(f, "{margin} | {}{}", self.lead, "^".repeat(self.mark_chars))
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, range: Range<usize>, at: (u32, u32), expected: &str) {
        assert_eq!(position(text, range.start), at);
        assert_eq!(Excerpt::new(text, &range).to_string(), expected);
    }

    #[test]
    fn marks_the_range() {
        check("let a;\nlet b = 'x';\n", 15..18, (2, 9), "  |\n2 | let b = 'x';\n  |         ^^^");
    }

    #[test]
    fn counts_characters_and_keeps_tabs() {
        check("\t/* é日 */ x\r\n", 13..14, (1, 11), "  |\n1 | \t/* é日 */ x\n  | \t         ^");
    }

    #[test]
    fn a_place_at_or_past_the_end_is_shown_at_the_end() {
        check("ab", 2..2, (1, 3), "  |\n1 | ab\n  |   ^");
        check("ab\n", 99..120, (2, 1), "  |\n2 | \n  | ^");
        check("", 0..0, (1, 1), "  |\n1 | \n  | ^");
    }

    #[test]
    fn a_range_over_lines_ends_with_the_first() {
        check("abc\ndef", 1..6, (1, 2), "  |\n1 | abc\n  |  ^^");
        check("abc\r\ndef", 4..6, (1, 5), "  |\n1 | abc\n  |    ^");
    }

    #[test]
    fn a_long_line_is_shown_in_part() {
        let text = format!("{}!{}", "a".repeat(500), "b".repeat(500));
        let shown = format!("{}!{}", "a".repeat(40), "b".repeat(79));
        check(&text, 500..501, (1, 501), &format!("  |\n1 | {shown}\n  | {}^", " ".repeat(40)));
    }
}
