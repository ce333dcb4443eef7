mod basics;
mod clocks;
mod fetch;
mod files;
mod hostile;
mod kv;
pub mod stdio;
mod system;

use crate::http::{Request, Responder};

/// What a route is called with: the request, the way to answer, and what of the path follows the route's own name.
type Route = fn(Request, Responder, &str);

/// By the first segment of the path.
const ROUTES: &[(&str, Route)] = &[
    ("", basics::hello),
    ("hello", basics::hello),
    ("describe", basics::describe),
    ("echo", basics::echo),
    ("headers", basics::headers),
    ("set-headers", basics::set_headers),
    ("status", basics::status),
    ("redirect", basics::redirect),
    ("stream", basics::stream),
    ("count", basics::count),
    ("ignore-body", basics::ignore_body),
    ("trailers", basics::trailers),
    ("counter", basics::counter),
    ("after", clocks::after),
    ("sleep", clocks::sleep),
    ("time", clocks::time),
    ("random", clocks::random),
    ("fetch", fetch::fetch),
    ("fetch-many", fetch::fetch_many),
    ("service", fetch::service),
    ("files", files::files),
    ("preopens", files::preopens),
    ("kv", kv::draft2),
    ("kv-draft", kv::draft),
    ("config", system::config),
    ("config-all", system::config_all),
    ("environment", system::environment),
    ("socket", system::socket),
    ("lookup", system::lookup),
    ("log", stdio::log),
    ("stdout", stdio::to_stdout),
    ("stderr", stdio::to_stderr),
    ("spin", hostile::spin),
    ("spin-host", hostile::spin_host),
    ("burn", hostile::burn),
    ("bomb", hostile::bomb),
    ("grow", hostile::grow),
    ("recurse", hostile::recurse),
    ("trap", hostile::trap),
    ("throw", hostile::panic),
    ("exit", hostile::exit),
    ("no-response", hostile::no_response),
    ("fail", hostile::fail),
    ("leak", hostile::leak),
    ("large-list", hostile::large_list),
    ("large-headers", hostile::large_headers),
    ("endless", hostile::endless),
    ("cut-short", hostile::cut_short),
    ("throw-after-head", hostile::panic_after_head),
    ("spin-after-head", hostile::spin_after_head),
];

pub fn route(request: Request, responder: Responder) {
    let path = request.path().trim_start_matches('/').to_owned();
    let (first, rest) = path.split_once('/').unwrap_or((&path, ""));
    match ROUTES.iter().find(|(name, _)| *name == first) {
        Some((_, route)) => route(request, responder, rest),
        None => responder.text(404, "no such route\n"),
    }
}
