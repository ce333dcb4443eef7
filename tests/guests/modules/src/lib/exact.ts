export const exact = "exact";
