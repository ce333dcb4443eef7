/** What one check is: it throws where something is not as it should be. */
export type Cases = Record<string, () => unknown>;

export function ok(value: unknown, what = "value"): asserts value {
  if (!value) throw new Error(`${what} is ${String(value)}`);
}

export function same(actual: unknown, expected: unknown): void {
  const [a, b] = [show(actual), show(expected)];
  if (a !== b) throw new Error(`got ${a}, expected ${b}`);
}

/** Runs `act`, which must throw or reject with an error of this name, and answers the error. */
export async function fails(name: string, act: () => unknown): Promise<Error> {
  try {
    await act();
  } catch (error) {
    if ((error as Error)?.name !== name) throw new Error(`threw ${error}, expected a ${name}`);
    return error as Error;
  }
  throw new Error(`did not throw, expected a ${name}`);
}

export async function collect<T>(stream: ReadableStream<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const chunk of stream) out.push(chunk);
  return out;
}

export const bytes = (...values: number[]) => new Uint8Array(values);

export const hex = (data: ArrayBuffer | ArrayBufferView): string => {
  const view = data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Array.from(view, (b) => b.toString(16).padStart(2, "0")).join("");
};

function show(value: unknown): string {
  if (ArrayBuffer.isView(value)) return `bytes ${hex(value)}`;
  if (value instanceof ArrayBuffer) return `bytes ${hex(value)}`;
  if (typeof value === "number" || typeof value === "bigint" || value === undefined) return String(value);
  return JSON.stringify(value);
}
