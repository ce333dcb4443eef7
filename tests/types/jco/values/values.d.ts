// world worky:values/values@1.2.0
export * as echo from './interfaces/worky-values-echo.js'; // export worky:values/echo@1.2.0
export * as counters from './interfaces/worky-values-counters.js'; // export worky:values/counters@1.2.0
export * as faults from './interfaces/worky-values-faults.js'; // export worky:values/faults@1.2.0
export function add(a: number, b: number): number;
/**
* How often this instance was called, this call included.
*/
export function calls(): number;
export function nothing(): void;
