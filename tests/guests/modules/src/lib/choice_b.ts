export const name = "choice b";
