// The little of `process` that packages need, so that they do not bring all of it.
import { nextTick } from "node:internal/tick";

let directory = "/";
export const cwd = () => directory;
export function enter(to) {
  directory = new URL(`${to}/`, `file://${directory}/`).pathname.replace(/(?<=.)\/+$/, "");
}

export default { cwd, nextTick, env: {}, stdout: undefined, stderr: undefined };
