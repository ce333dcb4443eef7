// Turns the figures into Markdown, and puts it between the markers of benches/README.md.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";

const begin = "<!-- figures: written by `make bench` -->";
const end = "<!-- end of figures -->";

/** What was to be reached, and what was measured. */
export function targets(rows) {
  if (rows.length === 0) return "";
  return [
    "### Targets",
    "",
    "| what | against | reach | measured | |",
    "|---|---|--:|--:|---|",
    ...rows.map(({ what, against, reach, measured, met }) => `| ${what} | ${against} | ${reach} | ${measured} | ${met ? "reached" : "missed"} |`),
  ].join("\n");
}

/** `ratio` says how many times a server's rate worky's is. */
export function throughput({ title, rows, in_mib, remarks }) {
  const lines = rows.map((row) => {
    const rate = in_mib ? `${row.rate.toFixed(1)} | ${row.mib.toFixed(0)}` : thousands(row.rate);
    return `| ${row.server} | ${rate} | ${times(row.ratio)} | ${row.reach ? `${row.reach}x` : ""} | ${ms(row.p50_ms)} | ${ms(row.p99_ms)} | ${fixed(row.cpu_us, 1)} |`;
  });
  return [
    `### ${title}`,
    "",
    `| server | requests/s |${in_mib ? " MiB/s |" : ""} worky against it | to reach | p50 ms | p99 ms | CPU µs/request |`,
    `|---|--:|${in_mib ? "--:|" : ""}--:|--:|--:|--:|--:|`,
    ...lines,
    ...remarks.flatMap((remark) => ["", remark]),
  ].join("\n");
}

export function latency({ title, same, rows }) {
  const cells = ({ p50_ms, p99_ms, max_ms }) => `${ms(p50_ms)} | ${ms(p99_ms)} | ${ms(max_ms)}`;
  return [
    `### ${title}`,
    "",
    `| server | half of its top, requests/s | p50 ms | p99 ms | longest ms | at ${thousands(same)}/s: p50 ms | p99 ms | longest ms |`,
    "|---|--:|--:|--:|--:|--:|--:|--:|",
    ...rows.map((row) => `| ${row.server} | ${thousands(row.half)} | ${cells(row.own)} | ${cells(row.same)} |`),
  ].join("\n");
}

export function cold({ title, rows }) {
  return [
    `### ${title}`,
    "",
    "| worker | bytes | cold request, ms | its p99 | warm request, ms | difference, ms | `deno run`, ms |",
    "|---|--:|--:|--:|--:|--:|--:|",
    ...rows.map(
      (row) =>
        `| ${row.worker} | ${thousands(row.bytes)} | ${ms(row.cold_ms)} | ${ms(row.cold_p99_ms)} | ${ms(row.warm_ms)} | ` +
        `${ms(row.cold_ms - row.warm_ms)} | ${fixed(row.deno_ms, 1)} |`,
    ),
  ].join("\n");
}

export function tenants({ title, rows }) {
  return [
    `### ${title}`,
    "",
    "| traffic | deployed | requests/s | against 1 | p50 ms | p99 ms | CPU µs/request |",
    "|---|--:|--:|--:|--:|--:|--:|",
    ...rows.map((row) => {
      const latency = `${ms(row.p50_ms)} | ${ms(row.p99_ms)}`;
      return `| ${row.way.what} | ${thousands(row.server.deployed)} | ${thousands(row.rate)} | ${times(row.ratio)} | ${latency} | ${fixed(row.cpu_us, 1)} |`;
    }),
  ].join("\n");
}

export function footprint({ rows, many }) {
  const lines = [
    "### Start and memory, hello world",
    "",
    "| server | start to first response, ms | RSS with 1 worker, MiB | per added worker, MiB | added |",
    "|---|--:|--:|--:|--:|",
    ...rows.map((row) => `| ${row.server} | ${row.start_ms.toFixed(0)} | ${row.rss.toFixed(0)} | ${row.added_mib.toFixed(2)} | ${row.added} |`),
  ];
  if (many.mib !== undefined) {
    lines.push("", `worky with ${thousands(many.deployed)} deployed and ${many.resident} resident workers: ${many.mib.toFixed(0)} MiB.`);
  }
  return lines.join("\n");
}

export function conditions({ command, rounds, seconds, connections, versions, notes }) {
  const cpus = os.cpus();
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const busy = os.loadavg()[2];
  return [
    `- ${new Date().toISOString().slice(0, 10)}, commit ${commit}, \`${command}\``,
    `- ${cpus.length} x ${cpus[0].model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release().split(".", 2).join(".")}`,
    `- ${[...versions, `node ${process.versions.node}`].join("; ")}`,
    `- medians of ${rounds} interleaved round${rounds > 1 ? "s" : ""} of ${seconds} s, wrk with 1 thread and ${connections} connections on the same machine`,
    `- load average over the last 15 minutes: ${busy.toFixed(1)}`,
    ...notes.map((note) => `- ${note.replaceAll("\n", " ").trim()}`),
  ].join("\n");
}

export function write(file, text) {
  const page = fs.readFileSync(file, "utf8");
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${file} lacks the lines '${begin}' and '${end}', between which the figures go`);
  fs.writeFileSync(file, `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`);
}

function thousands(number) {
  return Math.round(number).toLocaleString("en-US");
}

function times(ratio) {
  return ratio === undefined ? "" : `${ratio.toFixed(2)}x`;
}

function ms(number) {
  return fixed(number, 2);
}

/** Empty where nothing was measured. */
function fixed(number, digits) {
  return Number.isFinite(number) ? number.toFixed(digits) : "";
}
