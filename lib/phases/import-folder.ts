import type { Outcome } from "../crew/crew.ts";
import { walkInThread } from "../crew/walker.ts";
import { insertContents, type NewContent, reviveContents, reviveFound } from "../database/contents.ts";
import {
  type FoundFile,
  holdsFiles,
  type KnownFile,
  markMembersGone,
  type StoredFolder,
  storedFolder,
  storedMeanwhile,
  upsertFiles,
} from "../database/files.ts";
import { contentsFolder } from "../files/content-store.ts";
import type { Found } from "../files/walk.ts";
import { type Checked, type CheckItem, type PathFacts, pathFacts, unreadable } from "../jobs/check-file.ts";
import type { Unpacked } from "../jobs/unpack-archive.ts";
import { requireFolder, SourceMissing } from "../library/roots.ts";
import { KnownPlaces } from "./known-places.ts";
import type { Session } from "./session.ts";
import { createTally, type Tally } from "./tally.ts";

export interface ImportOptions {
  /** The folder to import, on this machine. */
  readonly source: string;
  /** Larger files are not read. */
  readonly maxBytes: number;
  /** Files checked and stored at once, for measuring what a batch is worth. */
  readonly batch?: number;
  /** Told of contents that are new in the library: how many there are to analyse, and to split. */
  readonly onNew?: (analyse: number, split: number) => void;
}

type Read = Checked & PathFacts;

/** A place that was read. */
interface Place {
  readonly found: Found;
  readonly member: string;
  readonly known: KnownFile | null;
  readonly checked: Read;
}

/** A place to read: new, or changed since the library saw it. */
interface ToRead {
  readonly found: Found;
  readonly known: KnownFile | null;
}

/** Files checked by one thread at once: at most this many and this many bytes. */
const BATCH_FILES = 128;
const BATCH_BYTES = 8 << 20;
/** Members of an archive stored by one statement. */
const MEMBERS_AT_ONCE = 1000;

export function importTally(): Tally {
  return createTally("import", {
    unchanged: 0,
    new: 0,
    duplicates: 0,
    refreshed: 0,
    repaired: 0,
    unreadable: 0,
    gone: 0,
    returned: 0,
    archives: 0,
    parts: 0,
    problems: 0,
  });
}

/**
 * Walks the source and brings the library up to date with it: every place of a file, every distinct content once.
 * Places whose size and modification time are unchanged are not read again. Nothing in the source is changed.
 */
export async function importFolder(session: Session, options: ImportOptions, tally: Tally): Promise<void> {
  requireFolder(options.source);
  const folder = await session.transact((sql) => storedFolder(sql, session.roots.stored(options.source)));
  const run = new ImportRun(session, options, folder, tally);
  try {
    for await (const batch of walkInThread(options.source)) {
      for (const found of batch) await run.visit(found);
      if (session.stop.aborted) break;
    }
    await run.finish();
  } catch (error) {
    requireFolder(options.source);
    throw error;
  } finally {
    tally.endedMs = performance.now();
  }
}

