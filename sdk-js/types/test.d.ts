/** What the modules of `worky test` import. Assertions are vitest's: https://vitest.dev/api/expect.html */
declare module "worky:test" {
  export { env } from "worky:workers";

  /** The worker under test. A path is enough: its host reaches it and decides nothing. */
  export const SELF: { fetch(input: Request | URL | string, init?: RequestInit): Promise<Response> };

  export const test: Test;
  export const it: Test;
  export const describe: Describe;
  /** `timeout` in milliseconds. */
  export function beforeAll(run: (ctx: Worky.ExecutionContext) => unknown, timeout?: number): void;
  export function beforeEach(run: (context: TestContext) => unknown, timeout?: number): void;
  export function afterEach(run: (context: TestContext) => unknown, timeout?: number): void;
  export function afterAll(run: (ctx: Worky.ExecutionContext) => unknown, timeout?: number): void;

  /** What a test and the hooks around it are given. */
  export interface TestContext {
    readonly name: string;
    readonly env: typeof import("worky:workers").env;
    readonly ctx: Worky.ExecutionContext;
    readonly expect: Expect;
    /** Ends the test, which counts as skipped. */
    skip(reason?: string): never;
    /** Runs when the test is over, after `afterEach`. */
    onTestFinished(run: (context: TestContext) => unknown): void;
  }

  interface Options {
    /** Milliseconds, 1 to 600,000. */
    timeout?: number;
    only?: boolean;
    skip?: boolean;
    todo?: boolean;
    fails?: boolean;
  }
  type Name = string | ((...args: never) => unknown);

  interface Declare<Result, Given extends unknown[]> {
    (name: Name, run?: (...given: Given) => Result, options?: number | Options): void;
    (name: Name, options: Options, run?: (...given: Given) => Result): void;
  }
  interface Variants<Result, Given extends unknown[], Self> extends Declare<Result, Given> {
    readonly only: Self;
    readonly skip: Self;
    readonly todo: Self;
    skipIf(condition: unknown): Self;
    runIf(condition: unknown): Self;
    /** Once for each row; in the name `%s`, `%d`, `%j`, `%o`, `%#` and `$field` stand for its values. */
    each<Row extends readonly unknown[] | [unknown]>(
      rows: readonly Row[],
    ): (name: Name, run: (...row: Row) => Result, options?: number | Options) => void;
    each<Row>(rows: readonly Row[]): (name: Name, run: (row: Row) => Result, options?: number | Options) => void;
    each(
      head: TemplateStringsArray,
      ...values: unknown[]
    ): (name: Name, run: (row: any) => Result, options?: number | Options) => void;
  }
  interface Test extends Variants<unknown, [context: TestContext], Test> {
    /** Passes where the test fails. */
    readonly fails: Test;
  }
  /** Its function declares tests, at once. */
  interface Describe extends Variants<void, [], Describe> {}

  export const expect: Expect;

  interface Asymmetric {
    any(type: unknown): any;
    anything(): any;
    arrayContaining<Item = any>(items: readonly Item[]): any;
    closeTo(value: number, digits?: number): any;
    objectContaining<Fields = any>(fields: Fields): any;
    stringContaining(part: string): any;
    stringMatching(pattern: string | RegExp): any;
  }
  interface Expect extends Asymmetric {
    <Value = any>(value: Value, message?: string): Assertion<Value>;
    readonly not: Asymmetric;
    /** How many assertions the test makes. */
    assertions(count: number): void;
    hasAssertions(): void;
    unreachable(message?: string): never;
    extend(matchers: Record<string, (this: any, received: any, ...expected: any[]) => any>): void;
    addEqualityTesters(testers: ((a: any, b: any) => boolean | undefined)[]): void;
  }

  interface Assertion<Value = any> {
    readonly not: Assertion<Value>;
    /** Of what a promise becomes: `await expect(promise).resolves.toBe(1)`. */
    readonly resolves: Awaiting<Awaited<Value>>;
    readonly rejects: Awaiting<any>;
    toBe(expected: Value): void;
    toBeCloseTo(expected: number, digits?: number): void;
    toBeDefined(): void;
    toBeFalsy(): void;
    toBeGreaterThan(expected: number | bigint): void;
    toBeGreaterThanOrEqual(expected: number | bigint): void;
    toBeInstanceOf(expected: abstract new (...args: any) => unknown): void;
    toBeLessThan(expected: number | bigint): void;
    toBeLessThanOrEqual(expected: number | bigint): void;
    toBeNaN(): void;
    toBeNull(): void;
    toBeNullable(): void;
    toBeOneOf(expected: Iterable<unknown>): void;
    toBeTruthy(): void;
    toBeTypeOf(expected: "bigint" | "boolean" | "function" | "number" | "object" | "string" | "symbol" | "undefined"): void;
    toBeUndefined(): void;
    toContain(expected: unknown): void;
    toContainEqual(expected: unknown): void;
    toEqual(expected: unknown): void;
    toHaveBeenCalled(): void;
    toHaveBeenCalledOnce(): void;
    toHaveBeenCalledTimes(count: number): void;
    toHaveBeenCalledWith(...args: unknown[]): void;
    toHaveBeenLastCalledWith(...args: unknown[]): void;
    toHaveBeenNthCalledWith(call: number, ...args: unknown[]): void;
    toHaveLength(length: number): void;
    toHaveProperty(path: string | readonly PropertyKey[], value?: unknown): void;
    toMatch(expected: string | RegExp): void;
    toMatchObject(expected: object | readonly unknown[]): void;
    toSatisfy(check: (value: Value) => boolean, message?: string): void;
    toStrictEqual(expected: unknown): void;
    toThrow(expected?: string | RegExp | Error | (abstract new (...args: any) => unknown)): void;
    toThrowError(expected?: string | RegExp | Error | (abstract new (...args: any) => unknown)): void;
    /** What `expect.extend` added, and chai's own. */
    [matcher: string]: any;
  }
  type Awaiting<Value> = {
    [Name in keyof Assertion<Value>]: Assertion<Value>[Name] extends (...args: infer Args) => void
      ? (...args: Args) => Promise<void>
      : Assertion<Value>[Name];
  };

