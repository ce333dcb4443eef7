import { type Exchange, json, text } from "./types.ts";

// As much of the File System standard as is used here; the library's own declarations are for pages.
interface Handle {
  readonly kind: "file" | "directory";
  readonly name: string;
}
interface FileHandle extends Handle {
  getFile(): Promise<File>;
  createWritable(options?: { keepExistingData?: boolean }): Promise<Writable>;
  move(directory: DirectoryHandle, name: string): Promise<void>;
}
interface DirectoryHandle extends Handle {
  getFileHandle(name: string, options?: { create?: boolean }): Promise<FileHandle>;
  getDirectoryHandle(name: string, options?: { create?: boolean }): Promise<DirectoryHandle>;
  removeEntry(name: string): Promise<void>;
  values(): AsyncIterable<Handle>;
}
interface Writable extends WritableStream<Uint8Array> {
  write(data: unknown): Promise<void>;
  close(): Promise<void>;
}

/** The codes of WASI for the standard's errors, where one of them says it all. */
const codes: Record<string, string> = {
  NotFoundError: "no-entry",
  TypeMismatchError: "is-directory",
  InvalidModificationError: "not-empty",
  NoModificationAllowedError: "read-only",
  NotAllowedError: "not-permitted",
  QuotaExceededError: "quota",
  TypeError: "invalid",
};

/** `/files/OPERATION?path=/DATA/a.txt`: `read`, `write` (the body), `append`, `list`, `make`, `remove`, `stat`, `rename&to=`. */
export async function files(exchange: Exchange, operation: string): Promise<Response> {
  const path = exchange.parameter("path") ?? "";
  try {
    switch (operation) {
      case "read": {
        const file = await (await fileAt(exchange, path)).getFile();
        return new Response(file.stream(), { headers: { "content-type": "application/octet-stream" } });
      }
      case "write": {
        const writable = await (await fileAt(exchange, path, true)).createWritable();
        const counted = new Counter();
        await (exchange.request.body ?? new Blob([]).stream()).pipeThrough(counted.through).pipeTo(writable);
        return text(200, `${counted.bytes}\n`);
      }
      case "append": {
        const handle = await fileAt(exchange, path, true);
        const body = await exchange.request.arrayBuffer();
        const writable = await handle.createWritable({ keepExistingData: true });
        await writable.write({ type: "write", position: (await handle.getFile()).size, data: body });
        await writable.close();
        return text(200, `${body.byteLength}\n`);
      }
      case "list": {
        const entries: [string, string][] = [];
        for await (const handle of (await directoryAt(exchange, path)).values()) entries.push([handle.name, handle.kind]);
        return json(200, entries.sort());
      }
      case "make": {
        const [directory, name] = await parent(exchange, path);
        await directory.getDirectoryHandle(name, { create: true });
        return text(200, "done\n");
      }
      case "remove":
      case "remove-dir": {
        const [directory, name] = await parent(exchange, path);
        await directory.removeEntry(name);
        return text(200, "done\n");
      }
      case "stat":
        return json(200, await stat(exchange, path));
      case "rename": {
        const handle = await fileAt(exchange, path);
        const [directory, name] = await parent(exchange, exchange.parameter("to") ?? "");
        await handle.move(directory, name);
        return text(200, "done\n");
      }
      default:
        return text(404, "no such operation\n");
    }
  } catch (error) {
    const { name } = error as Error;
    return json(409, { error: codes[name] ?? name });
  }
}

export async function preopens({ env }: Exchange): Promise<Response> {
  const names = Object.entries(env).filter(([, value]) => (value as Handle)?.kind === "directory").map(([name]) => `/${name}`);
  return json(200, [...names, "/bundle", "/tmp"].sort());
}

async function stat(exchange: Exchange, path: string): Promise<unknown> {
  try {
    return { kind: "file", size: (await (await fileAt(exchange, path)).getFile()).size };
  } catch (error) {
    if ((error as Error).name !== "TypeMismatchError") throw error;
    await directoryAt(exchange, path);
    return { kind: "directory" };
  }
}

async function fileAt(exchange: Exchange, path: string, create = false): Promise<FileHandle> {
  const [directory, name] = await parent(exchange, path);
  return directory.getFileHandle(name, { create });
}

async function directoryAt(exchange: Exchange, path: string): Promise<DirectoryHandle> {
  const [root, ...names] = path.split("/").slice(1);
  let directory = await mount(exchange, root);
  for (const name of names) directory = await directory.getDirectoryHandle(name);
  return directory;
}

async function parent(exchange: Exchange, path: string): Promise<[DirectoryHandle, string]> {
  const at = path.lastIndexOf("/");
  return [await directoryAt(exchange, path.slice(0, at)), path.slice(at + 1)];
}

async function mount({ env }: Exchange, name: string): Promise<DirectoryHandle> {
  if (name === "bundle" || name === "tmp") {
    const { storage } = navigator as unknown as { storage: { getDirectory(): Promise<DirectoryHandle> } };
    return (await storage.getDirectory()).getDirectoryHandle(name);
  }
  const handle = env[name] as DirectoryHandle | undefined;
  if (handle?.kind !== "directory") throw new DOMException("no such mount", "NotFoundError");
  return handle;
}

class Counter {
  bytes = 0;
  readonly through = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      this.bytes += chunk.length;
      controller.enqueue(chunk);
    },
  });
}
