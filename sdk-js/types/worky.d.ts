/** What handlers are given, and what the values of `env` are. */
declare namespace Worky {
  /** https://developers.cloudflare.com/workers/runtime-apis/context/ */
  interface ExecutionContext {
    /** The request goes on after its response until the promise is settled, for `limits.wait_until_ms` at most. */
    waitUntil(promise: Promise<unknown>): void;
    /** Has no effect: there is no origin behind a worker. */
    passThroughOnException(): void;
    /** Ends the request with an error. */
    abort(reason?: unknown): void;
    readonly props: Readonly<Record<string, never>>;
  }

  interface Handler<Bindings = Env> {
    fetch(request: Request, env: Bindings, ctx: ExecutionContext): Response | Promise<Response>;
  }

  /** Another worker, called in the same process: `[[services]]`. */
  interface Fetcher {
    /** The URL is absolute; its host is read by the service and decides nothing. Redirects are not followed. */
    fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>;
  }

  /** `[[kv_namespaces]]` */
  interface KVNamespace {
    get(key: string, type?: "text" | { type?: "text"; cacheTtl?: number }): Promise<string | null>;
    get<Value = unknown>(key: string, type: "json" | { type: "json"; cacheTtl?: number }): Promise<Value | null>;
    get(key: string, type: "arrayBuffer" | { type: "arrayBuffer"; cacheTtl?: number }): Promise<ArrayBuffer | null>;
    get(key: string, type: "stream" | { type: "stream"; cacheTtl?: number }): Promise<ReadableStream | null>;
    get(key: string[], type?: "text" | { type?: "text"; cacheTtl?: number }): Promise<Map<string, string | null>>;
    get<Value = unknown>(
      key: string[],
      type: "json" | { type: "json"; cacheTtl?: number },
    ): Promise<Map<string, Value | null>>;
    getWithMetadata<Metadata = unknown>(
      key: string,
      type?: "text" | { type?: "text"; cacheTtl?: number },
    ): Promise<KVEntry<string, Metadata>>;
    getWithMetadata<Value = unknown, Metadata = unknown>(
      key: string,
      type: "json" | { type: "json"; cacheTtl?: number },
    ): Promise<KVEntry<Value, Metadata>>;
    getWithMetadata<Metadata = unknown>(
      key: string,
      type: "arrayBuffer" | { type: "arrayBuffer"; cacheTtl?: number },
    ): Promise<KVEntry<ArrayBuffer, Metadata>>;
    getWithMetadata<Metadata = unknown>(
      key: string,
      type: "stream" | { type: "stream"; cacheTtl?: number },
    ): Promise<KVEntry<ReadableStream, Metadata>>;
    put(
      key: string,
      value: string | ArrayBuffer | ArrayBufferView | ReadableStream,
      options?: { expiration?: number; expirationTtl?: number; metadata?: unknown },
    ): Promise<void>;
    delete(key: string): Promise<void>;
    list<Metadata = unknown>(options?: {
      prefix?: string | null;
      limit?: number;
      cursor?: string | null;
    }): Promise<KVPage<Metadata>>;
  }

  interface KVEntry<Value, Metadata> {
    value: Value | null;
    metadata: Metadata | null;
    cacheStatus: null;
  }

  type KVPage<Metadata> =
    | { keys: KVKey<Metadata>[]; list_complete: false; cursor: string; cacheStatus: null }
    | { keys: KVKey<Metadata>[]; list_complete: true; cacheStatus: null };

  interface KVKey<Metadata> {
    name: string;
    /** Seconds since 1970. */
    expiration?: number;
    metadata?: Metadata;
  }

  /** https://fs.spec.whatwg.org/ */
  interface FileSystemHandle {
    readonly kind: "file" | "directory";
    readonly name: string;
    isSameEntry(other: FileSystemHandle): Promise<boolean>;
    move(name: string): Promise<void>;
    move(target: FileSystemDirectoryHandle, name?: string): Promise<void>;
  }

  interface FileSystemFileHandle extends FileSystemHandle {
    readonly kind: "file";
    getFile(): Promise<File>;
    createWritable(options?: { keepExistingData?: boolean }): Promise<FileSystemWritableFileStream>;
  }

  interface FileSystemWritableFileStream extends WritableStream {
    write(data: string | ArrayBuffer | ArrayBufferView | Blob | FileSystemWrite): Promise<void>;
    seek(position: number): Promise<void>;
    truncate(size: number): Promise<void>;
  }

  interface FileSystemWrite {
    type: "write" | "seek" | "truncate";
    data?: string | ArrayBuffer | ArrayBufferView | Blob | null;
    position?: number | null;
    size?: number | null;
  }

  /** `[[files]]` */
  interface FileSystemDirectoryHandle extends FileSystemHandle {
    readonly kind: "directory";
    getFileHandle(name: string, options?: { create?: boolean }): Promise<FileSystemFileHandle>;
    getDirectoryHandle(name: string, options?: { create?: boolean }): Promise<FileSystemDirectoryHandle>;
    removeEntry(name: string, options?: { recursive?: boolean }): Promise<void>;
    resolve(descendant: FileSystemHandle): Promise<string[] | null>;
    entries(): AsyncIterableIterator<[string, FileSystemDirectoryHandle | FileSystemFileHandle]>;
    keys(): AsyncIterableIterator<string>;
    values(): AsyncIterableIterator<FileSystemDirectoryHandle | FileSystemFileHandle>;
    [Symbol.asyncIterator](): AsyncIterableIterator<[string, FileSystemDirectoryHandle | FileSystemFileHandle]>;
  }
}

declare module "worky:workers" {
  export const env: Env;
  export function waitUntil(promise: Promise<unknown>): void;
  export abstract class WorkerEntrypoint<Bindings = Env> {
    protected ctx: Worky.ExecutionContext;
    protected env: Bindings;
    constructor(ctx: Worky.ExecutionContext, env: Bindings);
  }
}

/** The name by which packages for Cloudflare Workers know it. */
declare module "cloudflare:workers" {
  export * from "worky:workers";
}
