import { reviveContents } from "../database/contents.ts";
import { type KnownFile, knownFilesAfter, markGone, type StoredFolder, takeBack } from "../database/files.ts";
import { comparePaths } from "../files/path-text.ts";
import { requireFolder } from "../library/roots.ts";
import type { Session } from "./session.ts";

/** Rows read at once. */
const PAGE = 5000;
/** Rows written at once. */
const ROWS = 1000;

/**
 * The places the library knows of a folder, merged with a walk in the same byte order: those the walk does not come
 * upon are marked gone, those that were gone and are as they were are taken back. A page of rows is in memory at a
 * time, so that a library of millions costs what a small one does.
 */
export class KnownPlaces {
  readonly #session: Session;
  readonly #folder: StoredFolder;
  /** Where the folder is on this machine. */
  readonly #source: string;
  readonly #counts: Record<"gone" | "returned", number>;
  #page: KnownFile[] = [];
  #at = 0;
  #last: string;
  #more = true;
  /** Whether the walk has come upon anything: until then the folder may be empty, and nothing counts as passed. */
  #begun = false;
  /** Folders last come upon that could not be looked into: what is known below them is not gone. */
  #closed: string[] = [];
  #gone: string[] = [];
  #returned: string[] = [];

  /** `counts` gets the numbers of places `gone` and `returned`. */
  constructor(session: Session, folder: StoredFolder, source: string, counts: Record<"gone" | "returned", number>) {
    this.#session = session;
    this.#folder = folder;
    this.#source = source;
    this.#counts = counts;
    this.#last = folder.prefix;
  }

  /** The known place at `path`, if any. Paths are asked for in the order of the walk. */
  async find(path: string): Promise<KnownFile | null> {
    this.#begun = true;
    return this.#find(path);
  }

  /** The walk has come upon a folder that it leaves out. `path` ends in "/". */
  async close(path: string): Promise<void> {
    // What is known below the folders closed before has been passed when the next one is come upon.
    if (this.#begun) {
      await this.#find(path);
      this.#closed = [];
    }
    this.#closed.push(path);
  }

  /** The place at `path` was marked gone, and its file is there as it was. */
  async takeBack(path: string): Promise<void> {
    if (this.#returned.push(path) >= ROWS) await this.#writeReturned();
  }

  /** The walk is over: the places after its last one are gone, too. */
  async finish(): Promise<void> {
    await this.#writeReturned();
    for (let known = await this.#next(); known; known = await this.#next()) await this.#pass(known);
    await this.#writeGone();
  }

  async #find(path: string): Promise<KnownFile | null> {
    for (;;) {
      const known = await this.#next();
      if (!known) return null;
      const order = comparePaths(known.path, path);
      if (order === 0) return known;
      if (order > 0) {
        this.#at--;
        return null;
      }
      await this.#pass(known);
    }
  }

  async #pass({ path, state }: KnownFile): Promise<void> {
    if (state === "gone" || this.#closed.some((folder) => path.startsWith(folder))) return;
    if (this.#gone.push(path) >= ROWS) await this.#writeGone();
  }

  async #next(): Promise<KnownFile | null> {
    if (this.#at === this.#page.length) {
      if (!this.#more) return null;
      this.#page = await this.#session.query((sql) => knownFilesAfter(sql, this.#folder, this.#last, PAGE));
      this.#at = 0;
      this.#more = this.#page.length === PAGE;
      this.#last = this.#page.at(-1)?.path ?? this.#last;
    }
    return this.#page[this.#at++] ?? null;
  }

  async #writeGone(): Promise<void> {
    const paths = this.#gone;
    this.#gone = [];
    if (paths.length === 0) return;
    requireFolder(this.#source);
    await this.#session.query((sql) => markGone(sql, this.#folder.root, paths));
    this.#counts.gone += paths.length;
  }

  async #writeReturned(): Promise<void> {
    const paths = this.#returned;
    this.#returned = [];
    if (paths.length === 0) return;
    await this.#session.transact(async (sql) => reviveContents(sql, await takeBack(sql, this.#folder.root, paths)));
    this.#counts.returned += paths.length;
  }
}
