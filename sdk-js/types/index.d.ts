// All that a worker finds in the runtime: `"types": ["worky/types"]` in tsconfig.json, and neither "DOM" nor "WebWorker" in its
// `lib`. What a worker is granted, and its plugins, `worky types` writes.
/// <reference lib="es2022" />
/// <reference lib="esnext.disposable" />
/// <reference path="./globals.d.ts" />
/// <reference path="./scope.d.ts" />
/// <reference path="./worky.d.ts" />
/// <reference path="./plugins.d.ts" />
/// <reference path="./test.d.ts" />
/// <reference path="./files.d.ts" />

/** What the worker is granted: `worky types` writes what is in it. */
interface Env {}
