import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Endpoint, endpointName, resolveTarget, targetName } from "../../../lib/pool/target/target.ts";

setDefaultTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), "midiworks-target-"));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (url: string, environment: Record<string, string> = {}) => resolveTarget({ url, environment });
const parts = (url: string, environment: Record<string, string> = {}) => {
  const { user, database, endpoints } = read(url, environment);
  const [endpoint] = endpoints as [Endpoint];
  return [user, endpoint.password, endpointName(endpoint), database];
};
const refusal = (url: string, environment: Record<string, string> = {}): string => {
  try {
    return `not refused: ${JSON.stringify(read(url, environment))}`;
  } catch (error) {
    expect(error).toMatchObject({ name: "TargetError", forPeople: true });
    return (error as Error).message;
  }
};

test("resolveTarget reads URLs as libpq does", () => {
  expect(parts("postgres://ann:secret@db.example:6000/songs")).toEqual(["ann", "secret", "db.example:6000", "songs"]);
  expect(parts("postgresql://ann@db.example/songs")).toEqual(["ann", "", "db.example:5432", "songs"]);
  expect(parts("postgres://ann@[::1]:6000")).toEqual(["ann", "", "[::1]:6000", "ann"]);
  expect(parts("postgres://a%40b:p%2Fw%3A@h/d%20e")).toEqual(["a@b", "p/w:", "h:5432", "d e"]);
  expect(parts("postgres://ann:50%off@more@h/d")).toEqual(["ann", "50%off@more", "h:5432", "d"]);
  expect(parts("postgres://ann@/d?host=/run/pg&port=6000")).toEqual(["ann", "", "/run/pg/.s.PGSQL.6000", "d"]);
  expect(parts("postgres://ann@%2Frun%2Fpg/d")).toEqual(["ann", "", "/run/pg/.s.PGSQL.5432", "d"]);
  expect(parts("postgres:///?host=/run/pg&user=ann&password=x+y&dbname=d")).toEqual([
    "ann",
    "x+y",
    "/run/pg/.s.PGSQL.5432",
    "d",
  ]);
});

test("resolveTarget reads the family's other forms", () => {
  for (const scheme of ["postgresql+asyncpg", "postgres+psycopg2", "jdbc:postgresql", "pgsql", "POSTGRES"])
    expect(parts(`${scheme}://ann:x@h:6000/d`)).toEqual(["ann", "x", "h:6000", "d"]);
  expect(parts("host=h port=6000 user=ann dbname='my songs' password='it\\'s \\\\ here'")).toEqual([
    "ann",
    "it's \\ here",
    "h:6000",
    "my songs",
  ]);
  expect(parts("host = h\n  user = ann")).toEqual(["ann", "", "h:5432", "ann"]);
  expect(parts("jdbc:postgresql://h/d?user=ann&password=x")).toEqual(["ann", "x", "h:5432", "d"]);
  expect(parts("postgres://ann:se/cr3t@127.0.0.1/db")).toEqual(["ann", "se/cr3t", "127.0.0.1:5432", "db"]);
  expect(parts("postgres://ann:se?cr#3t@127.0.0.1/db")).toEqual(["ann", "se?cr#3t", "127.0.0.1:5432", "db"]);
});

test("resolveTarget takes settings from the URL, and fields before it", () => {
  const url = "postgres://ann@h/d?sslmode=verify-full&connect_timeout=3&statement_timeout=5s&channel_binding=prefer";
  expect(read(url)).toMatchObject({
    endpoints: [{ sslMode: "verify-full" }],
    connectTimeoutMs: 3000,
    parameters: { statement_timeout: "5s" },
    prepare: true,
  });
  expect(resolveTarget({ url, ssl: false, host: "other", prepare: false, environment: {} })).toMatchObject({
    endpoints: [{ sslMode: "disable", host: "other" }],
    prepare: false,
  });
  expect(read("postgres://h/d?pgbouncer=true").prepare).toBe(false);
  expect(read("postgres://h/d?prepare=false").prepare).toBe(false);
  expect(read("postgres://h/d?connect_timeout=0").connectTimeoutMs).toBeUndefined();
});

