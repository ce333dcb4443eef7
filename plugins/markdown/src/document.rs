//! Markdown without the component around it, so that it is tested where it is written.

use comrak::nodes::{Node, NodeValue};
use comrak::{Anchorizer, Arena, Options, format_html, parse_document};

/// How Markdown is read and HTML is written.
#[derive(Debug, Default, Clone)]
pub struct Style {
    pub gfm: bool,
    pub allow_html: bool,
    pub hard_breaks: bool,
    pub smart: bool,
    pub heading_ids: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Heading {
    pub level: u8,
    pub text: String,
    pub id: String,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Link {
    pub is_image: bool,
    pub target: String,
    pub title: Option<String>,
}

impl Style {
    pub fn render(&self, text: &str) -> String {
        let (arena, options) = (Arena::new(), self.options());
        let mut html = String::with_capacity(text.len() * 2);
        format_html(parse_document(&arena, text, &options), &options, &mut html)
            .expect("a string takes all that is written");
        html
    }

    /// In the order in which they stand, those of reference definitions where they are used.
    pub fn links(&self, text: &str) -> Vec<Link> {
        let arena = Arena::new();
        let root = parse_document(&arena, text, &self.options());
        let links = root.descendants().filter_map(|node| match &node.data().value {
            NodeValue::Link(link) => Some((false, link.url.clone(), link.title.clone())),
            NodeValue::Image(link) => Some((true, link.url.clone(), link.title.clone())),
            _ => None,
        });
        let title = |title: String| Some(title).filter(|title| !title.is_empty());
        links.map(|(is_image, target, text)| Link { is_image, target, title: title(text) }).collect()
    }

    fn options(&self) -> Options<'static> {
        let mut options = Options::default();
        options.extension.strikethrough = self.gfm;
        options.extension.table = self.gfm;
        options.extension.autolink = self.gfm;
        options.extension.tasklist = self.gfm;
        options.extension.footnotes = self.gfm;
        options.extension.alerts = self.gfm;
        options.extension.header_id_prefix = self.heading_ids.clone();
        options.parse.smart = self.smart;
        options.render.hardbreaks = self.hard_breaks;
        options.render.r#unsafe = self.allow_html;
        // HTML that is not let through is shown, not swallowed.
        options.render.escape = !self.allow_html;
        options
    }
}

pub fn outline(text: &str) -> Vec<Heading> {
    let arena = Arena::new();
    let root = parse_document(&arena, text, &Style { gfm: true, ..Style::default() }.options());
    let mut ids = Anchorizer::new();
    let headings = root.descendants().filter_map(|node| match &node.data().value {
        NodeValue::Heading(heading) => Some((heading.level, plain(node))),
        _ => None,
    });
    headings.map(|(level, text)| Heading { level, id: ids.anchorize(&text), text }).collect()
}

/// What is read of a heading: its text without markup.
fn plain(node: Node<'_>) -> String {
    let mut text = String::new();
    for inner in node.descendants() {
        match &inner.data().value {
            NodeValue::Text(part) => text.push_str(part),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::LineBreak | NodeValue::SoftBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

/// Front matter and the text after it. The error is the line that begins what does not end.
pub fn split(text: &str) -> Result<(Option<&str>, &str), u32> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some(rest) = text.strip_prefix("---").and_then(after_line_end) else { return Ok((None, text)) };
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end_matches(['\n', '\r']) == "---" {
            return Ok((Some(&rest[..at]), &rest[at + line.len()..]));
        }
        at += line.len();
    }
    Err(1)
}

fn after_line_end(text: &str) -> Option<&str> {
    text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commonmark_alone_knows_no_tables() {
        let text = "| a |\n|---|\n| ~~b~~ |\n";
        assert!(Style::default().render(text).starts_with("<p>| a |"));
        let html = Style { gfm: true, ..Style::default() }.render(text);
        assert!(html.contains("<th>a</th>") && html.contains("<td><del>b</del></td>"), "{html}");
    }

    #[test]
    fn html_is_shown_unless_it_is_let_through() {
        let text = "<script>alert(1)</script>\n\n[x](javascript:alert(1)) <b onclick=x>b</b>\n";
        let html = Style { gfm: true, ..Style::default() }.render(text);
        assert!(!html.contains("<script") && !html.contains("<b ") && !html.contains("javascript:"), "{html}");
        assert!(html.contains("&lt;script&gt;"), "{html}");
        assert!(Style { allow_html: true, ..Style::default() }.render("<b>b</b>").contains("<b>b</b>"));
    }

    #[test]
    fn style_is_followed() {
        assert_eq!(Style { hard_breaks: true, ..Style::default() }.render("a\nb"), "<p>a<br />\nb</p>\n");
        assert_eq!(Style { smart: true, ..Style::default() }.render("\"a\"..."), "<p>“a”…</p>\n");
        let html = Style { heading_ids: Some("doc-".to_owned()), ..Style::default() }.render("# A b");
        assert!(html.contains("id=\"doc-a-b\""), "{html}");
    }

    #[test]
    fn headings_have_their_text_and_unique_ids() {
        let heading = |level, text: &str, id: &str| Heading { level, text: text.to_owned(), id: id.to_owned() };
        let found = outline("# One *two* `three`\n\nText\n\n## Same\n\nSame\n----\n\n```\n# no heading\n```\n");
        assert_eq!(
            found,
            [heading(1, "One two three", "one-two-three"), heading(2, "Same", "same"), heading(2, "Same", "same-1")]
        );
        // The same ids that are rendered.
        let html = Style { heading_ids: Some(String::new()), ..Style::default() }.render("# Same\n\n# Same\n");
        assert!(html.contains("id=\"same\"") && html.contains("id=\"same-1\""), "{html}");
    }

    #[test]
    fn links_are_found_with_their_titles() {
        let text = "[a](/a \"A\") ![b](b.png) [c][ref] https://example.com\n\n[ref]: /c\n";
        let targets = |style: Style| style.links(text).into_iter().map(|link| link.target).collect::<Vec<_>>();
        assert_eq!(targets(Style::default()), ["/a", "b.png", "/c"]);
        assert_eq!(targets(Style { gfm: true, ..Style::default() }), ["/a", "b.png", "/c", "https://example.com"]);
        let first = &Style::default().links(text)[0];
        assert_eq!((first.is_image, first.title.as_deref()), (false, Some("A")));
    }

    #[test]
    fn front_matter_is_parted_from_the_text() {
        assert_eq!(split("---\na: 1\n---\ntext"), Ok((Some("a: 1\n"), "text")));
        assert_eq!(split("---\r\na: 1\r\n---\r\ntext"), Ok((Some("a: 1\r\n"), "text")));
        assert_eq!(split("---\n---\n"), Ok((Some(""), "")));
        assert_eq!(split("text\n---\n"), Ok((None, "text\n---\n")));
        assert_eq!(split("--- a\n"), Ok((None, "--- a\n")));
        assert_eq!(split("---\na: 1\n"), Err(1));
    }

    #[test]
    fn deep_nesting_ends() {
        for text in ["> ".repeat(10_000), "* ".repeat(10_000), "[".repeat(10_000), "*a ".repeat(10_000)] {
            assert!(!Style { gfm: true, ..Style::default() }.render(&text).is_empty());
        }
    }
}
