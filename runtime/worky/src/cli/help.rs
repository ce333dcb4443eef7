//! What `--help` says beyond the one line of each command and flag.

pub(super) const EXAMPLES: &str = "\
Examples:
  worky init my-app --template api       make a project to begin with
  worky dev                              run the project in this directory on http://127.0.0.1:8787
  worky dev src/hello.ts --port 0        run one module, without any configuration, on a free port
  worky check                            report everything that is wrong, and serve nothing
  worky test                             run the project's tests
  worky build -o hello.worky             put the project into one file; worky serve hello.worky runs it
  worky serve --config /etc/worky.toml   production
  worky run tool.wasm --dir .::/work x   run a WebAssembly command once, with what its flags grant

Settings are taken from the first of: flags, WORKY_* variables, worky.toml, defaults. WORKY_SERVER_LISTEN
overrides `listen` in `[server]`, WORKY_STORAGE_PATH `path` in `[storage]`, WORKY_LOG_LEVEL `level` in `[log]`,
and so on for each key of these three. WORKY_SECRET_NAME gives the value of the secret NAME.

Exit codes: 0 success, 1 failure, 2 bad usage or configuration; of `worky run`, those of the command.";

pub(super) const DEV_HELP: &str = "\
Runs one project for its developer: logs to read, error pages with the worker's own stack, secrets from
`.dev.vars` beside worky.toml, and data in `.worky/state` beside it.

Keys: o opens the browser, c clears, r restarts, q quits, h helps. With --live-reload an HTML answer to a navigation gets
a script behind its end, unless it is compressed or its content security policy refuses it.

Beside the address of the worker it prints that of the explorer: a page that shows requests, logs, namespaces and
isolates as they are. It is for this machine alone, and for whoever has the address.

With --inspect, debuggers attach at the address that is printed: open chrome://inspect in Chrome, or attach from
Visual Studio Code. Whoever can reach that address runs code as you. A held request has no deadline.

Of the file, `listen`, `[storage] path` and `[log] format` do not hold here: they are for `worky serve`.";

pub(super) const SERVE_HELP: &str = "\
Runs one worker, or all workers of `[[workers]]`, in production: JSON logs on standard error, and error answers
that tell a code and a request id and nothing of the worker.

Once it accepts connections it prints one line on standard output: `listening on http://ADDRESS:PORT`, and
`admin listening on http://ADDRESS:PORT` where `admin_listen` is set. SIGTERM and SIGINT let what has begun
finish for `shutdown_grace_ms`; a second one ends the process at once.";

pub(super) const CHECK_HELP: &str = "\
Reads the configuration, compiles every module, starts every worker and looks for every secret, then reports all
problems at once. Nothing is served and nothing is written. Values of secrets are never shown.";

pub(super) const BUILD_HELP: &str = "\
Puts a worker with all that it needs into one file, or a directory: its modules, packed, with source maps, its
components and plugins, its own settings, and `manifest.json`, which names every file with its size and hash. The
same sources give the same bytes. `worky serve` and `worky dev` run it like a project.

Values of secrets and `.dev.vars` never get into it, nor do `[server]`, `[storage]` and `[log]`: they belong to the
machine that serves it. An environment is chosen here, with --env.";

pub(super) const TEST_HELP: &str = "\
Runs the tests of a project inside of the runtime, with the bindings of its worky.toml and secrets of `.dev.vars`.
Test files are those named *.test.ts or *.spec.ts (or .tsx, .js, .jsx, .mts, .mjs); NAMES choose among them.

Tests import `test`, `describe`, `expect` and more from `worky:test`; every export with a method
`test(controller, env, ctx)` is a test, too. `SELF.fetch` reaches the worker. There is no network: what is fetched
goes to the handlers that tests give to `upstream`. What one test writes to KV and files, no other one sees, and
nothing of it is kept.

Exit codes: 0 all passed; 1 some failed; 2 bad usage or configuration, or there are no tests.";

pub(super) const TEST_EXAMPLES: &str = "\
Examples:
  worky test                             all tests of the project around this directory
  worky test users test/api              of files with `users` in their path, and in the directory test/api
  worky test -t 'refuses a bad name'     those with this in their name
  worky test --watch                     again, whenever something changes that they are made of
  worky test --reporter junit --output report.xml
  worky test --coverage                  with a table of lines that ran, and coverage/lcov.info";

pub(super) const INIT_HELP: &str = "\
Makes a project that runs, in a directory that is made if it is not there. No file that is there already is ever changed:
where one stands in the way nothing is written, and the exit code is 2.

Templates:
  hello        one handler, one variable
  api          a JSON API over a KV namespace, without packages
  ssr          pages rendered with hono and its JSX, from npm
  plugin-rust  a component in Rust, called from TypeScript
  plugin-go    a component in Go, called from TypeScript";

pub(super) const TYPES_HELP: &str = "\
Writes what TypeScript is to know of a project: the interface `Env` of what the worker is granted, a module for each
component that it imports, as `plugin:NAME` or by its path, and the runtime's own. The globals of workers are in it
where `lib` in tsconfig.json has neither DOM nor WebWorker; with the npm package in `types`, nothing of the runtime is.
The file needs TypeScript 5.6 or newer. `worky dev` keeps it up to date where it lies beside worky.toml.

Comments of plugins come from their WIT text, where it lies beside the component (`NAME.wit`, or a directory
`wit`) or is named with --wit: components do not carry any. Values of secrets are neither needed nor shown.";

pub(super) const RUN_HELP: &str = "\
Runs a WebAssembly command to its end: a component that exports `wasi:cli/run`, of WASI 0.2 or 0.3, or a core
module of WASI 0.1. It has standard input, output and error, clocks and random numbers, and what the flags grant;
no environment, directory or network else.

Flags stand before or after FILE. From the first argument on that is none of these flags, all are the command's;
so are those behind `--`, whatever they look like.

Exit codes: the command's own; 126 it cannot be run; 134 it trapped; 2 bad usage.";

pub(super) const RUN_EXAMPLES: &str = "\
Examples:
  worky run hello.wasm
  worky run grep.wasm --dir ./src::/src:ro -n TODO /src/main.rs
  worky run tool.wasm --env LANG=C -- --env is-mine";
