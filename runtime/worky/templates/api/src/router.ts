export type Handler = (request: Request, env: Env, id: string) => Response | Promise<Response>;

/** Method, path and handler. The part `:id` of a path is what the handler gets. */
export type Route = [method: string, path: string, handler: Handler];

/** An error that is its answer. */
export class HttpError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** Sends each request to the first route that fits. */
export function route(routes: Route[]) {
  const table = routes.map(([method, pathname, handler]) => ({ method, pattern: new URLPattern({ pathname }), handler }));
  return async (request: Request, env: Env): Promise<Response> => {
    const found = table.filter(({ pattern }) => pattern.test(request.url));
    if (found.length === 0) return problem(404, "there is nothing here");
    const fit = found.find(({ method }) => method === request.method);
    if (fit === undefined) {
      const allow = found.map(({ method }) => method).join(", ");
      return problem(405, `this takes ${allow}`, { allow });
    }
    try {
      return await fit.handler(request, env, fit.pattern.exec(request.url)?.pathname.groups.id ?? "");
    } catch (error) {
      if (error instanceof HttpError) return problem(error.status, error.message);
      throw error;
    }
  };
}

function problem(status: number, error: string, headers?: HeadersInit): Response {
  return Response.json({ error }, { status, headers });
}
