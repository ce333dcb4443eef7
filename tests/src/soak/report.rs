//! What came of a soak, as text.

use std::fmt;
use std::time::Duration;

use super::log::LogCounts;
use super::probe::{Reading, Sample};
use super::tally::Kind;

/// What a soak found.
pub struct Report {
    pub(crate) seed: u64,
    pub(crate) took: Duration,
    /// Workers that could not be soaked because their components were not built.
    pub(crate) left_out: Vec<&'static str>,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) samples: Vec<Sample>,
    /// At rest: after the warm-up, and after the steady traffic.
    pub(crate) states: Vec<(&'static str, Reading)>,
    pub(crate) log: LogCounts,
    pub(crate) checks: Vec<Check>,
}

/// One thing that must hold.
#[derive(Debug, Clone)]
pub(crate) struct Check {
    pub(crate) what: String,
    pub(crate) found: String,
    pub(crate) verdict: Verdict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Holds,
    Fails,
}

impl Check {
    pub(crate) fn new(what: impl Into<String>, found: impl Into<String>, holds: bool) -> Self {
        let verdict = if holds { Verdict::Holds } else { Verdict::Fails };
        Check { what: what.into(), found: found.into(), verdict }
    }
}

impl Report {
    /// Whether everything holds that must.
    pub fn passed(&self) -> bool {
        self.checks.iter().all(|check| check.verdict == Verdict::Holds)
    }

    /// One line for each second: what the program took, and the 99th percentile of each kind in milliseconds.
    pub fn samples_csv(&self) -> String {
        let names: Vec<&str> = self.kinds.iter().map(|kind| kind.name).collect();
        let head = format!(
            "second,resident_mb,files,sockets,threads,instances,in_flight,connections,done,{}\n",
            names.join(",")
        );
        let line = |sample: &Sample| {
            let Reading { resident_mb, files, sockets, threads, instances, in_flight, connections } = sample.reading;
            let p99: Vec<String> =
                sample.p99.iter().map(|p99| p99.map_or_else(String::new, |p99| p99.to_string())).collect();
            let (second, done) = (sample.at.as_secs(), sample.done);
            format!(
                "{second},{resident_mb:.1},{files},{sockets},{threads},{instances},{in_flight},{connections},{done},{}\n",
                p99.join(",")
            )
        };
        head + &self.samples.iter().map(line).collect::<String>()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# Soak: {}\n", if self.passed() { "passed" } else { "FAILED" })?;
        writeln!(f, "Seed {}, {:.1} minutes.", self.seed, self.took.as_secs_f64() / 60.0)?;
        for left_out in &self.left_out {
            writeln!(f, "Left out: {left_out}.")?;
        }
        self.fmt_checks(f)?;
        self.fmt_process(f)?;
        self.fmt_kinds(f)?;
        self.fmt_log(f)
    }
}

impl Report {
    fn fmt_checks(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n| what must hold | found | |\n|---|---|---|")?;
        for Check { what, found, verdict } in &self.checks {
            let verdict = if *verdict == Verdict::Holds { "holds" } else { "**FAILS**" };
            writeln!(f, "| {what} | {found} | {verdict} |")?;
        }
        Ok(())
    }

    fn fmt_process(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n| the process | RSS, MiB | files | of them sockets | threads | instances |\n|---|--:|--:|--:|--:|--:|"
        )?;
        let row = |f: &mut fmt::Formatter<'_>, name: &str, reading: &Reading| {
            let Reading { resident_mb, files, sockets, threads, instances, .. } = reading;
            writeln!(f, "| {name} | {resident_mb:.0} | {files} | {sockets} | {threads} | {instances} |")
        };
        for (name, reading) in &self.states {
            row(f, name, reading)?;
        }
        let most = |of: fn(&Reading) -> f64| self.samples.iter().map(|sample| of(&sample.reading)).fold(0.0, f64::max);
        let peak = Reading {
            resident_mb: most(|reading| reading.resident_mb),
            files: most(|reading| reading.files as f64) as usize,
            sockets: most(|reading| reading.sockets as f64) as usize,
            threads: most(|reading| reading.threads as f64) as usize,
            instances: most(|reading| reading.instances),
            in_flight: 0.0,
            connections: 0.0,
        };
        row(f, "at most, each by itself", &peak)
    }

    fn fmt_kinds(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n| kind | right | interrupted by an ending | unexplained | p50, ms | p99, ms | max, ms |\n|---|--:|--:|--:|--:|--:|--:|"
        )?;
        for kind in &self.kinds {
            let Kind { name, right, interrupted, unexplained, .. } = kind;
            write!(f, "| {name} | {right} | {interrupted} | {unexplained} ")?;
            match kind.latency() {
                Some(latency) => writeln!(f, "| {:.1} | {:.1} | {:.0} |", latency.p50, latency.p99, latency.max)?,
                None => writeln!(f, "| | | |")?,
            }
        }
        for kind in self.kinds.iter().filter(|kind| kind.unexplained > 0) {
            writeln!(f, "\nUnexplained, {}:", kind.name)?;
            for example in &kind.examples {
                writeln!(f, "- {}", example.replace('\n', " "))?;
            }
        }
        Ok(())
    }

    fn fmt_log(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n| warnings and errors in the log | lines |\n|---|--:|")?;
        for (title, count) in &self.log.explained {
            writeln!(f, "| {title} | {count} |")?;
        }
        for (title, (count, line)) in &self.log.unexplained {
            writeln!(f, "| **unexplained** {title}: `{line}` | {count} |")?;
        }
        Ok(())
    }
}
