import node_path_default from "node:path";
export * from "node:path";
export { node_path_default as default };
