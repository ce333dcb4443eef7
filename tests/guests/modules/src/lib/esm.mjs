export const esm = "mjs";
