//! What the explorer of `worky dev` is told: the log, and what the configuration has of each worker.

use std::fmt::Write as _;

use worky_engine::Limits;
use worky_engine::plugin::PluginLimits;
use worky_explorer::{Hub, LogEntry, Plugin, Setting, WorkerView};
use worky_host::assets::WorkerFirst;
use worky_host::files::Mode;
use worky_host::kv::Kv;
use worky_storage::StorageError;

use crate::compile::is_component;
use crate::config::{AssetsConfig, Grant, PluginConfig, WorkerConfig};
use crate::grants::Grants;
use crate::logging::Line;

/// Where the explorer listens, if anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExplorerPort {
    Off,
    On(u16),
}

impl ExplorerPort {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(ExplorerPort::Off),
            _ => text.parse().map(ExplorerPort::On).map_err(|_| "write a port, 0 to 65535, or off".to_owned()),
        }
    }
}

/// Tells the explorer of these workers.
pub(crate) fn show(hub: &Hub, workers: &[WorkerConfig], grants: &Grants) -> Result<(), StorageError> {
    let shown = |worker: &WorkerConfig| Ok((view(worker), grants.kv(worker)?));
    let workers: Vec<(WorkerView, Vec<(String, Kv)>)> =
        workers.iter().map(shown).collect::<Result<_, StorageError>>()?;
    hub.set_workers(workers);
    Ok(())
}

/// One line of the log. The access log's are left out: requests are told with more.
pub(crate) fn log(hub: &Hub, line: Line<'_>) {
    let Line { level, target, mut fields } = line;
    if target == "access" {
        return;
    }
    let mut take = |name: &str| fields.take(name).and_then(|value| value.as_str().map(str::to_owned));
    let (worker, request_id, message) = (take("worker"), take("request_id"), take("message"));
    let _of_no_use_here = take("trace_id");
    hub.log(LogEntry {
        level,
        target,
        worker: worker.as_deref(),
        request_id: request_id.as_deref(),
        message: message.as_deref().unwrap_or_default(),
        fields: fields.into_map(),
    });
}

fn view(worker: &WorkerConfig) -> WorkerView {
    let pairs = |pairs: &mut dyn Iterator<Item = (&String, &String)>| {
        pairs.map(|(name, value)| (name.clone(), value.clone())).collect::<Vec<_>>()
    };
    WorkerView {
        name: worker.name.value.clone(),
        kind: match &worker.main {
            Some(_) if is_component(worker) => "wasm",
            Some(_) => "js",
            None => "assets",
        },
        main: worker.main.as_ref().map(|main| main.value.clone()).unwrap_or_default(),
        routes: worker.routes.iter().flatten().map(|route| route.value.clone()).collect(),
        vars: worker.vars.clone(),
        secrets: worker.secrets.iter().map(|(name, _)| name.clone()).collect(),
        kv: pairs(&mut worker.kv_namespaces.iter().map(|kv| (&kv.binding, &kv.id))),
        services: pairs(&mut worker.services.iter().map(|of| (&of.binding.value, &of.service.value))),
        files: worker.files.iter().map(|files| (files.binding.value.clone(), files_text(files))).collect(),
        assets: worker.assets.iter().map(assets).collect(),
        plugins: worker.plugins.iter().map(plugin).collect(),
        limits: limits(&worker.limits),
    }
}

fn files_text(files: &crate::config::FilesConfig) -> String {
    let mount = &files.mount;
    let mut text = mount.path.display().to_string();
    match mount.mode {
        Mode::Read => text += ", read",
        Mode::ReadWrite => {
            let quota =
                format_args!(", read-write, up to {} bytes in {} entries", mount.quota_bytes, mount.quota_entries);
            text.write_fmt(quota).expect("writing to a String does not fail");
        }
    }
    text
}

fn assets(assets: &AssetsConfig) -> (String, String) {
    let binding = assets.binding.as_ref().map(|binding| binding.value.clone()).unwrap_or_default();
    let first = match assets.settings.worker_first {
        WorkerFirst::Never => "before the worker",
        WorkerFirst::Always => "after the worker",
        WorkerFirst::Paths { .. } => "before the worker, but for some paths",
    };
    (binding, format!("{}, {first}", assets.path.display()))
}

fn plugin(plugin: &PluginConfig) -> Plugin {
    let PluginLimits { memory_bytes, call, handles } = plugin.limits;
    let set = |key, value: u64| Setting { key, value: Some(value) };
    Plugin {
        name: plugin.name.clone(),
        path: plugin.path.display().to_string(),
        grants: plugin.grants.iter().map(Grant::to_string).collect(),
        limits: vec![
            set("memory_mb", (memory_bytes >> 20) as u64),
            set("call_ms", call.as_millis() as u64),
            set("handles", handles.into()),
        ],
    }
}

/// In the order of the README.
fn limits(limits: &Limits) -> Vec<Setting> {
    let set = |key, value: u64| Setting { key, value: Some(value) };
    let ms = |key, value: std::time::Duration| set(key, value.as_millis() as u64);
    vec![
        ms("cpu_ms", limits.cpu),
        Setting { key: "cpu_soft_ms", value: limits.cpu_soft.map(|soft| soft.as_millis() as u64) },
        ms("wait_until_cpu_ms", limits.wait_until_cpu),
        ms("wall_ms", limits.wall),
        set("memory_mb", (limits.memory_bytes >> 20) as u64),
        set("subrequests", limits.subrequests.into()),
        set("subrequests_at_once", limits.subrequests_at_once.into()),
        set("open_streams", limits.open_streams.into()),
        set("kv_operations", limits.kv_operations.into()),
        set("timers", limits.timers.into()),
        set("request_body_bytes", limits.request_body_bytes),
        set("response_bytes", limits.response_bytes),
        ms("wait_until_ms", limits.wait_until),
        ms("startup_ms", limits.startup),
        set("log_line_bytes", limits.log_line_bytes as u64),
        set("log_lines", limits.log_lines.into()),
        set("log_bytes", limits.log_bytes),
        set("unrequested_log_lines", limits.unrequested_log_lines.into()),
        set("concurrency", limits.concurrency.into()),
        set("max_instances", limits.max_instances.into()),
        set("queue", limits.queue.into()),
        ms("queue_ms", limits.queue_wait),
        set("open_files", limits.open_files.into()),
        set("tmp_bytes", limits.tmp_bytes),
        set("tmp_entries", limits.tmp_entries.into()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_number_or_off() {
        assert_eq!(ExplorerPort::parse("off"), Ok(ExplorerPort::Off));
        assert_eq!(ExplorerPort::parse("9229"), Ok(ExplorerPort::On(9229)));
        for bad in ["", "on", "65536", "-1"] {
            ExplorerPort::parse(bad).expect_err(bad);
        }
    }
}
