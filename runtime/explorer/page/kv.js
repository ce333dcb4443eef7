// Namespaces: the keys of one, and one value to read, edit, create or delete.

import { bytes, el, labelled, select, setOptions } from "./dom.js";
import { ask, withQuery } from "./live.js";

/** Of a value in the editor: a larger one is shown in part, and not edited. */
const EDITED_BYTES_MAX = 1 << 20;
const HEX_BYTES_MAX = 16 << 10;
const VIEWS = [["text", "Text"], ["json", "JSON"], ["hex", "Hex"]];

export class Kv {
  constructor(root) {
    this.cursor = null;
    this.namespace = select([], () => this.list());
    this.prefix = el("input", { type: "search", placeholder: "all keys", oninput: () => this.listSoon() });
    this.told = el("span", { class: "told", role: "status" });
    this.body = el("tbody", {});
    this.more = el("button", { hidden: true, onclick: () => this.page() }, "More keys");
    this.empty = el("p", { class: "empty" }, "No worker has a namespace.");
    this.editor = el("aside", { class: "detail", "aria-label": "Value", hidden: true });
    root.append(
      el("div", { class: "toolbar" },
        labelled("Namespace", this.namespace), labelled("Prefix", this.prefix),
        el("button", { onclick: () => this.list() }, "Refresh"),
        this.create = el("button", { class: "primary", onclick: () => this.edit(null) }, "New key"), this.told),
      el("div", { class: "split" },
        el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Keys" },
          el("table", {},
            el("thead", {}, el("tr", {}, ...["Key", "Expires", "Metadata"].map((name) => el("th", { scope: "col" }, name)))),
            this.body),
          this.empty, this.more),
        this.editor));
    this.body.addEventListener("click", (event) => {
      const row = event.target.closest("tr");
      if (row) this.read(row.key);
    });
  }

  setWorkers(workers) {
    const options = workers.flatMap(({ name, kv }) =>
      kv.map(([binding, id]) => [JSON.stringify([name, binding]), `${name} · ${binding} (${id})`]));
    const before = this.namespace.value;
    setOptions(this.namespace, options);
    this.create.disabled = options.length === 0;
    if (this.namespace.value !== before) this.list();
  }

  choose(worker, binding) {
    this.namespace.value = JSON.stringify([worker, binding]);
    this.list();
  }

  opened() {
    if (this.namespace.value) this.list();
  }

  place(more) {
    const [worker, binding] = JSON.parse(this.namespace.value);
    return { worker, binding, ...more };
  }

  listSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.list(), 150);
  }

  async list() {
    this.cursor = null;
    this.body.replaceChildren();
    if (this.namespace.value) await this.page();
  }

  /** Gets the next keys. What was asked for meanwhile wins. */
  async page() {
    const place = this.place({ prefix: this.prefix.value, cursor: this.cursor });
    const asked = (this.asked = JSON.stringify(place));
    try {
      const page = await (await ask(withQuery("/api/kv/keys", place))).json();
      if (asked !== this.asked) return;
      this.body.append(...page.keys.map((key) => this.row(key)));
      this.cursor = page.cursor;
      this.say(`${this.body.rows.length}${page.cursor ? "+" : ""} ${this.body.rows.length === 1 ? "key" : "keys"}`);
    } catch (error) {
      this.say(error.message, true);
    }
    this.more.hidden = !this.cursor;
    this.empty.hidden = this.body.rows.length > 0;
    this.empty.textContent = this.prefix.value ? "No key begins so." : "This namespace is empty.";
  }

  row(key) {
    const row = el("tr", {},
      el("td", { class: "path" }, el("button", { class: "link" }, key.name)),
      el("td", {}, expires(key.expiration)),
      el("td", { class: "path" }, key.metadata === null ? "" : JSON.stringify(key.metadata)));
    row.key = key.name;
    return row;
  }

  async read(key) {
    try {
      const response = await ask(withQuery("/api/kv/value", this.place({ key })));
      const metadata = response.headers.get("worky-kv-metadata");
      this.edit({
        key,
        value: new Uint8Array(await response.arrayBuffer()),
        metadata: metadata === null ? "" : decodeURIComponent(metadata.replaceAll("+", " ")),
        expiration: response.headers.get("worky-kv-expiration"),
      });
    } catch (error) {
      this.say(error.message, true);
    }
  }

  /** Opens the editor for an entry, or for a new one. */
  edit(entry) {
    const key = el("input", { value: entry?.key ?? "", readonly: entry !== null, required: true, spellcheck: "false" });
    const text = entry ? decoded(entry.value) : "";
    const tooLarge = entry !== null && entry.value.length > EDITED_BYTES_MAX;
    const area = el("textarea", { rows: "14", spellcheck: "false", "aria-label": "Value" });
    const hint = el("p", { class: "hint" });
    const view = select(VIEWS, () => show());
    let edited = text;
    // What was put into the editor last: what only looks otherwise is not an edit.
    let put = "";
    const keep = () => {
      if (!area.readOnly && area.value !== put) edited = area.value;
    };
    const show = () => {
      keep();
      area.readOnly = view.value === "hex" || text === null || tooLarge;
      hint.textContent = "";
      if (view.value === "hex") area.value = hex(entry && edited === text ? entry.value : new TextEncoder().encode(edited ?? ""));
      else if (text === null) [area.value, hint.textContent] = ["", "The value is not UTF-8: see it as hex. It cannot be edited here."];
      else if (tooLarge) [area.value, hint.textContent] = [edited.slice(0, EDITED_BYTES_MAX), "The beginning of a value that is too large to be edited here."];
      else area.value = view.value === "json" ? pretty(edited, hint) : edited;
      put = area.value;
    };
    if (entry && text === null) view.value = "hex";
    else if (text && isJson(text)) view.value = "json";
    const metadata = el("input", { value: entry?.metadata ?? "", placeholder: "JSON, or nothing", spellcheck: "false" });
    const ttl = el("input", { type: "number", min: "60", placeholder: entry?.expiration ? `keep (${expires(entry.expiration)})` : "never" });
    const keepExpiry = entry?.expiration ? el("input", { type: "checkbox", checked: true }) : null;
    const problem = el("p", { class: "problem", role: "alert" });
    const save = el("button", { class: "primary", type: "submit", disabled: text === null || tooLarge }, entry ? "Save" : "Create");
    const remove = entry ? el("button", { type: "button", class: "danger", onclick: () => this.remove(remove, entry.key, problem) }, "Delete") : null;
    const submit = async (event) => {
      event.preventDefault();
      keep();
      const parameters = { key: key.value, metadata: metadata.value, expiration_ttl: ttl.value };
      if (!ttl.value && keepExpiry?.checked) parameters.expiration = entry.expiration;
      const headers = entry ? {} : { "if-none-match": "*" };
      try {
        await ask(withQuery("/api/kv/value", this.place(parameters)), { method: "PUT", body: edited, headers });
        await this.list();
        await this.read(key.value);
        this.say(entry ? "Saved." : "Created.");
      } catch (error) {
        problem.textContent = error.message;
      }
    };
    this.editor.replaceChildren(el("form", { onsubmit: submit },
      el("div", { class: "detail-head" },
        el("h2", {}, entry ? "Value" : "New key"), entry ? el("span", { class: "pill quiet" }, bytes(entry.value.length)) : null,
        el("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => (this.editor.hidden = true) }, "×")),
      labelled("Key", key), labelled("Shown as", view), area, hint, labelled("Metadata", metadata),
      labelled("Expires in s", ttl), keepExpiry ? labelled("Keep the expiry", keepExpiry) : null,
      problem, el("div", { class: "buttons" }, save, remove)));
    show();
    this.editor.hidden = false;
    (entry ? area : key).focus();
  }

  /** The first press asks, the second one deletes. */
  async remove(button, key, problem) {
    if (button.textContent === "Delete") {
      button.textContent = "Press again to delete";
      setTimeout(() => (button.textContent = "Delete"), 4000);
      return;
    }
    try {
      await ask(withQuery("/api/kv/value", this.place({ key })), { method: "DELETE" });
      this.editor.hidden = true;
      await this.list();
      this.say("Deleted.");
    } catch (error) {
      problem.textContent = error.message;
    }
  }

  say(text, isProblem = false) {
    this.told.textContent = text;
    this.told.classList.toggle("problem", isProblem);
  }
}

function expires(expiration) {
  if (!expiration) return "never";
  return new Date(Number(expiration) * 1000).toLocaleString(undefined, { dateStyle: "short", timeStyle: "medium" });
}

/** Text, or null where it is none. */
function decoded(value) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    return null;
  }
}

function isJson(text) {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

function pretty(text, hint) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch (error) {
    hint.textContent = `It is not JSON: ${error.message}`;
    return text;
  }
}

function hex(value) {
  const lines = [];
  for (let at = 0; at < Math.min(value.length, HEX_BYTES_MAX); at += 16) {
    const row = [...value.subarray(at, at + 16)];
    const digits = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
    lines.push(`${at.toString(16).padStart(8, "0")}  ${digits.padEnd(47)}  ${text}`);
  }
  if (value.length > HEX_BYTES_MAX) lines.push(`… ${value.length - HEX_BYTES_MAX} more bytes`);
  return lines.join("\n");
}
