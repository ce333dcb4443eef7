#!/usr/bin/env node
// The command `worky` of the npm package: the program itself, with this one's arguments, streams, signals and exit code.
import { spawn } from "node:child_process";
import { constants } from "node:os";

import { BinaryNotFoundError, findBinary } from "../lib/binary.js";

// A terminal sends these to all that runs in it, and a second one would end the program at once.
const OF_TERMINAL = ["SIGINT", "SIGQUIT", "SIGHUP"];
const FORWARDED = [...OF_TERMINAL, "SIGTERM", "SIGUSR1", "SIGUSR2"];
const inTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);

// Whatever a package manager makes of this command, it must not run itself for ever.
const STARTED_BY = "WORKY_STARTED_BY_NPM";

let program;
try {
  program = findBinary();
  if (process.env[STARTED_BY] === program) {
    throw new BinaryNotFoundError(`${program} is npm's command worky and not the program; name that: WORKY_BINARY=/path/to/worky`);
  }
} catch (error) {
  if (!(error instanceof BinaryNotFoundError)) throw error;
  console.error(`error: ${error.message}`);
  process.exit(127);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit", env: { ...process.env, [STARTED_BY]: program } });
for (const signal of FORWARDED) {
  process.on(signal, () => {
    if (!inTerminal || !OF_TERMINAL.includes(signal)) child.kill(signal);
  });
}
child.on("error", (error) => {
  console.error(`error: ${program} cannot be run: ${error.message}`);
  process.exit(126);
});
child.on("exit", (code, signal) => {
  // As a shell tells of a program that a signal ended.
  process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
});
