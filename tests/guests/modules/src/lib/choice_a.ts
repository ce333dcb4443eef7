export const name = "choice a";
