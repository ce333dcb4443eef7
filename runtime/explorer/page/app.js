// The page: tabs, the state of the build, and the stream that feeds the views.

import { el, time } from "./dom.js";
import { follow, takeToken } from "./live.js";
import { Isolates } from "./isolates.js";
import { Kv } from "./kv.js";
import { Logs } from "./logs.js";
import { Requests } from "./requests.js";
import { Workers } from "./workers.js";

const NAMES = ["requests", "logs", "kv", "workers", "isolates"];
const byId = (id) => document.getElementById(id);

const logs = new Logs(byId("logs"), { showRequest: (id) => open("requests") || requests.show(id) });
const requests = new Requests(byId("requests"), { logsOf: (id) => logs.of(id) });
const kv = new Kv(byId("kv"));
const workers = new Workers(byId("workers"), {
  browse: (worker, binding) => open("kv") || kv.choose(worker, binding),
});
const isolates = new Isolates(byId("isolates"));
logs.onLine = (line) => requests.logLine(line);

function open(name) {
  for (const other of NAMES) {
    const tab = byId(`tab-${other}`);
    const chosen = other === name;
    tab.setAttribute("aria-selected", chosen);
    tab.tabIndex = chosen ? 0 : -1;
    byId(other).hidden = !chosen;
  }
  history.replaceState(null, "", `#${name}`);
  ({ logs, isolates, kv })[name]?.opened?.();
}

function setUpTabs() {
  for (const [index, name] of NAMES.entries()) {
    const tab = byId(`tab-${name}`);
    tab.addEventListener("click", () => open(name));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: NAMES.length - 1 }[event.key];
      const to = { Home: 0, End: NAMES.length - 1 }[event.key] ?? (step && (index + step) % NAMES.length);
      if (to === undefined) return;
      event.preventDefault();
      open(NAMES[to]);
      byId(`tab-${NAMES[to]}`).focus();
    });
  }
}

function showBuild(build) {
  const pill = byId("build");
  pill.textContent = { starting: "starting", good: "build good", broken: "build broken" }[build.state];
  pill.className = `pill ${build.state}`;
  pill.title = build.at ? `since ${time(build.at)}` : "";
  notice("build", build.state === "broken" ? ["What is saved cannot be served; what was there before is.", build.report] : null);
}

const notices = new Map();

/** Shows what is wrong, until it is said with `null` that it is no more. */
function notice(about, texts) {
  if (texts) notices.set(about, texts);
  else notices.delete(about);
  const lines = [...notices.values()].map(([text, detail]) =>
    el("div", {}, el("p", {}, text), detail ? el("pre", { tabindex: "0" }, detail) : null));
  byId("notice").replaceChildren(...lines);
  byId("notice").hidden = lines.length === 0;
}

function showStatus(status, message) {
  const pill = byId("live");
  pill.textContent = { live: "live", lost: "reconnecting", refused: "refused" }[status];
  pill.className = `pill ${{ live: "good", lost: "quiet", refused: "broken" }[status]}`;
  if (status === "refused") notice("stream", [message]);
  if (status === "live") notice("stream", null);
}

setUpTabs();
const token = takeToken();
const wanted = location.hash.slice(1);
open(NAMES.includes(wanted) ? wanted : "requests");
if (token) {
  follow({
    status: showStatus,
    state(state) {
      showBuild(state.build);
      const names = state.workers.map((worker) => worker.name);
      [requests, logs].forEach((view) => view.setWorkers(names));
      kv.setWorkers(state.workers);
      workers.show(state.workers);
      isolates.setWorkers(state.workers);
    },
    request: (request) => requests.add(request),
    log: (line) => logs.add(line),
    sample(sample) {
      byId("in-flight").textContent = `${sample.in_flight} in flight`;
      isolates.add(sample);
    },
    lost: ({ of, count }) => (of === "log" ? logs : requests).lost(count),
  });
} else {
  showStatus("refused", "Open the address that worky dev printed: it has the token of this run.");
}
