//! Mistakes that their message, and at most their line, give away.

/// A part of the message, a part of the line (empty: any), and how to mend it. The first that fits counts.
const MESSAGES: &[(&str, &str, &str)] = &[
    (
        "Body already consumed",
        "",
        "a body can be read once: keep what you read in a variable, or read request.clone() first",
    ),
    (
        "Body is unusable",
        "",
        "a body can be read once: keep what you read in a variable, or read request.clone() first",
    ),
    (
        "ReadableStream is locked or disturbed",
        "",
        "somebody reads this stream or has read of it: use the two branches of stream.tee(), or clone() the request or \
         response before the first read",
    ),
    (
        "Unexpected end of JSON input",
        "json(",
        "the body is empty: only a request with a body, such as a POST, has JSON to read",
    ),
    (
        "is not valid JSON",
        "json(",
        "the body is not JSON: look at its content-type header; a form is read with formData(), anything with text()",
    ),
    (
        "is not valid JSON",
        "",
        "look at the text that is parsed: JSON has no comments, no trailing commas and only double quotes",
    ),
    (
        "in JSON at position",
        "",
        "look at the text that is parsed: JSON has no comments, no trailing commas and only double quotes",
    ),
    (
        "Body can not be decoded as form data",
        "",
        "formData() reads bodies whose content-type is multipart/form-data or application/x-www-form-urlencoded; JSON is \
         read with json()",
    ),
    (
        "Request with GET/HEAD method cannot have body",
        "",
        "a request with a body needs a method that has one: fetch(url, { method: \"POST\", body })",
    ),
    (
        "Response with null body status cannot have body",
        "",
        "statuses 101, 204, 205 and 304 have no body: new Response(null, { status: 204 })",
    ),
    ("The status provided", "", "a status is a whole number from 200 to 599"),
    (
        "headers are immutable",
        "",
        "headers of what was received cannot be changed: copy it first, as new Request(request) or new Response(response.body, response)",
    ),
    (
        "Invalid header value",
        "",
        "a header's value is one line of Latin-1 text: encode other text, for instance with encodeURIComponent()",
    ),
    ("Invalid header name", "", "a header's name has letters, digits and - alone: no spaces, no colon"),
    (
        "Invalid URL: '/",
        "",
        "a worker has no page that a path could belong to: write the whole URL, or new URL(path, request.url)",
    ),
    (
        "Invalid URL: '.",
        "",
        "a worker has no page that a path could belong to: write the whole URL, or new URL(path, request.url)",
    ),
    ("Invalid URL", "", "a URL begins with its scheme: https://example.com/path"),
    (
        "Cannot read private member",
        "",
        "the method was taken off its object: call it as env.NAME.method(…) or ctx.method(…)",
    ),
    (
        "Receiver must be an instance of class",
        "",
        "the method was taken off its object: call it as env.NAME.method(…) or ctx.method(…)",
    ),
    ("Illegal invocation", "", "the method was taken off its object: call it on the object that it belongs to"),
    (
        "Maximum call stack size exceeded",
        "",
        "a function calls itself without an end, or the code nests too deep: look at the first lines of the stack",
    ),
    (
        "Code generation from strings disallowed",
        "",
        "eval and new Function are off in workers: put the code into a module and import it",
    ),
    (
        "is not a function",
        "crypto.create",
        "the global crypto is Web Crypto: import { createHash, createHmac } from \"node:crypto\"",
    ),
    (
        "is not a function",
        "crypto.randomBytes",
        "the global crypto is Web Crypto: crypto.getRandomValues(new Uint8Array(n)), or import \"node:crypto\"",
    ),
    (
        "The requested operation is not valid for the provided key",
        "",
        "a key does what it was made for: name the usage, such as \"sign\", in the last argument of importKey() or generateKey()",
    ),
    (
        "Algorithm '",
        "",
        "Web Crypto's hashes are SHA-1, SHA-256, SHA-384 and SHA-512, and SHA-3; node:crypto has older ones",
    ),
    ("too many subrequests", "", "fetch less in one request, or raise subrequests under [limits] in worky.toml"),
    (
        "KV put() accepts only strings",
        "",
        "make text of it: put(key, JSON.stringify(value)), and read it with get(key, \"json\")",
    ),
    ("exceeds key length limit", "", "put a hash of the long part into the key, or keep it in the value"),
    ("KV PUT failed: 413", "", "split the value over several keys, or keep it in a file: [[files]] in worky.toml"),
    (
        "Expiration TTL must be at least 60",
        "",
        "times to live are in seconds, 60 and more; for shorter ones keep a time in the value",
    ),
    ("it was granted for reading only", "", "write mode = \"read-write\" under its [[files]] in worky.toml"),
    (
        "it has a path separator in it",
        "",
        "a name is one part of a path: go down with getDirectoryHandle(); what is above the granted directory cannot be reached",
    ),
    ("Cannot access '", "", CIRCULAR),
    (
        "waitUntil: the request this belongs to is over",
        "",
        "ctx belongs to one request: call waitUntil before its last promise settles, and do not keep ctx for later requests",
    ),
    (
        "Top-level await promise never resolved",
        "",
        "what this await waits for never comes: look for a promise that nothing settles, or wait inside of a handler",
    ),
    ("arg0", "", ARGUMENT),
    ("arg1", "", ARGUMENT),
    ("arg2", "", ARGUMENT),
    ("arg3", "", ARGUMENT),
];