test("resolveTarget gives other drivers' words their meaning, and passes other pools' over by name", () => {
  const prisma = "postgres://h/d?schema=My Songs&connection_limit=5&pool_timeout=10&pgbouncer=true&sslaccept=strict";
  expect(read(prisma)).toMatchObject({
    parameters: { search_path: '"My Songs"' },
    passedOver: ["connection_limit", "pool_timeout"],
    prepare: false,
    endpoints: [{ sslMode: "verify-full" }],
  });
  const jdbc = "jdbc:postgresql://h/d?currentSchema=a,b&ApplicationName=x&targetServerType=primary&prepareThreshold=0";
  expect(read(jdbc)).toMatchObject({
    parameters: { search_path: '"a","b"', application_name: "x" },
    wantedSession: "primary",
    passedOver: ["prepareThreshold"],
  });
  expect(read("postgres://h/d?pool_size=5&poolSize=3&max_overflow=1").passedOver).toHaveLength(3);
  expect(read("postgres://h/d?sslmode=no-verify").endpoints[0]?.sslMode).toBe("require");
  expect(read("postgres://h/d?options=-c%20geqo%3Doff").parameters).toEqual({ options: "-c geqo=off" });
});

test("resolveTarget: TLS is preferred beyond the machine itself", () => {
  const mode = (url: string) => read(url).endpoints[0]?.sslMode;
  expect(["h", "10.0.0.1"].map((host) => mode(`postgres://${host}/d`))).toEqual(["prefer", "prefer"]);
  expect(["localhost", "127.0.0.1", "[::1]", "%2Frun"].map((host) => mode(`postgres://${host}/d`))).toEqual(
    Array.from({ length: 4 }, () => "disable"),
  );
});

test("resolveTarget reads several hosts, and what session is wanted", () => {
  const names = (url: string) => read(url).endpoints.map(endpointName);
  expect(names("postgres://ann@h1:1,h2:2,[::1]:3/d")).toEqual(["h1:1", "h2:2", "[::1]:3"]);
  expect(names("postgres://ann@h1,h2/d")).toEqual(["h1:5432", "h2:5432"]);
  expect(names("host=h1,h2 port=6000")).toEqual(["h1:6000", "h2:6000"]);
  expect(names("host=h1,h2 port=1,2")).toEqual(["h1:1", "h2:2"]);
  expect(targetName(read("postgres://h1,h2/d"))).toBe("h1:5432, h2:5432");
  expect(refusal("host=h1,h2,h3 port=1,2")).toContain("found 3 and 2, expected one port or as many as hosts");
  expect(read("postgres://h/d?target_session_attrs=read-write").wantedSession).toBe("read-write");
  expect(read("postgres://h1,h2/d?load_balance_hosts=random").shuffled).toBe(true);
  expect(read("host=h hostaddr=10.1.1.1").endpoints[0]).toMatchObject({ host: "h", address: "10.1.1.1" });
});

test("resolveTarget reads libpq's environment where the URL leaves things open", () => {
  const environment = { PGHOST: "eh", PGPORT: "7000", PGUSER: "eu", PGPASSWORD: "ep", PGDATABASE: "ed" };
  expect(parts("postgres://", environment)).toEqual(["eu", "ep", "eh:7000", "ed"]);
  expect(parts("postgres://ann@h/d", environment)).toEqual(["ann", "ep", "h:7000", "d"]);
  expect(
    read("postgres://h/d", { PGSSLMODE: "verify-full", PGTARGETSESSIONATTRS: "primary", PGCONNECT_TIMEOUT: "4" }),
  ).toMatchObject({
    endpoints: [{ sslMode: "verify-full" }],
    wantedSession: "primary",
    connectTimeoutMs: 4000,
  });
  expect(read("postgres://h/d", { PGMAX: "3", PGFETCH_TYPES: "true" }).parameters).toEqual({});
});