  /** A function that notes its calls: https://vitest.dev/api/mock.html */
  interface Mock<Run extends (...args: any[]) => any = (...args: any[]) => any> {
    (...args: Parameters<Run>): ReturnType<Run>;
    readonly mock: {
      readonly calls: Parameters<Run>[];
      readonly lastCall: Parameters<Run> | undefined;
      readonly results: { type: "return" | "throw" | "incomplete"; value: any }[];
    };
    mockClear(): this;
    mockReset(): this;
    mockRestore(): void;
    mockImplementation(run: Run): this;
    mockImplementationOnce(run: Run): this;
    mockReturnValue(value: ReturnType<Run>): this;
    mockReturnValueOnce(value: ReturnType<Run>): this;
    mockResolvedValue(value: Awaited<ReturnType<Run>>): this;
    mockResolvedValueOnce(value: Awaited<ReturnType<Run>>): this;
    mockRejectedValue(error: unknown): this;
    mockRejectedValueOnce(error: unknown): this;
  }
  export function fn<Run extends (...args: any[]) => any = (...args: any[]) => any>(run?: Run): Mock<Run>;
  export function spyOn<Of extends object, Name extends keyof Of>(
    object: Of,
    name: Name,
  ): Of[Name] extends (...args: any[]) => any ? Mock<Of[Name]> : Mock;
  export function isMockFunction(value: unknown): value is Mock;
  export function clearAllMocks(): void;
  export function resetAllMocks(): void;
  export function restoreAllMocks(): void;
  export const chai: any;

  type Answer =
    | Response
    | ((request: Request, context: { params: Record<string, string | undefined>; count: number }) => unknown)
    | string
    | number
    | boolean
    | null
    | object;
  /** A URL with parts such as `:id`, a path on any host, or a `URLPattern`. */
  type Pattern = string | URL | RegExp | { exec(input: string): unknown; readonly pathname: string } | ((request: Request) => boolean);
  type Handle = (
    pattern: Pattern,
    /** A response, a value that becomes JSON, or a function of one. */
    answer: Answer,
    options?: { times?: number },
  ) => { readonly calls: Request[] };
  /** What stands for the network: handlers, of which the newest that fits answers. */
  export const upstream: {
    readonly all: Handle;
    readonly get: Handle;
    readonly head: Handle;
    readonly post: Handle;
    readonly put: Handle;
    readonly patch: Handle;
    readonly delete: Handle;
    readonly options: Handle;
    /** Answers for a worker of `[[services]]`, by its name, that is not part of the project. */
    service(name: string, answer: Answer, options?: { times?: number }): { readonly calls: Request[] };
    /** What was fetched since the test began, answered or not. */
    readonly requests: Request[];
    reset(): void;
  };

  /** Date, timers and performance.now() of the isolate of the tests, stopped and turned by hand. */
  export const clock: {
    install(options?: { now?: number | Date; toFake?: string[] }): typeof clock;
    uninstall(): void;
    readonly installed: boolean;
    readonly now: number;
    set(time: number | Date): void;
    tick(time: number | string): number;
    tickAsync(time: number | string): Promise<number>;
    next(): number;
    nextAsync(): Promise<number>;
    runAll(): number;
    runAllAsync(): Promise<number>;
    runToLast(): number;
    runToLastAsync(): Promise<number>;
    countTimers(): number;
  };

  /** Asks until `ask` neither throws nor answers false, for `timeout` ms at most (1,000), every `interval` ms (20). */
  export function waitFor<Found>(
    ask: () => Found | false | Promise<Found | false>,
    options?: { timeout?: number; interval?: number },
  ): Promise<Found>;

  /** For handlers that a test calls by itself. */
  export function createExecutionContext(): Worky.ExecutionContext;
  export function waitOnExecutionContext(ctx: Worky.ExecutionContext): Promise<void>;
}
