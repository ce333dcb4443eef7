// A line over time, as SVG.

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, TOP] = [600, 90, 6];
/** What the width stands for. */
const SPAN_MS = 300_000;

function svg(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

export class Plot {
  /** `floor` is what the height stands for, or less than that; `text` makes a value readable. */
  constructor({ label, text, floor, colour }) {
    Object.assign(this, { label, text, floor });
    this.area = svg("path", { class: `area ${colour}` });
    this.line = svg("path", { class: `line ${colour}`, "vector-effect": "non-scaling-stroke" });
    this.picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" });
    for (const part of [1, 2]) {
      const y = TOP + ((HEIGHT - TOP) * (part - 1)) / 2;
      this.picture.append(svg("line", { class: "grid", x1: 0, x2: WIDTH, y1: y, y2: y, "vector-effect": "non-scaling-stroke" }));
    }
    this.picture.append(this.area, this.line);
    this.now = document.createElement("span");
    this.top = document.createElement("span");
    const caption = document.createElement("figcaption");
    this.now.className = "now";
    this.top.className = "dim";
    caption.append(this.now, this.top);
    this.element = document.createElement("figure");
    this.element.append(caption, this.picture);
  }

  /** Draws points `[unix ms, value]`, the newest last. */
  draw(points) {
    const name = this.label.split(" ")[0];
    if (points.length === 0) {
      this.now.textContent = `${name} –`;
      return;
    }
    const values = points.map(([, value]) => value);
    const [last, highest] = [values.at(-1), Math.max(...values)];
    const top = niceTop(Math.max(highest, this.floor));
    const end = points.at(-1)[0];
    const span = Math.max(30_000, Math.min(SPAN_MS, end - points[0][0]));
    const x = (at) => (WIDTH * (1 - (end - at) / span)).toFixed(1);
    const y = (value) => (HEIGHT - ((HEIGHT - TOP) * value) / top).toFixed(1);
    const line = points.map(([at, value]) => `${x(at)} ${y(value)}`).join("L");
    this.line.setAttribute("d", `M${line}`);
    this.area.setAttribute("d", `M${x(points[0][0])} ${HEIGHT}L${line}L${WIDTH} ${HEIGHT}Z`);
    this.now.textContent = `${name} ${this.text(last)}`;
    this.top.textContent = `highest ${this.text(highest)}, scale ${this.text(top)}, last ${Math.round(span / 1000)} s`;
    this.picture.setAttribute("aria-label", `${this.label}: now ${this.text(last)}, highest ${this.text(highest)}`);
  }
}

/** A round number that is not below `value`: percents end at 100, bytes at powers of two and their halves. */
function niceTop(value) {
  if (value <= 100) return 100;
  let top = 1 << 20;
  while (top < value) top *= top * 1.5 >= value ? 1.5 : 2;
  return top;
}
