// A wasi:http worker in JavaScript, as a component with an engine of its own in it.

import { Fields, OutgoingBody, OutgoingResponse, ResponseOutparam } from "wasi:http/types@0.2.12";

const CHUNK_BYTES = 4096;

export const incomingHandler = {
  handle(request, out) {
    const target = new URL(request.pathWithQuery() ?? "/", "http://localhost");
    switch (target.pathname) {
      case "/hello": {
        const name = target.searchParams.get("name") ?? "world";
        console.log(`greets ${name}`);
        return respond(out, 200, `Hello, ${name}!\n`);
      }
      case "/echo":
        return echo(request, out);
      case "/throw":
        throw new Error("thrown by the guest");
      default:
        return respond(out, 404, "no such route\n");
    }
  },
};

function start(out, status, contentType) {
  const headers = new Fields();
  headers.append("content-type", new TextEncoder().encode(contentType));
  const response = new OutgoingResponse(headers);
  response.setStatusCode(status);
  const body = response.body();
  ResponseOutparam.set(out, { tag: "ok", val: response });
  return body;
}

function write(stream, bytes) {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    stream.blockingWriteAndFlush(bytes.subarray(at, at + CHUNK_BYTES));
  }
}

function respond(out, status, text) {
  const body = start(out, status, "text/plain;charset=UTF-8");
  const stream = body.write();
  write(stream, new TextEncoder().encode(text));
  stream[Symbol.dispose]();
  OutgoingBody.finish(body, undefined);
}

function echo(request, out) {
  const body = start(out, 200, "application/octet-stream");
  const stream = body.write();
  const input = request.consume().stream();
  for (;;) {
    let bytes;
    try {
      bytes = input.blockingRead(65536n);
    } catch (error) {
      // The end is an error to wasi:io; any other one breaks the response off.
      if ((error.payload ?? error).tag !== "closed") throw error;
      break;
    }
    write(stream, bytes);
  }
  stream[Symbol.dispose]();
  OutgoingBody.finish(body, undefined);
}