test("resolveTarget reads password files as libpq does", () => {
  const file = join(folder, "passwords");
  const lines = [
    "# ours",
    "h:6000:d:ann:first",
    "*:*:*:bob:a\\:b\\\\c",
    "/run/pg:*:*:ann:by path",
    "localhost:*:*:cid:local",
  ];
  writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600 });
  const password = (url: string) => parts(url, { PGPASSFILE: file })[1];
  expect(password("postgres://ann@h:6000/d")).toBe("first");
  expect(password("postgres://ann@h:6001/d")).toBe("");
  expect(password("postgres://bob@anywhere/x")).toBe("a:b\\c");
  expect(password("postgres://ann@%2Frun%2Fpg/d")).toBe("by path");
  expect(password("postgres://cid@%2Frun%2Fpg/d")).toBe("local");
  expect(password("postgres://bob:given@h/d")).toBe("given");
  expect(parts(`host=h user=bob passfile=${file}`)[1]).toBe("a:b\\c");
  chmodSync(file, 0o644);
  expect(password("postgres://bob@anywhere/x")).toBe("");
  writeFileSync(join(folder, ".pgpass"), "h:*:*:*:at home\n", { mode: 0o600 });
  expect(parts("postgres://ann@h/d", { HOME: folder })[1]).toBe("at home");
});

test("resolveTarget reads service files as libpq does", () => {
  const file = join(folder, "services");
  writeFileSync(file, "[songs]\nhost=sh\nport=6000\n# a comment\nuser=su\ndbname=sd\n\n[other]\nhost=oh\n");
  const environment = { PGSERVICEFILE: file, PGSERVICE: "songs", PGUSER: "eu" };
  expect(parts("postgres://", environment)).toEqual(["su", "", "sh:6000", "sd"]);
  expect(parts("postgres://ann@/?service=other", { PGSERVICEFILE: file })).toEqual(["ann", "", "oh:5432", "ann"]);
  expect(refusal("service=none", { PGSERVICEFILE: file })).toContain("Cannot find service none: found no such section");
});

test("resolveTarget refuses by name what it does not do", () => {
  const url = (query: string) => refusal(`postgres://h/d?${query}`);
  expect(url("target_session_attrs=fast")).toContain("target_session_attrs: found fast, expected any, read-write");
  expect(url("channel_binding=require")).toContain("channel_binding asks: found require, expected prefer or disable");
  expect(url("gssencmode=require")).toContain("gssencmode asks: found require");
  expect(url("sslnegotiation=direct")).toContain("sslnegotiation asks: found direct, expected postgres");
  expect(url("client_encoding=latin1")).toContain("client_encoding asks: found latin1");
  expect(url("replication=database")).toContain("replication asks: found database");
  expect(url("sslmode=maybe")).toContain("sslmode: found maybe, expected disable");
  expect(url(`sslrootcert=${folder}/none`)).toContain("Cannot read sslrootcert: ENOENT");
});

test("no message shows a password", () => {
  const wrong = [
    "postgres://ann:s3cr3t@h:bad/db",
    "postgres://ann:pa:s3cr3t@h:99999/db",
    "postgres://ann:s3cr3t/x",
    "postgres://ann:s3cr3t",
    "mysql://ann:s3cr3t@h/db",
    "http://ann:s3cr3t@h/db",
    "ann:s3cr3t@h/db",
    "s3cr3t",
    "postgres://h/d?password=s3cr3t&sslmode=maybe",
    "postgres://ann:s3cr3t@h/d?target_session_attrs=x",
    "host=h password='s3cr3t",
    "host=h password=s3cr3t x",
    "host=h password='s3cr3t' port='s3cr3t'",
  ];
  for (const url of wrong) expect(refusal(url)).not.toContain("s3cr3t");
  expect(targetName(read("postgres://ann:secret@h:1/d"))).toBe("h:1");
});
