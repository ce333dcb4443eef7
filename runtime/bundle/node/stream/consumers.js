import { Buffer } from "node:buffer";
//#region src/stream/consumers.js
const bytes = async (stream) => new Uint8Array(await buffer(stream));
async function buffer(stream) {
	const chunks = [];
	for await (const chunk of stream) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
	return Buffer.concat(chunks);
}
async function arrayBuffer(stream) {
	const { buffer: whole, byteOffset, byteLength } = await buffer(stream);
	return whole.slice(byteOffset, byteOffset + byteLength);
}
async function blob(stream) {
	return new Blob([await buffer(stream)]);
}
async function text(stream) {
	const decoder = new TextDecoder();
	let all = "";
	for await (const chunk of stream) all += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
	return all + decoder.decode();
}
async function json(stream) {
	return JSON.parse(await text(stream));
}
var consumers_default = {
	arrayBuffer,
	blob,
	buffer,
	bytes,
	json,
	text
};
//#endregion
export { arrayBuffer, blob, buffer, bytes, consumers_default as default, json, text };
