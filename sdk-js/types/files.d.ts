// What the files are that modules import, beside code and JSON.

declare module "*.txt" {
  const text: string;
  export default text;
}
declare module "*.html" {
  const text: string;
  export default text;
}
declare module "*.md" {
  const text: string;
  export default text;
}
declare module "*.sql" {
  const text: string;
  export default text;
}
declare module "*.bin" {
  const bytes: ArrayBuffer;
  export default bytes;
}
/** A core module; `worky types` declares each component by its name. */
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
