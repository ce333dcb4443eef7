// What a project does with the package in node:test. The directory has a worker in hello/.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, test } from "node:test";

import { BinaryNotFoundError, findBinary, startWorker, WorkerStartError } from "worky";

let worker;
before(async () => {
  worker = await startWorker({ path: "hello", vars: { GREETING: "Hi" }, secrets: { TOKEN: "s3cret" } });
});
after(() => worker.stop());

test("paths, URLs and requests", async () => {
  const text = async (...of) => (await worker.fetch(...of)).text();
  assert.equal(await text("/"), `Hi from ${worker.url.host}/ GET 6`);
  assert.equal(await text(new URL("/a?b=c", "http://example.test/")), "Hi from example.test/a?b=c GET 6");
  assert.equal(await text(new Request("http://example.test/x", { method: "PUT", body: "sent" })), "Hi from example.test/x PUT 6 sent");
  assert.equal(await text("/", { method: "POST", body: "sent" }), `Hi from ${worker.url.host}/ POST 6 sent`);
  assert.equal((await worker.fetch("http://example.test/none")).status, 204);
  const followed = await worker.fetch("http://example.test/redirect", { method: "POST", body: "sent" });
  assert.equal(await followed.text(), "Hi from example.test/elsewhere GET 6");
  await assert.rejects(worker.fetch("http://example.test/redirect", { redirect: "error" }), /redirects to \/elsewhere/);
  const redirected = await worker.fetch("/redirect", { redirect: "manual" });
  assert.deepEqual([redirected.status, redirected.headers.get("location")], [302, "/elsewhere"]);
});

test("what the worker logs is in the output", async () => {
  const own = [];
  const other = await startWorker({ path: new URL("hello/worky.toml", import.meta.url), secrets: { TOKEN: "x" }, onOutput: (line) => own.push(line) });
  await other.fetch("/log");
  await other.stop();
  assert.match(other.output, /logged by the worker/);
  assert.ok(own.some((line) => line.includes("logged by the worker")));
  await assert.rejects(other.fetch("/"), /the worker has stopped/);
  await other.stop();
});

test("data is its own, and gone", async () => {
  const count = async (of) => (await of.fetch("/count")).text();
  const one = await startWorker({ path: "hello", secrets: { TOKEN: "x" } });
  assert.deepEqual([await count(one), await count(one), await count(worker)], ["1", "2", "1"]);
  await one[Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]();
  assert.ok(!existsSync("hello/.worky"));
});

test("one that nobody stops keeps nobody waiting", async () => {
  const left = await startWorker({ path: "hello", secrets: { TOKEN: "x" } });
  assert.equal((await left.fetch("/none")).status, 204);
});

test("what does not start says why", async () => {
  const rejected = await startWorker({ path: "hello" }).catch((error) => error);
  assert.ok(rejected instanceof WorkerStartError);
  assert.match(rejected.message, /ended with exit code 2 before it listened\n\n[^]*TOKEN/);
  assert.match(rejected.output, /TOKEN/);
  await assert.rejects(startWorker({ path: "nowhere" }), /there is no file or directory .*nowhere/);
  await assert.rejects(startWorker({ path: "hello", binary: "nowhere" }), BinaryNotFoundError);
  await assert.rejects(startWorker({ path: "hello", startTimeoutMs: 0, secrets: { TOKEN: "x" } }), /did not listen within 0 ms/);
});

test("the program is found, and this package's command is not taken for it", () => {
  const env = { PATH: "" };
  assert.throws(() => findBinary({ cwd: "/", env }), /there is no program worky: not in node_modules\/\.bin of \/ or a directory around it, and not on PATH/);
  assert.throws(() => findBinary({ env: { WORKY_BINARY: "/nowhere/worky" } }), /WORKY_BINARY names \/nowhere\/worky/);
  assert.throws(() => findBinary({ binary: "node_modules/.bin/worky" }), /npm's command worky and not the program/);
  assert.equal(findBinary({ env: { WORKY_BINARY: process.env.WORKY_BINARY } }), process.env.WORKY_BINARY);
});
