// Requests a second of every server that can host a worker, side by side.

import { fill, load, keys, median, probe } from "../measure.mjs";
import * as report from "../report.mjs";
import { workloads } from "../workloads.mjs";

const warm_up_seconds = 2;
const figures = ["rate", "mib", "p50_ms", "p99_ms", "cpu_us"];

/** Servers take turns, so that what slows the machine for a while slows all of them. */
export async function throughput(bench, name) {
  const { title, worker, probe: check, reach, answer_bytes } = workloads[name];
  const run = (up, seconds) => (up.load ? up.load(name, seconds, keys) : load(up.urls[0], name, seconds, up.processes));
  const names = bench.servers.filter((server) => bench.takes_part(server, worker, name));
  const fielded = await bench.field(title, names, async (server) => {
    const up = await bench.start(server, worker, 1);
    try {
      if (up.urls.length > 0 && (worker === "kv" || worker === "component")) await fill(up.urls[0]);
      if (up.urls.length > 0) await probe(server, up.urls[0], check);
      await bench.again(`${title}, ${server}, warming up`, () => run(up, warm_up_seconds));
      return up;
    } catch (error) {
      await bench.end(up);
      throw error;
    }
  });
  const rows = [...fielded.keys()].map((server) => ({ server, samples: [] }));
  for (let round = 1; round <= bench.rounds; round += 1) {
    for (const { server, samples } of rows) {
      const sample = await bench.again(`${title}, ${server}`, () => run(fielded.get(server), bench.seconds));
      samples.push(sample);
      bench.say(`${title}, round ${round} of ${bench.rounds}: ${server} ${Math.round(sample.rate)} requests/s, p99 ${sample.p99_ms.toFixed(2)} ms`);
    }
  }
  for (const up of fielded.values()) await bench.end(up);

  const subject = rows.find(({ server }) => server.startsWith("worky"));
  for (const row of rows) {
    for (const figure of figures) row[figure] = median(row.samples.map((sample) => sample[figure] ?? NaN));
    // Of what was measured right after each other, and not of medians from different rounds.
    if (subject && row !== subject) row.ratio = median(row.samples.map((sample, round) => subject.samples[round].rate / sample.rate));
    row.reach = row === subject ? undefined : reach[row.server];
  }
  const targets = rows
    .filter((row) => row.reach !== undefined && row.ratio !== undefined)
    .map((row) => ({ what: title, against: row.server, reach: `${row.reach}x`, measured: `${row.ratio.toFixed(2)}x`, met: row.ratio >= row.reach }));
  const remarks = [...fielded.values()].flatMap(({ remark }) => remark ?? []);
  return { text: report.throughput({ title, rows, in_mib: answer_bytes !== undefined, remarks }), targets };
}
