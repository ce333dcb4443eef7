export const settled = await new Promise<string>((resolve) => queueMicrotask(() => resolve("settled")));
