// One file with the worker, Hono and its JSX runtime: the same bytes for every server.
export default {
  input: "worker.jsx",
  platform: "neutral",
  transform: { jsx: { runtime: "automatic", importSource: "hono/jsx" } },
  output: { format: "esm", codeSplitting: false },
};
