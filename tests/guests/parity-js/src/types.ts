export interface KVNamespace {
  get(key: string): Promise<string | null>;
  get(keys: string[]): Promise<Map<string, string | null>>;
  put(key: string, value: string | ArrayBuffer): Promise<void>;
  delete(key: string): Promise<void>;
  list(options: { cursor?: string }): Promise<{ keys: { name: string }[]; list_complete: boolean; cursor?: string }>;
}

export interface Fetcher {
  fetch(input: string, init?: RequestInit): Promise<Response>;
}

export type Env = Record<string, unknown>;

export interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

/** One request, and what its route works with. */
export class Exchange {
  readonly url: URL;

  constructor(readonly request: Request, readonly env: Env, readonly ctx: Context) {
    this.url = new URL(request.url);
  }

  /** A parameter of the query, decoded. */
  parameter(name: string): string | null {
    return this.url.searchParams.get(name);
  }

  number(name: string, otherwise: number): number {
    const value = this.parameter(name);
    return value === null ? otherwise : Number(value);
  }
}

export function text(status: number, body: string): Response {
  return new Response(body, { status });
}

export function json(status: number, value: unknown): Response {
  return Response.json(value, { status });
}

export const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
