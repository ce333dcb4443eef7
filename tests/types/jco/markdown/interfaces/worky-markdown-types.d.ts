/** @module Interface worky:markdown/types@0.1.0 **/
/**
 * How Markdown is read and HTML is written. What is left out is off.
 */
export interface Options {
  /**
   * GitHub's dialect: tables, strikethrough, task lists, footnotes, alerts and bare URLs as links.
   */
  gfm?: boolean,
  /**
   * Lets HTML in the text through, and URLs of any scheme. Never for text that strangers write.
   */
  allowHtml?: boolean,
  /**
   * A line's end in a paragraph becomes a line's end on the page.
   */
  hardBreaks?: boolean,
  /**
   * Straight quotes, dashes and dots become typographical ones.
   */
  smart?: boolean,
  /**
   * Gives headings an `id` with this before it, and a link to themselves. May be empty.
   */
  headingIds?: string,
}
export interface Heading {
  /**
   * 1 to 6.
   */
  level: number,
  /**
   * Without markup.
   */
  text: string,
  /**
   * The `id` that `heading-ids` gives it, without what it puts before.
   */
  id: string,
}
/**
 * # Variants
 * 
 * ## `"link"`
 * 
 * ## `"image"`
 */
export type LinkKind = 'link' | 'image';
export interface Link {
  kind: LinkKind,
  /**
   * As the text has it: nothing is resolved.
   */
  target: string,
  title?: string,
}
export interface Document {
  /**
   * Between the lines of three dashes that the text begins with.
   */
  frontMatter?: string,
  body: string,
}
export interface SyntaxError {
  /**
   * Counted from 1.
   */
  line: number,
  message: string,
}
