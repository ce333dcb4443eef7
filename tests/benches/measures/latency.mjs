// Latency while there is room: at half of the most that a server can do, and at the same rate for all.

import { median, paced, wrk } from "../measure.mjs";
import * as report from "../report.mjs";

const warm_up_seconds = 2;
const reach = { deno: 1, workerd: 1 };

export async function latency(bench) {
  const title = "hello world, p99 at a fixed rate";
  const names = bench.servers.filter((server) => bench.takes_part(server, "hello"));
  const top = async ({ server, up }) => {
    const sample = await bench.again(`${title}, ${server}`, () => wrk(up.urls[0], ["hello", "1"], bench.seconds, up.processes));
    return sample.rate;
  };
  const fielded = await bench.field(title, names, async (server) => {
    const up = await bench.start(server, "hello", 1);
    await wrk(up.urls[0], ["hello", "1"], warm_up_seconds, up.processes);
    return up;
  });
  const rows = [...fielded].map(([server, up]) => ({ server, up, tops: [], own: [], same: [] }));
  for (let round = 0; round < Math.min(bench.rounds, 3); round += 1) {
    for (const row of rows) row.tops.push(await top(row));
  }
  for (const row of rows) row.half = Math.round(median(row.tops) / 2);
  const same = Math.min(...rows.map((row) => row.half));
  const { client } = bench.binaries;
  for (let round = 1; round <= bench.rounds; round += 1) {
    for (const row of rows) {
      const run = (rate) => bench.again(`${title}, ${row.server}`, () => paced(client, row.up.urls[0], rate, bench.seconds));
      row.own.push(await run(row.half));
      row.same.push(await run(same));
      const [own, at_same] = [row.own.at(-1).p99_ms, row.same.at(-1).p99_ms].map((ms) => ms.toFixed(2));
      bench.say(`${title}, round ${round} of ${bench.rounds}: ${row.server} ${own} ms at ${row.half}/s, ${at_same} ms at ${same}/s`);
    }
  }
  for (const { up } of rows) await bench.end(up);

  const subject = rows.find(({ server }) => server === "worky");
  const ratio = (row, at) => median(row[at].map((sample, round) => subject[at][round].p99_ms / sample.p99_ms));
  const targets = rows
    .filter((row) => subject && row.server in reach)
    .flatMap((row) => [
      { what: "p99 at half of the own top throughput", at: "own", row },
      { what: "p99 at the same rate", at: "same", row },
    ])
    .map(({ what, at, row }) => {
      const measured = ratio(row, at);
      return { what, against: row.server, reach: `at most ${reach[row.server]}x`, measured: `${measured.toFixed(2)}x`, met: measured <= reach[row.server] };
    });
  const figures = ["p50_ms", "p99_ms", "max_ms"];
  const medians = (samples) => Object.fromEntries(figures.map((figure) => [figure, median(samples.map((sample) => sample[figure]))]));
  const table = rows.map((row) => ({ server: row.server, half: row.half, own: medians(row.own), same: medians(row.same) }));
  return { text: report.latency({ title, same, rows: table }), targets };
}
