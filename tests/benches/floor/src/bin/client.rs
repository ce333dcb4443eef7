//! What wrk cannot measure: latency at a fixed rate, and one request after the other on fresh connections.
//!
//! usage: worky-bench-client paced ADDRESS PATH RATE SECONDS CONNECTIONS
//!        worky-bench-client visits ADDRESS WORKERS REQUESTS SECONDS CONNECTIONS
//!        worky-bench-client sequence ADDRESS < PATHS
//!
//! All print JSON on stdout, the last one line for each path.

use std::cell::Cell;
use std::io::{BufRead, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use hdrhistogram::Histogram;
use serde_json::json;
use smol::io::{AsyncReadExt, AsyncWriteExt};
use smol::{Async, LocalExecutor, Timer};

/// How long one answer may take before the run is given up.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// What comes first, while connections and caches get going, is not counted.
const WARM_UP: Duration = Duration::from_millis(500);
const ANSWER_BYTES_MAX: usize = 64 << 20;

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["paced", address, path, rate, seconds, connections] => {
            let rate: f64 = number(rate, "rate")?;
            ensure!(rate >= 1.0, "the rate is {rate}; it must be at least one request a second");
            let length = Duration::try_from_secs_f64(number(seconds, "number of seconds")?)?;
            paced(address_of(address)?, path, rate, length, number(connections, "number of connections")?)
        }
        ["visits", address, workers, requests, seconds, connections] => {
            let workers = number(workers, "number of workers")?;
            ensure!(workers >= 1_usize, "there must be at least one worker");
            let visits = Visits {
                address: address_of(address)?,
                likely: zipf(workers),
                requests: number(requests, "number of requests")?,
            };
            let length = Duration::try_from_secs_f64(number(seconds, "number of seconds")?)?;
            visits.run(length, number(connections, "number of connections")?)
        }
        ["sequence", address] => sequence(address_of(address)?),
        _ => bail!("usage: worky-bench-client paced … | visits … | sequence …; see the head of its source"),
    }
}

fn address_of(text: &str) -> anyhow::Result<SocketAddr> {
    text.parse().with_context(|| format!("'{text}' is not an address like 127.0.0.1:8080"))
}

fn number<T: std::str::FromStr>(text: &str, what: &str) -> anyhow::Result<T> {
    text.parse().map_err(|_| anyhow::anyhow!("the {what} is '{text}', which is no number"))
}

fn get(address: SocketAddr, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n").into_bytes()
}

/// An open loop: requests are due at fixed instants, whatever the server does. The next one goes to whichever connection is
/// free; where none is, it waits, and its latency counts from the instant it was due.
fn paced(address: SocketAddr, path: &str, rate: f64, length: Duration, connections: usize) -> anyhow::Result<()> {
    let request = get(address, path);
    let next = Cell::new(0_u64);
    let executor = LocalExecutor::new();
    let latencies = smol::block_on(executor.run(async {
        let begin = Instant::now();
        let tasks: Vec<_> = (0..connections)
            .map(|_| executor.spawn(paced_connection(address, &request, rate, length + WARM_UP, begin, &next)))
            .collect();
        let mut all = histogram();
        for task in tasks {
            all.add(task.await?)?;
        }
        anyhow::Ok(all)
    }))?;
    let us = |quantile| latencies.value_at_quantile(quantile) as f64 / 1e3;
    println!(
        "{}",
        json!({
            "requests": latencies.len(),
            "rate": latencies.len() as f64 / length.as_secs_f64(),
            "p50_us": us(0.5),
            "p90_us": us(0.9),
            "p99_us": us(0.99),
            "max_us": latencies.max() as f64 / 1e3,
        })
    );
    Ok(())
}

/// Nanoseconds, to three digits.
fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, ANSWER_TIMEOUT.as_nanos() as u64 * 2, 3).expect("the bounds are fixed and valid")
}

async fn paced_connection(
    address: SocketAddr,
    request: &[u8],
    rate: f64,
    length: Duration,
    begin: Instant,
    next: &Cell<u64>,
) -> anyhow::Result<Histogram<u64>> {
    let mut stream =
        Async::<TcpStream>::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
    stream.get_ref().set_nodelay(true)?;
    let mut latencies = histogram();
    let mut received = Vec::with_capacity(16 << 10);
    loop {
        let turn = next.replace(next.get() + 1);
        let after = Duration::from_secs_f64(turn as f64 / rate);
        if after >= length {
            return Ok(latencies);
        }
        let due = begin + after;
        if due > Instant::now() {
            Timer::at(due).await;
        }
        ask(&mut stream, request, &mut received).await?;
        let latency = due.elapsed();
        ensure!(latency < ANSWER_TIMEOUT, "{address} is {latency:?} late at {rate} requests/s: it cannot keep up");
        if after >= WARM_UP {
            latencies.record((latency.as_nanos() as u64).max(1))?;
        }
    }
}

