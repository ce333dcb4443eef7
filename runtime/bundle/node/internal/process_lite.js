import { nextTick } from "node:internal/tick";
//#region src/internal/process_lite.js
let directory = "/";
const cwd = () => directory;
function enter(to) {
	directory = new URL(`${to}/`, `file://${directory}/`).pathname.replace(/(?<=.)\/+$/, "");
}
var process_lite_default = {
	cwd,
	nextTick,
	env: {},
	stdout: void 0,
	stderr: void 0
};
//#endregion
export { cwd, process_lite_default as default, enter };
