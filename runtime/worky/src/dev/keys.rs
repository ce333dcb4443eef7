//! Keys of a developer who sits at the terminal.
//!
//! The terminal gives single keys and does not show them; output, and what Ctrl-C does, stay as they are, which a raw
//! mode would change. What was there before comes back whichever way the program ends.

use std::io::{IsTerminal, Read};
use std::net::SocketAddr;
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use rustix::process::getpgrp;
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetpgrp, tcsetattr};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Open,
    Clear,
    Restart,
    Quit,
    Help,
}

/// What the keys are, in one line.
pub(crate) const HELP: &str = "press o to open the browser, c to clear, r to restart, q to quit, h for help";

const HELP_LINES: &str = "keys:
  o  open the browser
  c  clear the terminal
  r  restart: settings of the server are read again, and everything begins anew
  q  quit, once what has begun is finished; Ctrl-C does the same, a second one ends at once
  h  this help
";

/// The terminal as it was, until it is put back.
static BEFORE: OnceLock<Mutex<Option<Termios>>> = OnceLock::new();

/// Single keys from here on, until this is dropped.
#[must_use = "the terminal is put back when it is dropped"]
pub(crate) struct Keys {
    pressed: mpsc::Receiver<Key>,
}

impl Keys {
    /// `None` where nobody sits at a terminal: it is a pipe, or the program runs in the background.
    pub(crate) fn listen() -> Option<Self> {
        let stdin = std::io::stdin();
        let is_ours = || tcgetpgrp(stdin.as_fd()).is_ok_and(|group| group == getpgrp());
        if !stdin.is_terminal() || !std::io::stderr().is_terminal() || !is_ours() {
            return None;
        }
        let before = tcgetattr(stdin.as_fd()).ok()?;
        // Before anything is changed: who ends the program meanwhile finds the terminal as it was.
        let ends = [SignalKind::quit(), SignalKind::hangup()].map(|kind| (kind, signal(kind)));
        let [(quit, Ok(on_quit)), (hangup, Ok(on_hangup))] = ends else { return None };
        tokio::spawn(restore_at(quit, on_quit));
        tokio::spawn(restore_at(hangup, on_hangup));
        *BEFORE.get_or_init(Mutex::default).lock() = Some(before);
        single_keys();
        let after_panic = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            restore();
            after_panic(panic);
        }));
        tokio::spawn(again_in_foreground());
        let (sender, pressed) = mpsc::channel(8);
        // It ends with the process: nothing ends a read of a terminal.
        std::thread::Builder::new().name("worky-keys".to_owned()).spawn(move || read(&sender)).ok()?;
        Some(Keys { pressed })
    }

    /// The next key; pending for ever once there are none.
    async fn next(&mut self) -> Key {
        match self.pressed.recv().await {
            Some(key) => key,
            None => std::future::pending().await,
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        restore();
    }
}

/// Puts the terminal back, if it was changed.
pub(crate) fn restore() {
    if let Some(before) = BEFORE.get().and_then(|before| before.lock().take()) {
        // Where the terminal is gone there is nothing to put back.
        let _gone = tcsetattr(std::io::stdin().as_fd(), OptionalActions::Now, &before);
    }
}

fn tell_help() {
    eprint!("{HELP_LINES}");
}

fn clear() {
    // The screen, what was scrolled out of it, and the cursor to its beginning.
    eprint!("\x1b[2J\x1b[3J\x1b[H");
}

/// Shows the address in the browser, without waiting for it.
fn open_browser(address: SocketAddr) {
    let mut url = url_of(address);
    url.push('/');
    tokio::task::spawn_blocking(move || {
        if let Err(error) = open::that_detached(&url) {
            tracing::warn!(%error, "no browser can be opened; the address is {url}");
        }
    });
}

/// Where a browser on this machine finds it.
fn url_of(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

/// What was asked for by key and is done after the end.
#[derive(Clone, Default)]
pub(crate) struct Asked(Arc<AtomicBool>);

impl Asked {
    /// To begin anew.
    pub(crate) fn restart(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Does what the keys ask for, for as long as it is polled.
pub(crate) async fn obey(mut keys: Keys, address: SocketAddr, shutdown: CancellationToken, asked: Asked) {
    loop {
        match keys.next().await {
            Key::Open => open_browser(address),
            Key::Clear => clear(),
            Key::Help => tell_help(),
            // A second one does not wait for what has begun, as a second Ctrl-C.
            Key::Quit | Key::Restart if shutdown.is_cancelled() => {
                restore();
                std::process::exit(1);
            }
            Key::Quit => shutdown.cancel(),
            Key::Restart => {
                asked.0.store(true, Ordering::Release);
                eprintln!("restarting");
                shutdown.cancel();
            }
        }
    }
}

fn read(keys: &mpsc::Sender<Key>) {
    let mut byte = [0];
    let mut stdin = std::io::stdin().lock();
    while let Ok(1) = stdin.read(&mut byte) {
        if let Some(key) = key(byte[0])
            && keys.blocking_send(key).is_err()
        {
            return;
        }
    }
}

fn key(byte: u8) -> Option<Key> {
    match byte.to_ascii_lowercase() {
        b'o' => Some(Key::Open),
        b'c' => Some(Key::Clear),
        b'r' => Some(Key::Restart),
        b'q' => Some(Key::Quit),
        b'h' | b'?' => Some(Key::Help),
        _ => None,
    }
}

/// Keys come one by one and are not shown. Signals and output stay as they are.
fn single_keys() {
    let Some(mut mode) = BEFORE.get().and_then(|before| before.lock().clone()) else { return };
    mode.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
    mode.special_codes[SpecialCodeIndex::VMIN] = 1;
    mode.special_codes[SpecialCodeIndex::VTIME] = 0;
    let _gone = tcsetattr(std::io::stdin().as_fd(), OptionalActions::Now, &mode);
}

/// A signal that ends the program where it stands.
async fn restore_at(kind: SignalKind, mut signal: Signal) {
    if signal.recv().await.is_some() {
        restore();
        // As a shell has it.
        std::process::exit(128 + kind.as_raw_value());
    }
}

/// A shell that puts the program to the background and back may have put the terminal back, too.
async fn again_in_foreground() {
    let Ok(mut continued) = signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw())) else { return };
    while continued.recv().await.is_some() {
        if tcgetpgrp(std::io::stdin().as_fd()).is_ok_and(|group| group == getpgrp()) {
            single_keys();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_letters_of_either_case() {
        assert_eq!(
            (key(b'q'), key(b'R'), key(b'?'), key(b'x')),
            (Some(Key::Quit), Some(Key::Restart), Some(Key::Help), None)
        );
    }

    #[test]
    fn a_browser_finds_all_addresses_at_localhost() {
        assert_eq!(url_of(([0, 0, 0, 0], 80).into()), "http://localhost:80");
        assert_eq!(url_of(([127, 0, 0, 1], 8787).into()), "http://127.0.0.1:8787");
    }
}
