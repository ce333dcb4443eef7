// world worky:names/names@0.1.0
export * as plain from './interfaces/worky-names-plain.js'; // export worky:names/plain@0.1.0
export * as objects from './interfaces/worky-names-objects.js'; // export worky:names/objects@0.1.0
export * as others from './interfaces/worky-names-others.js'; // export worky:names/others@0.1.0
export function sync(): boolean;
export { _default as default };
function _default(): Int8Array;
