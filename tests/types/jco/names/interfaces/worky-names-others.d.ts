/** @module Interface worky:names/others@0.1.0 **/
export function pass(item: Item): Item;
export type Item = import('./worky-names-objects.js').Item;
