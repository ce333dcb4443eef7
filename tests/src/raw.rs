//! Bytes on a socket, for what no HTTP client sends.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::within;

/// One connection, written and read as bytes.
pub struct Raw {
    stream: TcpStream,
    /// Read, not yet asked for.
    rest: Vec<u8>,
}

/// One response as it stood on the wire.
#[derive(Debug)]
pub struct RawResponse {
    pub status: u16,
    /// From the status line to the empty line.
    pub head: String,
    pub body: Vec<u8>,
}

impl Raw {
    pub async fn connect(address: SocketAddr) -> Self {
        Raw::try_connect(address).await.expect("the port is open")
    }

    /// Like [`Raw::connect`], for a port that may be closed by now.
    pub async fn try_connect(address: SocketAddr) -> std::io::Result<Self> {
        let stream = within("connecting", TcpStream::connect(address)).await?;
        Ok(Raw { stream, rest: Vec::new() })
    }

    /// Closes with a reset instead of an orderly end.
    pub fn reset(self) {
        // Where the peer closed before there is nobody to reset.
        let _closed = self.stream.set_zero_linger();
    }

    /// Writes; a peer that has closed already is no failure, its answer tells more.
    pub async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let _closed = within("writing", self.stream.write_all(bytes.as_ref())).await;
    }

    /// Ends the sending direction.
    pub async fn finish(&mut self) {
        let _closed = self.stream.shutdown().await;
    }

    /// Reads until the peer closes; a reset ends it like a close.
    pub async fn read_to_end(&mut self) -> Vec<u8> {
        within("the peer's close", async {
            let mut buffer = [0; 8192];
            loop {
                match self.stream.read(&mut buffer).await {
                    Ok(0) | Err(_) => return std::mem::take(&mut self.rest),
                    Ok(read) => self.rest.extend_from_slice(&buffer[..read]),
                }
            }
        })
        .await
    }

    /// Reads one head, through its empty line; `None` if the peer closes before.
    pub async fn read_head(&mut self) -> Option<String> {
        loop {
            if let Some(end) = find(&self.rest, b"\r\n\r\n") {
                let head: Vec<u8> = self.rest.drain(..end + 4).collect();
                return Some(String::from_utf8_lossy(&head).into_owned());
            }
            if self.fill().await == 0 {
                return None;
            }
        }
    }

    /// Reads one response with a `content-length`, chunked, or without a body.
    pub async fn read_response(&mut self, bodyless: Bodyless) -> Option<RawResponse> {
        let head = self.read_head().await?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let length = header(&head, "content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
        let body = if bodyless == Bodyless::Yes || status < 200 || status == 204 || status == 304 {
            Vec::new()
        } else if header(&head, "transfer-encoding").is_some_and(|value| value.contains("chunked")) {
            self.read_chunked().await?
        } else {
            while self.rest.len() < length {
                if self.fill().await == 0 {
                    return None;
                }
            }
            self.rest.drain(..length).collect()
        };
        Some(RawResponse { status, head, body })
    }

    async fn read_chunked(&mut self) -> Option<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.read_line().await?;
            let size = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
            if size == 0 {
                while !self.read_line().await?.is_empty() {}
                return Some(body);
            }
            while self.rest.len() < size + 2 {
                if self.fill().await == 0 {
                    return None;
                }
            }
            body.extend(self.rest.drain(..size));
            self.rest.drain(..2);
        }
    }

    async fn read_line(&mut self) -> Option<String> {
        loop {
            if let Some(end) = find(&self.rest, b"\r\n") {
                let line: Vec<u8> = self.rest.drain(..end + 2).collect();
                return Some(String::from_utf8_lossy(&line[..end]).into_owned());
            }
            if self.fill().await == 0 {
                return None;
            }
        }
    }

    /// Reads what is there, at most 8 KiB, and passes over it; 0 once the peer has closed.
    pub async fn skip(&mut self) -> usize {
        let read = self.fill().await;
        self.rest.clear();
        read
    }

    async fn fill(&mut self) -> usize {
        let mut buffer = [0; 8192];
        let read = within("the answer", self.stream.read(&mut buffer)).await.unwrap_or(0);
        self.rest.extend_from_slice(&buffer[..read]);
        read
    }
}

/// Whether a response has no body whatever its head says, as the answer to a HEAD has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bodyless {
    Yes,
    No,
}

/// A header of a head, by its lower-case name.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().skip(1).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
