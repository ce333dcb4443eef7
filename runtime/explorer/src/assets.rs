//! The page: files of `page/`, which are in the program. It loads nothing from anywhere else.

/// By path: the type, and the content.
pub(crate) fn find(path: &str) -> Option<(&'static str, &'static str)> {
    const HTML: &str = "text/html; charset=utf-8";
    const CSS: &str = "text/css; charset=utf-8";
    const JS: &str = "text/javascript; charset=utf-8";
    Some(match path {
        "/" => (HTML, include_str!("../page/index.html")),
        "/style.css" => (CSS, include_str!("../page/style.css")),
        "/icon.svg" => ("image/svg+xml", include_str!("../page/icon.svg")),
        "/app.js" => (JS, include_str!("../page/app.js")),
        "/dom.js" => (JS, include_str!("../page/dom.js")),
        "/isolates.js" => (JS, include_str!("../page/isolates.js")),
        "/kv.js" => (JS, include_str!("../page/kv.js")),
        "/live.js" => (JS, include_str!("../page/live.js")),
        "/logs.js" => (JS, include_str!("../page/logs.js")),
        "/plot.js" => (JS, include_str!("../page/plot.js")),
        "/requests.js" => (JS, include_str!("../page/requests.js")),
        "/workers.js" => (JS, include_str!("../page/workers.js")),
        _ => return None,
    })
}
