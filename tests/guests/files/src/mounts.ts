import { type Cases, names, read, refused, same, write } from "./assert.ts";
import note from "./note.txt";

const storage = (navigator as any).storage;

export const cases: Cases = {
  async "all mounts stand in one directory"(_root, env) {
    const top = await storage.getDirectory();
    same([top.kind, top.name, await names(top)], ["directory", "", ["bundle", "tmp", "DATA", "READ"]]);
    same(await (await top.getDirectoryHandle("DATA")).isSameEntry(env.DATA), true);
    same([(env.DATA as any).name, String(env.DATA)], ["DATA", "[object FileSystemDirectoryHandle]"]);
    same(await top.resolve(await env.READ.getFileHandle("there.txt")), ["READ", "there.txt"]);
    same(await (env.DATA as any).resolve(await env.READ.getFileHandle("there.txt")), null);
    await refused("NotFoundError", () => top.getDirectoryHandle("other"));
    await refused("NotFoundError", () => top.getFileHandle("other"));
    await refused("TypeMismatchError", () => top.getFileHandle("tmp"));
    await refused("NotAllowedError", () => top.getDirectoryHandle("other", { create: true }));
    await refused("NotAllowedError", () => top.getFileHandle("other", { create: true }));
    await refused("NotAllowedError", () => top.removeEntry("DATA", { recursive: true }));
    await refused("NotAllowedError", () => (env.DATA as any).move("x"));
    await refused("TypeError", () => storage.getDirectory.call({}));
  },
  async "the bundle is the worker's own files"() {
    const bundle = await (await storage.getDirectory()).getDirectoryHandle("bundle");
    const src = await bundle.getDirectoryHandle("src");
    same((await names(src)).sort(), ["assert.ts", "handles.ts", "index.ts", "mounts.ts", "note.txt", "writing.ts"]);
    same(await read(src, "note.txt"), note);
    same((await read(src, "assert.ts")).includes("was not refused with"), true);
    await refused("NotFoundError", () => bundle.getFileHandle("worky.toml"));
    await refused("NotAllowedError", () => src.getFileHandle("new", { create: true }));
    await refused("NotAllowedError", () => src.removeEntry("note.txt"));
    await refused("NotAllowedError", async () => (await src.getFileHandle("note.txt")).createWritable());
  },
  async "a directory for reading refuses every change"(root, env) {
    const directory = env.READ as any;
    const file = await directory.getFileHandle("there.txt");
    same(await (await file.getFile()).text(), "there");
    await refused("NotAllowedError", () => file.createWritable());
    await refused("NotAllowedError", () => file.move("x"));
    await refused("NotAllowedError", () => directory.getFileHandle("there.txt", { create: true }));
    await refused("NotAllowedError", () => directory.getFileHandle("new", { create: true }));
    await refused("NotAllowedError", () => directory.getDirectoryHandle("new", { create: true }));
    await refused("NotAllowedError", () => directory.removeEntry("there.txt"));
    await refused("NotAllowedError", () => directory.removeEntry("there.txt", { recursive: true }));
    const own = await write(root, "own", "x");
    await refused("NotAllowedError", () => own.move(directory));
  },
  async "links are neither followed nor shown"(_root, env) {
    const directory = env.READ as any;
    same(await names(directory), ["there.txt"]);
    for (const name of ["link", "up", "loop"]) {
      await refused("NotAllowedError", () => directory.getFileHandle(name));
      await refused("NotAllowedError", () => directory.getDirectoryHandle(name));
    }
  },
  async "nothing moves from one mount to another"(root, env) {
    const tmp = await (await storage.getDirectory()).getDirectoryHandle("tmp");
    const file = await write(root, "a", "x");
    const elsewhere = (await (env.DATA as any).resolve(root)) === null ? env.DATA : tmp;
    await refused("InvalidModificationError", () => file.move(elsewhere, "b"));
    same(await read(root, "a"), "x");
  },
};
