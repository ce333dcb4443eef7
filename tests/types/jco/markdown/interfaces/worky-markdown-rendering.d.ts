/** @module Interface worky:markdown/rendering@0.1.0 **/
export type Options = import('./worky-markdown-types.js').Options;
export type Link = import('./worky-markdown-types.js').Link;

export class Renderer implements Disposable {
  constructor(options: Options | undefined)
  render(text: string): string;
  /**
  * What the texts so far link to, each target once, in the order in which they came.
  */
  links(): Array<Link>;
  /**
  * Forgets the links.
  */
  clear(): void;
  [Symbol.dispose](): void;
}
