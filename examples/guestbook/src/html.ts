/** Markup that is safe to send as it is. */
class Html {
  constructor(readonly text: string) {}
}

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A template whose values are escaped, unless they are markup themselves. */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Html {
  return new Html(String.raw({ raw: parts }, ...values.map(render)));
}

export function page(body: Html, status = 200): Response {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
  };
  return new Response(body.text, { status, headers });
}

function render(value: unknown): string {
  if (Array.isArray(value)) return value.map(render).join("");
  return value instanceof Html ? value.text : String(value).replace(/[&<>"']/g, (char) => ESCAPES[char]);
}
