//! The worker of the parity tests as a component: the same routes and answers as `tests/guests/parity-js`, and some that
//! only a component can have. `wasi:http` and its neighbours as they are, without a framework between.

mod http;
mod json;
mod routes;

mod bindings {
    wit_bindgen::generate!({ path: ["../../../../wit", "wit"], world: "worky:parity/parity", generate_all });
}

use bindings::exports::wasi::http::incoming_handler::Guest;
use bindings::wasi::http::types::{IncomingRequest, ResponseOutparam};

use http::{Request, Responder};

struct Parity;

impl Guest for Parity {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        // Without a hook a panic is a trap that says nothing.
        std::panic::set_hook(Box::new(|panic| routes::stdio::stderr(&format!("{panic}\n"))));
        routes::route(Request::new(request), Responder::new(out));
    }
}

bindings::export!(Parity with_types_in bindings);
