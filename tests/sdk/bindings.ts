// What of the bindings both have is of the same types: a value of this project's is taken where Cloudflare's is expected. What
// takes or gives streams and responses is compared by portable.ts: their classes differ by what each has besides.
import type * as Cloudflare from "@cloudflare/workers-types/index.ts";

type Shared<Ours, Theirs> = Extract<keyof Ours, keyof Theirs>;
/** The members that are not assignable. */
type Differing<Ours, Theirs> = {
  [Name in Shared<Ours, Theirs>]: Ours[Name] extends Theirs[Name] ? never : Name;
}[Shared<Ours, Theirs>];
type None<Names extends never> = Names;

export type Checked = [
  None<Differing<Worky.KVNamespace, Pick<Cloudflare.KVNamespace, "delete" | "list">>>,
  None<Differing<Worky.ExecutionContext, Pick<Cloudflare.ExecutionContext, "waitUntil" | "passThroughOnException">>>,
];
