/** @module Interface worky:values/faults@1.2.0 **/
export function fail(message: string): number;
export function failWith(found: boolean): string;
export function failBare(ok: boolean): void;
export function trap(): void;
export function panic(message: string): void;
export function spin(): void;
export function bomb(): void;
export function recurse(): number;
/**
 * As many bytes as asked for.
 */
export function large(bytes: number): Uint8Array;
export type Failure = FailureNotFound | FailureBusy;
export interface FailureNotFound {
  tag: 'not-found',
  val: string,
}
export interface FailureBusy {
  tag: 'busy',
}

export class Grenade implements Disposable {
  constructor()
  [Symbol.dispose](): void;
}
