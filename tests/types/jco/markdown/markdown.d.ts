// world worky:markdown/markdown@0.1.0
export type Options = import('./interfaces/worky-markdown-types.js').Options;
export type Heading = import('./interfaces/worky-markdown-types.js').Heading;
export type Document = import('./interfaces/worky-markdown-types.js').Document;
export type SyntaxError = import('./interfaces/worky-markdown-types.js').SyntaxError;
export type * as WorkyMarkdownTypes010 from './interfaces/worky-markdown-types.js'; // import worky:markdown/types@0.1.0
export * as rendering from './interfaces/worky-markdown-rendering.js'; // export worky:markdown/rendering@0.1.0
/**
* Renders one text to HTML.
*/
export function render(text: string, options: Options | undefined): string;
/**
* The headings, in order.
*/
export function outline(text: string): Array<Heading>;
/**
* Parts the front matter from the text. Fails where it begins and does not end.
*/
export function split(text: string): Document;
export type Option<T> = { tag: 'none' } | { tag: 'some', val: T };
export type Result<T, E> = { tag: 'ok', val: T } | { tag: 'err', val: E };
