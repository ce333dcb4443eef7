// A component in Rust, slug/, called like a module.
import { slug } from "plugin:slug";
import { ComponentError } from "worky:plugins";

export default {
  async fetch(request) {
    const title = new URL(request.url).searchParams.get("title") ?? "Hello, World!";
    try {
      return Response.json({ title, slug: await slug(title, { separator: "-" }) });
    } catch (error) {
      // What the function returns as its error; a trap or a limit is none of the client's fault.
      if (!(error instanceof ComponentError)) throw error;
      return Response.json({ error: error.payload }, { status: 400 });
    }
  },
} satisfies ExportedHandler<Env>;
