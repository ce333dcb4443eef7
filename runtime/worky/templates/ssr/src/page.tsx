import { html } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";

const STYLE = "body { font: 1.1em/1.5 system-ui; max-width: 42em; margin: 2em auto; padding: 0 1em }";

/** A whole page. What is text in it is escaped. */
export function Page({ title, children }: PropsWithChildren<{ title: string }>) {
  return (
    <>
      {html`<!doctype html>`}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{title}</title>
          <style>{STYLE}</style>
        </head>
        <body>
          <h1>{title}</h1>
          {children}
        </body>
      </html>
    </>
  );
}
