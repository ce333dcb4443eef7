//! JUnit's XML, as continuous integration reads it: a suite for each file.

use std::path::Path;
use std::time::Duration;

use super::{console_text, failures_text};
use crate::test::outcome::{Counts, FileOutcome, Status, TestOutcome};

pub(super) fn render(files: &[FileOutcome], took: Duration) -> String {
    let Counts { passed, failed, skipped, .. } = Counts::of(files);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"worky test\" tests=\"{}\" failures=\"{failed}\" errors=\"0\" skipped=\"{skipped}\" time=\"{:.3}\">\n",
        passed + failed + skipped,
        took.as_secs_f64()
    );
    for file in files {
        text += &suite(file);
    }
    text + "</testsuites>\n"
}

fn suite(file: &FileOutcome) -> String {
    let name = escaped(&file.file);
    let Counts { passed, failed, skipped, .. } = Counts::of(std::slice::from_ref(file));
    let mut text = format!(
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{failed}\" errors=\"0\" skipped=\"{skipped}\" time=\"{:.3}\">\n",
        passed + failed + skipped,
        file.took.as_secs_f64()
    );
    for test in &file.tests {
        text += &case(test, &name, &file.root);
    }
    if let Some(broken) = &file.broken {
        text += &format!(
            "    <testcase classname=\"{name}\" name=\"{name}\" time=\"0\">\n      \
             <failure message=\"it cannot be run\">{}</failure>\n    </testcase>\n",
            escaped(broken)
        );
    }
    if !file.console.is_empty() {
        text += &format!("    <system-out>{}</system-out>\n", escaped(&console_text(&file.console)));
    }
    text + "  </testsuite>\n"
}

fn case(test: &TestOutcome, file: &str, root: &Path) -> String {
    let (name, time) = (escaped(&test.name()), test.took.as_secs_f64());
    let mut inner = match &test.status {
        Status::Passed => String::new(),
        Status::Skipped(reason) if reason.is_empty() => "      <skipped/>\n".to_owned(),
        Status::Skipped(reason) => format!("      <skipped message=\"{}\"/>\n", escaped(reason)),
        Status::Todo => "      <skipped message=\"to be written\"/>\n".to_owned(),
        Status::Failed(failures) => {
            let title = failures.first().map_or("", |failure| failure.title.lines().next().unwrap_or_default());
            let whole = escaped(&failures_text(failures, root));
            format!("      <failure message=\"{}\">{whole}</failure>\n", escaped(title))
        }
    };
    if !test.console.is_empty() {
        inner += &format!("      <system-out>{}</system-out>\n", escaped(&console_text(&test.console)));
    }
    let open = format!("    <testcase classname=\"{file}\" name=\"{name}\" time=\"{time:.3}\"");
    if inner.is_empty() { format!("{open}/>\n") } else { format!("{open}>\n{inner}    </testcase>\n") }
}

/// For text and attributes; characters that XML does not have are replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' | '\r' => escaped.push(c),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_does_not_have_is_replaced() {
        assert_eq!(escaped("a<b & \"c\"\x1b[1m\n"), "a&lt;b &amp; &quot;c&quot;\u{fffd}[1m\n");
    }
}
