import { marked } from "marked";
import { h } from "preact";
import { useState } from "preact/hooks";
import { renderToString as renderPreact } from "preact-render-to-string";
import * as React from "react";
import { Suspense, use } from "react";
import { renderToReadableStream, renderToString } from "react-dom/server";

export function markdown() {
  return [marked.parse("# Title\n\n*x* `y`")];
}

export function react() {
  const Counter = () => {
    const [count] = React.useState(3);
    return React.createElement("b", { id: "c" }, count, "<");
  };
  return [renderToString(React.createElement(Counter))];
}

export async function react_stream() {
  const late = new Promise<string>((resolve) => setTimeout(() => resolve("late"), 5));
  const Late = () => React.createElement("i", null, use(late));
  const page = React.createElement(Suspense, { fallback: "waiting" }, React.createElement(Late));
  return new Response(await renderToReadableStream(page));
}

export function preact() {
  const Counter = () => {
    const [count] = useState(4);
    return h("b", { id: "p" }, count, "<");
  };
  return [renderPreact(h(Counter, null))];
}
