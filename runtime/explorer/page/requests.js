// Requests as they end, and one of them in detail.

import { bytes, el, labelled, ms, onceAFrame, select, setOptions, time } from "./dom.js";
import { ask } from "./live.js";

const KEPT_MAX = 1000;
const COLUMNS = ["Time", "Method", "Path", "Worker", "Status", "Wall ms", "CPU ms", "Queue ms", "Subrequests"];
const STATUSES = [["", "any status"], ["2", "2xx"], ["3", "3xx"], ["4", "4xx"], ["5", "5xx"], ["error", "errors"]];

export class Requests {
  constructor(root, { logsOf }) {
    this.logsOf = logsOf;
    this.kept = [];
    this.fresh = [];
    this.lostCount = 0;
    this.shown = null;
    this.render = onceAFrame(() => this.draw());
    this.filter = el("input", { type: "search", placeholder: "path, method, id or code", oninput: () => this.redraw() });
    this.status = select(STATUSES, () => this.redraw());
    this.worker = select([["", "all workers"]], () => this.redraw());
    this.pause = el("button", { "aria-pressed": "false", onclick: () => this.togglePause() }, "Pause");
    this.told = el("span", { class: "told" });
    this.body = el("tbody", {});
    this.body.addEventListener("click", (event) => this.chosen(event.target));
    this.detail = el("aside", { class: "detail", "aria-label": "Request in detail", hidden: true });
    const head = COLUMNS.map((name, index) => el("th", { scope: "col", class: index > 4 ? "number" : null }, name));
    root.append(
      el("div", { class: "toolbar" },
        labelled("Filter", this.filter), labelled("Status", this.status), labelled("Worker", this.worker),
        this.pause, el("button", { onclick: () => this.clear() }, "Clear"), this.told),
      el("div", { class: "split" },
        el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Requests, newest first" },
          el("table", { class: "requests" }, el("thead", {}, el("tr", {}, ...head)), this.body),
          this.empty = el("p", { class: "empty" }, "No requests yet. They appear here as they end.")),
        this.detail));
  }

  setWorkers(names) {
    setOptions(this.worker, [["", "all workers"], ...names.map((name) => [name, name])]);
  }

  add(request) {
    this.fresh.push(request);
    this.render();
  }

  lost(count) {
    this.lostCount += count;
    this.render();
  }

  /** A line of the log: it may be of the request that is shown. */
  logLine(line) {
    if (this.shown && line.request_id === this.shown.request_id) this.showLogs();
  }

  /** Shows the request of an id, the first that is of a client. */
  show(id) {
    const found = [...this.kept, ...this.fresh].filter((request) => request.request_id === id);
    if (found.length > 0) this.open(found.reduce((first, other) => (other.depth < first.depth ? other : first)));
    else {
      this.filter.value = id;
      this.redraw();
    }
  }

  togglePause() {
    const paused = this.pause.getAttribute("aria-pressed") !== "true";
    this.pause.setAttribute("aria-pressed", paused);
    this.pause.textContent = paused ? "Resume" : "Pause";
    this.render();
  }

  async clear() {
    await ask("/api/requests", { method: "DELETE" });
    [this.kept, this.fresh, this.lostCount] = [[], [], 0];
    this.close();
    this.redraw();
  }

  matches(request) {
    const status = this.status.value;
    if (status === "error" ? !request.error && request.status < 500 : !String(request.status).startsWith(status)) return false;
    if (this.worker.value && request.worker !== this.worker.value) return false;
    const text = this.filter.value.trim().toLowerCase();
    const fields = [request.path, request.query, request.method, request.request_id, request.error, request.status];
    return !text || fields.some((field) => String(field ?? "").toLowerCase().includes(text));
  }

  redraw() {
    this.body.replaceChildren(...this.kept.filter((request) => this.matches(request)).reverse().map((request) => this.row(request)));
    this.draw();
  }

  draw() {
    const paused = this.pause.getAttribute("aria-pressed") === "true";
    if (paused) {
      // Nothing moves, and nothing grows without end.
      this.lostCount += this.fresh.splice(0, Math.max(0, this.fresh.length - KEPT_MAX)).length;
    } else {
      const fresh = this.fresh.splice(0).slice(-KEPT_MAX);
      this.kept.push(...fresh);
      this.kept.splice(0, Math.max(0, this.kept.length - KEPT_MAX));
      this.body.prepend(...fresh.filter((request) => this.matches(request)).reverse().map((request) => this.row(request)));
      while (this.body.rows.length > KEPT_MAX) this.body.lastChild.remove();
    }
    this.empty.hidden = this.body.rows.length > 0;
    this.empty.textContent = this.kept.length > 0 ? "No request matches." : "No requests yet. They appear here as they end.";
    const waiting = paused && this.fresh.length > 0 ? `${this.fresh.length} more since the pause` : "";
    const lost = this.lostCount > 0 ? `${this.lostCount} not shown: they came faster than this page reads` : "";
    this.told.textContent = [waiting, lost].filter(Boolean).join(" · ");
  }

  row(request) {
    const cell = (text, kind) => el("td", { class: kind }, text);
    const target = request.path + (request.query ? `?${request.query}` : "");
    const row = el("tr", { class: request === this.shown ? "chosen" : null },
      cell(time(request.at), "time"), cell(request.method, "method"),
      el("td", { class: "path" }, el("button", { class: "link", title: target }, (request.depth ? "↳ " : "") + target)),
      cell(request.worker ?? "–"), el("td", {}, statusPill(request)),
      cell(ms(request.ms), "number"), cell(ms(request.cpu_ms), "number"), cell(ms(request.queue_ms), "number"),
      cell(request.subrequests || "", "number"));
    row.request = request;
    return row;
  }

  chosen(target) {
    const row = target.closest("tr");
    if (row) this.open(row.request);
  }

  open(request) {
    this.shown = request;
    for (const row of this.body.rows) row.classList.toggle("chosen", row.request === request);
    const fields = [
      ["Request id", request.request_id], ["Worker", request.worker ?? "no route leads to one"], ["Query", request.query],
      ["Error", request.error], ["Began", time(request.at)], ["Wall time", `${ms(request.ms)} ms`],
      ["CPU time", `${ms(request.cpu_ms)} ms`], ["In a queue", `${ms(request.queue_ms)} ms`],
      ["Subrequests", request.subrequests], ["KV operations", request.kv_operations], ["Sent", bytes(request.bytes)],
      ["Called by", request.depth ? `another worker, ${request.depth} deep` : undefined],
    ].filter(([, value]) => value !== undefined && value !== "");
    this.logList = el("ol", { class: "lines" });
    this.detail.replaceChildren(
      el("div", { class: "detail-head" },
        el("h2", {}, `${request.method} ${request.path}`), statusPill(request),
        el("button", { "aria-label": "Close", class: "close", onclick: () => this.close() }, "×")),
      el("dl", {}, ...fields.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value))])),
      el("h3", {}, "Log of this request"), this.logList);
    this.detail.hidden = false;
    this.showLogs();
  }

  showLogs() {
    const lines = this.logsOf(this.shown.request_id);
    this.logList.replaceChildren(...lines);
    if (lines.length === 0) this.logList.append(el("li", { class: "none" }, "It logged nothing."));
  }

  close() {
    this.shown = null;
    this.detail.hidden = true;
    for (const row of this.body.rows) row.classList.remove("chosen");
  }
}

function statusPill(request) {
  const kind = request.error || request.status >= 500 ? "broken" : request.status >= 400 ? "warn" : "good";
  const code = request.error ? el("span", { class: "code" }, ` ${request.error}`) : null;
  const title = request.error ?? (request.status === 499 ? "the client left" : null);
  return el("span", { class: `pill ${kind}`, title }, String(request.status), code);
}
