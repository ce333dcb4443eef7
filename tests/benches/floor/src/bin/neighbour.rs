//! The clients of bad neighbours, and the upstream of the one that fetches. They would run on other machines; here they share
//! the processors with the server, so they do as little as they can for what they do to it.
//!
//! usage: worky-bench-neighbour upstream
//!        worky-bench-neighbour attack ADDRESS HOW:PATH[,PATH …] …
//!        worky-bench-neighbour stops
//!
//! HOW is `fetch`, `stall` or `connect`; each attacks beside the others until the process is killed. The upstream prints its
//! URL on stdout. `stops` prints how many milliseconds of a second the machine itself took away from threads that do nothing
//! but look at the clock, one for each processor: the worst of them.

use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail, ensure};
use smol::io::{AsyncReadExt, AsyncWriteExt};
use smol::{Async, LocalExecutor, Timer};

/// How many requests one that fetches has open at once, and the pause between two of the same caller.
const CALLERS: usize = 4;
const PAUSE: Duration = Duration::from_millis(20);
/// How many responses are asked for that nobody reads.
const STALLED: usize = 100;
/// How many connections are kept that never say what they want, and the pause after this many new ones.
const IDLE: usize = 1_000;
const IDLE_BATCH: usize = 50;
const IDLE_PAUSE: Duration = Duration::from_millis(5);
/// How many connections are then opened, used once and closed, for each of these pauses.
const HASTY_BATCH: usize = 3;
const HASTY_PAUSE: Duration = Duration::from_millis(10);
/// How long the upstream lets everybody wait: many fetches are open, and few are to be answered a second.
const HOLD: Duration = Duration::from_secs(1);
/// How long a thread looks at the clock, and what it counts as a stop.
const LOOK: Duration = Duration::from_secs(1);
const STOP: Duration = Duration::from_micros(300);
const HELD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nheld";

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let executor = Rc::new(LocalExecutor::new());
    match &args[..] {
        ["upstream"] => smol::block_on(executor.run(upstream(&executor))).map(|never| match never {}),
        ["attack", address, attacks @ ..] if !attacks.is_empty() => {
            let address =
                address.parse().with_context(|| format!("'{address}' is not an address like 127.0.0.1:8080"))?;
            for attack in attacks {
                let (how, paths) = attack.split_once(':').with_context(|| format!("'{attack}' is not HOW:PATH"))?;
                start(&executor, how, address, paths.split(',').collect())?;
            }
            smol::block_on(executor.run(std::future::pending()))
        }
        ["stops"] => {
            println!("{:.2}", stopped()?.as_secs_f64() * 1e3);
            Ok(())
        }
        _ => bail!("usage: worky-bench-neighbour upstream | attack ADDRESS HOW:PATH[,PATH …] … | stops"),
    }
}

/// How long the unluckiest of as many threads as there are processors did not run in [`LOOK`].
fn stopped() -> anyhow::Result<Duration> {
    let watch = || {
        let begun = Instant::now();
        let (mut last, mut stopped) = (begun, Duration::ZERO);
        while last - begun < LOOK {
            let now = Instant::now();
            if now - last > STOP {
                stopped += now - last;
            }
            last = now;
        }
        stopped
    };
    let threads: Vec<_> = (0..std::thread::available_parallelism()?.get()).map(|_| std::thread::spawn(watch)).collect();
    let stops = threads.into_iter().map(|thread| thread.join().map_err(|_| anyhow!("a thread panicked")));
    Ok(stops.collect::<anyhow::Result<Vec<_>>>()?.into_iter().max().unwrap_or_default())
}

