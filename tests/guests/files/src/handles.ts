import { type Cases, names, read, refused, same, write } from "./assert.ts";

const g = globalThis as any;

export const cases: Cases = {
  async "files are made and found"(root) {
    await refused("NotFoundError", () => root.getFileHandle("a"));
    const made = await root.getFileHandle("a", { create: true });
    same([made.kind, made.name, (await made.getFile()).size], ["file", "a", 0]);
    const found = await root.getFileHandle("a");
    same(await found.isSameEntry(made), true);
    same(await found.isSameEntry(root), false);
    await refused("TypeMismatchError", () => root.getDirectoryHandle("a"));
    await refused("TypeMismatchError", () => root.getDirectoryHandle("a", { create: true }));
  },
  async "directories are made and found"(root) {
    await refused("NotFoundError", () => root.getDirectoryHandle("d"));
    const made = await root.getDirectoryHandle("d", { create: true });
    same([made.kind, made.name], ["directory", "d"]);
    same(await made.isSameEntry(await root.getDirectoryHandle("d", { create: true })), true);
    await refused("TypeMismatchError", () => root.getFileHandle("d"));
    await refused("TypeMismatchError", () => root.getFileHandle("d", { create: true }));
    await write(made, "inner", "x");
    same(await read(await root.getDirectoryHandle("d"), "inner"), "x");
  },
  async "names that are none are type errors"(root) {
    for (const name of ["", ".", "..", "a/b", "/etc/passwd", "../x", "a\\b", "a\0", "x".repeat(256), ".worky-tmp-1"]) {
      await refused("TypeError", () => root.getFileHandle(name, { create: true }));
      await refused("TypeError", () => root.getDirectoryHandle(name, { create: true }));
      await refused("TypeError", () => root.removeEntry(name));
    }
    await refused("TypeError", () => root.getFileHandle());
    await refused("TypeError", () => root.getFileHandle("a", 3));
    same((await root.getFileHandle("\ud800", { create: true })).name, "\ufffd");
    same((await root.getFileHandle(17, { create: true })).name, "17");
    same((await root.getFileHandle("ünï ✓ 🦀", { create: true })).name, "ünï ✓ 🦀");
    same(await names(root), ["17", "ünï ✓ 🦀", "\ufffd"].sort((a, b) => (a < b ? -1 : 1)));
  },
  async "directories are iterated in every way"(root) {
    await write(root, "b", "");
    await root.getDirectoryHandle("a", { create: true });
    const entries = [];
    for await (const [name, handle] of root) entries.push([name, handle.kind, handle.name]);
    same(entries, [["a", "directory", "a"], ["b", "file", "b"]]);
    const values = [];
    for await (const handle of root.values()) values.push(handle.name);
    same(values, ["a", "b"]);
    same(await names(root), ["a", "b"]);
    const iterator = root.entries();
    same((await iterator.next()).value[0], "a");
    same(await iterator.return(), { done: true });
  },
  async "entries are removed"(root) {
    await refused("NotFoundError", () => root.removeEntry("a"));
    await write(root, "a", "x");
    await root.removeEntry("a");
    const full = await root.getDirectoryHandle("full", { create: true });
    await write(full, "a", "x");
    await write(await full.getDirectoryHandle("deeper", { create: true }), "b", "y");
    await refused("InvalidModificationError", () => root.removeEntry("full"));
    await refused("InvalidModificationError", () => root.removeEntry("full", { recursive: false }));
    await root.removeEntry("full", { recursive: true });
    await root.getDirectoryHandle("empty", { create: true });
    await root.removeEntry("empty");
    same(await names(root), []);
    await refused("NotFoundError", () => full.getFileHandle("a"));
    await refused("NotFoundError", () => names(full));
  },
  async "a handle is resolved to its names"(root) {
    const inner = await (await root.getDirectoryHandle("a", { create: true })).getDirectoryHandle("b", { create: true });
    const file = await inner.getFileHandle("c", { create: true });
    same(await root.resolve(file), ["a", "b", "c"]);
    same(await root.resolve(root), []);
    same(await inner.resolve(file), ["c"]);
    same(await inner.resolve(root), null);
    await refused("TypeError", () => root.resolve({}));
    await refused("TypeError", () => root.isSameEntry(null));
  },
  async "entries are moved"(root) {
    const file = await write(root, "a", "content");
    await file.move("b");
    same([file.name, await names(root), await (await file.getFile()).text()], ["b", ["b"], "content"]);
    const d = await root.getDirectoryHandle("d", { create: true });
    await file.move(d);
    same([await names(root), await names(d)], [["d"], ["b"]]);
    await file.move(root, "c");
    same(await root.resolve(file), ["c"]);
    await write(d, "over", "old");
    await file.move(d, "over");
    same(await read(d, "over"), "content");
    await refused("InvalidModificationError", () => d.move(d, "inner"));
    await refused("TypeError", () => file.move("a/b"));
    await refused("TypeError", () => d.move(file));
    await file.move(root, "e");
    await d.move("renamed");
    same(await names(root), ["e", "renamed"]);
    await file.move("renamed").then(() => { throw new Error("moved onto a directory"); }, (error: Error) => same(error.name, "TypeMismatchError"));
  },
  async "classes are as the standard has them"(root) {
    for (const name of ["FileSystemHandle", "FileSystemFileHandle", "FileSystemDirectoryHandle", "FileSystemWritableFileStream", "StorageManager"]) {
      await refused("TypeError", () => new g[name]());
      await refused("TypeError", () => new g[name]({}, "file", "x", { mount: 0, path: "" }));
    }
    const file = await root.getFileHandle("a", { create: true });
    same(file instanceof g.FileSystemFileHandle && file instanceof g.FileSystemHandle, true);
    same(root instanceof g.FileSystemDirectoryHandle && root instanceof g.FileSystemHandle, true);
    same([String(file), String(root)], ["[object FileSystemFileHandle]", "[object FileSystemDirectoryHandle]"]);
    const stream = await file.createWritable();
    same([stream instanceof WritableStream, String(stream)], [true, "[object FileSystemWritableFileStream]"]);
    await stream.abort();
    same(Object.keys(file), []);
    // What a guest pretends to have made.
    const forged = Object.create(g.FileSystemDirectoryHandle.prototype);
    await refused("TypeError", () => forged.getFileHandle("a"));
    await refused("TypeError", () => names(forged));
    await refused("DataCloneError", () => structuredClone({ file }));
  },
};
