// Takes each guard of the pool out in turn and shows that a test notices: bun test/pool/mutants.ts [words of a guard's name]
// Works on a copy; some minutes for all.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A guard: what it is for, where it stands, what is written in its place, and the tests that must fail then. */
interface Mutant {
  readonly guard: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** A test file and words of its tests' names. */
  readonly tests: readonly [file: string, names: string];
}

const MUTANTS: readonly Mutant[] = [
  {
    guard: "the server's goodbye on an idle connection is heard",
    file: "connection/slot.ts",
    find: "if (goodbye === undefined) this.#wire.receive(chunk);\n    else this.die(goodbye);",
    replace: "if (goodbye !== chunk) this.#wire.receive(chunk);",
    tests: ["checkout", "own reason"],
  },
  {
    guard: "the server's last word in the middle of a query is heard",
    file: "connection/slot.ts",
    find: "if (word !== undefined) this.die(word.error);",
    replace: "",
    tests: ["transaction", "run moves|says CONNECTION_LOST"],
  },
  {
    guard: "a closed socket ends its slot",
    file: "connection/slot.ts",
    find: 'this.die(networkError("CONNECTION_CLOSED"',
    replace: 'void (networkError("CONNECTION_CLOSED"',
    tests: ["pgbouncer", "PgBouncer"],
  },
  {
    guard: "queries of a dead connection are rejected",
    file: "connection/slot.ts",
    find: "    this.#inFlight.rejectAll(error);\n",
    replace: "",
    tests: ["kills", "queued on a connection"],
  },
  {
    guard: "a query nobody awaits does not end the process when its connection dies",
    file: "connection/in-flight.ts",
    find: "  Promise.prototype.catch.call(query, () => {});\n",
    replace: "",
    tests: ["close", "by itself"],
  },
  {
    guard: "the driver's streams hear that their connection died",
    file: "connection/slot.ts",
    find: "if (error !== undefined) this.#wire.fail(error);",
    replace: "",
    tests: ["values", "copy in and out"],
  },
  {
    guard: "the driver is never told of a close, so it never dials again",
    file: "connection/driver-socket.ts",
    find: 'if (event === "data") this.#onData = listener;',
    replace:
      'if (event === "close") this.#socket.on("close", listener);\n    if (event === "data") this.#onData = listener;',
    tests: ["kills", "with retry|transactions|start-up"],
  },
  {
    guard: "a ping unanswered in time ends the connection",
    file: "connection/slot.ts",
    find: "setTimeout(() => this.die(pingTimeout(timeoutMs)), timeoutMs)",
    replace: "setTimeout(() => {}, timeoutMs)",
    tests: ["checkout", "black hole"],
  },
  {
    guard: "one silent connection makes the idle ones suspect",
    file: "checkout.ts",
    find: 'if ((reason as { code?: string }).code === "PING_TIMEOUT") this.#suspectAll();',
    replace: "",
    tests: ["checkout", "black hole"],
  },
  {
    guard: "suspects are not counted on to serve a waiter",
    file: "checkout.ts",
    find: "return this.#checking.size - this.#suspects;",
    replace: "return this.#checking.size;",
    tests: ["checkout", "black hole"],
  },
  {
    guard: "after a stalled event loop nothing is taken for proven",
    file: "stall-clock.ts",
    find: "return since > this.#stalledAt && this.#timer !== undefined && now - this.#lastBeat <= BEAT_MS + LATE_MS;",
    replace: "return since !== now + this.#stalledAt;",
    tests: ["checkout", "blocked event loop"],
  },
  {
    guard: "where one connection died the idle ones are in doubt",
    file: "checkout.ts",
    find: "    this.#clock.doubt(); // where one died the others may be dying\n",
    replace: "",
    tests: ["checkout", "in doubt"],
  },
  {
    guard: "a server that stops as in a crash is heard",
    file: "connection/wire.ts",
    find: 'return notice.code?.startsWith("57P") ? notice : undefined;',
    replace: "return notice ? undefined : notice;",
    tests: ["restart", "as in a crash"],
  },
  {
    guard: "after a crash nothing is handed out for a moment",
    file: "checkout.ts",
    find: "    if (isCrash(reason)) this.#rest();\n",
    replace: "    isCrash(reason);\n",
    tests: ["checkout", "after a crash"],
  },
  {
    guard: "what is idle for bypassMs is pinged",
    file: "checkout.ts",
    find: "return now - slot.provenAt < bypassMs && this",
    replace: "return this",
    tests: ["checkout", "bypassMs 0|black hole"],
  },
  {
    guard: "bypassMs 0 pings at a hand-off too",
    file: "checkout.ts",
    find: "else if (this.settings.bypassMs === 0 && this.waiters.length > 0) this.#check(slot);\n",
    replace: "",
    tests: ["checkout", "bypassMs 0"],
  },
  {
    guard: "a connection in a transaction or a query is not reused",
    file: "checkout.ts",
    find: "if (!slot.clean) {",
    replace: "if (slot.dead) {",
    tests: ["checkout", "dropped, not reused"],
  },
  {
    guard: "a query in flight makes a connection unclean",
    file: "connection/slot.ts",
    find: "this.#atRest && this.#inFlight.settle() && ",
    replace: "",
    tests: ["checkout", "dropped, not reused"],
  },
  {
    guard: "an open transaction makes a connection unclean",
    file: "connection/slot.ts",
    find: " && this.#status === READY_IDLE",
    replace: "",
    tests: ["checkout", "dropped, not reused"],
  },
  {
    guard: "release counts once",
    file: "lease.ts",
    find: "  release(): void {\n    if (this.#released) return;",
    replace: "  release(): void {",
    tests: ["checkout", "two owners"],
  },
  {
    guard: "destroy after release does nothing",
    file: "lease.ts",
    find: "  destroy(error?: unknown): void {\n    if (this.#released) return;",
    replace: "  destroy(error?: unknown): void {",
    tests: ["checkout", "two owners"],
  },
  {
    guard: "a released handle is refused",
    file: "lease.ts",
    find: "    if (this.#lost !== undefined || !this.#released) return this.#lost;",
    replace: "    if (this.#lost !== undefined || this) return this.#lost;",
    tests: ["checkout", "two owners"],
  },
  {
    guard: "a lost handle is refused",
    file: "lease.ts",
    find: "    if (refusal !== undefined) query.reject(refusal);\n    else if",
    replace: '    if (refusal?.code === "LEASE_RELEASED") query.reject(refusal);\n    else if',
    tests: ["kills", "held lease"],
  },
  {
    guard: "a lease held by hand never moves",
    file: "pool.ts",
    find: "return this.#checkout.lease(options, false);",
    replace: "return this.#checkout.lease(options, true);",
    tests: ["kills", "held lease"],
  },
  {
    guard: "a lease whose connection did nothing moves",
    file: "lease.ts",
    find: "!(this.#undone || opening)",
    replace: "!opening",
    tests: ["transaction", "run moves"],
  },
  {
    guard: "a statement that may have begun is never sent again",
    file: "connection/slot.ts",
    find: "if (this.#heard) return false;",
    replace: "",
    tests: ["transaction", "never moves"],
  },
  {
    guard: "a simple query is never sent again",
    file: "connection/slot.ts",
    find: " && !this.#inFlight.anySimple",
    replace: "",
    tests: ["transaction", "never moves"],
  },
  {
    guard: "a transaction that moves begins again",
    file: "lease.ts",
    find: "if (this.#prologue === undefined) this.#resume();",
    replace: 'if (this.#prologue !== "") this.#resume();',
    tests: ["transaction", "moves with its begin"],
  },
  {
    guard: "a waiter that gave up leaves the queue",
    file: "wait-queue.ts",
    find: "if (this.#remove(node)) waiter.refuse(timedOut());",
    replace: "waiter.refuse(timedOut());",
    tests: ["checkout", "abandoned"],
  },
  {
    guard: "a waiter whose signal fired leaves the queue",
    file: "wait-queue.ts",
    find: '    signal?.addEventListener("abort", abort);\n',
    replace: "",
    tests: ["checkout", "abandoned"],
  },
  {
    guard: "callers are served in their order",
    file: "wait-queue.ts",
    find: "request.first ? this.#unshift(waiter) : this.#push(waiter)",
    replace: "this.#unshift(waiter)",
    tests: ["checkout", "500 at once"],
  },
  {
    guard: "waiting is bounded",
    file: "wait-queue.ts",
    find: "if (this.#remove(node)) waiter.refuse(timedOut());",
    replace: "",
    tests: ["checkout", "second connection inside run"],
  },
  {
    guard: "lost connections are replaced up to min",
    file: "checkout.ts",
    find: "Math.max(min - total, this",
    replace: "Math.max(min * 0, this",
    tests: ["checkout", "keepalive"],
  },
  {
    guard: "waiters have more opened, up to max",
    file: "checkout.ts",
    find: "Math.max(min - total, this.waiters.length - this.#counted)",
    replace: "(min - total)",
    tests: ["checkout", "500 at once"],
  },
  {
    guard: "never more than max",
    file: "checkout.ts",
    find: "Math.min(max - total, Math",
    replace: "Math.min(1 / 0, Math",
    tests: ["checkout", "500 at once"],
  },
  {
    guard: "after a failure one probe at a time",
    file: "refill.ts",
    find: "      wanted = Math.min(wanted, 1);\n",
    replace: "",
    tests: ["restart", "server down"],
  },
  {
    guard: "probes keep their distance",
    file: "refill.ts",
    find: "    }, this.#delay());",
    replace: "    }, 0);",
    tests: ["restart", "server down"],
  },
  {
    guard: "weather is waited for",
    file: "refill.ts",
    find: "return /^(28|3D|42|22)...$/.test(code)",
    replace: "return /./.test(code)",
    tests: ["restart", "server down"],
  },
  {
    guard: "what waiting does not heal is told at once",
    file: "refill.ts",
    find: "return /^(28|3D|42|22)...$/.test(code)",
    replace: "return /^-$/.test(code)",
    tests: ["connect", "scram"],
  },
  {
    guard: "the first connection is opened alone",
    file: "pool.ts",
    find: "    await refill.open();\n",
    replace: "    await Promise.all(Array.from({ length: settings.min }, () => refill.open()));\n",
    tests: ["connect", "driver's or the system's code"],
  },
  {
    guard: "connecting is bounded",
    file: "refill.ts",
    find: 'attempt.abort(networkError("CONNECT_TIMEOUT", text))',
    replace: "text",
    tests: ["connect", "driver's or the system's code"],
  },
  {
    guard: "a connection that cannot be opened is hung up",
    file: "connection/slot.ts",
    find: "      slot.die(error);\n      throw error;",
    replace: "      throw error;",
    tests: ["connect", "hangs up"],
  },
  {
    guard: "a pool that comes up short says so",
    file: "pool.ts",
    find: "if (failed !== undefined)",
    replace: "if (failed === null)",
    tests: ["checkout", "6 slots"],
  },
  {
    guard: "the setting the pool adds by itself is left out where it is refused",
    file: "refill.ts",
    find: "if (!refusesCheckInterval(error)",
    replace: "if (refusesCheckInterval(error)",
    tests: ["pgbouncer", "PgBouncer"],
  },
  {
    guard: "the server looks whether its client still lives",
    file: "options.ts",
    find: "    client_connection_check_interval: 1000,\n",
    replace: "",
    tests: ["close", "killed client"],
  },
  {
    guard: "prepare: false reaches the driver",
    file: "connection/driver.ts",
    find: "prepare: target.prepare,",
    replace: "",
    tests: ["values", "without prepared statements"],
  },
  {
    guard: "no option is left to the environment",
    file: "connection/driver.ts",
    find: "    ssl: false,\n",
    replace: "",
    tests: ["connect", "environment"],
  },
  {
    guard: "a commit without an answer is unknown",
    file: "transaction.ts",
    find: "if (!open || !lease.lost || lease.undone) throw error;",
    replace: "if (lease) throw error;",
    tests: ["transaction", "COMMIT_UNKNOWN"],
  },
  {
    guard: "a commit answered by rollback is an error",
    file: "transaction.ts",
    find: 'if (command === "COMMIT") return;',
    replace: "if (command) return;",
    tests: ["transaction", "TX_ROLLED_BACK"],
  },
  {
    guard: "an error rolls back",
    file: "transaction.ts",
    find: "    await rollback(lease);\n    throw error;",
    replace: "    await commit(lease);\n    throw error;",
    tests: ["transaction", "commits what returns"],
  },
  {
    guard: "run retries only after a lost connection",
    file: "pool.ts",
    find: "if (attempt >= retry || !lease.lost) throw error;",
    replace: "if (attempt >= retry) throw error;",
    tests: ["transaction", "retries only when asked"],
  },
  {
    guard: "a lease held too long is reported",
    file: "housekeeper.ts",
    find: "    this.#reportLeaks(now);\n",
    replace: "",
    tests: ["checkout", "leak"],
  },
  {
    guard: "long waits are told",
    file: "housekeeper.ts",
    find: "    this.#reportWaiting(now);\n",
    replace: "",
    tests: ["checkout", "waiting"],
  },
  {
    guard: "idle connections are kept alive",
    file: "housekeeper.ts",
    find: "if (this.#checkout.settings.keepaliveMs > 0) this.#checkout.keepAlive(now);",
    replace: "",
    tests: ["checkout", "keepalive"],
  },
  {
    guard: "close refuses who waits",
    file: "checkout.ts",
    find: "    this.refill.stop(reason);\n    this.#refuseAll(reason);",
    replace: "    this.refill.stop(reason);",
    tests: ["close", "in flight"],
  },
  {
    guard: "close cuts what does not end",
    file: "pool.ts",
    find: "          slot.die(reason);\n          slot.cut();",
    replace: "",
    tests: ["close", "in flight"],
  },
  {
    guard: "close has the server stop what it cuts",
    file: "pool.ts",
    find: "        if (slot.busy) cancels.push(slot.cancel());\n",
    replace: "",
    tests: ["close", "in flight"],
  },
  {
    guard: "close waits for work that ends in time",
    file: "pool.ts",
    find: "      Math.min(timeoutMs, LONGEST_TIMER_MS),\n    );\n    await Promise.all(slots",
    replace: "      0,\n    );\n    await Promise.all(slots",
    tests: ["close", "ends in time"],
  },
  {
    guard: "a certificate is checked when that is asked for",
    file: "connection/dial.ts",
    find: 'if (target.sslMode === "verify-full") return options;',
    replace: "",
    tests: ["connect", "TLS"],
  },
  {
    guard: "TLS is never left out when it is required",
    file: "connection/dial.ts",
    find: 'if (target.sslMode === "prefer" && reply',
    replace: "if (reply",
    tests: ["connect", "TLS"],
  },
  {
    guard: "array elements are escaped",
    file: "connection/arrays.ts",
    find: 'element.replace(EVERY_ESCAPE, "\\\\$&")',
    replace: "element",
    tests: ["values", "arrays of every|unnest"],
  },
  {
    guard: "no int8 is rounded",
    file: "connection/driver.ts",
    find: "return Number.isSafeInteger(value) ? value : BigInt(text);",
    replace: "return value;",
    tests: ["values", "int8"],
  },
];

