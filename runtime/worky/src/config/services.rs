//! `[[services]]`: the workers that a worker may call.

use std::collections::HashMap;

use worky_host::service::host_label;

use super::reader::{Reader, listed, nearest};
use super::report::{Problem, Report};
use super::source::{At, Span};
use super::worker::WorkerConfig;
use super::wrangler;

/// One `[[services]]`.
#[derive(Debug, Clone)]
pub(crate) struct ServiceConfig {
    /// The name in `env`.
    pub(crate) binding: At<String>,
    /// The name of the worker that is called, which may be the caller itself.
    pub(crate) service: At<String>,
}

pub(crate) fn read(reader: &mut Reader<'_>) -> Vec<ServiceConfig> {
    let mut services = Vec::new();
    for table in reader.tables("services").unwrap_or_default() {
        let mut entry = Reader::new(table, reader.path("services"), reader.report());
        let (binding, service) = (entry.string("binding"), entry.string("service"));
        entry.settle(&["entrypoint", "props"], |path| {
            Problem::error(format!("`{path}` is not supported yet")).hint("a service is called at its default export")
        });
        entry.settle(&["environment"], |path| {
            Problem::error(format!("`{path}` is not supported yet"))
                .hint("name the worker as it is called in that environment: service = \"auth-staging\"")
        });
        entry.settle(&["remote"], wrangler::no_effect);
        if table.find("binding").is_none() {
            entry.missing("binding", "`binding` is the name the worker finds the service by, as `env.NAME`");
        }
        if table.find("service").is_none() {
            entry.missing("service", "`service` is the name of the worker that is called");
        }
        entry.finish();
        if let (Some(binding), Some(service)) = (binding, service) {
            services.push(ServiceConfig { binding, service });
        }
    }
    services
}

/// Two bindings, of services and of the assets, may be different names in `env` and the same host in a component.
pub(crate) fn check_hosts<'b>(bindings: impl Iterator<Item = &'b At<String>>, report: &Report) {
    let mut seen: HashMap<String, &At<String>> = HashMap::new();
    for binding in bindings {
        let label = host_label(&binding.value);
        let Some(first) = seen.get(&label) else {
            seen.insert(label, binding);
            continue;
        };
        // The same name twice is told with the other bindings.
        if first.value != binding.value {
            let message = format!("two services would be http://{label}.worky.internal/");
            report.push(
                Problem::error(message)
                    .at(&binding.span, "the second")
                    .at(&first.span, "the first")
                    .hint("rename one: in a host case does not count, and `_` is written `-`"),
            );
        }
    }
}

/// Every service must be a worker of this process. Needs all workers to have been read.
pub(crate) fn check_deployed(workers: &[WorkerConfig], report: &Report) {
    let names: Vec<&str> = workers.iter().map(|worker| worker.name.value.as_str()).collect();
    for service in workers.iter().flat_map(|worker| &worker.services) {
        let wanted = service.service.value.as_str();
        if names.contains(&wanted) {
            continue;
        }
        let problem = Problem::error(format!("there is no worker `{wanted}` to call as a service"));
        let problem = problem.at(&service.service.span, "");
        report.push(match nearest(wanted, names.iter().copied()) {
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem.hint(format!(
                "this process runs {}; a file with [[workers]] runs many workers beside each other",
                listed(&names, "`", "and"),
            )),
        });
    }
}

/// A worker that no route leads to must be the service of another.
pub(crate) fn check_reached(workers: &[WorkerConfig], unrouted: &[(String, Span)], report: &Report) {
    for (name, span) in unrouted {
        let called = |worker: &WorkerConfig| {
            worker.name.value != *name && worker.services.iter().any(|service| service.service.value == *name)
        };
        if !workers.iter().any(called) {
            report.push(no_routes(name, span));
        }
    }
}

pub(crate) fn no_routes(name: &str, span: &Span) -> Problem {
    Problem::error(format!("the worker `{name}` has no routes, so nothing would reach it"))
        .at(span, "")
        .hint("give it some: routes = [\"api.example.com/*\", \"/hello/*\"]")
        .hint("or let another worker call it: [[services]]")
}
