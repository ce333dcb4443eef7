//! Whether output may be coloured.

use std::io::IsTerminal;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Color {
    Always,
    Never,
}

/// For standard error: coloured on a terminal, unless `NO_COLOR` is set (<https://no-color.org>).
pub(crate) fn stderr_color() -> Color {
    color_of(&std::io::stderr())
}

/// For standard output.
pub(crate) fn stdout_color() -> Color {
    color_of(&std::io::stdout())
}

fn color_of(stream: &impl IsTerminal) -> Color {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if !refused && stream.is_terminal() { Color::Always } else { Color::Never }
}
