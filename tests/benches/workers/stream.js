// 10 MiB made in chunks of 64 KiB, each through a TransformStream.
const chunks = 160;
const template = new Uint8Array(64 * 1024).fill(0x78);

export default {
  fetch() {
    let left = chunks;
    const source = new ReadableStream({
      pull(controller) {
        if (left === 0) return controller.close();
        left -= 1;
        controller.enqueue(template.slice());
      },
    });
    const through = new TransformStream({
      transform(chunk, controller) {
        controller.enqueue(chunk);
      },
    });
    return new Response(source.pipeThrough(through));
  },
};
