export type Cases = Record<string, (kv: KVNamespace, id: string) => unknown>;

export function same(actual: unknown, expected: unknown): void {
  const show = (value: unknown) => (value === undefined ? "undefined" : JSON.stringify(value));
  if (show(actual) !== show(expected)) throw new Error(`got ${show(actual)}, expected ${show(expected)}`);
}

/** Runs `act`, which must reject, and checks that the message tells of every part. */
export async function refused(act: () => unknown, ...parts: string[]): Promise<void> {
  try {
    await act();
  } catch (error) {
    const missing = parts.filter((part) => !String((error as Error).message).includes(part));
    if (!(error instanceof Error) || missing.length > 0) throw new Error(`${error} does not tell of ${missing}`);
    return;
  }
  throw new Error(`was not refused: ${act}`);
}

export interface KVNamespace {
  get(key: string | string[], type?: unknown): Promise<any>;
  getWithMetadata(key: string | string[], type?: unknown): Promise<any>;
  put(key: string, value: unknown, options?: Record<string, unknown>): Promise<void>;
  list(options?: Record<string, unknown>): Promise<any>;
  delete(key: string): Promise<void>;
}
