//! From files that changed to workers that are served.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use worky_bundle::CompileCache;
use worky_dispatch::Dispatcher;
use worky_explorer::{Build, Hub};
use worky_server::{Control, Trouble, TroublePlace};

use super::failures::Failures;
use super::watch::{Watch, as_told};
use crate::assemble::{Assembly, deploy};
use crate::command::Mode;
use crate::config::{self, Config, DEV_VARS, FILE_NAME, Origin, Report, Request, Told, WorkerConfig};
use crate::explorer;
use crate::grants::Grants;
use crate::logging::RELOAD;
use crate::terminal::Color;
use crate::types;

/// What has to be known to do again what was done at the start.
pub(crate) struct Reload {
    request: Request,
    mode: Mode,
    process: String,
    grants: Grants,
    dispatcher: Dispatcher,
    control: Control,
    cache: Option<Arc<CompileCache>>,
    /// By name.
    served: BTreeMap<String, Served>,
    watch: Watch,
    explorer: Option<Hub>,
    failures: Option<Failures>,
}

struct Served {
    /// What it was made of last, whether or not that could be served.
    inputs: BTreeSet<PathBuf>,
    /// The same as changes are told.
    told: BTreeSet<PathBuf>,
    /// It could not.
    broken: bool,
}

impl Served {
    fn of(inputs: BTreeSet<PathBuf>) -> Self {
        Served { told: as_told(inputs.clone()), inputs, broken: false }
    }
}

impl Reload {
    pub(crate) fn new(
        request: Request,
        mode: Mode,
        process: String,
        assembly: &mut Assembly,
        explorer: Option<Hub>,
    ) -> notify::Result<Self> {
        let names = assembly.workers.iter().map(|worker| worker.name.value.clone());
        let inputs = std::mem::take(&mut assembly.inputs);
        for ((worker, inputs), problems) in assembly.workers.iter().zip(&inputs).zip(&assembly.problems) {
            if problems.errors() == 0 {
                types::refresh(worker, inputs, assembly.cache.as_ref());
            }
        }
        let served = names.clone().zip(inputs.into_iter().map(Served::of)).collect();
        let mut reload = Reload {
            request,
            mode,
            process,
            grants: assembly.grants.clone(),
            dispatcher: assembly.dispatcher.clone(),
            control: assembly.server.control(),
            cache: assembly.cache.clone(),
            served,
            watch: Watch::new()?,
            explorer,
            failures: assembly.failures.clone(),
        };
        reload.rewatch(&assembly.workers);
        for (name, report) in names.zip(&assembly.problems).filter(|(_, report)| report.errors() > 0) {
            reload.tell(report, Some(&name));
        }
        Ok(reload)
    }

    /// Serves what is saved, for as long as it is polled.
    pub(crate) async fn run(mut self) {
        while let Some(changed) = self.watch.changed().await {
            let began = Instant::now();
            let report = Report::default();
            let config = tokio::task::block_in_place(|| config::load(&self.request, &report));
            match config {
                Some(config) if report.errors() == 0 => self.apply(config, &changed, began).await,
                // The files that are watched stay: one of them will be mended.
                _ => self.tell(&report, None),
            }
        }
    }

    async fn apply(&mut self, config: Config, changed: &BTreeSet<PathBuf>, began: Instant) {
        let Config { process, workers, router } = config;
        let process = format!("{process:?}");
        if process != self.process {
            tracing::warn!("settings of the server, its storage or its log changed: they hold after a restart");
            self.process = process;
        }
        if let Some(failures) = &self.failures {
            failures.set_workers(&workers);
        }
        let of_all = changed.iter().any(|path| is_settings(path));
        let mut done = Vec::new();
        for worker in &workers {
            let name = &worker.name.value;
            let known = self.served.get(name);
            if !of_all && known.is_some_and(|served| !served.broken && served.told.is_disjoint(changed)) {
                continue;
            }
            let (result, inputs) = deploy(worker, &self.grants, &self.dispatcher, self.cache.as_ref()).await;
            let report = Report::default();
            result.err().into_iter().flatten().for_each(|problem| report.push(problem));
            self.served.insert(name.clone(), Served::of(inputs));
            if report.errors() > 0 {
                self.tell(&report, Some(name));
            } else {
                done.push(worker);
            }
        }
        if workers.iter().all(|worker| !self.served[&worker.name.value].broken) {
            self.control.set_router(router);
            let gone = |name: &String| workers.iter().all(|worker| worker.name.value != *name);
            for name in self.served.keys().filter(|name| gone(name)) {
                self.dispatcher.remove(name);
            }
            self.served.retain(|name, _| !gone(name));
            self.control.set_trouble(None);
            self.show(&workers);
        }
        self.rewatch(&workers);
        if !done.is_empty() {
            let ms = began.elapsed().as_millis() as u64;
            let names: Vec<&str> = done.iter().map(|worker| worker.name.value.as_str()).collect();
            self.control.reload_pages();
            tracing::info!(target: RELOAD, workers = names.join(", "), ms, "reloaded");
        }
        // Nobody who waits for the worker waits for its types.
        tokio::task::block_in_place(|| {
            for worker in done {
                types::refresh(worker, &self.served[&worker.name.value].inputs, self.cache.as_ref());
            }
        });
    }

    /// What is wrong, in the terminal and to browsers.
    fn tell(&mut self, report: &Report, worker: Option<&str>) {
        self.mode.tell(report);
        tracing::error!("this cannot be served; what was there before still is, and a change is waited for");
        if let Some(served) = worker.and_then(|name| self.served.get_mut(name)) {
            served.broken = true;
        }
        if let Some(hub) = &self.explorer {
            hub.set_build(Build::broken(report.render(Color::Never)));
        }
        self.control.set_trouble(Some(trouble(report, &self.request.working_dir)));
        self.control.reload_pages();
    }

    /// Tells the explorer what is served now.
    fn show(&self, workers: &[WorkerConfig]) {
        let Some(hub) = &self.explorer else { return };
        if let Err(error) = explorer::show(hub, workers, &self.grants) {
            tracing::warn!(%error, "the explorer shows what was there before");
        }
        hub.set_build(Build::good());
    }

    fn rewatch(&mut self, workers: &[WorkerConfig]) {
        let (Origin::File(origin) | Origin::Module(origin)) = &self.request.origin;
        let mut files = BTreeSet::from([self.request.working_dir.join(origin)]);
        for worker in workers {
            let environment = self.request.environment.as_ref().map(|name| format!("{DEV_VARS}.{name}"));
            let beside = [FILE_NAME, DEV_VARS].map(str::to_owned).into_iter().chain(environment);
            files.extend(beside.map(|name| worker.root.join(name)));
            files.extend(self.served.get(&worker.name.value).into_iter().flat_map(|served| served.inputs.clone()));
        }
        self.watch.set(files);
    }
}

/// What browsers see of it.
fn trouble(report: &Report, working_dir: &Path) -> Trouble {
    let place = |told: Told| {
        let (file, (line, column)) = told.place.and_then(|(file, place)| Some((file, place?)))?;
        let path = working_dir.join(&file).canonicalize().ok()?;
        Some(TroublePlace { shown: format!("{file}:{line}:{column}"), path, line, column })
    };
    let places = report.each().into_iter().filter_map(place).collect();
    Trouble { report: report.render(Color::Never), places }
}

fn is_settings(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.ends_with(".toml") || name.starts_with(DEV_VARS)
}
