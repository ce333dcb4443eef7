//! The running program.

use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::output::Output;
use crate::project::Project;

/// How the line begins that tells the address; it is part of the public interface.
const LISTENING: &str = "listening on http://";
/// What stands before the address in the event that tells it.
const READY: &str = "\"url\":\"http://";
/// What the same line of the admin listener begins with.
const ADMIN: &str = "admin ";

/// One running `worky`. It dies with the value, and with the suite.
pub struct Worky {
    child: Child,
    /// Ends `child` when the suite dies before it could, as it does for a value in a `static`.
    reaper: Child,
    project: Option<Project>,
    output: Output,
    address: SocketAddr,
}

impl Worky {
    /// Runs the program and waits until it listens; its output if it does not.
    pub fn try_start(project: Project, args: &[&str]) -> Result<Self, String> {
        let mut child = project
            .command(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let reaper = reap_with_suite(child.id());
        let output = Output::default();
        output.copy_from(child.stdout.take().expect("piped"));
        output.copy_from(child.stderr.take().expect("piped"));

        let deadline = Instant::now() + crate::PATIENCE;
        let mut worky = Worky { child, reaper, project: Some(project), output, address: ([127, 0, 0, 1], 0).into() };
        loop {
            if let Some(address) = worky.output.lines().iter().find_map(|line| address_in(line)) {
                worky.address = address;
                return Ok(worky);
            }
            if let Some(status) = worky.child.try_wait().expect("its state can be asked") {
                return Err(format!("{}\n{status}", worky.output.text()));
            }
            if Instant::now() > deadline {
                return Err(format!("{}\nstill starting after {:?}", worky.output.text(), crate::PATIENCE));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of a path, under the address and not a name.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Where `/healthz`, `/readyz` and `/metrics` are.
    pub async fn admin_address(&self) -> SocketAddr {
        let line = self.output.line(&format!("{ADMIN}{LISTENING}")).await;
        parse_address(&line).expect("the line holds an address")
    }

    pub fn output(&self) -> &Output {
        &self.output
    }

    pub fn project(&self) -> &Project {
        self.project.as_ref().expect("there until the value is consumed")
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Memory that the process holds now.
    pub fn resident_bytes(&self) -> u64 {
        resident_bytes(self.id()).expect("the process lives")
    }

    /// Kills the process once it holds more memory than this, before it takes the machine's.
    pub fn kill_beyond(&self, ceiling_bytes: u64) {
        /// Even a guest that fills memory as fast as it can gets no further than tens of MiB meanwhile.
        const PERIOD: Duration = Duration::from_millis(10);
        let (id, output) = (self.id(), self.output.clone());
        std::thread::spawn(move || {
            // A process that ended and was not collected yet holds nothing, one that was collected is not found.
            while let Some(resident) = resident_bytes(id) {
                if resident > ceiling_bytes {
                    send_signal(id, "KILL");
                    output.push(format!("killed by its test: it grew to {} MiB", resident >> 20));
                    return;
                }
                std::thread::sleep(PERIOD);
            }
        });
    }

    /// Asks the program to drain, as a service manager does.
    pub fn terminate(&self) {
        self.signal("TERM");
    }

    /// Sends a signal by its short name.
    pub fn signal(&self, name: &str) {
        send_signal(self.id(), name);
    }

    /// Waits for the end of the program, without blocking the runtime of the test.
    pub async fn exited(&mut self) -> ExitStatus {
        let deadline = Instant::now() + crate::PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("its state can be asked") {
                return status;
            }
            assert!(Instant::now() < deadline, "worky did not end:\n{}", self.output.text());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Whether the process is still there.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("its state can be asked").is_none()
    }

    /// `kill -9`; the project's directory stays as it was left.
    pub fn kill(mut self) -> Project {
        self.stop();
        self.project.take().expect("there until the value is consumed")
    }

    fn stop(&mut self) {
        // The reaper goes first: once the process is collected its number may belong to another.
        let _gone_already = self.reaper.kill();
        let _collected = self.reaper.wait();
        let _gone_already = self.child.kill();
        let _collected = self.child.wait();
    }
}

impl Drop for Worky {
    fn drop(&mut self) {
        self.stop();
        if std::thread::panicking() {
            eprintln!("--- what worky printed:\n{}\n---", self.output.text());
        }
    }
}

fn send_signal(id: u32, name: &str) {
    let status = Command::new("sh").args(["-c", "kill -s \"$1\" \"$2\"", "sh", name, &id.to_string()]).status();
    assert!(status.expect("a shell").success(), "SIG{name} cannot be sent to {id}");
}

fn resident_bytes(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? << 10)
}

/// A shell that waits for the end of its input, which is the end of the suite, and then ends the process.
fn reap_with_suite(id: u32) -> Child {
    Command::new("sh")
        .args(["-c", "read -r _; kill -9 \"$1\"", "sh", &id.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell")
}

fn address_in(line: &str) -> Option<SocketAddr> {
    if line.contains(&format!("{ADMIN}{LISTENING}")) {
        return None;
    }
    // To programs it is told as an event.
    let event = line.split_once(READY).map(|(_, url)| format!("{LISTENING}{url}"));
    parse_address(event.as_deref().unwrap_or(line))
}

fn parse_address(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once(LISTENING)?;
    let end = rest.find(|c: char| !(c.is_ascii_hexdigit() || ".:[]".contains(c))).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_out_of_its_line() {
        assert_eq!(address_in("listening on http://127.0.0.1:41"), Some(([127, 0, 0, 1], 41).into()));
        assert_eq!(address_in("{\"message\":\"listening on http://127.0.0.1:41\"}"), Some(([127, 0, 0, 1], 41).into()));
        assert_eq!(address_in("admin listening on http://127.0.0.1:41"), None);
        assert_eq!(address_in("ready"), None);
    }
}
