/** @module Interface worky:names/objects@0.1.0 **/
export function items(all: Array<Item>): [Item, number];
export type Promise = import('./worky-names-plain.js').Promise;
export interface Item {
  pool?: Pool,
  promise: Promise,
}

export class Pool implements Disposable {
  /**
   * This type does not have a public constructor.
   */
  private constructor();
  take(count: number | undefined): Array<Item>;
  static prototype(): boolean;
  [Symbol.dispose](): void;
}
