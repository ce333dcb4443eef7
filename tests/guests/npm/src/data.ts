import { addDays, format, formatDistance } from "date-fns";
import { and, eq, sql } from "drizzle-orm";
import { integer, SQLiteSyncDialect, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import lodash, { chunk, groupBy } from "lodash";
import * as all from "lodash";
import debounce from "lodash/debounce";
import { nanoid } from "nanoid";
import { v4, v5, validate } from "uuid";
import { z } from "zod";

export function zod() {
  const schema = z.object({ name: z.string().min(2), age: z.coerce.number().int() });
  const failed = schema.safeParse({ name: "x", age: "1.5" });
  return [schema.parse({ name: "Ada", age: "36" }), failed.error?.issues.map((issue) => issue.path.join("."))];
}

export function ids() {
  return [nanoid().length, validate(v4()), v5("worky", v5.URL)];
}

export function dates() {
  const day = new Date(Date.UTC(2026, 0, 31));
  return [format(addDays(day, 1), "yyyy-MM-dd"), formatDistance(day, addDays(day, 3))];
}

export function collections() {
  return [chunk([1, 2, 3], 2), groupBy([1.2, 1.8, 2.1], Math.floor), lodash.VERSION, typeof all.sortBy, typeof debounce];
}

export function kysely() {
  interface Database {
    person: { id: number; name: string };
  }
  const db = new Kysely<Database>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  const query = db.selectFrom("person").select(["id"]).where("name", "=", "Ada").compile();
  return [query.sql, query.parameters];
}

export function drizzle() {
  const people = sqliteTable("people", { id: integer("id"), name: text("name") });
  const query = new SQLiteSyncDialect().sqlToQuery(sql`select * from ${people} where ${and(eq(people.id, 1), eq(people.name, "Ada"))}`);
  return [query.sql, query.params];
}
