// Gives workers/kv.js an `env.KV` that stands on Deno KV, which keeps its data in one SQLite file as worky does.
import worker from "../workers/kv.js";

const store = await Deno.openKv(Deno.env.get("KV_FILE"));
const KV = {
  get: async (key) => (await store.get(["kv", key])).value,
  put: async (key, value) => {
    await store.set(["kv", key], value);
  },
};

export default {
  fetch: (request) => worker.fetch(request, { KV }),
};
