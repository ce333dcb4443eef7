export type Cases = Record<string, () => unknown>;

/** The same, in every respect that JavaScript can tell: kinds of numbers, `undefined` and typed arrays included. */
export function same(actual: unknown, expected: unknown): void {
  if (show(actual) !== show(expected)) throw new Error(`got ${show(actual)}, expected ${show(expected)}`);
}

export function show(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${[...(value as Uint8Array)].map(show)})`;
  if (Array.isArray(value)) return `[${value.map(show)}]`;
  return `{${Object.entries(value).map(([key, inner]) => `${key}:${show(inner)}`)}}`;
}

/** Runs `act`, which must throw or reject with an error of this name and exactly this message. */
export async function fails(act: () => unknown, name: string, message: string): Promise<Error> {
  const error = await caught(act);
  if (!(error instanceof Error)) throw new Error(`${show(error)} is no error`);
  same([error.name, error.message], [name, message]);
  return error;
}

/** A TypeError with this message. */
export function refused(act: () => unknown, message: string): Promise<Error> {
  return fails(act, "TypeError", message);
}

export async function caught(act: () => unknown): Promise<unknown> {
  let value: unknown;
  try {
    value = await act();
  } catch (error) {
    return error;
  }
  throw new Error(`was not refused, and answered ${show(value)}`);
}
