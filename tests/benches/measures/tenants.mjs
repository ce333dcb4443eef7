// A thousand deployed workers under traffic that is spread as Zipf's law has it, beside one worker.

import { median, visits, wrk } from "../measure.mjs";
import * as report from "../report.mjs";

const deployed = 1_000;
const reach = 0.8;
const warm_up_seconds = 5;
const visit_requests = 100;
const figures = ["rate", "p50_ms", "p99_ms", "cpu_us"];

export async function tenants(bench) {
  const title = `${deployed.toLocaleString("en-US")} deployed workers, Zipf traffic (s = 1)`;
  const servers = [
    { deployed: 1, up: await bench.start("worky", "hello", 1) },
    { deployed, up: await bench.start("worky", "hello", deployed) },
  ];
  const { client } = bench.binaries;
  const ways = [
    {
      what: "every connection asks all workers",
      run: ({ up, deployed }, seconds) => wrk(new URL(up.urls[0]).origin, [deployed > 1 ? "zipf" : "hello", `${deployed}`], seconds, up.processes),
    },
    {
      what: `a connection asks one worker ${visit_requests} times`,
      run: ({ up, deployed }, seconds) => visits(client, up.urls[0], deployed, visit_requests, seconds, up.processes),
    },
  ];
  const rows = ways.flatMap((way) => servers.map((server) => ({ way, server, samples: [] })));
  const run = ({ way, server }, seconds) => bench.again(`${title}, ${server.deployed} deployed`, () => way.run(server, seconds));
  for (const row of rows) await run(row, warm_up_seconds);
  for (let round = 1; round <= bench.rounds; round += 1) {
    for (const row of rows) {
      const { way, server } = row;
      const sample = await run(row, bench.seconds);
      row.samples.push(sample);
      bench.say(`${title}, round ${round} of ${bench.rounds}: ${server.deployed} deployed, ${way.what}: ${Math.round(sample.rate)} requests/s`);
    }
  }
  for (const { up } of servers) await bench.end(up);

  const targets = [];
  for (const row of rows) {
    for (const figure of figures) row[figure] = median(row.samples.map((sample) => sample[figure]));
    const one = rows.find(({ way, server }) => way === row.way && server.deployed === 1);
    if (row === one) continue;
    row.ratio = median(row.samples.map((sample, round) => sample.rate / one.samples[round].rate));
    targets.push({ what: `${title}, ${row.way.what}`, against: "1 worker", reach: `${reach}x`, measured: `${row.ratio.toFixed(2)}x`, met: row.ratio >= reach });
  }
  return { text: report.tenants({ title, rows }), targets };
}
