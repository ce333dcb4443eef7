use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use tracing_subscriber::filter::LevelFilter;
use worky_dispatch::DispatchConfig;
use worky_js::{JsConfig, PlacementConfig};
use worky_server::{Http2, ServerConfig};
use worky_storage::Durability;

use super::reader::Reader;
use super::report::Problem;

/// What belongs to the process and not to one worker.
#[derive(Debug)]
pub(crate) struct ProcessConfig {
    pub(crate) server: ServerConfig,
    pub(crate) dispatch: DispatchConfig,
    pub(crate) js: JsConfig,
    /// Where files with secrets are.
    pub(crate) credentials_dir: Option<PathBuf>,
    pub(crate) storage: StorageConfig,
    pub(crate) log: LogConfig,
}

#[derive(Debug)]
pub(crate) struct StorageConfig {
    /// The directory of the database files. It need not exist.
    pub(crate) path: PathBuf,
    pub(crate) durability: Durability,
    /// What of all key-value namespaces stays in memory.
    pub(crate) cache_bytes: usize,
}

/// Some 50,000 entries of 1 KiB.
const STORAGE_CACHE_BYTES: usize = 64 << 20;

#[derive(Debug)]
pub(crate) struct LogConfig {
    /// Directives of tracing's `EnvFilter`, checked.
    pub(crate) level: String,
    pub(crate) format: LogFormat,
    /// Lines that wait to be written, in bytes. One worker's may take what the others leave free, at most half.
    pub(crate) queue_bytes: usize,
}

/// Lines of a tenth of a second, at the rate at which a pipe takes them.
const LOG_QUEUE_BYTES: usize = 8 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    Json,
    Pretty,
}

/// The values that hold where neither flags, environment nor file say anything.
#[derive(Debug, Clone)]
pub(crate) struct Defaults {
    pub(crate) listen: SocketAddr,
    /// What the process may use of the machine's memory.
    pub(crate) memory_bytes: usize,
    pub(crate) storage_path: PathBuf,
    pub(crate) log_level: &'static str,
    pub(crate) log_format: LogFormat,
}

/// Reads `[server]`, `[storage]` and `[log]`.
pub(crate) fn read(top: &mut Reader<'_>, defaults: &Defaults) -> ProcessConfig {
    let mut config = ProcessConfig {
        server: ServerConfig { listen: defaults.listen, ..ServerConfig::default() },
        dispatch: DispatchConfig::default(),
        js: JsConfig { placement: PlacementConfig::for_memory(defaults.memory_bytes), ..JsConfig::default() },
        credentials_dir: None,
        storage: StorageConfig {
            path: defaults.storage_path.clone(),
            durability: Durability::default(),
            cache_bytes: STORAGE_CACHE_BYTES,
        },
        log: LogConfig {
            level: defaults.log_level.to_owned(),
            format: defaults.log_format,
            queue_bytes: LOG_QUEUE_BYTES,
        },
    };
    if let Some(table) = top.table("server") {
        server(Reader::new(table, "server", top.report()), &mut config);
    }
    if let Some(table) = top.table("storage") {
        storage(Reader::new(table, "storage", top.report()), &mut config);
    }
    if let Some(table) = top.table("log") {
        log(Reader::new(table, "log", top.report()), &mut config.log);
    }
    config
}

fn server(mut reader: Reader<'_>, config: &mut ProcessConfig) {
    let server = &mut config.server;
    if let Some(listen) = address(&mut reader, "listen") {
        server.listen = listen;
    }
    server.admin_listen = address(&mut reader, "admin_listen");
    if let Some(http2) = reader.boolean("http2") {
        server.http2 = if http2 { Http2::On } else { Http2::Off };
    }
    let mut count = |key, bounds, unit, target: &mut u32| {
        if let Some(count) = reader.integer(key, bounds, unit) {
            *target = count as u32;
        }
    };
    count("max_connections", 1..=1_000_000, "connections", &mut server.max_connections);
    count("max_http2_streams", 1..=65_536, "requests at once", &mut server.http2_streams_max);
    count("max_in_flight", 1..=1_000_000, "requests at once", &mut config.dispatch.in_flight_max);
    count("max_service_depth", 1..=64, "workers behind each other", &mut config.dispatch.service_depth_max);
    let placement = &mut config.js.placement;
    count("max_isolates", 1..=100_000, "isolates", &mut placement.isolates_max);
    count("max_queued", 1..=10_000_000, "requests", &mut placement.queued_max);
    let mut size = |key, bounds, unit, target: &mut usize| {
        if let Some(size) = reader.integer(key, bounds, unit) {
            *target = size as usize;
        }
    };
    size("max_headers", 1..=10_000, "header fields", &mut server.header_count_max);
    size("max_header_bytes", 1_024..=1 << 20, "bytes", &mut server.header_bytes_max);
    size("max_uri_bytes", 256..=1 << 16, "bytes", &mut server.uri_bytes_max);
    let mut duration = |key, bounds, target: &mut Duration| {
        if let Some(ms) = reader.integer(key, bounds, "milliseconds") {
            *target = Duration::from_millis(ms);
        }
    };
    duration("header_read_ms", 1..=600_000, &mut server.header_read);
    duration("idle_ms", 1..=3_600_000, &mut server.idle);
    duration("body_stall_ms", 1..=3_600_000, &mut server.body_stall);
    duration("write_stall_ms", 1..=3_600_000, &mut server.write_stall);
    duration("isolate_idle_ms", 100..=86_400_000, &mut placement.idle);
    duration("shutdown_grace_ms", 0..=3_600_000, &mut server.shutdown_grace);
    if let Some(blanks) = reader.integer("blank_isolates", 0..=64, "isolates") {
        config.js.blank_isolates = blanks as usize;
    }
    if let Some(mb) = reader.integer("max_isolates_mb", 64..=16 << 20, "MiB") {
        placement.memory_bytes_max = (mb as usize) << 20;
    }
    for text in reader.strings("trusted_proxies").unwrap_or_default() {
        match network(&text.value) {
            Some(network) => server.trusted_proxies.push(network),
            None => {
                let message = format!("`server.trusted_proxies` has \"{}\", which is no network", text.value);
                let hint = "write an address or a block, as 10.0.0.1 or 10.0.0.0/8";
                reader.report().push(Problem::error(message).at(&text.span, "").hint(hint));
            }
        }
    }
    config.credentials_dir = credentials_dir(&mut reader);
    reader.finish();
}

