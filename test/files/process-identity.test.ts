import { expect, test } from "bun:test";
import { isAlive, ownIdentity } from "../../lib/files/process-identity.ts";

test("isAlive knows this process, and one that ended", async () => {
  const own = ownIdentity();
  expect(own.pid).toBe(process.pid);
  expect(isAlive(own)).toBe(true);
  const child = Bun.spawn(["sleep", "60"]);
  expect(isAlive({ ...own, pid: child.pid, started: "unknown" })).toBe(true);
  child.kill();
  await child.exited;
  expect(isAlive({ ...own, pid: child.pid, started: "unknown" })).toBe(false);
});

test("isAlive tells a process from an earlier one of the same number", () => {
  const own = ownIdentity();
  expect(isAlive({ ...own, started: "12" })).toBe(own.started === "unknown");
});

test("ownIdentity is the same for all processes of a machine but for their number and start", async () => {
  const module = `${import.meta.dir}/../../lib/files/process-identity.ts`;
  const code = `import { ownIdentity } from ${JSON.stringify(module)}; console.log(JSON.stringify(ownIdentity()))`;
  const other = await Bun.spawn([process.execPath, "-e", code], { stdout: "pipe" }).stdout.json();
  expect(other.machine).toBe(ownIdentity().machine);
  expect(other.pid).not.toBe(process.pid);
});
