// What a project does with the package in vitest.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorker } from "worky";

let worker;
beforeAll(async () => {
  worker = await startWorker({ path: "hello", secrets: { TOKEN: "s3cret" } });
}, 60_000);
afterAll(() => worker.stop());

test("a worker answers", async () => {
  const answer = await worker.fetch("http://example.test/");
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe("Hello from example.test/ GET 6");
});
