export { default as Stream } from "readable-stream/lib/stream.js";
