//! What the program takes: seen from the system and from its own metrics.

use std::net::SocketAddr;
use std::time::Duration;

use crate::client::{Connection, Protocol, full};

/// Where one run of the program is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Probe {
    pub(crate) process: u32,
    pub(crate) admin: SocketAddr,
}

/// The program at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reading {
    pub(crate) resident_mb: f64,
    /// Open files of every kind, and those of them that are sockets.
    pub(crate) files: usize,
    pub(crate) sockets: usize,
    pub(crate) threads: usize,
    pub(crate) instances: f64,
    pub(crate) in_flight: f64,
    pub(crate) connections: f64,
}

/// One second of a soak.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub(crate) at: Duration,
    pub(crate) reading: Reading,
    /// Things done since the begin.
    pub(crate) done: u64,
    /// Milliseconds, by kind.
    pub(crate) p99: Vec<Option<f64>>,
}

impl Probe {
    /// `None` where the program is not there, or does not tell its metrics.
    pub(crate) async fn read(self) -> Option<Reading> {
        let metrics = self.metrics().await?;
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process)).ok()?;
        let field = |name: &str| -> Option<f64> {
            status.lines().find(|line| line.starts_with(name))?.split_whitespace().nth(1)?.parse().ok()
        };
        let files: Vec<_> = std::fs::read_dir(format!("/proc/{}/fd", self.process)).ok()?.flatten().collect();
        let is_socket = |entry: &&std::fs::DirEntry| {
            std::fs::read_link(entry.path()).is_ok_and(|target| target.to_string_lossy().starts_with("socket:"))
        };
        Some(Reading {
            resident_mb: field("VmRSS:")? / 1024.0,
            files: files.len(),
            sockets: files.iter().filter(is_socket).count(),
            threads: field("Threads:")? as usize,
            instances: sum(&metrics, "worky_instances"),
            in_flight: sum(&metrics, "worky_requests_in_flight"),
            connections: sum(&metrics, "worky_connections"),
        })
    }

    pub(crate) async fn metrics(self) -> Option<String> {
        let mut connection = Connection::try_to(self.admin, Protocol::Http1).await.ok()?;
        let request = http::Request::get("/metrics").header("host", "admin").body(full("")).ok()?;
        let answer = connection.try_open(request).await.ok()?.try_collect().await.ok()?;
        String::from_utf8(answer.body.into()).ok()
    }
}

/// All series of one metric together.
pub(crate) fn sum(metrics: &str, name: &str) -> f64 {
    let values = metrics.lines().filter_map(|line| {
        let rest = line.strip_prefix(name)?;
        (rest.starts_with('{') || rest.starts_with(' ')).then(|| rest.rsplit(' ').next()?.parse::<f64>().ok())?
    });
    values.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_of_one_name_are_summed() {
        let text = "worky_a{w=\"x\"} 1\nworky_a{w=\"y\"} 2\nworky_ab 9\n# worky_a 7\nworky_b 4\n";
        assert_eq!((sum(text, "worky_a"), sum(text, "worky_b"), sum(text, "worky_c")), (3.0, 4.0, 0.0));
    }
}
