// A stream of the guest's as the body of an answer.
(function () {
  const { core, primordials } = __bootstrap;
  const { PromisePrototypeCatch, PromisePrototypeThen, String, uncurryThis } = primordials;
  const { op_body_end, op_body_new, op_body_room, op_body_write } = core.ops;
  const { acquireReadableStreamDefaultReader, ReadableStreamDefaultReader } = core.loadExtScript(
    "ext:deno_web/06_streams.js",
  );

  // As they are before the guest can change them.
  const read = uncurryThis(ReadableStreamDefaultReader.prototype.read);
  const cancel = uncurryThis(ReadableStreamDefaultReader.prototype.cancel);

  // What op_body_write answers, besides where a chunk is left off.
  const TAKEN = 0;
  const GONE = -1;

  // Has `respond` answer with a body that the host reads as fast as it sends it; answers what `respond` answers, a promise
  // of the body's end.
  function sendStream(stream, length, respond) {
    const reader = acquireReadableStreamDefaultReader(stream);
    const rid = op_body_new(length ?? -1);
    const stop = () => {
      PromisePrototypeCatch(cancel(reader, "resource closed"), () => {});
      op_body_end(rid, null);
    };
    let sent;
    try {
      sent = respond(rid);
    } catch (error) {
      stop();
      throw error;
    }
    PromisePrototypeThen(sent, stop, stop);
    PromisePrototypeCatch(move(reader, rid), (error) => {
      op_body_end(rid, textOf(error));
      PromisePrototypeCatch(cancel(reader, error), () => {});
    });
    return sent;
  }

  async function move(reader, rid) {
    while (true) {
      const { done, value } = await read(reader);
      if (done) return op_body_end(rid, null);
      let answer = op_body_write(rid, value, 0);
      while (answer !== TAKEN) {
        // Whoever noticed that nobody reads has cancelled the stream.
        if (answer === GONE) return;
        await op_body_room(rid);
        answer = op_body_write(rid, value, -2 - answer);
      }
    }
  }

  function textOf(error) {
    try {
      const message = typeof error === "string" ? error : error?.message;
      return typeof message === "string" ? message : String(message);
    } catch {
      return "an error that cannot be shown";
    }
  }

  return { sendStream };
})();
