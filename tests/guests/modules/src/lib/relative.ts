export const relative = "relative";
