import buffer, { Buffer, isAscii, isUtf8, transcode } from "node:buffer";
import path, { posix } from "node:path";
import punycode from "node:punycode";
import querystring from "node:querystring";
import { StringDecoder } from "node:string_decoder";
import url, { fileURLToPath, pathToFileURL } from "node:url";

export const encodings = () => {
  const text = "h\u00e9llo \u20ac\ud83d\ude00";
  return [
    ...["utf8", "base64", "base64url", "hex", "latin1", "ascii", "utf16le"].map((name) => {
      const encoding = name as BufferEncoding;
      const bytes = Buffer.from(text).toString(encoding);
      return [name, encoding === "utf16le" ? bytes.length : bytes, Buffer.from(text, encoding).length];
    }),
    Buffer.from("_-8", "base64").toString("hex"),
    Buffer.from(" aG k=\n", "base64").toString(),
    Buffer.from("zz", "hex").length,
    Buffer.from([0xff, 0x41]).toString(),
    Buffer.from("\ufeffbom").toString().length,
    Buffer.byteLength("\u20ac"),
    Buffer.isEncoding("BASE64URL"),
  ];
};

export const buffers = () => {
  const b = Buffer.alloc(8);
  b.writeUInt32BE(0xdeadbeef, 0);
  b.writeInt16LE(-2, 4);
  const shared = b.subarray(0, 2);
  shared[0] = 1;
  return [
    b.toString("hex"),
    b.readUInt32BE(0),
    b.readInt16LE(4),
    Buffer.alloc(8).fill("ab").toString(),
    Buffer.concat([Buffer.from("a"), new Uint8Array([98])]).toString(),
    Buffer.compare(Buffer.from("a"), Buffer.from("b")),
    Buffer.from("abc").equals(new Uint8Array([97, 98, 99])),
    Buffer.from("one two").indexOf("two"),
    Buffer.from("abc").includes("d"),
    b.write("xyz", 5),
    JSON.parse(JSON.stringify(Buffer.from("hi"))),
    Buffer.isBuffer(new Uint8Array(1)),
    Buffer.from("x") instanceof Uint8Array,
    isUtf8(Buffer.from([0xff])),
    isAscii(Buffer.from("a")),
    transcode(Buffer.from("\u20ac"), "utf8", "latin1").toString(),
    Buffer.from("abcdef").slice(-2).toString(),
    Buffer.from(Buffer.from("copied").buffer).length > 0,
    buffer.kMaxLength > 2 ** 32,
    Buffer.from("0123").swap16().toString(),
    Buffer.alloc(8).writeBigInt64BE(-1n),
  ];
};

export const paths = () => [
  path.join("/a", "..", "b", "./c"),
  path.resolve("x", "../y"),
  path.basename("/a/b.txt", ".txt"),
  path.extname("archive.tar.gz"),
  path.dirname("/a/b/c"),
  path.relative("/a/b/c", "/a/d"),
  path.parse("/home/u/f.txt"),
  path.format({ dir: "/d", base: "b" }),
  path.normalize("/a//b/../c/."),
  path.isAbsolute("a"),
  posix === path,
  path.sep,
];

export const urls = () => [
  url.parse("https://u:p@host.com:8080/p/a/t/h?query=string#hash").pathname,
  url.parse("/a?b=c&b=d", true).query,
  url.resolve("http://example.com/one", "../two"),
  url.format({ protocol: "https", hostname: "h", pathname: "/p", query: { a: 1 } }),
  url.format(new URL("https://u:p@h/p?q#f"), { fragment: false, auth: false }),
  fileURLToPath("file:///a%20b"),
  pathToFileURL("/a b#c?d").href,
  url.domainToASCII("espa\u00f1ol.com"),
  url.domainToUnicode("xn--espaol-zwa.com"),
  url.urlToHttpOptions(new URL("http://a:b@h:1/p?q")).auth,
  url.URL === URL,
];

export const queries = () => [
  querystring.parse("a=1&b=2&a=3&c=%20x+y"),
  querystring.stringify({ a: [1, 2], b: "\u00fc &", c: true }),
  querystring.escape("a b&"),
  querystring.unescape("%41"),
  querystring.parse("a:1;b:2", ";", ":"),
];

export const names = () => [
  punycode.encode("ma\u00f1ana"),
  punycode.decode("maana-pta"),
  punycode.toASCII("ma\u00f1ana.com"),
  punycode.toUnicode("xn--maana-pta.com"),
];

export const decoded = () => {
  const utf8 = new StringDecoder("utf8");
  const parts = [utf8.write(Buffer.from([0xe2, 0x82])), utf8.write(Buffer.from([0xac])), utf8.end()];
  const base64 = new StringDecoder("base64");
  return [parts, base64.write(Buffer.from("ab")) + base64.end(Buffer.from("c"))];
};
