// A runtime for tests: a worker that runs, and its `fetch`.
export { BinaryNotFoundError, findBinary } from "./binary.js";
export { startWorker, WorkerStartError } from "./worker.js";
