use crate::bindings::wasi::cli::environment as process;
use crate::bindings::wasi::config::store;
use crate::bindings::wasi::sockets::instance_network::instance_network;
use crate::bindings::wasi::sockets::ip_name_lookup::resolve_addresses;
use crate::bindings::wasi::sockets::network::{ErrorCode, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress};
use crate::bindings::wasi::sockets::tcp_create_socket::create_tcp_socket;
use crate::http::{Request, Responder};
use crate::json;

/// `/config/NAME`
pub fn config(_: Request, responder: Responder, name: &str) {
    match store::get(name) {
        Ok(Some(value)) => responder.text(200, &value),
        Ok(None) => responder.text(404, "nothing there\n"),
        Err(error) => responder.json(409, json::object([("error", json::string(&format!("{error:?}")))])),
    }
}

pub fn config_all(_: Request, responder: Responder, _: &str) {
    let mut all = store::get_all().expect("granted");
    all.sort();
    responder.json(200, json::object(all.iter().map(|(name, value)| (&**name, json::string(value)))));
}

/// What the process tells about itself.
pub fn environment(_: Request, responder: Responder, _: &str) {
    let variables = process::get_environment();
    let json = json::object([
        ("variables", json::object(variables.iter().map(|(name, value)| (&**name, json::string(value))))),
        ("arguments", json::array(process::get_arguments().iter().map(|argument| json::string(argument)))),
        ("directory", process::initial_cwd().map_or("null".to_owned(), |directory| json::string(&directory))),
    ]);
    responder.json(200, json);
}

/// `/socket?port=`: connects to the machine itself, past all policies of HTTP.
pub fn socket(request: Request, responder: Responder, _: &str) {
    let outcome = connect(request.number("port", 80) as u16);
    responder.text(200, &outcome.map_or_else(|error| format!("{}\n", error.name()), |()| "connected\n".to_owned()));
}

fn connect(port: u16) -> Result<(), ErrorCode> {
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

/// `/lookup?name=`
pub fn lookup(request: Request, responder: Responder, _: &str) {
    let outcome = resolve_addresses(&instance_network(), &request.parameter("name").unwrap_or_default());
    let outcome = outcome.and_then(|addresses| {
        let ready = addresses.subscribe();
        loop {
            match addresses.resolve_next_address() {
                Err(ErrorCode::WouldBlock) => ready.block(),
                outcome => return outcome,
            }
        }
    });
    let text = outcome.map_or_else(|error| error.name().to_owned(), |address| format!("{address:?}"));
    responder.text(200, &format!("{text}\n"));
}
