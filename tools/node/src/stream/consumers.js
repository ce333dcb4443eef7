import { Buffer } from "node:buffer";

export const bytes = async (stream) => new Uint8Array(await buffer(stream));
export async function buffer(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}
export async function arrayBuffer(stream) {
  const { buffer: whole, byteOffset, byteLength } = await buffer(stream);
  return whole.slice(byteOffset, byteOffset + byteLength);
}
export async function blob(stream) {
  return new Blob([await buffer(stream)]);
}
export async function text(stream) {
  const decoder = new TextDecoder();
  let all = "";
  for await (const chunk of stream) all += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
  return all + decoder.decode();
}
export async function json(stream) {
  return JSON.parse(await text(stream));
}

export default { arrayBuffer, blob, buffer, bytes, json, text };
