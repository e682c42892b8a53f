import { expect, setDefaultTimeout, test } from "bun:test";
import { type Endpoint, resolveTarget, targetName } from "../../../lib/pool/target/target.ts";

setDefaultTimeout(60_000);

const parts = (url: string) => {
  const { user, database, endpoints } = resolveTarget({ url, environment: {} });
  const [{ host, port, path, password }] = endpoints as [Endpoint];
  return [user, password, path || `${host}:${port}`, database];
};

test("resolveTarget reads URLs as libpq does", () => {
  expect(parts("postgres://ann:secret@db.example:6000/songs")).toEqual(["ann", "secret", "db.example:6000", "songs"]);
  expect(parts("postgresql://ann@db.example/songs")).toEqual(["ann", "", "db.example:5432", "songs"]);
  expect(parts("postgres://ann@[::1]:6000")).toEqual(["ann", "", "::1:6000", "ann"]);
  expect(parts("postgres://a%40b:p%2Fw%3A@h/d%20e")).toEqual(["a@b", "p/w:", "h:5432", "d e"]);
  expect(parts("postgres://ann:50%off@more@h/d")).toEqual(["ann", "50%off@more", "h:5432", "d"]);
  expect(parts("postgres://ann@/d?host=/run/pg&port=6000")).toEqual(["ann", "", "/run/pg/.s.PGSQL.6000", "d"]);
  expect(parts("postgres://ann@%2Frun%2Fpg/d")).toEqual(["ann", "", "/run/pg/.s.PGSQL.5432", "d"]);
  expect(parts("postgres:///?host=/run/pg&user=ann&password=x&dbname=d")).toEqual([
    "ann",
    "x",
    "/run/pg/.s.PGSQL.5432",
    "d",
  ]);
});

test("resolveTarget takes settings from the URL, and fields before it", () => {
  const url = "postgres://ann@h/d?sslmode=verify-full&connect_timeout=3&statement_timeout=5s&channel_binding=prefer";
  expect(resolveTarget({ url })).toMatchObject({
    endpoints: [{ sslMode: "verify-full" }],
    connectTimeoutMs: 3000,
    parameters: { statement_timeout: "5s" },
    prepare: true,
  });
  expect(resolveTarget({ url, ssl: false, host: "other", prepare: false })).toMatchObject({
    endpoints: [{ sslMode: "disable", host: "other" }],
    prepare: false,
  });
  expect(resolveTarget({ url: "postgres://h/d?pgbouncer=true" }).prepare).toBe(false);
  expect(resolveTarget({ url: "postgres://h/d?prepare=false" }).prepare).toBe(false);
  expect(resolveTarget({ url: "postgres://h/d?connect_timeout=0" }).connectTimeoutMs).toBeUndefined();
});

test("targetName never shows the password", () => {
  expect(targetName(resolveTarget({ url: "postgres://ann:secret@h:1/d" }))).toBe("h:1");
});
