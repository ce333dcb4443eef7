export const absolute: string = "absolute";
