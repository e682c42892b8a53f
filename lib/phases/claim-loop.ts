import {
  backlog,
  type Claimed,
  claim,
  claimSuspect,
  fail,
  type Phase,
  release,
  releaseStray,
} from "../database/claims.ts";
import type { Run } from "../database/runs.ts";
import type { JobMap } from "../jobs/job-map.ts";
import type { PoolSql } from "../pool.ts";
import { runWithinMemory } from "./run-within-memory.ts";
import type { Session } from "./session.ts";
import { storeEach } from "./store-each.ts";
import type { Tally } from "./tally.ts";
import type { Bell } from "./wake-up.ts";

/** The jobs that work on contents. */
export type ContentJob = "analyze" | "split";

/** What a phase does with claimed contents: a job for the threads, and the statement that stores what is kept of it. */
export interface PhaseWork<K extends ContentJob, Kept> {
  readonly phase: Phase;
  /** Contents claimed at once. */
  readonly batch: number;
  /** Batches in hand at once. */
  readonly lanes: number;
  readonly job: K;
  readonly context: JobMap[K]["context"];
  item(content: Claimed): JobMap[K]["item"];
  /** Sorts out what came back; throws when the phase can't go on, then the batch is given back. */
  judge(content: Claimed, result: JobMap[K]["result"]): Verdict<Kept>;
  /** The content that a result is of. */
  idOf(kept: Kept): number;
  /** Stores results in one round trip, those contents that are still the run's; answers with how many were. */
  store(sql: PoolSql, run: Run, results: readonly Kept[]): Promise<number>;
}

export type Verdict<Kept> = { readonly keep: Kept } | { readonly failure: string };

/** Whether what feeds a phase may still bring more. */
export interface Feed {
  readonly ended: boolean;
  readonly bell: Bell;
}

const POLL_MS = 1000;

/**
 * Claim, work, finish, until nothing is left: the shared life of the phases that work on contents. Several lanes
 * keep a batch in hand each. Ends when the feed has ended and nobody has anything pending or in hand.
 */
export async function claimLoop<K extends ContentJob, Kept>(
  session: Session,
  work: PhaseWork<K, Kept>,
  tally: Tally,
  feed: Feed,
): Promise<void> {
  const inHand = new Set<number>();
  const halt = new AbortController();
  const stop = AbortSignal.any([session.stop, halt.signal]);
  let finished = false;
  let claiming = 0;
  let settling: Promise<boolean> | null = null;
  const takeBatch = async () => {
    while (settling) await settling;
    claiming++;
    try {
      let claimed = await session.query((sql) => claim(sql, work.phase, session.run, work.batch));
      if (claimed.length === 0) claimed = await session.transact((sql) => claimSuspect(sql, work.phase, session.run));
      for (const content of claimed) inHand.add(content.id);
      return claimed;
    } finally {
      claiming--;
    }
  };
  // Claims wait while strays are looked for: a claim on its way back looks like one.
  const settle = async () => {
    if (claiming > 0 || settling) return;
    settling = nothingLeft(session, work.phase, inHand);
    try {
      finished = await settling;
    } finally {
      settling = null;
    }
  };
  tally.total += (await session.query((sql) => backlog(sql, work.phase))).pending;
  const lane = async () => {
    while (!stop.aborted && !finished) {
      const claimed = await takeBatch();
      if (claimed.length === 0) {
        if (feed.ended) await settle();
        if (finished) feed.bell.ring();
        else await feed.bell.wait(POLL_MS, stop);
        continue;
      }
      await workOn(session, work, tally, claimed, stop);
      for (const content of claimed) inHand.delete(content.id);
    }
  };
  let trouble: unknown = null;
  const lanes = Array.from({ length: work.lanes }, () =>
    lane().catch((error) => {
      trouble ??= error;
      halt.abort();
    }),
  );
  // Every lane puts down what it holds before the phase is over.
  await Promise.all(lanes);
  tally.endedMs = performance.now();
  if (trouble) throw trouble;
}

/** One batch from claim to finish. Whatever happens, no content of it stays claimed by a living run. */
async function workOn<K extends ContentJob, Kept>(
  session: Session,
  work: PhaseWork<K, Kept>,
  tally: Tally,
  claimed: readonly Claimed[],
  stop: AbortSignal,
): Promise<void> {
  const left = new Map(claimed.map((content) => [content.id, content]));
  try {
    const items = claimed.map((content) => ({ item: work.item(content), size: content.size }));
    const outcomes = await runWithinMemory(session, work.job, items, work.context, stop);
    const kept: Kept[] = [];
    const failures: { id: number; error: string }[] = [];
    for (const [i, outcome] of outcomes.entries()) {
      const content = claimed[i]!;
      if ("skipped" in outcome) continue;
      const verdict = "result" in outcome ? work.judge(content, outcome.result) : { failure: whyLost(outcome) };
      if ("failure" in verdict) failures.push({ id: content.id, error: verdict.failure });
      else kept.push(verdict.keep);
      left.delete(content.id);
    }
    const store = async (some: readonly Kept[]) => {
      // Waited for first: "+= await" would read the count before, and lose what other lanes add meanwhile.
      const stored = await session.query((sql) => work.store(sql, session.run, some));
      tally.done += stored;
    };
    await storeEach(kept, store, async (one, reason) => void failures.push({ id: work.idOf(one), error: reason }));
    const failed = await session.query((sql) => fail(sql, work.phase, session.run, failures));
    tally.failed += failed;
  } catch (error) {
    await session.query((sql) =>
      release(
        sql,
        work.phase,
        session.run,
        claimed.map((content) => content.id),
      ),
    );
    throw error;
  }
  if (left.size > 0) await session.query((sql) => release(sql, work.phase, session.run, [...left.keys()]));
}

const whyLost = (outcome: { readonly lost: string } | { readonly refused: string }) =>
  "lost" in outcome ? outcome.lost : outcome.refused;

/** Whether the phase is done for everybody: nothing pending, nothing in anybody's hand. */
async function nothingLeft(session: Session, phase: Phase, inHand: ReadonlySet<number>): Promise<boolean> {
  const stray = await session.query((sql) => releaseStray(sql, phase, session.run, [...inHand]));
  if (stray > 0) return false;
  const { pending, claimed } = await session.query((sql) => backlog(sql, phase));
  return pending === 0 && claimed === 0;
}
