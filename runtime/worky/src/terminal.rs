//! Whether output may be coloured.

use std::io::IsTerminal;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Color {
    Always,
    Never,
}

/// For standard error: coloured on a terminal, unless `NO_COLOR` is set (<https://no-color.org>).
pub(crate) fn stderr_color() -> Color {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if !refused && std::io::stderr().is_terminal() { Color::Always } else { Color::Never }
}
