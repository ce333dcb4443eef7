// What is deployed: routes, bindings, plugins and limits. Of secrets there are names alone; worky tells no more.

import { el } from "./dom.js";

export class Workers {
  constructor(root, { browse }) {
    this.browse = browse;
    this.list = el("div", { class: "cards" });
    root.append(el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Workers" }, this.list));
  }

  show(workers) {
    this.list.replaceChildren(...workers.map((worker) => this.card(worker)));
  }

  card(worker) {
    const kv = ([binding, id]) => [binding, el("span", {}, `namespace ${id} `,
      el("button", { class: "link", onclick: () => this.browse(worker.name, binding) }, "browse"))];
    const groups = [
      ["KV namespaces", worker.kv.map(kv)],
      ["Vars", worker.vars.map(([name, value]) => [name, JSON.stringify(value)])],
      ["Secrets", worker.secrets.map((name) => [name, "a secret: its value is not shown"])],
      ["Assets", worker.assets.map(([binding, what]) => [binding || "no binding", what])],
      ["Services", worker.services.map(([binding, service]) => [binding, `worker ${service}`])],
      ["Files", worker.files],
    ].filter(([, entries]) => entries.length > 0);
    return el("article", { class: "card" },
      el("h2", {}, worker.name, " ", el("span", { class: "pill quiet" }, KINDS[worker.kind])),
      table([...(worker.main === "" ? [] : [["Main", worker.main]]), ["Routes", worker.routes.length > 0 ? worker.routes.join(", ") : "every request"]]),
      groups.length === 0 ? el("p", { class: "hint" }, "It is granted no bindings.") : null,
      ...groups.flatMap(([title, entries]) => [el("h3", {}, title), table(entries)]),
      ...worker.plugins.flatMap((plugin) => [
        el("h3", {}, `Plugin ${plugin.name}`),
        table([["Path", plugin.path], ["Grants", plugin.grants.join(", ") || "nothing"], ...plugin.limits.map(setting)]),
      ]),
      el("details", {}, el("summary", {}, "Limits"), table(worker.limits.map(setting))));
  }
}

const KINDS = { js: "JavaScript", wasm: "component", assets: "assets alone" };

function setting({ key, value }) {
  return [key, value === null ? "none" : value.toLocaleString("en")];
}

function table(entries) {
  return el("dl", {}, ...entries.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}
