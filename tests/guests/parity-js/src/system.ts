import { type Exchange, json, text } from "./types.ts";

/** `/config/NAME` */
export function config({ env }: Exchange, name: string): Response {
  const value = env[name];
  if (value === undefined) return text(404, "nothing there\n");
  return text(200, typeof value === "string" ? value : JSON.stringify(value));
}

/** What the process tells about itself. */
export function environment(): Response {
  const { process } = globalThis as { process?: { env: Record<string, string>; argv: string[]; cwd(): string } };
  return json(200, { variables: process?.env ?? {}, arguments: process?.argv ?? [], directory: process?.cwd() ?? null });
}

/** `/log?level=warn&message=&times=` */
export function log(exchange: Exchange): Response {
  const levels = { debug: console.debug, warn: console.warn, error: console.error } as Record<string, typeof console.log>;
  const write = levels[exchange.parameter("level") ?? ""] ?? console.info;
  for (let index = 0; index < exchange.number("times", 1); index++) write(exchange.parameter("message") ?? "");
  return text(200, "logged\n");
}
