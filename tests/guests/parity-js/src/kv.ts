import { type Exchange, json, type KVNamespace, text } from "./types.ts";

/**
 * `/kv/OPERATION?key=`: `get` (`times=`), `put` (the body), `delete`, `exists`, `list`, `increment&by=`, `get-many&keys=a,b`.
 * Nothing there is a 404, what fails is a 409 with the error.
 */
export async function kv(exchange: Exchange, operation: string): Promise<Response> {
  const key = exchange.parameter("key") ?? "";
  const bucket = exchange.env[exchange.parameter("bucket") ?? "CACHE"] as KVNamespace | undefined;
  if (!bucket) return json(409, { error: "no-such-store" });
  try {
    switch (operation) {
      case "get": {
        for (let left = exchange.number("times", 1); left > 1; left -= 1) await bucket.get(key);
        const value = await bucket.get(key);
        return value === null ? text(404, "nothing there\n") : text(200, value);
      }
      case "put":
        await bucket.put(key, await exchange.request.arrayBuffer());
        return text(200, "done\n");
      case "delete":
        await bucket.delete(key);
        return text(200, "done\n");
      case "exists":
        return text(200, String((await bucket.get(key)) !== null));
      case "list": {
        const names: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await bucket.list({ cursor });
          names.push(...page.keys.map(({ name }) => name));
          cursor = page.list_complete ? undefined : page.cursor;
        } while (cursor !== undefined);
        return new Response(JSON.stringify(names.sort()));
      }
      case "increment": {
        const value = Number((await bucket.get(key)) ?? "0") + exchange.number("by", 1);
        await bucket.put(key, String(value));
        return text(200, String(value));
      }
      case "get-many": {
        const keys = (exchange.parameter("keys") ?? "").split(",");
        const found = await bucket.get(keys);
        return new Response(JSON.stringify(keys.map((key) => (found.get(key) == null ? null : [key, found.get(key)]))));
      }
      default:
        return json(409, { error: `no such operation: ${operation}` });
    }
  } catch (error) {
    return json(409, { error: String(error) });
  }
}
