use crate::bindings::wasi::http::outgoing_handler;
use crate::bindings::wasi::http::types::{ErrorCode, Fields, IncomingBody, IncomingResponse, OutgoingRequest, Scheme};
use crate::bindings::wasi::io::streams::StreamError;

/// `url` is `http://AUTHORITY/PATH`. An error is the name of WASI's code.
pub fn fetch(url: &str) -> Result<(u16, String), String> {
    let rest = url.strip_prefix("http://").ok_or("not an http URL")?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let response = send(authority, &format!("/{path}")).map_err(|error| name(&error))?;
    let status = response.status();
    Ok((status, text(response)?))
}

fn send(authority: &str, path: &str) -> Result<IncomingResponse, ErrorCode> {
    let request = OutgoingRequest::new(Fields::new());
    let set = request
        .set_scheme(Some(&Scheme::Http))
        .and_then(|()| request.set_authority(Some(authority)))
        .and_then(|()| request.set_path_with_query(Some(path)));
    set.map_err(|()| ErrorCode::HttpRequestUriInvalid)?;
    let asked = outgoing_handler::handle(request, None)?;
    asked.subscribe().block();
    asked.get().expect("it is ready").expect("it is taken once")
}

fn text(response: IncomingResponse) -> Result<String, String> {
    let body: IncomingBody = response.consume().expect("the body is taken once");
    let stream = body.stream().expect("the stream is taken once");
    let mut all = Vec::new();
    loop {
        match stream.blocking_read(64 << 10) {
            Ok(bytes) => all.extend_from_slice(&bytes),
            Err(StreamError::Closed) => break,
            Err(StreamError::LastOperationFailed(error)) => return Err(error.to_debug_string()),
        }
    }
    Ok(String::from_utf8_lossy(&all).into_owned())
}

/// Without what belongs to it.
fn name(error: &ErrorCode) -> String {
    let shown = format!("{error:?}");
    let end = shown.find(|c: char| !c.is_alphanumeric()).unwrap_or(shown.len());
    let start = if shown[..end] == *"ErrorCode" { end + 2 } else { 0 };
    let rest = &shown[start..];
    rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
}
