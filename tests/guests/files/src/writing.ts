import { type Cases, names, read, refused, same, write } from "./assert.ts";

export const cases: Cases = {
  async "every type of data is written"(root) {
    const bytes = new Uint8Array([104, 105, 33]);
    await write(root, "a", "text ", bytes, bytes.buffer, new DataView(bytes.buffer, 1, 1), new Blob(["blob", bytes]), 42);
    same(await read(root, "a"), "text hi!hi!iblobhi!42");
    await write(root, "a", { type: "write", data: "only" });
    same(await read(root, "a"), "only");
    await write(root, "big", "x".repeat(700_000), new Blob(["y".repeat(700_000)]));
    const big = await read(root, "big");
    same([big.length, big[699_999], big[700_000]], [1_400_000, "x", "y"]);
  },
  async "a stream is positioned, cut and grown"(root) {
    const handle = await write(root, "a", "0123456789");
    const stream = await handle.createWritable({ keepExistingData: true });
    await stream.seek(2);
    await stream.write("AB");
    await stream.write({ type: "write", position: 8, data: "X" });
    await stream.write("Y");
    await stream.truncate(11);
    await stream.write({ type: "seek", position: 5 });
    await stream.write("!");
    await stream.close();
    same(await read(root, "a"), "01AB4!67XY\0");
    const cut = await handle.createWritable({ keepExistingData: true });
    await cut.seek(100);
    await cut.truncate(3);
    await cut.write("end");
    await cut.close();
    same(await read(root, "a"), "01Aend");
    await write(root, "a", { type: "write", position: 3, data: "x" });
    same(await read(root, "a"), "\0\0\0x");
  },
  async "nothing is seen before close"(root) {
    const handle = await write(root, "a", "old");
    const stream = await handle.createWritable();
    await stream.write("new and longer");
    same(await read(root, "a"), "old");
    same(await names(root), ["a"]);
    await stream.close();
    same(await read(root, "a"), "new and longer");
  },
  async "an aborted stream leaves the old file"(root) {
    const handle = await write(root, "a", "old");
    const stream = await handle.createWritable({ keepExistingData: true });
    await stream.write("new");
    await stream.abort(new RangeError("no"));
    same(await read(root, "a"), "old");
    await refused("RangeError", () => stream.write("x"));
    const writer = (await handle.createWritable()).getWriter();
    await writer.write("x");
    await writer.abort();
    same(await read(root, "a"), "old");
  },
  async "a file that is written is not removed or moved"(root) {
    const d = await root.getDirectoryHandle("d", { create: true });
    const handle = await write(d, "a", "old");
    const first = await handle.createWritable();
    const second = await handle.createWritable();
    await refused("NoModificationAllowedError", () => d.removeEntry("a"));
    await refused("NoModificationAllowedError", () => root.removeEntry("d", { recursive: true }));
    await refused("NoModificationAllowedError", () => handle.move("b"));
    await refused("NoModificationAllowedError", () => d.move("e"));
    await first.write("first");
    await second.write("second");
    await second.close();
    await refused("NoModificationAllowedError", () => d.removeEntry("a"));
    await first.close();
    same(await read(d, "a"), "first");
    await d.removeEntry("a");
    await refused("NotFoundError", () => handle.createWritable());
    await refused("NotFoundError", () => handle.getFile());
  },
  async "what is no chunk is a type error, and ends the stream"(root) {
    const handle = await write(root, "a", "old");
    for (const chunk of [
      undefined, null, {}, { type: "no" }, { type: "write" }, { type: "seek" }, { type: "truncate" },
      { type: "seek", position: -1 }, { type: "truncate", size: "x" },
    ]) {
      const stream = await handle.createWritable();
      await refused("TypeError", () => stream.write(chunk));
      await refused("TypeError", () => stream.close());
    }
    // Streams that failed hold nothing back.
    await root.removeEntry("a");
  },
  async "streams are piped into files and out of them"(root) {
    const source = ReadableStream.from(["a", "b", "c"]);
    const handle = await root.getFileHandle("a", { create: true });
    await source.pipeTo(await handle.createWritable());
    same(await read(root, "a"), "abc");
    const copy = await root.getFileHandle("copy", { create: true });
    await (await handle.getFile()).stream().pipeTo(await copy.createWritable());
    same(await read(root, "copy"), "abc");
    const failing = new ReadableStream({ pull(controller) { controller.error(new Error("broken")); } });
    await refused("Error", async () => failing.pipeTo(await handle.createWritable()));
    same(await read(root, "a"), "abc");
  },
  async "a File reads parts, and tells what it is"(root) {
    const handle = await write(root, "a.txt", "x".repeat(300_000), "tail");
    const file = await handle.getFile();
    same([file instanceof File, file.name, file.size, file.type], [true, "a.txt", 300_004, ""]);
    same(Math.abs(file.lastModified - Date.now()) < 60_000, true);
    same(await file.slice(-4).text(), "tail");
    same(await file.slice(299_999, 300_002).text(), "xta");
    same(await file.slice(10, 20).slice(2, 5).text(), "xxx");
    same((await file.arrayBuffer()).byteLength, 300_004);
    same((await new Response(file).text()).length, 300_004);
    same(await new Blob(["<", file.slice(-4), ">"]).text(), "<tail>");
    await refused("DataCloneError", () => structuredClone(file));
  },
  async "a File is of the content it was made of"(root) {
    const handle = await write(root, "a", "first");
    const file = await handle.getFile();
    await write(root, "a", "other");
    await refused("NotReadableError", () => file.text());
    same(await (await handle.getFile()).text(), "other");
    await root.removeEntry("a");
    await refused("NotFoundError", () => file.text());
  },
};
