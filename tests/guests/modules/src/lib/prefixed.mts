export const prefixed = "prefixed" as const;
