import { name } from "./a.ts";
export const b = () => `b knows ${name}`;
