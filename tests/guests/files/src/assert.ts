export interface Env {
  DATA: FileSystemDirectoryHandle;
  READ: FileSystemDirectoryHandle;
}

export type Cases = Record<string, (root: any, env: Env) => unknown>;

export function same(actual: unknown, expected: unknown): void {
  const show = (value: unknown) => (value === undefined ? "undefined" : JSON.stringify(value));
  if (show(actual) !== show(expected)) throw new Error(`got ${show(actual)}, expected ${show(expected)}`);
}

/** Runs `act`, which must reject with an error of this name. */
export async function refused(name: string, act: () => unknown): Promise<void> {
  try {
    await act();
  } catch (error: any) {
    if (error.name !== name) throw new Error(`${error.name} and not ${name}: ${error.message} (${act})`);
    const isDomException = !["TypeError", "RangeError", "Error"].includes(name);
    if (isDomException && !(error instanceof DOMException)) throw new Error(`${name} is no DOMException`);
    return;
  }
  throw new Error(`was not refused with ${name}: ${act}`);
}

export async function write(directory: any, name: string, ...chunks: unknown[]): Promise<any> {
  const handle = await directory.getFileHandle(name, { create: true });
  const stream = await handle.createWritable();
  for (const chunk of chunks) await stream.write(chunk);
  await stream.close();
  return handle;
}

export async function read(directory: any, name: string): Promise<string> {
  return await (await (await directory.getFileHandle(name)).getFile()).text();
}

export async function names(directory: any): Promise<string[]> {
  const names = [];
  for await (const name of directory.keys()) names.push(name);
  return names;
}
