// A worker that calls a component.

import * as markdown from "plugin:markdown";

export default {
  async fetch(request) {
    return new Response(await markdown.render(await request.text(), {}));
  },
};
