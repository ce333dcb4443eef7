//! `[[services]]` in a configuration.

use worky_tests::Project;

use crate::services::{project, service};

const FINE: &str = "export default { fetch: () => new Response() };";

#[test]
fn services_are_checked() {
    let refused = |config: &str, parts: &[&str]| {
        let finished = Project::worker_with(FINE, config).check();
        finished.assert_code(2);
        for part in parts {
            finished.assert_says(part);
        }
    };
    refused(&service("AUTH", "worke"), &["worky.toml:6:11", "no worker `worke`", "did you mean `worker`?"]);
    refused(&service("AUTH", "elsewhere"), &["worky.toml:6:11", "[[workers]]"]);
    refused(&service("A-B", "worker"), &["worky.toml:5:11", "service binding"]);
    refused("[[services]]\nbinding = \"AUTH\"\n", &["`services.service` is missing"]);
    refused("[[services]]\nservice = \"worker\"\n", &["`services.binding` is missing"]);
    refused(&format!("{}entrypoint = \"Admin\"\n", service("A", "worker")), &["worky.toml:7:1", "not supported yet"]);
    refused(&format!("{}environment = \"x\"\n", service("A", "worker")), &["worky.toml:7:1", "not supported yet"]);
    refused(&format!("[vars]\nA = 1\n{}", service("A", "worker")), &["env.A"]);
    let twins = format!("{}{}", service("A_B", "worker"), service("a_b", "worker"));
    refused(&twins, &["worky.toml:8:11", "http://a-b.worky.internal/"]);
    let finished = Project::worker_with(FINE, &service("AUTH", "worker")).check();
    finished.assert_code(0).assert_says("services: AUTH");
}

#[test]
fn a_worker_without_routes_must_be_called_by_another() {
    let front = format!("routes = [\"/*\"]\n{}", service("AUTH", "auth"));
    project(&[("front", FINE, &front), ("auth", FINE, "")], "").check().assert_code(0);
    let alone = project(&[("front", FINE, "routes = [\"/*\"]\n"), ("auth", FINE, &service("ME", "auth"))], "").check();
    alone.assert_code(2).assert_says("the worker `auth` has no routes").assert_says("worky.toml:4:8");
}
