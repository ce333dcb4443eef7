// The client of bad neighbours, or the upstream of the one that fetches, in a process of its own.
//
// usage: node client.mjs ATTACK[,ATTACK ...] URL | node client.mjs upstream

import http from "node:http";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { attack } from "./attacks.mjs";

/** How long the upstream lets everybody wait: many fetches are open, and few are to be answered a second. */
const hold_ms = 1_000;

const [what, url] = process.argv.slice(2);
if (what === "upstream") {
  const server = http.createServer({ keepAliveTimeout: 60_000 }, (_request, response) => setTimeout(() => response.end("held"), hold_ms));
  server.listen(0, "127.0.0.1", 4_096, () => console.log(`http://127.0.0.1:${server.address().port}`));
} else {
  await Promise.all(what.split(",").map((name) => attack(name, `${url}/${name}/`, { http, net, sleep })));
}
