// What of a worker's globals is by hand, beside globals.d.ts.

declare var self: typeof globalThis;
declare var navigator: WorkerNavigator;
declare var scheduler: Scheduler;

interface WorkerNavigator {
  readonly userAgent: string;
  readonly language: string;
  readonly hardwareConcurrency: number;
  readonly storage: StorageManager;
}

/** https://fs.spec.whatwg.org/: `/bundle`, `/tmp`, and what `[[files]]` grants */
interface StorageManager {
  getDirectory(): Promise<FileSystemDirectoryHandle>;
}
declare var StorageManager: { prototype: StorageManager; new (): StorageManager };

interface CacheStorage {
  /** As Cloudflare Workers have it: a cache without a name. */
  readonly default: Cache;
}

interface Body {
  /** As Cloudflare Workers have it: what is asked for is not checked. */
  json<Value>(): Promise<Value>;
}

interface FileSystemHandle {
  move(name: string): Promise<void>;
  move(target: FileSystemDirectoryHandle, name?: string): Promise<void>;
}

interface Scheduler {
  /** Waits, as `setTimeout` does. */
  wait(ms: number, options?: { signal?: AbortSignal }): Promise<void>;
}

interface ServiceWorkerGlobalScope extends WorkerGlobalScope {}
declare var ServiceWorkerGlobalScope: { prototype: ServiceWorkerGlobalScope; new (): ServiceWorkerGlobalScope };
interface WorkerGlobalScope extends EventTarget {}
declare var WorkerGlobalScope: { prototype: WorkerGlobalScope; new (): WorkerGlobalScope };

interface WorkerGlobalScopeEventMap {
  error: ErrorEvent;
  rejectionhandled: PromiseRejectionEvent;
  unhandledrejection: PromiseRejectionEvent;
}
declare function addEventListener<K extends keyof WorkerGlobalScopeEventMap>(
  type: K,
  listener: (event: WorkerGlobalScopeEventMap[K]) => unknown,
  options?: boolean | AddEventListenerOptions,
): void;
declare function addEventListener(
  type: string,
  listener: EventListenerOrEventListenerObject,
  options?: boolean | AddEventListenerOptions,
): void;
declare function removeEventListener<K extends keyof WorkerGlobalScopeEventMap>(
  type: K,
  listener: (event: WorkerGlobalScopeEventMap[K]) => unknown,
  options?: boolean | EventListenerOptions,
): void;
declare function removeEventListener(
  type: string,
  listener: EventListenerOrEventListenerObject,
  options?: boolean | EventListenerOptions,
): void;
declare function dispatchEvent(event: Event): boolean;
declare var onerror: ((event: ErrorEvent) => unknown) | null;
declare var onrejectionhandled: ((event: PromiseRejectionEvent) => unknown) | null;
declare var onunhandledrejection: ((event: PromiseRejectionEvent) => unknown) | null;

/** https://urlpattern.spec.whatwg.org/ */
interface URLPattern {
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
  readonly search: string;
  readonly hash: string;
  readonly hasRegExpGroups: boolean;
  test(input?: string | URL | URLPatternInit, baseURL?: string): boolean;
  exec(input?: string | URL | URLPatternInit, baseURL?: string): URLPatternResult | null;
}
declare var URLPattern: {
  prototype: URLPattern;
  new (input: string | URLPatternInit, baseURL: string, options?: URLPatternOptions): URLPattern;
  new (input?: string | URLPatternInit, options?: URLPatternOptions): URLPattern;
};
interface URLPatternInit {
  protocol?: string;
  username?: string;
  password?: string;
  hostname?: string;
  port?: string;
  pathname?: string;
  search?: string;
  hash?: string;
  baseURL?: string;
}
interface URLPatternOptions {
  ignoreCase?: boolean;
}
interface URLPatternComponentResult {
  input: string;
  groups: Record<string, string | undefined>;
}
interface URLPatternResult {
  inputs: (string | URLPatternInit)[];
  protocol: URLPatternComponentResult;
  username: URLPatternComponentResult;
  password: URLPatternComponentResult;
  hostname: URLPatternComponentResult;
  port: URLPatternComponentResult;
  pathname: URLPatternComponentResult;
  search: URLPatternComponentResult;
  hash: URLPatternComponentResult;
}

/** https://webidl.spec.whatwg.org/#quotaexceedederror */
interface QuotaExceededError extends DOMException {
  readonly quota: number | null;
  readonly requested: number | null;
}
declare var QuotaExceededError: {
  prototype: QuotaExceededError;
  new (message?: string, options?: { quota?: number; requested?: number }): QuotaExceededError;
};

// The names that code for Cloudflare Workers has for what is in `Worky`.
type ExecutionContext = Worky.ExecutionContext;
type ExportedHandler<Bindings = Env> = Worky.Handler<Bindings>;
type Fetcher = Worky.Fetcher;
type KVNamespace = Worky.KVNamespace;
