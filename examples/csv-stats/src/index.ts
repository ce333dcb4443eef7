// Statistics of a CSV file by a component in Go, with nothing but its standard library, called like a module.
import { statistics } from "plugin:csv-stats";

export default {
  async fetch(request: Request): Promise<Response> {
    if (request.method !== "POST") return new Response("POST a CSV file\n", { status: 405, headers: { allow: "POST" } });
    const { searchParams } = new URL(request.url);
    const csv = new Uint8Array(await request.arrayBuffer());
    try {
      const summary = await statistics.summarize(csv, {
        delimiter: searchParams.get("delimiter") ?? undefined,
        header: searchParams.get("header") !== "no",
        comment: searchParams.get("comment") ?? undefined,
      });
      // Counts are of 64 bits in the component, so BigInts here, which JSON has no form for.
      const text = JSON.stringify(summary, (_, value) => (typeof value === "bigint" ? Number(value) : value));
      return new Response(text, { headers: { "content-type": "application/json" } });
    } catch (error) {
      // A character that is none is refused before the component is called.
      if (error instanceof TypeError) return new Response(`${error.message}\n`, { status: 400 });
      if (!(error instanceof Error) || error.name !== "ComponentError") throw error;
      const { payload } = error as Error & { payload: Failure };
      const why = payload.tag === "syntax" ? `line ${payload.val.line}, column ${payload.val.column}: ${payload.val.message}` : payload.val;
      return new Response(`${why}\n`, { status: 400 });
    }
  },
};

type Failure =
  | { tag: "syntax"; val: { line: number; column: number; message: string } }
  | { tag: "options"; val: string };
