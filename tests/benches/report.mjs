// Turns the figures into Markdown, and puts it between the markers of benches/README.md.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";

const begin = "<!-- figures: written by `make bench` -->";
const end = "<!-- end of figures -->";

/** The reference of a ratio is workerd where it takes part, and deno or wasmtime otherwise. */
export function throughput({ title, rows }) {
  const reference = rows.find((row) => row.server === "workerd") ?? rows.find((row) => row.server === "deno" || row.server === "wasmtime");
  const against = reference ? ` | against ${reference.server}` : "";
  const lines = rows.map((row) => {
    const ratio = reference ? ` | ${(row.rate / reference.rate).toFixed(2)}x` : "";
    const latency = `${row.p50_ms.toFixed(2)} | ${row.p99_ms.toFixed(2)}`;
    return `| ${row.server} | ${thousands(row.rate)}${ratio} | ${latency} | ${row.cpu_us.toFixed(1)} |`;
  });
  return [
    `### ${title}`,
    "",
    `| server | requests/s${against} | p50 ms | p99 ms | CPU µs/request |`,
    `|---|--:${reference ? "|--:" : ""}|--:|--:|--:|`,
    ...lines,
  ].join("\n");
}

export function footprint(rows, copies) {
  return [
    "### Start and memory, hello world",
    "",
    `| server | start to first response, ms | RSS with 1 worker, MiB | per added worker, MiB (1 to ${copies}) |`,
    "|---|--:|--:|--:|",
    ...rows.map((row) => `| ${row.server} | ${row.start_ms.toFixed(0)} | ${row.rss.toFixed(0)} | ${row.added.toFixed(1)} |`),
  ].join("\n");
}

export function conditions({ command, rounds, seconds, connections, binaries }) {
  const cpus = os.cpus();
  const version = (binary, ...args) => execFileSync(binary, args, { encoding: "utf8" }).split("\n")[0].trim();
  const versions = Object.values(binaries).map((binary) => version(binary, "--version"));
  const commit = version("git", "rev-parse", "--short", "HEAD");
  const busy = os.loadavg()[2];
  return [
    `- ${new Date().toISOString().slice(0, 10)}, commit ${commit}, \`${command}\``,
    `- ${cpus.length} x ${cpus[0].model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release().split(".", 2).join(".")}`,
    `- ${versions.join("; ")}; node ${process.versions.node}`,
    `- medians of ${rounds} interleaved round${rounds > 1 ? "s" : ""} of ${seconds} s, wrk with 1 thread and ${connections} connections on the same machine`,
    `- load average over the last 15 minutes: ${busy.toFixed(1)}`,
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
