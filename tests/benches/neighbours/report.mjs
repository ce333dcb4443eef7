// Turns the samples into a table and a plot. Ratios are against the same worker alone, in the same run.

import { execFileSync } from "node:child_process";
import fs from "node:fs";

import { attacks, combinations } from "./attacks.mjs";

const begin = "<!-- neighbours: written by `make neighbours` -->";
const end = "<!-- end of neighbours -->";
/** What the runtime promises: a neighbour's p99 is at most this many times what it is alone. */
const promised_ratio = 2;

/** Medians over the rounds, and a Markdown table of them. */
export function table(samples, victims) {
  const figure = (name, victim, field) => median(samples[name][victim].map((sample) => sample[field]));
  const rows = Object.keys(samples).map((name) => ({
    name,
    title: name === "alone" ? "nobody" : (attacks[name] ?? combinations[name]).title,
    victims: victims.map((victim) => ({
      p50_ms: figure(name, victim, "p50_ms"),
      p99_ms: figure(name, victim, "p99_ms"),
      ratio: figure(name, victim, "p99_ms") / figure("alone", victim, "p99_ms"),
      failed: samples[name][victim].reduce((sum, sample) => sum + sample.errors, 0),
    })),
  }));
  const lines = rows.map(({ title, victims }) => {
    const cells = victims.map(({ p50_ms, p99_ms, ratio, failed }) => `${p50_ms.toFixed(2)} | ${p99_ms.toFixed(2)} | ${ratio.toFixed(2)}x | ${failed}`);
    return `| ${title} | ${cells.join(" | ")} |`;
  });
  const heads = victims.map((victim) => `${victim}: p50 ms | p99 ms | p99 against alone | failed`);
  const text = [`| neighbour | ${heads.join(" | ")} |`, `|---|${victims.map(() => "--:|--:|--:|--:|").join("")}`, ...lines].join("\n");
  return { rows, text };
}

export function write_table(file, { text, rounds, seconds, restless, attacked }) {
  const page = fs.readFileSync(file, "utf8");
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${file} lacks the lines '${begin}' and '${end}', between which the figures go`);
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const about = `- ${new Date().toISOString().slice(0, 10)}, commit ${commit}, \`make neighbours\`: medians of ${rounds} rounds of ${seconds} s`;
  const rest = restless > 0 ? `\n- before ${restless} of ${attacked} attacks the machine did not come to rest (below), so the figures are off` : "";
  fs.writeFileSync(file, `${page.slice(0, from + begin.length)}\n\n${about}${rest}\n\n${text}\n\n${page.slice(to)}`);
}

/** Bars of the ratios, one row for each attack, with a line at what is promised. */
export function plot({ rows }, victims) {
  const [left, top, bar, gap, width, legend] = [400, 56, 12, 14, 480, 24];
  const step = victims.length * bar + gap;
  const shown = rows.filter(({ name }) => name !== "alone");
  const most = Math.max(promised_ratio + 1, ...shown.flatMap(({ victims }) => victims.map(({ ratio }) => ratio)));
  const x = (ratio) => left + (ratio / most) * width;
  const height = top + shown.length * step + legend;
  const colors = ["#2f6fb5", "#d98032"];
  const bars = shown.flatMap((row, index) => {
    const y = top + index * step;
    const label = `<text x="${left - 10}" y="${y + bar + 4}" text-anchor="end">${escape(row.title)}</text>`;
    return [label, ...row.victims.map(({ ratio, p99_ms }, at) => {
      const y_bar = y + at * bar;
      return (
        `<rect x="${left}" y="${y_bar}" width="${(x(ratio) - left).toFixed(1)}" height="${bar - 2}" fill="${colors[at]}"/>` +
        `<text x="${(x(ratio) + 4).toFixed(1)}" y="${y_bar + bar - 3}" class="small">${ratio.toFixed(2)}x, ${p99_ms.toFixed(2)} ms</text>`
      );
    })];
  });
  const rule = (ratio, text, dash) =>
    `<line x1="${x(ratio)}" x2="${x(ratio)}" y1="${top - 8}" y2="${height - legend}" stroke="#888" stroke-dasharray="${dash}"/>` +
    `<text x="${x(ratio)}" y="${top - 12}" text-anchor="middle" class="small">${text}</text>`;
  const keys = victims.map((victim, at) => `<rect x="${left + at * 120}" y="${height - 14}" width="10" height="10" fill="${colors[at]}"/><text x="${left + at * 120 + 16}" y="${height - 5}" class="small">${escape(victim)}</text>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + 130} ${height}" font-family="sans-serif" font-size="13">`,
    `<style>.small { font-size: 10px } text { fill: #222 }</style>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="10" y="20" font-size="15">p99 of a well-behaved worker beside a bad neighbour, against the same worker alone</text>`,
    rule(1, "alone", "0"),
    rule(promised_ratio, "promised: at most twice", "4 3"),
    ...bars,
    ...keys,
    "</svg>",
    "",
  ].join("\n");
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
