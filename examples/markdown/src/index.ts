// Markdown to HTML by a component in Rust: https://crates.io/crates/comrak, called like a module.
import * as markdown from "plugin:markdown";

import page from "./page.ts";
import welcome from "./welcome.md";

const options = { gfm: true, headingIds: "" };

export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (request.method === "GET" && pathname === "/") return render(welcome);
    if (request.method !== "POST") return new Response("POST Markdown to /, /outline or /links\n", { status: 405, headers: { allow: "POST" } });

    const text = await request.text();
    switch (pathname) {
      case "/":
        return render(text);
      case "/outline":
        return Response.json(await markdown.outline(text));
      case "/links": {
        // A resource of the component: it lives until it is disposed of.
        using renderer = new markdown.rendering.Renderer(options);
        await renderer.render(text);
        return Response.json(await renderer.links());
      }
      default:
        return new Response("not found\n", { status: 404 });
    }
  },
};

async function render(text: string): Promise<Response> {
  try {
    const { frontMatter, body } = await markdown.split(text);
    const title = /^title: *(.*)$/m.exec(frontMatter ?? "")?.[1] ?? (await markdown.outline(body))[0]?.text ?? "Untitled";
    return new Response(page(title, await markdown.render(body, options)), {
      headers: { "content-type": "text/html;charset=UTF-8" },
    });
  } catch (error) {
    // The component's own errors arrive with what it returned; a trap or a limit is none of the sender's fault.
    if (!(error instanceof Error) || error.name !== "ComponentError") throw error;
    const { line, message } = (error as Error & { payload: { line: number; message: string } }).payload;
    return new Response(`line ${line}: ${message}\n`, { status: 400 });
  }
}
