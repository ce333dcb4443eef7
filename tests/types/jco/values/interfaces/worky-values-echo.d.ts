/** @module Interface worky:values/echo@1.2.0 **/
export function echoBool(value: boolean): boolean;
export function echoU8(value: number): number;
export function echoS8(value: number): number;
export function echoU16(value: number): number;
export function echoS16(value: number): number;
export function echoU32(value: number): number;
export function echoS32(value: number): number;
export function echoU64(value: bigint): bigint;
export function echoS64(value: bigint): bigint;
export function echoF32(value: number): number;
export function echoF64(value: number): number;
export function echoChar(value: string): string;
export function echoString(value: string): string;
export function echoBytes(value: Uint8Array): Uint8Array;
export function echoListS8(value: Int8Array): Int8Array;
export function echoListU16(value: Uint16Array): Uint16Array;
export function echoListS16(value: Int16Array): Int16Array;
export function echoListU32(value: Uint32Array): Uint32Array;
export function echoListS32(value: Int32Array): Int32Array;
export function echoListU64(value: BigUint64Array): BigUint64Array;
export function echoListS64(value: BigInt64Array): BigInt64Array;
export function echoListF32(value: Float32Array): Float32Array;
export function echoListF64(value: Float64Array): Float64Array;
export function echoStrings(value: Array<string>): Array<string>;
export function echoRow(value: Row): Row;
export function echoRows(value: Array<Row>): Array<Row>;
export function echoNested(value: Nested): Nested;
export function echoTuple(value: [number, string, boolean]): [number, string, boolean];
export function echoShape(value: Shape): Shape;
export function echoColor(value: Color): Color;
export function echoPermissions(value: Permissions): Permissions;
export function echoOption(value: number | undefined): number | undefined;
export function echoOptionOption(value: Option<number | undefined>): Option<number | undefined>;
export function echoResult(value: Result<number, string>): [Result<number, string>];
export function echoBareResult(value: Result<void, void>): [Result<void, void>];
export function echoMany(a: number, b: number, c: string, d: Uint8Array, e: boolean): [number, number, string, Uint8Array, boolean];
/**
 * Several values with more than sixteen scalars between them.
 */
export function echoWide(a: Nested, b: Nested): [Nested, Nested];
/**
 * A record with fields of many types.
 */
export interface Row {
  /**
   * Which row it is.
   */
  id: bigint,
  firstName: string,
  nickName?: string,
  score: number,
  tags: Array<string>,
}
export interface Nested {
  rows: Array<Row>,
  origin: [number, number],
}
export type Shape = ShapeCircle | ShapeNamedRectangle | ShapeNothing;
export interface ShapeCircle {
  tag: 'circle',
  val: number,
}
export interface ShapeNamedRectangle {
  tag: 'named-rectangle',
  val: Row,
}
export interface ShapeNothing {
  tag: 'nothing',
}
/**
 * # Variants
 * 
 * ## `"red"`
 * 
 * ## `"dark-green"`
 * 
 * ## `"blue"`
 */
export type Color = 'red' | 'dark-green' | 'blue';
export interface Permissions {
  read?: boolean,
  writeAll?: boolean,
  execute?: boolean,
}
export type Option<T> = { tag: 'none' } | { tag: 'some', val: T };
export type Result<T, E> = { tag: 'ok', val: T } | { tag: 'err', val: E };
