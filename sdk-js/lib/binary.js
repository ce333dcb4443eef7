// Where the program is: npm has no part in bringing it.
import { accessSync, constants, openSync, readSync, closeSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";

const NAME = process.platform === "win32" ? "worky.exe" : "worky";
/** What this package's own command is called in it: what a package manager links to, or writes a script for. */
const WRAPPER = /[\\/]bin[\\/]worky\.js\b/;
/** As much of a script as says what it runs. */
const SCRIPT_BYTES_MAX = 4096;

export class BinaryNotFoundError extends Error {
  name = "BinaryNotFoundError";
}

/**
 * The program's path: what is given, `WORKY_BINARY`, `node_modules/.bin` of the directory and those around it, `PATH`.
 * @param {{ binary?: string, cwd?: string, env?: Record<string, string | undefined> }} [options]
 * @returns {string}
 */
export function findBinary({ binary, cwd = process.cwd(), env = process.env } = {}) {
  if (binary !== undefined) return named(resolve(cwd, binary), "the option `binary`");
  if (env.WORKY_BINARY) return named(resolve(cwd, env.WORKY_BINARY), "WORKY_BINARY");
  for (const directory of [...around(cwd), ...(env.PATH ?? "").split(delimiter).filter(Boolean)]) {
    const path = join(directory, NAME);
    if (isProgram(path) && !isWrapper(path)) return path;
  }
  throw new BinaryNotFoundError(
    `there is no program ${NAME}: not in node_modules/.bin of ${resolve(cwd)} or a directory around it, and not on PATH\n\n` +
      "The npm package is its command line and its types, and does not bring it along. In worky's repository `make build`\n" +
      "leaves it in target/release/worky: put that on PATH, or name it, WORKY_BINARY=/path/to/worky",
  );
}

function named(path, by) {
  if (!isProgram(path)) throw new BinaryNotFoundError(`${by} names ${path}, and there is no program that can be run`);
  if (isWrapper(path)) throw new BinaryNotFoundError(`${by} names ${path}, which is npm's command worky and not the program`);
  return path;
}

function* around(directory) {
  for (let at = resolve(directory); ; at = dirname(at)) {
    yield join(at, "node_modules", ".bin");
    if (at === dirname(at)) return;
  }
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** A link to this package's command, or the script that some package managers write instead. */
function isWrapper(path) {
  if (WRAPPER.test(realpathSync(path))) return true;
  const bytes = Buffer.alloc(SCRIPT_BYTES_MAX);
  const file = openSync(path, "r");
  try {
    const text = bytes.subarray(0, readSync(file, bytes, 0, SCRIPT_BYTES_MAX, 0)).toString("latin1");
    return text.startsWith("#!") && WRAPPER.test(text);
  } finally {
    closeSync(file);
  }
}
