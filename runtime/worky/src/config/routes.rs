use worky_server::{Route, RouteProblem, Router};

use super::report::{Problem, Report};
use super::source::Span;
use super::worker::WorkerConfig;

/// What a worker without routes answers, where it is the only one.
const EVERYTHING: &str = "/*";

/// The table over all workers' routes.
pub(crate) fn router(workers: &[WorkerConfig], report: &Report) -> Router {
    let routes = workers.iter().flat_map(|worker| {
        let route = |pattern: String| Route { pattern, worker: worker.name.value.as_str().into() };
        match &worker.routes {
            Some(routes) => routes.iter().map(|pattern| route(pattern.value.clone())).collect(),
            None => vec![route(EVERYTHING.to_owned())],
        }
    });
    Router::new(routes.collect()).unwrap_or_else(|problems| {
        problems.iter().for_each(|problem| report.push(told(problem, workers)));
        Router::default()
    })
}

fn told(problem: &RouteProblem, workers: &[WorkerConfig]) -> Problem {
    let place = |name: &str, pattern: &str| -> Option<&Span> {
        let worker = workers.iter().find(|worker| worker.name.value == name)?;
        Some(worker.routes.iter().flatten().find(|route| route.value == pattern).map_or(&worker.name.span, |r| &r.span))
    };
    let at = |told: Problem, span: Option<&Span>, label: &str| match span {
        Some(span) => told.at(span, label),
        None => told,
    };
    match problem {
        RouteProblem::Pattern { pattern, worker, problem } => {
            let told = Problem::error(format!("the route {pattern:?} cannot be used: {problem}"));
            at(told, place(worker, pattern), "")
        }
        RouteProblem::Ambiguous { pattern, first_pattern, first, second } => {
            let told = Problem::error(format!("two workers have the route {pattern:?}"));
            let told = at(told, place(second, pattern), &format!("of `{second}`"));
            at(told, place(first, first_pattern), &format!("and of `{first}`"))
                .hint("remove one, or make it more specific")
        }
    }
}
