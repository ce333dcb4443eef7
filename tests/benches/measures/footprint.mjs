// Start to first response, and memory: with one worker, what each added one takes, and with a thousand deployed.

import { median, memory } from "../measure.mjs";
import * as report from "../report.mjs";
import { worky } from "../servers.mjs";

const starts = 9;
/** Servers that host many workers in one process, and those that take a process for each. */
const added_workers = { worky: 200, workerd: 200 };
const added_processes = 20;
const deployed = 1_000;
const resident = 200;
const resident_mib_max = 1_024;

/** Servers are started and stopped one after the other: memory does not depend on who else runs. */
export async function footprint(bench) {
  const names = bench.servers.filter((server) => bench.takes_part(server, "hello") && server !== "node");
  const fielded = await bench.field("footprint", names, async (server) => {
    const times = [];
    for (let round = 0; round < starts; round += 1) {
      const up = await bench.start(server, "hello", 1);
      times.push(up.start_ms);
      await bench.end(up);
    }
    const added = added_workers[server] ?? added_processes;
    const small = await resident_memory(bench, server, 1);
    const large = await resident_memory(bench, server, 1 + added, server === "worky" ? 1 + added : undefined);
    const row = { server, start_ms: median(times), rss: small.rss, added, added_mib: (large.pss - small.pss) / added };
    bench.say(`${server}: ${row.start_ms.toFixed(0)} ms to the first response, ${row.rss.toFixed(0)} MiB, ${row.added_mib.toFixed(2)} MiB for each added worker`);
    return row;
  });
  const rows = [...fielded.values()];
  const targets = [];
  const [subject, other] = ["worky", "workerd"].map((server) => fielded.get(server));
  if (subject && other) {
    const ratio = subject.added_mib / other.added_mib;
    targets.push({ what: "RSS per resident hello worker", against: "workerd", reach: "at most 1x", measured: `${ratio.toFixed(2)}x`, met: ratio <= 1 });
  }
  let many_mib;
  if (subject) {
    ({ rss: many_mib } = await resident_memory(bench, "worky", deployed, resident));
    const what = `RSS with ${deployed.toLocaleString("en-US")} deployed and ${resident} resident workers`;
    targets.push({ what, against: "1 GiB", reach: `under ${resident_mib_max} MiB`, measured: `${many_mib.toFixed(0)} MiB`, met: many_mib < resident_mib_max });
  }
  return { text: report.footprint({ rows, many: { deployed, resident, mib: many_mib } }), targets };
}

/** `isolates_max` is told to worky alone. */
async function resident_memory(bench, server, copies, isolates_max) {
  const server_keys = `max_isolates = ${isolates_max}\n`;
  const start_server = isolates_max && ((worker, copies, dir) => worky(bench.binaries, worker, copies, dir, { server_keys }));
  const up = await bench.start(server, "hello", copies, start_server);
  const measured = await memory(up.processes);
  await bench.end(up);
  return measured;
}
