//! What clients do. Each kind knows what must come of it.

mod bodies;
mod kv;
mod limits;
mod outgoing;
mod plain;
mod wire;

use futures_util::future::BoxFuture;

use super::actor::Actor;
use super::trouble::Trouble;
use super::world::World;

pub(crate) use kv::everything;

/// One kind of thing that a client does.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// How often, beside the others.
    pub(crate) weight: u32,
    needs: Needs,
    /// What the program's log may say of it: codes, or how messages without one begin.
    pub(crate) log: &'static [&'static str],
    pub(crate) act: Act,
}

type Act = for<'a> fn(&'a mut Actor) -> BoxFuture<'a, Result<(), Trouble>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    Component,
    Plugins,
}

/// Those that the world has everything for.
pub(crate) fn kinds(world: &World) -> Vec<&'static Kind> {
    let possible = |kind: &&Kind| match kind.needs {
        Needs::Nothing => true,
        Needs::Component => world.component,
        Needs::Plugins => world.plugins,
    };
    KINDS.iter().filter(possible).collect()
}

/// What the log may say of a request of this kind.
pub(crate) fn may_be_logged(kind: &str) -> &'static [&'static str] {
    KINDS.iter().find(|known| known.name == kind).map_or(&[], |known| known.log)
}

macro_rules! kind {
    ($name:literal, $weight:literal, $act:path) => {
        kind!($name, $weight, $act, [])
    };
    ($name:literal, $weight:literal, $act:path, [$($log:literal),*]) => {
        kind!($name, $weight, $act, [$($log),*], Nothing)
    };
    ($name:literal, $weight:literal, $act:path, [$($log:literal),*], $needs:ident) => {
        Kind { name: $name, weight: $weight, needs: Needs::$needs, log: &[$($log),*], act: |actor| Box::pin($act(actor)) }
    };
}

const KINDS: &[Kind] = &[
    kind!("hello", 120, plain::hello),
    kind!("hello_burst", 20, plain::hello_burst),
    kind!("json", 60, plain::json),
    kind!("timers", 10, plain::timers),
    kind!("digest", 10, plain::digest),
    kind!("wait_until", 10, plain::later),
    kind!("files", 15, plain::files),
    kind!("service", 20, plain::service),
    kind!("service_throws", 5, plain::service_throws, ["worker_exception"]),
    kind!("throws", 8, plain::throws, ["worker_exception"]),
    kind!("rejects", 8, plain::rejects, ["worker_exception"]),
    kind!("no_response", 4, plain::nothing, ["bad_response"]),
    kind!("no_route", 4, plain::no_route),
    kind!("cold", 40, plain::cold),
    kind!("component", 25, plain::component, [], Component),
    kind!("component_upload", 10, plain::component_upload, [], Component),
    kind!("component_trap", 4, plain::component_trap, ["worker_exception"], Component),
    kind!("component_spin", 1, plain::component_spin, ["cpu_exceeded", "stopped"], Component),
    kind!("plugin", 15, plain::plugin, [], Plugins),
    kind!("download", 20, bodies::download),
    kind!("upload", 20, bodies::upload),
    kind!("echo", 20, bodies::echo),
    kind!("invert", 20, bodies::invert),
    kind!("both_ways", 10, bodies::both_ways),
    kind!("breaks", 4, bodies::breaks, ["the response broke off", "the response's stream failed: the stream breaks"]),
    kind!("kv_put", 50, kv::put),
    kind!("kv_delete", 15, kv::delete),
    kind!("kv_get", 60, kv::get),
    kind!("kv_list", 10, kv::list),
    kind!("fetch", 25, outgoing::read),
    kind!("fetch_many", 8, outgoing::many),
    kind!("fetch_passed_on", 12, outgoing::pass),
    kind!("fetch_slow", 8, outgoing::slow),
    kind!("fetch_failing", 8, outgoing::failing),
    kind!("fetch_hanging", 6, outgoing::hanging),
    kind!("cpu_limit", 2, limits::cpu, ["cpu_exceeded", "instance_stopped", "stopped after"]),
    kind!(
        "cpu_limit_in_stream",
        1,
        limits::stream,
        ["the response broke off", "cpu_exceeded", "instance_stopped", "stopped after"]
    ),
    kind!("cpu_limit_neighbour", 3, limits::neighbour, ["instance_stopped"]),
    kind!(
        "memory_limit",
        2,
        limits::memory,
        ["memory_exceeded", "worker_exception", "instance_stopped", "stopped at", "90 % of this instance"]
    ),
    kind!("recursion", 2, limits::recursion, ["worker_exception", "instance_stopped", "90 % of this instance"]),
    kind!("wall_limit", 2, limits::wall, ["wall_time_exceeded"]),
    kind!(
        "wait_until_limit",
        2,
        limits::wait_until,
        ["waitUntil took longer", "waitUntil was stopped", "stopped after", "instance_stopped"]
    ),
    kind!("subrequest_limit", 3, limits::subrequests),
    kind!("kv_limit", 3, limits::kv_operations),
    kind!("timer_limit", 3, limits::timers, ["this instance takes no more requests"]),
    kind!("response_limit", 3, limits::response, ["the response broke off", "response_too_large"]),
    kind!("body_limit", 4, limits::body),
    kind!("log_limit", 2, limits::log),
    kind!("tmp_limit", 2, limits::tmp),
    kind!("concurrency_limit", 3, limits::concurrency),
    kind!("pipelined", 15, wire::pipelined),
    kind!("slow_request", 6, wire::slow_request),
    kind!("slow_reader", 6, wire::slow_reader),
    kind!("malformed", 5, wire::malformed),
    kind!("left_in_head", 8, wire::left_in_head),
    kind!(
        "left_in_body",
        10,
        wire::left_in_body,
        ["the response broke off", "the response's stream failed: the client went away"]
    ),
    kind!("left_in_answer", 10, wire::left_in_answer),
    kind!("left_waiting", 8, wire::left_waiting),
    kind!("left_stream", 10, wire::left_stream),
];