fn network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse().ok().map(|address: IpAddr| address.into()))
}

fn credentials_dir(reader: &mut Reader<'_>) -> Option<PathBuf> {
    let dir = reader.string("credentials_dir")?;
    let path = dir.span.resolve(&dir.value);
    if path.is_dir() {
        return Some(path);
    }
    let message = format!("`server.credentials_dir` is not a directory: {}", path.display());
    reader.report().push(Problem::error(message).at(&dir.span, "").hint("it holds one file for each secret"));
    None
}

fn address(reader: &mut Reader<'_>, key: &'static str) -> Option<SocketAddr> {
    let text = reader.string(key)?;
    let parsed = match text.value.strip_prefix("localhost:") {
        Some(port) => port.parse().ok().map(|port: u16| SocketAddr::from(([127, 0, 0, 1], port))),
        None => text.value.parse().ok(),
    };
    if parsed.is_none() {
        let message = format!("`{}` is not an address: {}", reader.path(key), text.value);
        let hint = "write an IP address and a port, as 127.0.0.1:8080 or [::]:8080; port 0 takes a free one";
        reader.report().push(Problem::error(message).at(&text.span, "").hint(hint));
    }
    parsed
}

fn storage(mut reader: Reader<'_>, config: &mut ProcessConfig) {
    let ProcessConfig { storage: config, js, .. } = config;
    reader.choice("backend", &[("sqlite", ())]);
    if let Some(path) = reader.string("path") {
        config.path = path.span.resolve(&path.value);
        if config.path.exists() && !config.path.is_dir() {
            let message = format!("`storage.path` is not a directory: {}", config.path.display());
            reader.report().push(Problem::error(message).at(&path.span, ""));
        }
    }
    if let Some(durability) =
        reader.choice("durability", &[("full", Durability::Full), ("relaxed", Durability::Relaxed)])
    {
        config.durability = durability;
    }
    if let Some(mb) = reader.integer("code_cache_mb", 0..=1 << 20, "MiB") {
        js.code_cache_bytes_max = mb << 20;
    }
    if let Some(mb) = reader.integer("cache_mb", 0..=1 << 20, "MiB") {
        config.cache_bytes = (mb as usize) << 20;
    }
    reader.finish();
}

fn log(mut reader: Reader<'_>, config: &mut LogConfig) {
    if let Some(level) = reader.string("level") {
        match unknown_level(&level.value) {
            None => config.level = level.value,
            Some(part) => {
                let message = format!("`log.level` has {part:?}, which is not a level");
                let hint = "write off, error, warn, info, debug or trace; or by place, as info,worky_server=debug";
                reader.report().push(Problem::error(message).at(&level.span, "").hint(hint));
            }
        }
    }
    if let Some(format) = reader.choice("format", &[("json", LogFormat::Json), ("pretty", LogFormat::Pretty)]) {
        config.format = format;
    }
    // In less, not even one of the longest lines of `limits.log_line_bytes` might find room.
    if let Some(bytes) = reader.integer("queue_bytes", 4 << 20..=1 << 30, "bytes") {
        config.queue_bytes = bytes as usize;
    }
    reader.finish();
}

/// The first part of a filter that names no level. The filter itself would take a misspelt level for a place.
fn unknown_level(filter: &str) -> Option<&str> {
    let level = |part: &str| part.parse::<LevelFilter>().is_ok();
    filter.split(',').find(|part| match part.trim().split_once('=') {
        None => !level(part.trim()),
        Some((place, wanted)) => place.is_empty() || !level(wanted),
    })
}
