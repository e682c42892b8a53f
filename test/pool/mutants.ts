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
    file: "connection/connection.ts",
    find: "const goodbye = lastWord ?? (idle ? (error ?? warning) : undefined);",
    replace: "const goodbye = idle ? undefined : lastWord;",
    tests: ["checkout", "own reason"],
  },
  {
    guard: "the server's last word in the middle of a query is heard",
    file: "connection/connection.ts",
    find: "const goodbye = lastWord ?? (idle ? (error ?? warning) : undefined);",
    replace: "const goodbye = idle ? (lastWord ?? error ?? warning) : undefined;",
    tests: ["transaction", "run moves|says CONNECTION_LOST|right behind the answer"],
  },
  {
    guard: "a closed socket ends its connection",
    file: "connection/connection.ts",
    find: 'this.die(networkError("CONNECTION_CLOSED"',
    replace: 'void (networkError("CONNECTION_CLOSED"',
    tests: ["pgbouncer", "PgBouncer in"],
  },
  {
    guard: "queries of a dead connection are rejected",
    file: "connection/connection.ts",
    find: "    if (this.#execution !== undefined) rejectQuietly(this.#execution.query, error);\n    this.#wire.fail(error);\n",
    replace: "",
    tests: ["kills", "queued on a connection"],
  },
  {
    guard: "a query nobody awaits does not end the process when its connection dies",
    file: "connection/driver.ts",
    find: "  Promise.prototype.catch.call(query, () => {});\n",
    replace: "",
    tests: ["close", "by itself"],
  },
  {
    guard: "the driver's streams hear that their connection died",
    file: "connection/connection.ts",
    find: "    this.#wire.fail(error);\n    this.#execution?.endStream(error);\n",
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
    file: "connection/connection.ts",
    find: 'setTimeout(() => this.die(networkError("PING_TIMEOUT", text)), timeoutMs)',
    replace: "setTimeout(() => text, timeoutMs)",
    tests: ["checkout", "black hole"],
  },
  {
    guard: "one silent connection makes the idle ones suspect",
    file: "checkout.ts",
    find: 'if (["PING_TIMEOUT", "QUERY_TIMEOUT"].includes(errorCode(reason) ?? "")) this.#suspectAll();',
    replace: "errorCode(reason);",
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
    find: "    this.#clock.doubt();\n    if (isCrash",
    replace: "    if (isCrash",
    tests: ["checkout", "in doubt"],
  },
  {
    guard: "a server that stops as in a crash is heard",
    file: "connection/message-reader.ts",
    find: 'if (notice.code?.startsWith("57P")) this.warning = notice;',
    replace: "void notice;",
    tests: ["connection/message-reader", "goodbye or a notice"],
  },
  {
    guard: "after a crash nothing is handed out for a moment",
    file: "checkout.ts",
    find: "    if (isCrash(reason)) this.#pause();\n",
    replace: "    isCrash(reason);\n",
    tests: ["checkout", "after a crash"],
  },
  {
    guard: "what is idle for bypassMs is pinged",
    file: "checkout.ts",
    find: "return now - connection.provenAt < bypassMs && this",
    replace: "return this",
    tests: ["checkout", "bypassMs 0|black hole"],
  },
  {
    guard: "bypassMs 0 pings at a hand-off too",
    file: "checkout.ts",
    find: "else if (this.settings.bypassMs === 0 && this.waiters.length > 0) void this.#check(connection);\n",
    replace: "",
    tests: ["checkout", "bypassMs 0"],
  },
  {
    guard: "a connection in a transaction or a query is not reused",
    file: "checkout.ts",
    find: "if (!connection.clean && !connection.settling) {",
    replace: "if (connection.dead) {",
    tests: ["checkout", "dropped, not reused"],
  },
  {
    guard: "a query in flight makes a connection unclean",
    file: "connection/connection.ts",
    find: "return !query.active || query.cursorFn !== undefined;",
    replace: "return true;",
    tests: ["cancel", "left running"],
  },
  {
    guard: "an open transaction makes a connection unclean",
    file: "connection/connection.ts",
    find: " && this.#reader.status === READY_IDLE",
    replace: "",
    tests: ["checkout", "dropped, not reused"],
  },
  {
    guard: "release counts once",
    file: "lease.ts",
    find: "  release(): void {\n    if (this.released) return;",
    replace: "  release(): void {",
    tests: ["checkout", "two owners"],
  },
  {
    guard: "destroy after release does nothing",
    file: "lease.ts",
    find: "  destroy(error?: unknown): void {\n    if (this.released) return;",
    replace: "  destroy(error?: unknown): void {",
    tests: ["checkout", "two owners"],
  },
  {
    guard: "a released handle is refused",
    file: "lease.ts",
    find: "    if (!this.released) return this.#aborted;",
    replace: "    if (this) return this.#aborted;",
    tests: ["checkout", "two owners"],
  },
  {
    guard: "a lost handle is refused",
    file: "lease.ts",
    find: "    if (this.#lost !== undefined) return this.#lost;\n",
    replace: "",
    tests: ["kills", "held lease"],
  },
  {
    guard: "a lease held by hand is never given another connection",
    file: "pool.ts",
    find: "return this.#lease(options, false);",
    replace: "return this.#lease(options, true);",
    tests: ["kills", "held lease"],
  },
  {
    guard: "a lease whose connection did nothing is given another",
    file: "lease.ts",
    find: "|| connection.retiring || !unused)",
    replace: "|| connection.retiring || unused)",
    tests: ["transaction", "run moves"],
  },
  {
    guard: "a statement that may have begun is never sent again",
    file: "connection/connection.ts",
    find: "if (this.retiring || this.#reader.heard) return false;",
    replace: "",
    tests: ["transaction", "never moves"],
  },
  {
    guard: "a simple query is never sent again",
    file: "connection/connection.ts",
    find: " && !this.#execution?.query.options.simple",
    replace: "",
    tests: ["transaction", "never moves"],
  },
  {
    guard: "a transaction on another connection begins again",
    file: "lease.ts",
    find: "if (this.#opening === undefined) this.#open();",
    replace: 'if (this.#opening !== "") this.#open();',
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
    find: "Math.min(BACKGROUND, min - total)",
    replace: "Math.min(BACKGROUND, min * 0)",
    tests: ["checkout", "keepalive"],
  },
  {
    guard: "waiters have more opened, up to max",
    file: "checkout.ts",
    find: "Math.max(spare, this.waiters.length - this.#counted)",
    replace: "spare",
    tests: ["checkout", "500 at once"],
  },
  {
    guard: "never more than max",
    file: "checkout.ts",
    find: "Math.min(room, Math",
    replace: "Math.min(room + 1 / 0, Math",
    tests: ["checkout", "500 at once"],
  },
  {
    guard: "after a failure one probe at a time",
    file: "refill.ts",
    find: "      wanted = Math.min(wanted, this.#probes);\n",
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
    file: "opener.ts",
    find: "setTimeout(() => attempt.abort(late), connectTimeoutMs)",
    replace: "setTimeout(() => late, connectTimeoutMs)",
    tests: ["connect", "driver's or the system's code"],
  },
  {
    guard: "a connection that cannot be opened is hung up",
    file: "connection/connection.ts",
    find: "      connection.die(error);\n      throw error;",
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
    guard: "a preference is left out where it is refused",
    file: "opener.ts",
    find: "if (refused === undefined || signal.aborted)",
    replace: "if (refused !== null)",
    tests: ["sessions", "preferences it refuses"],
  },
  {
    guard: "the server looks whether its client still lives",
    file: "options.ts",
    find: "client_connection_check_interval: 1000, ",
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
    find: "if (!open || !lease.lost || lease.untouched) throw error;",
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
    find: "|| !lease.lost || !isConnectionLost(error)) throw error;",
    replace: ") throw error;",
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
    guard: "close ends what does not end by itself",
    file: "pool.ts",
    find: "      for (const connection of connections) connection.retire(reason);\n",
    replace: "",
    tests: ["close", "in flight"],
  },
  {
    guard: "what is wound up is cancelled first",
    file: "connection/connection.ts",
    find: "      await this.cancel();\n      if (this.#execution !== undefined)",
    replace: "      if (this.#execution === undefined)",
    tests: ["close", "in flight"],
  },
  {
    guard: "close waits for work that ends in time",
    file: "pool.ts",
    find: "Math.min(timeoutMs, LONGEST_TIMER_MS));\n    await Promise.all(connections",
    replace: "0);\n    await Promise.all(connections",
    tests: ["close", "ends in time"],
  },
  {
    guard: "a certificate is checked when that is asked for",
    file: "connection/dial.ts",
    find: 'if (endpoint.sslMode === "verify-full") return options;',
    replace: "",
    tests: ["connect", "TLS"],
  },
  {
    guard: "TLS is never left out when it is required",
    file: "connection/dial.ts",
    find: 'if (endpoint.sslMode === "prefer" && reply',
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
  {
    guard: "a cancel goes to the process the pooler named",
    file: "connection/connection.ts",
    find: "const { pid, secret } = (rows",
    replace: "const { secret } = (rows",
    tests: ["pgbouncer", "cancel, limits"],
  },
  {
    guard: "whoever asks to cancel waits for the server to hang up",
    file: "connection/cancel-request.ts",
    find: "socket.write(cancelRequest(pid, secret));",
    replace: "socket.end(cancelRequest(pid, secret));",
    tests: ["pgbouncer", "cancel, limits"],
  },
  {
    guard: "a query that waits is cancelled without the server",
    file: "lease.ts",
    find: "    if (this.#connection.executes(query)) void this.#connection.cancel();",
    replace: "    if (index !== -2) void this.#connection.cancel();",
    tests: ["cancel", "waits behind another"],
  },
  {
    guard: "while a cancel is under way no other query is sent",
    file: "connection/connection.ts",
    find: " && !this.#canceller.underWay && this",
    replace: " && this",
    tests: ["cancel", "comes late"],
  },
  {
    guard: "a cancel that was not confirmed ends its connection",
    file: "connection/canceller.ts",
    find: 'this.haunted ||= outcome === "unknown";',
    replace: "",
    tests: ["cancel", "does not confirm"],
  },
  {
    guard: "a cancel is bounded",
    file: "connection/cancel-request.ts",
    find: "setTimeout(() => abort.abort(late), CANCEL_TIMEOUT_MS)",
    replace: "setTimeout(() => late, 100 * CANCEL_TIMEOUT_MS)",
    tests: ["cancel", "does not confirm"],
  },
  {
    guard: "a cancel that came too early is repeated",
    file: "connection/canceller.ts",
    find: 'if (outcome !== "heard") return;',
    replace: "if (outcome) return;",
    tests: ["cancel", "repeated"],
  },
  {
    guard: "what winds up counts against max",
    file: "checkout.ts",
    find: "max - total - this.#closing.size",
    replace: "max - total",
    tests: ["cancel", "left running"],
  },
  {
    guard: "winding up is bounded",
    file: "connection/connection.ts",
    find: "setTimeout(() => this.#socket.destroy(), WIND_UP_MS)",
    replace: "setTimeout(() => {}, WIND_UP_MS)",
    tests: ["cancel", "keep a place for ever"],
  },
  {
    guard: "an answered COMMIT is done",
    file: "lease.ts",
    find: "if (this.lost && connection.ended !== undefined) return connection.ended;",
    replace: "",
    tests: ["transaction", "right behind the answer"],
  },
  {
    guard: "a transaction rolled back by hand is not done",
    file: "transaction.ts",
    find: 'if (lease.endedByHand === "ROLLBACK")',
    replace: "if (lease.endedByHand === undefined && !lease)",
    tests: ["transaction", "by hand"],
  },
  {
    guard: "run does its own error's work once",
    file: "pool.ts",
    find: "!lease.lost || !isConnectionLost(error)",
    replace: "!lease.lost",
    tests: ["transaction", "not for its own error"],
  },
  {
    guard: "a query has a limit",
    file: "connection/answer-timer.ts",
    find: "setTimeout(() => this.#waiting?.late(), this.#leftMs)",
    replace: "setTimeout(() => {}, this.#leftMs)",
    tests: ["limits", "takes longer"],
  },
  {
    guard: "the limit is the server's time only",
    file: "connection/connection.ts",
    find: 'else if (this.#reader.suspended || this.#reader.copying === "in") this.#timer.pause();',
    replace: "",
    tests: ["limits", "server's only"],
  },
  {
    guard: "a server that does not answer a cancel is taken for dead",
    file: "lease.ts",
    find: "if (!rested) connection.die(reason);",
    replace: "void rested;",
    tests: ["limits", "network that goes silent"],
  },
  {
    guard: "a signal stops the query under way",
    file: "lease.ts",
    find: "    this.#stop(this.#aborted);\n",
    replace: "",
    tests: ["limits", "signal"],
  },
  {
    guard: "a signal refuses what follows",
    file: "lease.ts",
    find: "    if (!this.released) return this.#aborted;",
    replace: "    if (!this.released) return undefined;",
    tests: ["limits", "signal"],
  },
  {
    guard: "a limit holds through an exchange",
    file: "lease.ts",
    find: "performance.now() + this.terms.timeoutMs",
    replace: "performance.now() + 60_000",
    tests: ["limits", "is exchanged"],
  },
  {
    guard: "resets one after another do not hold the pool back",
    file: "checkout.ts",
    find: "if (now < this.#pauseUntil + BETWEEN_PAUSES_MS) return;\n",
    replace: "clearTimeout(this.#pauseTimer);\n",
    tests: ["checkout", "soon after"],
  },
  {
    guard: "a probe that hangs is joined",
    file: "refill.ts",
    find: "this.#probes = this.connecting + 1;",
    replace: "",
    tests: ["resets", "joined by another"],
  },
  {
    guard: "a message in pieces is put together",
    file: "connection/message-reader.ts",
    find: "    if (at < size) this.#held = bytes.subarray(at);\n",
    replace: "    if (at < size) at = size;\n",
    tests: ["resets", "in pieces"],
  },
  {
    guard: "a handler hears when the pool is at peace",
    file: "events.ts",
    find: "return (event) => queueMicrotask(() => void tell(event));",
    replace: "return (event) => void tell(event);",
    tests: ["events", "break max"],
  },
  {
    guard: "a handler that fails later ends nothing",
    file: "events.ts",
    find: "      await handler(event);",
    replace: "      handler(event);",
    tests: ["events", "ends neither"],
  },
  {
    guard: "a CopyFail outside a COPY is kept back",
    file: "connection/connection.ts",
    find: 'if (copying !== "in" && chunk[0] === TO_SERVER.copyFail) return false;',
    replace: "",
    tests: ["copy", "as good as before"],
  },
  {
    guard: "a COPY that fails at its end ends its stream",
    file: "connection/connection.ts",
    find: "    if (this.#reader.error !== undefined) execution?.endStream(this.#reader.error);\n",
    replace: "",
    tests: ["copy", "bad row"],
  },
  {
    guard: "no query runs into an open COPY",
    file: "lease.ts",
    find: "    if (this.#connection.copying) {",
    replace: "    if (this.#connection.dead) {",
    tests: ["copy", "no other query"],
  },
  {
    guard: "a cursor that was left is waited for",
    file: "connection/connection.ts",
    find: "return !query.active || query.cursorFn !== undefined;",
    replace: "return !query.active;",
    tests: ["copy", "cursor"],
  },
  {
    guard: "a session that is not wanted is not taken",
    file: "opener.ts",
    find: "if (found !== undefined) {",
    replace: "if (found === null) {",
    tests: ["sessions", "finds the server"],
  },
  {
    guard: "read-only sessions are replaced",
    file: "lease.ts",
    find: "this.#owner.foundReadOnly();",
    replace: "void this;",
    tests: ["evict", "after a failover"],
  },
  {
    guard: "read-only sessions are not replaced all the time",
    file: "checkout.ts",
    find: "if (now - this.#readOnlyAt < BETWEEN_READ_ONLY_MS) return;",
    replace: "",
    tests: ["evict", "stays read-only"],
  },
  {
    guard: "held connections are replaced when they come back",
    file: "checkout.ts",
    find: "if (connection.generation !== this.#generation) {",
    replace: "if (connection.dead) {",
    tests: ["evict", "idle connections"],
  },
  {
    guard: "array types come from the server",
    file: "connection/arrays.ts",
    find: "serializers[array] = ((values",
    replace: "serializers[-array] = ((values",
    tests: ["values", "every type the server"],
  },
  {
    guard: "only replacements are told as such",
    file: "checkout.ts",
    find: "if (this.total < this.settings.min) this.#unreplaced",
    replace: "if (this.total) this.#unreplaced",
    tests: ["events", "later growth"],
  },
  {
    guard: "a .env file's names do not count",
    file: "target/environment.ts",
    find: "real[name] = started?.get(name);",
    replace: "",
    tests: ["target/environment", "does not count"],
  },
  {
    guard: "a password file others may read does not count",
    file: "target/own-files.ts",
    find: "(statSync(file).mode & 0o077) !== 0",
    replace: "(statSync(file).mode & 0) !== 0",
    tests: ["target/target", "password files"],
  },
  {
    guard: "libpq's environment counts where the URL is silent",
    file: "target/target.ts",
    find: "...around.settings, ...service.settings",
    replace: "...service.settings",
    tests: ["target/target", "environment where"],
  },
  {
    guard: "what is not done is refused by name",
    file: "target/words.ts",
    find: "if (only.includes(value.toLowerCase())) return;",
    replace: "if (only) return;",
    tests: ["target/target", "refuses by name"],
  },
  {
    guard: "other pools' words do not reach the server",
    file: "target/words.ts",
    find: "PASSED_OVER.has(name) || ANY_POOL.test(name)",
    replace: "ANY_POOL.test(name)",
    tests: ["target/target", "passes other"],
  },
  {
    guard: "an unknown word of the URL is named",
    file: "opener.ts",
    find: "if (word === undefined || !/^(42|22|08|55)/.test(code)) return error;",
    replace: "if (code) return error;",
    tests: ["sessions", "is named"],
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