fn start(
    executor: &Rc<LocalExecutor<'static>>,
    how: &str,
    address: SocketAddr,
    paths: Vec<&str>,
) -> anyhow::Result<()> {
    let whole = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    let in_turn = |count: usize| (0..count).map(|index| whole(paths[index % paths.len()])).collect::<Vec<_>>();
    match how {
        "fetch" => in_turn(CALLERS).into_iter().for_each(|request| executor.spawn(call(address, request)).detach()),
        "stall" => in_turn(STALLED).into_iter().for_each(|request| executor.spawn(stall(address, request)).detach()),
        "connect" => {
            // Half of a head, and all of it.
            let half = format!("GET {} HTTP/1.1\r\n", paths[0]);
            executor.spawn(connect(executor.clone(), address, half, whole(paths[0]))).detach();
        }
        _ => bail!("'{how}' is no way to attack; choose from: fetch, stall, connect"),
    }
    Ok(())
}

/// Asks again and again on one connection, and on a new one once that was closed.
async fn call(address: SocketAddr, request: String) {
    loop {
        if let Ok(mut stream) = Async::<TcpStream>::connect(address).await {
            while ask(&mut stream, request.as_bytes()).await.is_ok() {
                Timer::after(PAUSE).await;
            }
        }
        Timer::after(PAUSE).await;
    }
}

/// Sends one request and reads its answer, whatever that is.
async fn ask(stream: &mut Async<TcpStream>, request: &[u8]) -> anyhow::Result<()> {
    stream.write_all(request).await?;
    let mut received = vec![0; 16 << 10];
    let mut filled = 0;
    let mut left = loop {
        ensure!(filled < received.len(), "a head that is too long");
        let read = stream.read(&mut received[filled..]).await?;
        ensure!(read > 0, "closed before the answer");
        filled += read;
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut head = httparse::Response::new(&mut headers);
        if let httparse::Status::Complete(head_bytes) = head.parse(&received[..filled])? {
            let length = head.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
            let length: usize = std::str::from_utf8(length.context("no content-length")?.value)?.trim().parse()?;
            break (head_bytes + length).checked_sub(filled).context("more than the answer")?;
        }
    };
    while left > 0 {
        let room = received.len().min(left);
        let read = stream.read(&mut received[..room]).await?;
        ensure!(read > 0, "closed within the answer");
        left -= read;
    }
    Ok(())
}

/// Asks once and reads nothing, ever.
async fn stall(address: SocketAddr, request: String) {
    if let Ok(mut stream) = Async::<TcpStream>::connect(address).await {
        let _ = stream.write_all(request.as_bytes()).await;
        std::future::pending::<()>().await;
    }
}

async fn connect(executor: Rc<LocalExecutor<'static>>, address: SocketAddr, half: String, whole: String) {
    let mut kept = Vec::with_capacity(IDLE);
    for index in 0..IDLE {
        if let Ok(mut stream) = Async::<TcpStream>::connect(address).await {
            let _ = stream.write_all(half.as_bytes()).await;
            kept.push(stream);
        }
        if index % IDLE_BATCH == 0 {
            Timer::after(IDLE_PAUSE).await;
        }
    }
    loop {
        for _ in 0..HASTY_BATCH {
            let whole = whole.clone();
            let hasty = async move {
                if let Ok(mut stream) = Async::<TcpStream>::connect(address).await {
                    let _ = stream.write_all(whole.as_bytes()).await;
                }
            };
            executor.spawn(hasty).detach();
        }
        Timer::after(HASTY_PAUSE).await;
    }
}

async fn upstream(executor: &LocalExecutor<'_>) -> anyhow::Result<Infallible> {
    let listener = Async::<TcpListener>::bind(([127, 0, 0, 1], 0))?;
    println!("http://{}", listener.get_ref().local_addr()?);
    loop {
        let (mut stream, _) = listener.accept().await?;
        let hold = async move {
            let mut received = vec![0; 16 << 10];
            // One that fetches sends one request at a time, and no body.
            while let Ok(read) = stream.read(&mut received).await
                && read > 0
            {
                Timer::after(HOLD).await;
                if stream.write_all(HELD).await.is_err() {
                    break;
                }
            }
        };
        executor.spawn(hold).detach();
    }
}
