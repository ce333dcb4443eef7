const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A whole page; `body` is HTML, `title` is text. */
export default function page(title: string, body: string): string {
  return `<!doctype html>
<meta charset="utf-8">
<title>${title.replace(/[&<>"']/g, (c) => escapes[c])}</title>
<style>body { font: 1.1em/1.5 system-ui; max-width: 42em; margin: 2em auto } td, th { padding: 0 .5em }</style>
${body}`;
}
