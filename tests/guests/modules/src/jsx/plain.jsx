export const element = <i>{1 + 1}</i>;
