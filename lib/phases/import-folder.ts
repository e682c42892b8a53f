import { OrderedWork } from "../crew/ordered-work.ts";
import { walkInThread } from "../crew/walker.ts";
import { retireLost, reviveFound } from "../database/contents.ts";
import { holdsFiles, type KnownFile, type StoredFolder, storedFolder, storedMeanwhile } from "../database/files.ts";
import { knownFolder, noteImported } from "../database/roots.ts";
import { contentsFolder } from "../files/content-store.ts";
import { ownIdentity } from "../files/process-identity.ts";
import { realFolder, type WalkEntry } from "../files/walk.ts";
import type { Unpacked } from "../jobs/unpack-archive.ts";
import { requireFolder, SourceMissing } from "../library/roots.ts";
import { isKept, type ReadPlace, type SeenFile } from "./import-places.ts";
import { countPlaces, type ImportTally } from "./import-tally.ts";
import { KnownPlaces } from "./known-places.ts";
import { warnOfMovedRoots } from "./moved-roots.ts";
import { type ReadOptions, readArchive, readFiles } from "./read-places.ts";
import type { Session } from "./session.ts";
import { storeArchive, storePlaces } from "./store-places.ts";

export interface ImportOptions extends ReadOptions {
  /** Files checked and stored at once, for measuring what a batch is worth. */
  readonly batch?: number;
  /** Told of contents that are new in the library: how many there are to analyse, and to split. */
  readonly onNew?: (analyse: number, split: number) => void;
}

/** Files checked by one thread at once: at most this many and this many bytes. */
const BATCH_FILES = 128;
const BATCH_BYTES = 8 << 20;
/** Members of an archive stored by one statement. */
const MEMBERS_AT_ONCE = 1000;

/**
 * Walks the source and brings the library up to date with it: every place of a file, every distinct content once.
 * Places whose size and modification time are unchanged are not read again. Nothing in the source is changed.
 */
