// A component in Go, words/, called like a module.
import { counting } from "plugin:words";
import { ComponentError } from "worky:plugins";

export default {
  async fetch(request) {
    if (request.method !== "POST") return new Response("POST a text\n", { status: 405, headers: { allow: "POST" } });
    try {
      return Response.json(await counting.count(new Uint8Array(await request.arrayBuffer())));
    } catch (error) {
      // What the function returns as its error; a trap or a limit is none of the client's fault.
      if (!(error instanceof ComponentError)) throw error;
      return Response.json({ error: error.payload }, { status: 400 });
    }
  },
} satisfies ExportedHandler<Env>;
