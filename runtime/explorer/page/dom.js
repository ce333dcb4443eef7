// Elements are made here, and text becomes text alone: nothing in these files parses markup.

/** An element: `el("button", { class: "x", onclick }, "text", child)`. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A control with its label before it. */
export function labelled(text, control) {
  return el("label", {}, el("span", {}, text), control);
}

export function select(options, onchange) {
  return el("select", { onchange }, ...options.map(([value, text]) => el("option", { value }, text)));
}

/** Has a select offer these, and keep what was chosen if that is still among them. */
export function setOptions(control, options) {
  const chosen = control.value;
  control.replaceChildren(...options.map(([value, text]) => el("option", { value }, text)));
  if (options.some(([value]) => value === chosen)) control.value = chosen;
}

export function time(at) {
  const date = new Date(at);
  const two = (number, digits = 2) => String(number).padStart(digits, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${two(date.getMilliseconds(), 3)}`;
}

export function ms(value) {
  if (value === undefined || value === null) return "";
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function bytes(value) {
  if (value === undefined || value === null) return "";
  if (value < 1024) return `${value} B`;
  if (value < 1 << 20) return `${(value / 1024).toFixed(1)} KiB`;
  return `${(value / (1 << 20)).toFixed(1)} MiB`;
}

/**
 * Calls `work` once before the next frame, however often it is asked for. A page that nobody sees has no frames, or late
 * ones: it is called soon all the same, so that what waits for it does not grow.
 */
export function onceAFrame(work) {
  let asked = false;
  const run = () => {
    if (!asked) return;
    asked = false;
    work();
  };
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(run);
    setTimeout(run, 250);
  };
}
