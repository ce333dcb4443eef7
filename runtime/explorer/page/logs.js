// The log as it is written.

import { el, labelled, onceAFrame, select, setOptions, time } from "./dom.js";
import { ask } from "./live.js";

const KEPT_MAX = 5000;
/** Lines in the page at once: more would make it slow, and nobody reads them. */
const SHOWN_MAX = 2000;
const LEVELS = ["trace", "debug", "info", "warn", "error"];

export class Logs {
  constructor(root, { showRequest }) {
    this.showRequest = showRequest;
    this.kept = [];
    this.fresh = [];
    this.lostCount = 0;
    this.onLine = () => {};
    this.render = onceAFrame(() => this.draw());
    this.filter = el("input", { type: "search", placeholder: "text or request id", oninput: () => this.redraw() });
    this.level = select(LEVELS.map((level) => [level, level === "trace" ? "all levels" : `${level} and above`]), () => this.redraw());
    this.worker = select([["", "everybody"]], () => this.redraw());
    this.pause = el("button", { "aria-pressed": "false", onclick: () => this.togglePause() }, "Pause");
    this.told = el("span", { class: "told" });
    this.list = el("ol", { class: "lines" });
    this.empty = el("p", { class: "empty" }, "Nothing was logged yet.");
    this.scroll = el("div", { class: "scroll", tabindex: "0", role: "log", "aria-live": "off", "aria-label": "Log, oldest first" },
      this.list, this.empty);
    root.append(
      el("div", { class: "toolbar" },
        labelled("Filter", this.filter), labelled("Level", this.level), labelled("From", this.worker),
        this.pause, el("button", { onclick: () => this.clear() }, "Clear"), this.told),
      this.scroll);
  }

  setWorkers(names) {
    setOptions(this.worker, [["", "everybody"], ...names.map((name) => [`worker:${name}`, name]), ["host", "worky itself"]]);
  }

  add(line) {
    this.fresh.push(line);
    this.onLine(line);
    this.render();
  }

  lost(count) {
    this.lostCount += count;
    this.render();
  }

  opened() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  /** The lines of a request, as elements. */
  of(id) {
    return [...this.kept, ...this.fresh].filter((line) => line.request_id === id).map((line) => this.line(line, { own: true }));
  }

  togglePause() {
    const paused = this.pause.getAttribute("aria-pressed") !== "true";
    this.pause.setAttribute("aria-pressed", paused);
    this.pause.textContent = paused ? "Resume" : "Pause";
    this.render();
  }

  async clear() {
    await ask("/api/logs", { method: "DELETE" });
    [this.kept, this.fresh, this.lostCount] = [[], [], 0];
    this.redraw();
  }

  matches(line) {
    if (LEVELS.indexOf(line.level) < LEVELS.indexOf(this.level.value)) return false;
    const from = this.worker.value;
    if (from === "host" ? line.target === "worker" : from && `worker:${line.worker}` !== from) return false;
    const text = this.filter.value.trim().toLowerCase();
    return !text || `${line.message} ${line.request_id ?? ""} ${JSON.stringify(line.fields ?? "")}`.toLowerCase().includes(text);
  }

  redraw() {
    const lines = this.kept.filter((line) => this.matches(line)).slice(-SHOWN_MAX);
    this.list.replaceChildren(...lines.map((line) => this.line(line)));
    this.opened();
    this.draw();
  }

  draw() {
    const paused = this.pause.getAttribute("aria-pressed") === "true";
    const { scrollTop, scrollHeight, clientHeight } = this.scroll;
    const follows = scrollHeight - scrollTop - clientHeight < 40;
    if (paused) {
      this.lostCount += this.fresh.splice(0, Math.max(0, this.fresh.length - KEPT_MAX)).length;
    } else {
      const fresh = this.fresh.splice(0).slice(-KEPT_MAX);
      this.kept.push(...fresh);
      this.kept.splice(0, Math.max(0, this.kept.length - KEPT_MAX));
      this.list.append(...fresh.filter((line) => this.matches(line)).slice(-SHOWN_MAX).map((line) => this.line(line)));
      while (this.list.children.length > SHOWN_MAX) this.list.firstChild.remove();
    }
    this.empty.hidden = this.list.children.length > 0;
    this.empty.textContent = this.kept.length > 0 ? "No line matches." : "Nothing was logged yet.";
    const waiting = paused && this.fresh.length > 0 ? `${this.fresh.length} more since the pause` : "";
    const lost = this.lostCount > 0 ? `${this.lostCount} lines not shown: they came faster than this page reads` : "";
    this.told.textContent = [waiting, lost].filter(Boolean).join(" · ");
    if (follows && !paused) this.opened();
  }

  line(line, { own = false } = {}) {
    const from = line.worker ?? line.target;
    const fields = Object.entries(line.fields ?? {}).map(([name, value]) => {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      return el("span", { class: text.includes("\n") ? "field block" : "field" }, text.includes("\n") ? text : `${name}=${text}`);
    });
    const id = line.request_id;
    return el("li", { class: line.level },
      el("span", { class: "time" }, time(line.at)), el("span", { class: "level" }, line.level),
      own ? null : el("span", { class: "from" }, from),
      el("span", { class: "message" }, line.message, ...fields.flatMap((field) => [" ", field])),
      id && !own
        ? el("button", { class: "link id", title: `Show request ${id}`, onclick: () => this.showRequest(id) }, id.slice(0, 8))
        : null);
  }
}
