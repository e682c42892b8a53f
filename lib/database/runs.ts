import type { ProcessIdentity } from "../files/process-identity.ts";
import type { PoolSql } from "../pool.ts";

/** A process at work on the library. Rows it claims are its own until it ends or misses its heartbeats. */
export interface Run {
  readonly id: number;
}

/** How long a run that sends no heartbeat keeps its claims, in seconds. */
const LEASE_SECONDS = 30;

export async function startRun(sql: PoolSql, command: string, self: ProcessIdentity): Promise<Run> {
  const [row] = await sql<{ id: number }[]>`
    insert into runs (command, machine, pid, process_started, expires_at)
    values (${command}, ${self.machine}, ${self.pid}, ${self.started}, now() + make_interval(secs => ${LEASE_SECONDS}))
    returning id`;
  return { id: row!.id };
}

export async function renewRun(sql: PoolSql, run: Run): Promise<void> {
  await sql`
    update runs
    set expires_at = now() + make_interval(secs => ${LEASE_SECONDS})
    where id = ${run.id} and ended_at is null`;
}

export async function endRun(sql: PoolSql, run: Run): Promise<void> {
  await sql`update runs set ended_at = now() where id = ${run.id} and ended_at is null`;
}

/** Runs on this machine that have not ended: their processes can be looked at. */
export async function runsOfMachine(sql: PoolSql, machine: string): Promise<(ProcessIdentity & Run)[]> {
  return await sql<(ProcessIdentity & Run)[]>`
    select id, machine, pid, process_started as started
    from runs
    where machine = ${machine} and ended_at is null`;
}