/** Copies at work at once: many mutants do nothing but wait for what never comes. */
const AT_ONCE = 3;
/** How long a mutant's test may hang; the setDefaultTimeout of every test file is set to it. */
const HANG_MS = "10_000";

const root = new URL("../../", import.meta.url).pathname;
const wanted = MUTANTS.filter(({ guard }) => process.argv.slice(2).every((word) => guard.includes(word)));
const queue = [...wanted];
let noticed = 0;
await Promise.all(Array.from({ length: AT_ONCE }, work));
console.log(`${noticed} of ${wanted.length} noticed`);
process.exitCode = noticed === wanted.length ? 0 : 1;

async function work(): Promise<void> {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const outcome = await outcomeOf(mutant);
    if (outcome === "noticed") noticed++;
    console.log(`${outcome.padEnd(9)}  ${mutant.guard}`);
  }
}

async function outcomeOf({ file, find, replace, tests: [testFile, names] }: Mutant): Promise<string> {
  const copy = mkdtempSync(join(tmpdir(), "midiworks-mutant-"));
  try {
    for (const part of ["lib", "test", "scripts", "package.json", "tsconfig.json"])
      cpSync(join(root, part), join(copy, part), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    if (!edit(join(copy, "lib", "pool", file), find, replace)) return "not found";
    const test = `test/pool/${testFile}.test.ts`;
    edit(join(copy, test), "60_000", HANG_MS);
    const command = [process.execPath, "test", test, "-t", names];
    const run = Bun.spawn(command, { cwd: copy, stdout: "ignore", stderr: "pipe", timeout: 60_000 });
    const said = await new Response(run.stderr).text();
    const code = await run.exited;
    if (/ 0 pass/.test(said) && / 0 fail/.test(said)) return "no test";
    return code === 0 ? "SURVIVED" : "noticed";
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function edit(path: string, find: string, replace: string): boolean {
  const source = readFileSync(path, "utf8");
  writeFileSync(
    path,
    source.replace(find, () => replace),
  );
  return source.includes(find);
}
