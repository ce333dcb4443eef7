// What runs: each isolate with its heap and its share of a processor, as long as the page is open.

import { bytes, el, onceAFrame } from "./dom.js";
import { Plot } from "./plot.js";

/** Five minutes, at a sample a second. */
const SAMPLES_MAX = 300;
/** An isolate that ended is shown for so many samples more. */
const ENDED_SAMPLES = 15;

export class Isolates {
  constructor(root) {
    this.isolates = new Map();
    this.limits = new Map();
    this.render = onceAFrame(() => this.draw());
    this.root = root;
    this.list = el("div", { class: "cards" });
    this.told = el("p", { class: "empty" }, "Waiting for the first sample.");
    root.append(el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Isolates" }, this.told, this.list));
  }

  setWorkers(workers) {
    this.kinds = new Map(workers.map((worker) => [worker.name, worker.kind]));
    for (const { name, limits } of workers) {
      this.limits.set(name, limits.find(({ key }) => key === "memory_mb").value * (1 << 20));
    }
  }

  opened() {
    this.render();
  }

  add(sample) {
    for (const isolate of this.isolates.values()) isolate.missed += 1;
    for (const worker of sample.workers) {
      for (const figures of worker.instances) this.take(sample.at, worker.name, figures);
    }
    for (const [id, isolate] of this.isolates) {
      if (isolate.missed > ENDED_SAMPLES) {
        isolate.card.remove();
        this.isolates.delete(id);
      }
    }
    const components = sample.workers.filter(({ name }) => this.kinds?.get(name) === "wasm");
    const idle = sample.workers.filter(({ name, instances }) => instances.length === 0 && this.kinds?.get(name) === "js");
    this.told.textContent = [
      ...components.map(({ name, in_flight }) => `${name} is a component, with an instance for each of its ${in_flight} requests in flight.`),
      ...idle.map(({ name }) => `${name} has no isolate now; the next request starts one.`),
    ].join(" ");
    this.told.hidden = this.told.textContent === "";
    if (!this.root.hidden) this.render();
  }

  take(at, worker, figures) {
    let isolate = this.isolates.get(figures.id);
    if (!isolate) {
      isolate = this.card(worker, figures.id);
      this.isolates.set(figures.id, isolate);
      this.list.append(isolate.card);
    }
    const { last } = isolate;
    if (last && at > last.at) {
      isolate.cpu.push([at, Math.min(100, (100 * Math.max(0, figures.cpu_ms - last.cpu_ms)) / (at - last.at))]);
    }
    isolate.heap.push([at, figures.heap_bytes]);
    for (const series of [isolate.cpu, isolate.heap]) series.splice(0, Math.max(0, series.length - SAMPLES_MAX));
    Object.assign(isolate, { last: { at, cpu_ms: figures.cpu_ms }, figures, missed: 0 });
  }

  card(worker, id) {
    const heapPlot = new Plot({ label: `Heap of isolate ${id}`, text: bytes, floor: 1 << 20, colour: "heap" });
    const cpuPlot = new Plot({ label: `CPU of isolate ${id}`, text: (value) => `${value.toFixed(0)} %`, floor: 100, colour: "cpu" });
    const state = el("span", { class: "pill quiet" });
    const facts = el("dl", {});
    const card = el("article", { class: "card wide" },
      el("h2", {}, `${worker} `, el("span", { class: "dim" }, `isolate ${id} `), state), heapPlot.element, cpuPlot.element, facts);
    return { worker, card, state, facts, heapPlot, cpuPlot, heap: [], cpu: [], missed: 0, last: null };
  }

  draw() {
    if (this.root.hidden) return;
    for (const { worker, state, facts, heapPlot, cpuPlot, heap, cpu, figures, missed } of this.isolates.values()) {
      const now = missed > 0 ? "ended" : figures.state;
      state.textContent = now;
      state.className = `pill ${{ serving: "good", busy: "warn" }[now] ?? "quiet"}`;
      heapPlot.draw(heap);
      cpuPlot.draw(cpu);
      const rows = [
        ["Memory", `${bytes(figures.memory_bytes)} in all, of ${bytes(this.limits.get(worker))}`],
        ["CPU time", `${(figures.cpu_ms / 1000).toFixed(2)} s`], ["Serves since", `${Math.round(figures.age_ms / 1000)} s`],
        ["In flight", `${figures.open}, ${figures.queued} queued`], ["Connections", String(figures.connections)],
      ];
      facts.replaceChildren(...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
    }
  }
}
