// A worker that few requests at once are let into.

export default {
  async fetch() {
    await scheduler.wait(20);
    return new Response("let in");
  },
};