const CIRCULAR: &str = "it is used before the line that sets it has run; where it is imported, two modules import each \
     other: move what both need into a third one";
const ARGUMENT: &str =
    "plugins convert nothing: pass a value of the type that is expected; worky types writes the types for an editor";

/// Variables that are somewhere else, and how what they are for is done here.
const VARIABLES: &[(&[&str], &str)] = &[
    (&["require"], "modules are ES modules: import data from \"./data.json\", or await import(\"…\")"),
    (&["module", "exports"], "modules are ES modules: export default { fetch() { … } }"),
    (
        &["__dirname", "__filename"],
        "a worker's files are part of it: import a text or JSON file, or read it through navigator.storage.getDirectory()",
    ),
    (&["WebSocketPair", "WebSocket"], "WebSockets are not there yet"),
    (&["HTMLRewriter"], "HTMLRewriter is not there yet: a package such as htmlparser2 rewrites HTML"),
    (
        &["window", "document", "localStorage", "sessionStorage"],
        "a worker runs on the server, where there is no page: this code belongs into the browser",
    ),
    (&["XMLHttpRequest"], "use fetch()"),
    (&["Deno", "Bun"], "a worker has the Web's APIs and those of node: modules, and not those of other runtimes"),
    (&["env"], "env is the handler's second argument, or: import { env } from \"worky:workers\""),
    (&["ctx"], "ctx is the handler's third argument: async fetch(request, env, ctx) { … }"),
    (&["request"], "request is the handler's first argument: async fetch(request, env, ctx) { … }"),
    (&["React"], "import React, or set \"jsx\": \"react-jsx\" in tsconfig.json"),
];

pub(super) fn find(name: &str, message: &str, line: &str) -> Option<&'static str> {
    // A guest's own errors may say anything.
    if name == "Error"
        && !message.starts_with("too many subrequests")
        && !message.starts_with("KV ")
        && !message.starts_with("Top-level await")
    {
        return None;
    }
    let fits = |(part, in_line, _): &&(&str, &str, &'static str)| message.contains(part) && line.contains(in_line);
    MESSAGES.iter().find(fits).map(|(_, _, hint)| *hint)
}

pub(super) fn variable(name: &str) -> Option<&'static str> {
    VARIABLES.iter().find(|(names, _)| names.contains(&name)).map(|(_, hint)| *hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_tells_alike_messages_apart() {
        let message = "Unexpected token 'a', \"a=1\" is not valid JSON";
        assert!(find("SyntaxError", message, "await request.json()").expect("known").contains("formData()"));
        assert!(find("SyntaxError", message, "JSON.parse(text)").expect("known").contains("trailing commas"));
    }

    #[test]
    fn a_guests_own_errors_are_its_own() {
        assert_eq!(find("Error", "Invalid URL: '/x'", ""), None);
    }
}
