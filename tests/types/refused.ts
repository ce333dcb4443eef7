// What TypeScript must not accept: every line with an error expected has one.
import * as markdown from "plugin:markdown";
import * as values from "plugin:values";
import { env } from "worky:workers";

// @ts-expect-error a number
const sum: string = values.sync.add(1, 2);
// @ts-expect-error a promise
const later: number = values.add(1, 2);
// @ts-expect-error not two strings
values.add("1", "2");
// @ts-expect-error a bigint
values.echo.echoU64(1);
// @ts-expect-error a field is missing
values.echo.echoRow({ id: 1n, firstName: "a", score: 1 });
// @ts-expect-error no such case
values.echo.echoColor("green");
// @ts-expect-error no such option
markdown.render("# a", { gfn: true });
// @ts-expect-error both arguments
new values.counters.Counter("a");
// @ts-expect-error those that were disposed of are gone, but the classes of `sync` are others
values.sync.counters.Counter.sum(new values.counters.Counter("a", 1), new values.counters.Counter("b", 1));
// @ts-expect-error what is not bound
env.NOTHING;
// @ts-expect-error a secret is text
env.TOKEN.list;
export { sum, later };
