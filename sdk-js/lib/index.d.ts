/// <reference lib="esnext.disposable" />

/** What a worker is started with. */
export interface WorkerOptions {
  /** The project's directory, its `worky.toml`, a module, or a bundle. Default: the working directory. */
  path?: string | URL;
  /** The port to listen on; 0, the default, takes a free one. */
  port?: number;
  /** The environment of the file: `[env.NAME]`. */
  environment?: string;
  /** Vars of the worker, over those in its file, as text. */
  vars?: Record<string, string | number | boolean>;
  /** Values of the worker's secrets. */
  secrets?: Record<string, string>;
  /** Where data is kept. Default: a directory of its own, gone when the worker stops. */
  persistTo?: string;
  /** The program. Default: `WORKY_BINARY`, then what `node_modules/.bin` or `PATH` has. */
  binary?: string;
  /** Further arguments of `worky dev`. */
  args?: string[];
  /** Further variables of the program's own environment. */
  env?: Record<string, string>;
  /** How long the program may take until it listens, in milliseconds. Default: 30,000. */
  startTimeoutMs?: number;
  /** Called with each line that the program prints, its log with it. */
  onOutput?: (line: string) => void;
}

/** A worker that runs. */
export interface RunningWorker extends AsyncDisposable {
  /** Where it listens. */
  readonly url: URL;
  /** What the program has printed, its log with it: the last 10,000 lines. */
  readonly output: string;
  /** As the standard's `fetch`, but the worker answers, whatever the URL's host is; paths need none. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Lets what has begun finish, for 5 seconds at most, and ends the program. */
  stop(): Promise<void>;
}

/** Starts a worker, and answers once it listens. Throws a `WorkerStartError` where it does not. */
export function startWorker(options?: WorkerOptions): Promise<RunningWorker>;

/** The program ended, or did not listen in time. The message has what it printed. */
export class WorkerStartError extends Error {
  readonly output: string;
}

/** There is no program to be run. */
export class BinaryNotFoundError extends Error {}

/** The program's path. */
export function findBinary(options?: {
  binary?: string;
  /** Where `node_modules/.bin` is looked for, and around it. Default: the working directory. */
  cwd?: string;
  env?: Record<string, string | undefined>;
}): string;
