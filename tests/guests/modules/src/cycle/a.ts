import { b } from "./b.ts";
export const name = "a";
export const a = () => `${name} calls ${b()}`;
