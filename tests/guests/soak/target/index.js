// What `front` calls as a service. No route leads here.

const shout = () => new TransformStream({ transform: (text, controller) => controller.enqueue(text.toUpperCase()) });

export default {
  fetch(request) {
    if (new URL(request.url).pathname === "/throws") throw new Error("the service throws on purpose");
    return new Response(request.body.pipeThrough(new TextDecoderStream()).pipeThrough(shout()).pipeThrough(new TextEncoderStream()));
  },
};
