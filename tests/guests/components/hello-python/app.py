"""A wasi:http worker in Python, as a component with its interpreter in it."""

from urllib.parse import parse_qs, urlsplit

from componentize_py_types import Err, Ok
from wit_world import exports
from wit_world.imports.streams import StreamError_Closed
from wit_world.imports.types import (
    Fields,
    IncomingRequest,
    OutgoingBody,
    OutgoingResponse,
    ResponseOutparam,
)

CHUNK_BYTES = 4096


class IncomingHandler(exports.IncomingHandler):
    def handle(self, request: IncomingRequest, response_out: ResponseOutparam) -> None:
        target = urlsplit(request.path_with_query() or "/")
        if target.path == "/hello":
            name = parse_qs(target.query).get("name", ["world"])[0]
            print(f"greets {name}", flush=True)
            respond(response_out, 200, f"Hello, {name}!\n")
        elif target.path == "/echo":
            echo(request, response_out)
        elif target.path == "/throw":
            raise ValueError("thrown by the guest")
        else:
            respond(response_out, 404, "no such route\n")


def start(out: ResponseOutparam, status: int, content_type: str) -> OutgoingBody:
    response = OutgoingResponse(Fields.from_list([("content-type", content_type.encode())]))
    response.set_status_code(status)
    body = response.body()
    ResponseOutparam.set(out, Ok(response))
    return body


def respond(out: ResponseOutparam, status: int, text: str) -> None:
    body = start(out, status, "text/plain;charset=UTF-8")
    with body.write() as stream:
        write(stream, text.encode())
    OutgoingBody.finish(body, None)


def write(stream, data: bytes) -> None:
    for at in range(0, len(data), CHUNK_BYTES):
        stream.blocking_write_and_flush(data[at : at + CHUNK_BYTES])


def echo(request: IncomingRequest, out: ResponseOutparam) -> None:
    body = start(out, 200, "application/octet-stream")
    # A stream is a child of its body, and goes before it.
    with body.write() as output, request.consume() as incoming, incoming.stream() as stream:
        while True:
            try:
                data = stream.blocking_read(65536)
            except Err as error:
                # The end is an error to wasi:io; any other one breaks the response off.
                if isinstance(error.value, StreamError_Closed):
                    break
                raise
            write(output, data)
    OutgoingBody.finish(body, None)
