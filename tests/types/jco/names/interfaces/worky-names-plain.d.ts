/** @module Interface worky:names/plain@0.1.0 **/
export { _delete as delete };
function _delete(new_: Bytes, static_: number | undefined): Promise | undefined;
export function compute(values: Numbers): number;
export function many(): Array<string | undefined>;
export function last(required: boolean, a: number | undefined, b: Uint8Array | undefined): void;
export type Bytes = Uint8Array;
export type Numbers = Uint32Array;
/**
 * Not the one of JavaScript.
 */
export interface Promise {
  'default'?: string,
  maybe: Option<boolean | undefined>,
  outcome: Result<void, string>,
}
export type Error = ErrorOther | ErrorNested | ErrorNone;
/**
 * Something else.
 */
export interface ErrorOther {
  tag: 'other',
  val: string,
}
export interface ErrorNested {
  tag: 'nested',
  val: Result<number, void>,
}
export interface ErrorNone {
  tag: 'none',
}
export type Outcome = Result<number, Error>;
export type Option<T> = { tag: 'none' } | { tag: 'some', val: T };
export type Result<T, E> = { tag: 'ok', val: T } | { tag: 'err', val: E };