class ImportRun {
  readonly #session: Session;
  readonly #options: ImportOptions;
  readonly #folder: StoredFolder;
  readonly #tally: Tally;
  readonly #known: KnownPlaces;
  readonly #inWork = new Set<Promise<void>>();
  #batch: ToRead[] = [];
  #bytes = 0;
  #trouble: unknown = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(session: Session, options: ImportOptions, folder: StoredFolder, tally: Tally) {
    this.#session = session;
    this.#options = options;
    this.#folder = folder;
    this.#tally = tally;
    this.#known = new KnownPlaces(session, folder, options.source, tally.counts);
  }

  async visit(seen: Found): Promise<void> {
    const found = { ...seen, path: this.#folder.prefix + seen.path };
    const { counts } = this.#tally;
    if (found.kind === "parts") {
      await this.#known.close(found.path);
      counts.parts!++;
      return;
    }
    if (found.kind === "problem" && (seen.path === "" || seen.path.endsWith("/"))) {
      await this.#known.close(found.path);
      counts.problems!++;
      this.#session.warn(`Cannot look into ${this.#options.source}/${seen.path}: ${found.reason}`);
      return;
    }
    this.#tally.total++;
    const known = await this.#known.find(found.path);
    if (known && isUnchanged(known, found)) {
      counts.unchanged!++;
      if (known.state === "gone") await this.#known.takeBack(found.path);
      return;
    }
    if (found.kind === "archive") {
      await this.#dispatch();
      if ((await this.#stillToRead([{ found, known }])).length === 0) return;
      await this.#begin((before) => this.#unpack(found, before));
      return;
    }
    this.#batch.push({ found, known });
    this.#bytes += found.size;
    if (this.#batch.length >= (this.#options.batch ?? BATCH_FILES) || this.#bytes >= BATCH_BYTES)
      await this.#dispatch();
  }

  async finish(): Promise<void> {
    if (!this.#session.stop.aborted) await this.#dispatch();
    await Promise.all(this.#inWork);
    if (this.#trouble) throw this.#trouble;
    if (this.#session.stop.aborted) return;
    if (this.#tally.total === 0) await this.#refuseIfEmptied();
    await this.#known.finish();
    await this.#session.query((sql) => reviveFound(sql, this.#folder.root));
    await this.#session.crew.run("tidy", [{ folder: contentsFolder(this.#session.dataDir) }], null);
  }

  /** Hands the batch to the threads; waits while enough batches are in work. */
  async #dispatch(): Promise<void> {
    if (this.#trouble) throw this.#trouble;
    const batch = await this.#stillToRead(this.#batch);
    this.#batch = [];
    this.#bytes = 0;
    if (batch.length === 0) return;
    await this.#begin((before) => this.#read(batch, before));
  }

  /**
   * Leaves out what another run has stored since the page of known places was read. Runs that import one folder at
   * once walk alike; so the one behind jumps ahead of the other, and they share the reading.
   */
  async #stillToRead(batch: readonly ToRead[]): Promise<ToRead[]> {
    if (batch.length === 0) return [];
    const stored = await this.#session.query((sql) =>
      storedMeanwhile(
        sql,
        this.#folder.root,
        batch.map(({ found }) => found),
      ),
    );
    this.#tally.counts.unchanged! += stored.size;
    return batch.filter(({ found }) => !stored.has(found.path));
  }

  async #begin(start: (before: Promise<void>) => Promise<void>): Promise<void> {
    const work = start(this.#writing)
      .catch((error) => {
        this.#trouble ??= error;
      })
      .finally(() => this.#inWork.delete(work));
    this.#writing = work;
    this.#inWork.add(work);
    while (this.#inWork.size > this.#session.crew.threads) await Promise.race(this.#inWork);
  }

  /** Batches are written one after the other, in the order of the walk: one connection, and the same rows every time. */
  async #read(batch: readonly ToRead[], before: Promise<void>): Promise<void> {
    const { source, maxBytes } = this.#options;
    const items = batch.map(({ found }): CheckItem => ({ path: this.#here(found) }));
    const outcomes = await this.#session.crew.run<Read>("check", items, { maxBytes }, this.#session.stop);
    for (const [i, outcome] of outcomes.entries()) {
      if ("lost" in outcome) outcomes[i] = await this.#reject(items[i]!, outcome.lost);
    }
    if (outcomes.some((outcome) => "result" in outcome && outcome.result.sha256 === null)) requireFolder(source);
    await before;
    const places = outcomes.flatMap((outcome, i) => {
      const { found, known } = batch[i]!;
      if ("skipped" in outcome) return [];
      const checked = "result" in outcome ? outcome.result : lostFile(items[i]!.path, outcome.lost);
      return [{ found, member: "", known, checked }];
    });
    if (!this.#trouble) await this.#store(places);
  }

  /** A file that hung or ended its thread, alone too, is rejected by its bytes: it costs threads once, not in every run. */
  async #reject(item: CheckItem, reason: string): Promise<Outcome<Read>> {
    const { maxBytes } = this.#options;
    const [outcome] = await this.#session.crew.run<Read>("reject", [item], { maxBytes, reason }, this.#session.stop);
    return outcome!;
  }

  /** An archive's members, and the archive itself last: a run that ends in between reads it again. */
  async #unpack(found: Found, before: Promise<void>): Promise<void> {
    const { maxBytes } = this.#options;
    const context = { maxBytes, dataDir: this.#session.dataDir };
    const items = [{ path: this.#here(found) }];
    const [outcome] = await this.#session.crew.run<Unpacked>("unpack", items, context, this.#session.stop);
    await before;
    if (this.#trouble || !outcome || "skipped" in outcome) return;
    const { members, error, unreadable } =
      "result" in outcome ? outcome.result : { members: [], error: outcome.lost, unreadable: false };
    if (unreadable) requireFolder(this.#options.source);
    this.#tally.total += members.length - (error === null ? 1 : 0);
    for (let at = 0; at < members.length; at += MEMBERS_AT_ONCE) {
      const some = members.slice(at, at + MEMBERS_AT_ONCE);
      await this.#store(some.map(({ name, checked }) => ({ found, member: name, known: null, checked })));
    }
    const names = members.map(({ name }) => name);
    const row = { ...fileRow(found, "", lostFile(items[0]!.path, error ?? "")), error, archive: !unreadable };
    await this.#session.transact(async (sql) => {
      if (!unreadable) await markMembersGone(sql, this.#folder.root, found.path, names);
      await upsertFiles(sql, this.#folder.root, [row]);
    });
    if (error === null) this.#tally.counts.archives!++;
    else {
      this.#tally.failed++;
      this.#session.warn(`${items[0]!.path}: ${error}`);
    }
  }

  async #store(places: readonly Place[]): Promise<void> {
    const contents = places.flatMap(({ checked }) => (checked.sha256 ? [contentRow(checked.sha256, checked)] : []));
    const files = places.map(({ found, member, checked }) => fileRow(found, member, checked));
    const fresh = await this.#session.transact(async (sql) => {
      const inserted = await insertContents(sql, contents);
      const written = await upsertFiles(sql, this.#folder.root, files);
      if (inserted.length < contents.length) await reviveContents(sql, written);
      return inserted;
    });
    this.#count(places, new Set(fresh));
  }

  #count(places: readonly Place[], fresh: Set<string>): void {
    const { counts } = this.#tally;
    let analyse = 0;
    let split = 0;
    for (const { known, checked } of places) {
      if (!checked.sha256) counts.unreadable!++;
      else if (fresh.delete(checked.sha256)) {
        counts.new!++;
        if (checked.status !== "rejected") analyse++;
        if ((checked.voiceCount ?? 0) > 1) split++;
      } else if (known?.contentId) counts.refreshed!++;
      else counts.duplicates!++;
      if (checked.status === "repaired") counts.repaired!++;
      if (!checked.sha256 || checked.status === "rejected") this.#tally.failed++;
      else this.#tally.done++;
    }
    this.#options.onNew?.(analyse, split);
  }

  /** Where a place is on this machine. */
  #here(found: Found): string {
    return `${this.#options.source}/${found.path.slice(this.#folder.prefix.length)}`;
  }

  /** A folder that held files and holds none is more likely not mounted than emptied. */
  async #refuseIfEmptied(): Promise<void> {
    if (!(await this.#session.query((sql) => holdsFiles(sql, this.#folder)))) return;
    throw new SourceMissing(
      `Cannot import ${this.#options.source}: it holds no MIDI file, but the library knows some there; is it mounted?`,
    );
  }
}

function isUnchanged(known: KnownFile, found: Found): boolean {
  const settled =
    ["present", "part", "archive"].includes(known.state) || (known.state === "gone" && known.contentId !== null);
  return settled && known.size === found.size && known.modifiedUs === found.modifiedUs;
}

const lostFile = (path: string, reason: string): Read => ({ ...unreadable(reason), ...pathFacts(path) });

function fileRow(found: Found, member: string, checked: Read): FoundFile {
  const read = checked.sha256 !== null;
  return {
    path: found.path,
    member,
    size: read || member !== "" ? checked.size : found.size,
    modified_us: read || member !== "" ? checked.modifiedUs : found.modifiedUs,
    sha256: checked.sha256,
    error: read ? null : checked.error,
    archive: false,
    name_bpm: checked.nameBpm,
    name_key: checked.nameKey,
    tags: checked.tags.length > 0 ? checked.tags : null,
  };
}

function contentRow(sha256: string, checked: Checked): NewContent {
  return {
    sha256,
    size: checked.size,
    status: checked.status!,
    error: checked.error,
    repairs: checked.repairs.length > 0 ? checked.repairs : null,
    format: checked.format,
    ticks_per_quarter: checked.ticksPerQuarter,
    smpte: checked.smpte,
    track_count: checked.trackCount,
    note_count: checked.noteCount,
    voice_count: checked.voiceCount,
  };
}
