import { Stream } from "node:internal/streams";
//#region src/stream/promises.js
const { finished, pipeline } = Stream.promises;
var promises_default = Stream.promises;
//#endregion
export { promises_default as default, finished, pipeline };