/// Sends one request and waits for the end of its answer, which must be a 200.
async fn ask(stream: &mut Async<TcpStream>, request: &[u8], received: &mut Vec<u8>) -> anyhow::Result<()> {
    stream.write_all(request).await?;
    received.clear();
    loop {
        let answered = stream.read(spare(received)).await?;
        if let Some(answer) = answer_after(received, answered)? {
            ensure!(answer.status == 200, "the server answered {}", answer.status);
            return Ok(());
        }
    }
}

/// Visitors as browsers are: each connects, asks one worker for some things, as fast as it is answered, and leaves. Which
/// worker it is follows Zipf's law.
struct Visits {
    address: SocketAddr,
    /// Sums of the workers' shares, in their order.
    likely: Vec<f64>,
    /// Of one visit.
    requests: u32,
}

/// The k-th worker is as likely as 1 / k.
fn zipf(workers: usize) -> Vec<f64> {
    let mut sum = 0.0;
    let shares = (1..=workers).map(|rank| {
        sum += 1.0 / rank as f64;
        sum
    });
    shares.collect()
}

impl Visits {
    fn run(&self, length: Duration, connections: usize) -> anyhow::Result<()> {
        let executor = LocalExecutor::new();
        let latencies = smol::block_on(executor.run(async {
            let begin = Instant::now() + WARM_UP;
            let tasks: Vec<_> =
                (0..connections).map(|seed| executor.spawn(self.visitor(seed as u64, begin, begin + length))).collect();
            let mut all = histogram();
            for task in tasks {
                all.add(task.await?)?;
            }
            anyhow::Ok(all)
        }))?;
        let ms = |quantile| latencies.value_at_quantile(quantile) as f64 / 1e6;
        let rate = latencies.len() as f64 / length.as_secs_f64();
        println!("{}", json!({ "requests": latencies.len(), "rate": rate, "p50_ms": ms(0.5), "p99_ms": ms(0.99) }));
        Ok(())
    }

    /// Counts what is answered between `begin` and `end`.
    async fn visitor(&self, seed: u64, begin: Instant, end: Instant) -> anyhow::Result<Histogram<u64>> {
        let mut latencies = histogram();
        let mut received = Vec::with_capacity(READ_BYTES * 2);
        // xorshift64: which worker comes next need not be better than this.
        let mut random = 0x9e37_79b9_7f4a_7c15 ^ (seed + 1);
        loop {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let point = random as f64 / u64::MAX as f64 * self.likely[self.likely.len() - 1];
            let worker = self.likely.partition_point(|sum| *sum < point).min(self.likely.len() - 1);
            let request =
                get(self.address, &if self.likely.len() > 1 { format!("/w{worker}/") } else { "/".to_owned() });
            let mut stream = Async::<TcpStream>::connect(self.address).await?;
            stream.get_ref().set_nodelay(true)?;
            for _ in 0..self.requests {
                let asked = Instant::now();
                ask(&mut stream, &request, &mut received).await?;
                let answered = Instant::now();
                if answered > end {
                    return Ok(latencies);
                }
                if answered > begin {
                    latencies.record(((answered - asked).as_nanos() as u64).max(1))?;
                }
            }
        }
    }
}

/// Each path of stdin on a connection of its own: microseconds from connecting to the end of the answer.
fn sequence(address: SocketAddr) -> anyhow::Result<()> {
    for path in std::io::stdin().lock().lines() {
        let request = get(address, path?.trim());
        let begin = Instant::now();
        let mut stream = TcpStream::connect(address).with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
        stream.write_all(&request)?;
        let mut received = Vec::new();
        let answer = loop {
            let answered = stream.read(spare(&mut received))?;
            if let Some(answer) = answer_after(&mut received, answered)? {
                break answer;
            }
        };
        let us = begin.elapsed().as_nanos() as f64 / 1e3;
        let body = String::from_utf8_lossy(&received[answer.body]);
        println!("{}", json!({ "us": us, "status": answer.status, "body": body }));
    }
    Ok(())
}

struct Answer {
    status: u16,
    body: std::ops::Range<usize>,
}

const READ_BYTES: usize = 16 << 10;

/// Room for the next read at the end of `received`; [`answer_after`] takes back what was not used.
fn spare(received: &mut Vec<u8>) -> &mut [u8] {
    let len = received.len();
    received.resize(len + READ_BYTES, 0);
    &mut received[len..]
}

/// The answer, once all of it is there.
fn answer_after(received: &mut Vec<u8>, read: usize) -> anyhow::Result<Option<Answer>> {
    received.truncate(received.len() - READ_BYTES + read);
    ensure!(read > 0, "the connection was closed before the answer ended");
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head_bytes) = head.parse(received)? else { return Ok(None) };
    let status = head.code.context("an answer without a status")?;
    let length = head.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = length.context("the answer has no content-length, which this client needs")?;
    let length: usize = std::str::from_utf8(length.value)?.trim().parse()?;
    ensure!(length <= ANSWER_BYTES_MAX, "an answer of {length} bytes is too long for this client");
    let end = head_bytes + length;
    ensure!(received.len() <= end, "the server sent {} bytes after its answer", received.len() - end);
    Ok((received.len() == end).then_some(Answer { status, body: head_bytes..end }))
}
