// A thousand deployed workers under traffic that is spread as Zipf's law has it, beside one worker.

import { median, wrk } from "../measure.mjs";
import * as report from "../report.mjs";

const deployed = 1_000;
const reach = 0.8;
const warm_up_seconds = 5;

export async function tenants(bench) {
  const title = `${deployed.toLocaleString("en-US")} deployed workers, Zipf traffic (s = 1)`;
  const rows = [
    { deployed: 1, samples: [], up: await bench.start("worky", "hello", 1) },
    { deployed, samples: [], up: await bench.start("worky", "hello", deployed) },
  ];
  const run = ({ up, deployed }, seconds) => {
    const { origin } = new URL(up.urls[0]);
    return wrk(origin, [deployed > 1 ? "zipf" : "hello", `${deployed}`], seconds, up.processes);
  };
  for (const row of rows) await run(row, warm_up_seconds);
  for (let round = 1; round <= bench.rounds; round += 1) {
    for (const row of rows) {
      const sample = await run(row, bench.seconds);
      row.samples.push(sample);
      bench.say(`${title}, round ${round} of ${bench.rounds}: ${row.deployed} deployed, ${Math.round(sample.rate)} requests/s`);
    }
  }
  for (const { up } of rows) await bench.end(up);

  const [one, many] = rows;
  const ratio = median(many.samples.map((sample, round) => sample.rate / one.samples[round].rate));
  const figures = ["rate", "p50_ms", "p99_ms", "cpu_us"];
  for (const row of rows) {
    for (const figure of figures) row[figure] = median(row.samples.map((sample) => sample[figure]));
  }
  const targets = [{ what: title, against: "1 worker", reach: `${reach}x`, measured: `${ratio.toFixed(2)}x`, met: ratio >= reach }];
  return { text: report.tenants({ title, rows, ratio }), targets };
}