export async function importFolder(session: Session, options: ImportOptions, tally: ImportTally): Promise<void> {
  requireFolder(options.source);
  const folder = await session.transact(async (sql) => {
    // A link into a folder that the library knows is that folder: its files are no copies.
    const known = await knownFolder(sql, session.roots.stored(realFolder(options.source)));
    return known ?? (await storedFolder(sql, session.roots.stored(options.source)));
  });
  const run = new ImportRun(session, options, folder, tally);
  try {
    for await (const { batch, passed } of walkInThread(options.source, options.sniff === true)) {
      tally.passedOver.take(passed);
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

/** One import of one folder: sorts out what the walk comes upon, has it read in batches, and stores what was read. */
class ImportRun {
  readonly #session: Session;
  readonly #options: ImportOptions;
  readonly #folder: StoredFolder;
  readonly #tally: ImportTally;
  readonly #known: KnownPlaces;
  /** Batches are written one after the other, in the order of the walk: one connection, and the same rows every time. */
  readonly #work: OrderedWork;
  #batch: SeenFile[] = [];
  #bytes = 0;

  constructor(session: Session, options: ImportOptions, folder: StoredFolder, tally: ImportTally) {
    this.#session = session;
    this.#options = options;
    this.#folder = folder;
    this.#tally = tally;
    this.#known = new KnownPlaces(session, folder, options.source, tally.counts);
    this.#work = new OrderedWork(session.crew.threads);
  }

  async visit(found: WalkEntry): Promise<void> {
    const path = this.#folder.prefix + found.path;
    const file = `${this.#options.source}/${found.path}`;
    const { counts } = this.#tally;
    if (found.kind === "parts") {
      await this.#known.close(path);
      counts.parts++;
      return;
    }
    if (found.kind === "problem" && (found.path === "" || found.path.endsWith("/"))) {
      await this.#known.close(path);
      counts.problems++;
      this.#session.warn(`Cannot look into ${file}: ${found.reason}`);
      return;
    }
    this.#tally.total++;
    const known = await this.#known.find(path);
    if (known && isUnchanged(known, found)) {
      counts.unchanged++;
      if (known.state === "gone") await this.#known.takeBack(path);
      return;
    }
    const { size, modifiedUs, inode } = found;
    const seen = { file, path, size, modifiedUs, inode, known };
    if (found.kind === "archive") await this.#beginArchive(seen);
    else await this.#gather(seen);
  }

  async finish(): Promise<void> {
    if (!this.#session.stop.aborted) await this.#beginBatch();
    await this.#work.finish();
    if (this.#session.stop.aborted) return;
    if (this.#tally.total === 0) await this.#refuseIfEmptied();
    await this.#known.finish();
    await this.#session.query((sql) => reviveFound(sql, this.#folder.root));
    await this.#session.query(retireLost);
    await this.#session.query((sql) => noteImported(sql, this.#folder, ownIdentity().machine));
    await warnOfMovedRoots(this.#session, this.#folder, this.#options.source);
    await this.#session.crew.run("tidy", [{ folder: contentsFolder(this.#session.dataDir) }], null);
  }

  async #gather(seen: SeenFile): Promise<void> {
    this.#batch.push(seen);
    this.#bytes += seen.size;
    const { batch = BATCH_FILES } = this.#options;
    if (this.#batch.length >= batch || this.#bytes >= BATCH_BYTES) await this.#beginBatch();
  }

  /** Hands the batch to the threads; waits while enough is in work. */
  async #beginBatch(): Promise<void> {
    const batch = await this.#stillToRead(this.#batch);
    this.#batch = [];
    this.#bytes = 0;
    if (batch.length === 0) return;
    await this.#work.begin(
      () => readFiles(this.#session, this.#options, batch),
      (places) => this.#store(places),
    );
  }

  async #beginArchive(seen: SeenFile): Promise<void> {
    await this.#beginBatch();
    if ((await this.#stillToRead([seen])).length === 0) return;
    await this.#work.begin(
      () => readArchive(this.#session, this.#options, seen),
      async (unpacked) => {
        if (unpacked) await this.#storeArchive(seen, unpacked);
      },
    );
  }

  /**
   * Leaves out what another run has stored since the page of known places was read. Runs that import one folder at
   * once walk alike; so the one behind jumps ahead of the other, and they share the reading.
   */
  async #stillToRead(batch: readonly SeenFile[]): Promise<SeenFile[]> {
    if (batch.length === 0) return [];
    const stored = await this.#session.query((sql) => storedMeanwhile(sql, this.#folder.root, batch));
    this.#tally.counts.unchanged += stored.size;
    return batch.filter(({ path }) => !stored.has(path));
  }

  async #storeArchive(seen: SeenFile, unpacked: Unpacked): Promise<void> {
    const { members, unreadable } = unpacked;
    this.#tally.total += members.length - (unpacked.error === null ? 1 : 0);
    for (let at = 0; at < members.length; at += MEMBERS_AT_ONCE) {
      const some = members.slice(at, at + MEMBERS_AT_ONCE);
      await this.#store(some.map(({ name, checked }) => ({ seen: { ...seen, known: null }, member: name, checked })));
    }
    const kept = unreadable && seen.known !== null && seen.known.state !== "unreadable";
    const refused = kept ? null : await storeArchive(this.#session, this.#folder, seen, unpacked);
    const error = unpacked.error ?? refused;
    this.#tally.passedOver.take(unpacked.passed);
    for (const damage of unpacked.damages) {
      this.#tally.failed++;
      this.#session.warn(`${seen.file}: ${damage}`);
    }
    if (error === null) this.#tally.counts.archives++;
    else {
      this.#tally.failed++;
      this.#session.warn(`${seen.file}: ${error}`);
    }
  }

  async #store(places: readonly ReadPlace[]): Promise<void> {
    const kept = places.filter(isKept);
    const others = kept.length > 0 ? places.filter((place) => !isKept(place)) : places;
    const stored = await storePlaces(this.#session, this.#folder, others);
    for (const { seen, checked } of kept) this.#fail(seen, "", checked.error ?? "");
    for (const { place, reason } of stored.refused) this.#fail(place.seen, place.member, reason);
    const { analyse, split } = countPlaces(this.#tally, stored.places, stored.fresh);
    this.#options.onNew?.(analyse, split);
  }

  /** A place of which the library gets no row: it is named here. */
  #fail({ file }: SeenFile, member: string, reason: string): void {
    this.#tally.counts.unreadable++;
    this.#tally.failed++;
    this.#session.warn(`${file}${member && `: ${member}`}: ${reason}`);
  }

  /** A folder that held files and holds none is more likely not mounted than emptied. */
  async #refuseIfEmptied(): Promise<void> {
    if (!(await this.#session.query((sql) => holdsFiles(sql, this.#folder)))) return;
    throw new SourceMissing(
      `Cannot import ${this.#options.source}: it holds no MIDI file, but the library knows some there; is it mounted?`,
    );
  }
}

function isUnchanged(known: KnownFile, found: WalkEntry): boolean {
  const settled =
    ["present", "part", "archive"].includes(known.state) || (known.state === "gone" && known.contentId !== null);
  return settled && known.size === found.size && known.modifiedUs === found.modifiedUs;
}
