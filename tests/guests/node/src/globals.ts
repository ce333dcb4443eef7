// What is there without an import.
declare const global: typeof globalThis;

export const process_env = () => {
  process.env.WRITTEN = 5 as never;
  return [
    { ...process.env },
    "TEXT" in process.env,
    process.env.NODE_ENV,
    process.env.ABSENT === undefined,
    delete process.env.WRITTEN,
    process.env.WRITTEN === undefined,
  ];
};

export const process_is = async () => {
  const order: string[] = [];
  await new Promise<void>((done) => {
    setImmediate(() => (order.push("immediate"), done()));
    process.nextTick((word: string) => order.push(word), "tick");
    order.push("now");
  });
  process.stdout.write("written to ");
  process.stdout.write("standard output\n");
  const failed = (() => {
    try {
      process.exit(1);
    } catch (error) {
      return (error as Error).message;
    }
  })();
  return [
    /^v\d+\.\d+\.\d+$/.test(process.version),
    process.version === `v${process.versions.node}`,
    process.platform,
    process.cwd(),
    order,
    failed,
    typeof process.hrtime.bigint(),
    Object.prototype.toString.call(process),
    process.argv.length,
    typeof process.on,
  ];
};

export const global_names = () => [
  global === globalThis,
  typeof Buffer,
  global.Buffer === Buffer,
  globalThis.process === process,
  typeof global.setImmediate,
  Buffer.from("global").toString("base64"),
];
