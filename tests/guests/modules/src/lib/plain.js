export const plain = "js";
