import { bytes, type Cases, collect, fails, hex, ok, same } from "./assert.ts";

const source = <T>(...chunks: T[]) =>
  new ReadableStream<T>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

export const cases: Cases = {
  "TextEncoder writes UTF-8"() {
    same(new TextEncoder().encode("aé€😀"), bytes(0x61, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80));
    const into = new Uint8Array(4);
    same(new TextEncoder().encodeInto("€€", into), { read: 1, written: 3 });
  },
  "TextDecoder reads what it is told to"() {
    same(new TextDecoder().decode(bytes(0xef, 0xbb, 0xbf, 0x61, 0xff)), "a\ufffd");
    same(new TextDecoder("utf-16le").decode(bytes(0x61, 0, 0xac, 0x20)), "a€");
    same(new TextDecoder("windows-1252").decode(bytes(0x80)), "€");
    const streaming = new TextDecoder();
    same(streaming.decode(bytes(0xe2, 0x82), { stream: true }) + streaming.decode(bytes(0xac)), "€");
  },
  "TextDecoder can be strict"() {
    return fails("TypeError", () => new TextDecoder("utf-8", { fatal: true }).decode(bytes(0xff)));
  },
  async "TextEncoderStream and TextDecoderStream join split characters"() {
    const text = source("\ud83d", "\ude00!").pipeThrough(new TextEncoderStream());
    const split = text.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          for (const byte of chunk) controller.enqueue(bytes(byte));
        },
      }),
    );
    same((await collect(split.pipeThrough(new TextDecoderStream()))).join(""), "😀!");
  },
  async "CompressionStream goes there and back in every format"() {
    const text = "compress me ".repeat(500);
    for (const format of ["gzip", "deflate", "deflate-raw"] as CompressionFormat[]) {
      const packed = await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream(format))).arrayBuffer();
      ok(packed.byteLength < text.length / 10, `${format}'s size`);
      const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream(format));
      same(await new Response(plain).text(), text);
    }
  },
  "DecompressionStream refuses rubbish"() {
    const plain = new Blob(["not gzip at all"]).stream().pipeThrough(new DecompressionStream("gzip"));
    return fails("TypeError", () => new Response(plain).text());
  },
  "atob and btoa"() {
    same(btoa("h\u00e9"), "aOk=");
    same(atob(" aOk= "), "h\u00e9");
    return Promise.all([
      fails("InvalidCharacterError", () => btoa("€")),
      fails("InvalidCharacterError", () => atob("a")),
    ]);
  },
  async "Blob slices, streams and joins"() {
    const blob = new Blob(["ab", bytes(0x63), new Blob(["d"])], { type: "Text/Plain" });
    same([blob.size, blob.type], [4, "text/plain"]);
    same(await blob.slice(1, 3).text(), "bc");
    same(hex(await blob.arrayBuffer()), "61626364");
    same(hex(await blob.bytes()), "61626364");
    same(await new Response(blob.stream()).text(), "abcd");
  },
  "File is a named Blob"() {
    const file = new File(["x"], "a.txt", { type: "text/plain", lastModified: 5 });
    same([file.name, file.size, file.lastModified, file instanceof Blob], ["a.txt", 1, 5, true]);
  },
  async "FormData goes through a multipart body and back"() {
    const form = new FormData();
    form.append("name", "Ünïcode \"quoted\"");
    form.append("name", "second");
    form.append("file", new File(["file body"], "notes.txt", { type: "text/plain" }));
    const back = await new Response(form).formData();
    same(back.getAll("name"), ["Ünïcode \"quoted\"", "second"]);
    const file = back.get("file") as File;
    same([file.name, file.type, await file.text()], ["notes.txt", "text/plain", "file body"]);
  },
  async "FormData reads a URL-encoded body"() {
    const request = new Request("http://x/", { method: "POST", body: new URLSearchParams({ a: "1 2", b: "&" }) });
    same(request.headers.get("content-type"), "application/x-www-form-urlencoded;charset=UTF-8");
    same([...(await request.formData())], [["a", "1 2"], ["b", "&"]]);
  },
};
