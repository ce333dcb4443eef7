/** @module Interface worky:values/counters@1.2.0 **/
/**
 * How many there are now.
 */
export function alive(): number;
export function many(count: number): Array<Counter>;

export class Counter implements Disposable {
  constructor(name: string, start: number)
  name(): string;
  add(by: number): number;
  /**
  * Takes all that `other` counted, and ends it.
  */
  absorb(other: Counter): number;
  /**
  * Which of the two is ahead.
  */
  isAheadOf(other: Counter): boolean;
  /**
  * One that begins with what both counted.
  */
  static sum(a: Counter, b: Counter): Counter;
  /**
  * Fails for a name that is empty.
  */
  static tryNew(name: string): Counter;
  [Symbol.dispose](): void;
}
