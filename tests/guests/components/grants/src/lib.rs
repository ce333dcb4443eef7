//! A plugin that tries everything that one may be granted: what the tests of `grants` in `[[plugins]]` call.

mod files;
mod http;

mod bindings {
    wit_bindgen::generate!({ path: ["../../../../wit", "wit"], world: "worky:grants/grants", generate_all });
}

use bindings::wasi::cli::{environment, stdout};
use bindings::wasi::config::store as config;
use bindings::wasi::keyvalue0_2_0_draft2::{atomics, store};
use bindings::wasi::logging::logging::{self, Level};
use bindings::wasi::sockets::instance_network::instance_network;
use bindings::wasi::sockets::network::{ErrorCode, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress};
use bindings::wasi::sockets::tcp_create_socket::create_tcp_socket;

struct Grants;

impl bindings::Guest for Grants {
    fn kv_get(bucket: String, key: String) -> Result<Option<String>, String> {
        let value = store::open(&bucket).and_then(|bucket| bucket.get(&key)).map_err(said)?;
        Ok(value.map(|value| String::from_utf8_lossy(&value).into_owned()))
    }

    fn kv_set(bucket: String, key: String, value: String) -> Result<(), String> {
        store::open(&bucket).and_then(|bucket| bucket.set(&key, value.as_bytes())).map_err(said)
    }

    fn kv_increment(bucket: String, key: String) -> Result<i64, String> {
        store::open(&bucket).and_then(|bucket| atomics::increment(&bucket, &key, 1)).map_err(said)
    }

    fn say(message: String) {
        logging::log(Level::Warn, "", &message);
    }

    fn print(line: String) {
        let _nobody_reads = stdout::get_stdout().blocking_write_and_flush(format!("{line}\n").as_bytes());
    }

    fn config_get(name: String) -> Result<Option<String>, String> {
        config::get(&name).map_err(|error| format!("{error:?}"))
    }

    fn config_names() -> Result<Vec<String>, String> {
        let mut names: Vec<_> =
            config::get_all().map_err(|error| format!("{error:?}"))?.into_iter().map(|(name, _)| name).collect();
        names.sort();
        Ok(names)
    }

    fn environment() -> Vec<(String, String)> {
        environment::get_environment()
    }

    fn fetch(url: String) -> Result<(u16, String), String> {
        http::fetch(&url)
    }

    fn connect(port: u16) -> Result<(), String> {
        connected(port).map_err(|error| error.name().to_owned())
    }

    fn mounts() -> Vec<String> {
        files::mounts()
    }

    fn read(path: String) -> Result<String, String> {
        files::read(&path).map_err(|error| error.name().to_owned())
    }

    fn write(path: String, text: String) -> Result<(), String> {
        files::write(&path, &text).map_err(|error| error.name().to_owned())
    }
}

fn said(error: store::Error) -> String {
    match error {
        store::Error::NoSuchStore => "no-such-store".to_owned(),
        store::Error::AccessDenied => "access-denied".to_owned(),
        store::Error::Other(text) => text,
    }
}

fn connected(port: u16) -> Result<(), ErrorCode> {
    let network = instance_network();
    let socket = create_tcp_socket(IpAddressFamily::Ipv4)?;
    socket.start_connect(&network, IpSocketAddress::Ipv4(Ipv4SocketAddress { port, address: (127, 0, 0, 1) }))?;
    let ready = socket.subscribe();
    loop {
        match socket.finish_connect() {
            Err(ErrorCode::WouldBlock) => ready.block(),
            outcome => return outcome.map(|_| ()),
        }
    }
}

bindings::export!(Grants with_types_in bindings);
