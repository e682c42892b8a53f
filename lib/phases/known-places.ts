import { type KnownFile, knownFilesAfter, type StoredFolder } from "../database/files.ts";
import { comparePaths } from "../threads/path-text.ts";
import type { Workshop } from "./workshop.ts";

const PAGE = 5000;

/**
 * The places the library knows of a folder, merged with a walk in the same byte order: one page of rows in memory at a
 * time, so that a library of millions costs what a small one does.
 */
export class KnownPlaces {
  readonly #shop: Workshop;
  readonly #folder: StoredFolder;
  #page: KnownFile[] = [];
  #at = 0;
  #last: string;
  #more = true;

  constructor(shop: Workshop, folder: StoredFolder) {
    this.#shop = shop;
    this.#folder = folder;
    this.#last = folder.prefix;
  }

  /** The known place at `path`, if any. `passed` gets the known places before it: the walk did not come upon them. */
  async find(path: string, passed: KnownFile[]): Promise<KnownFile | null> {
    for (;;) {
      const known = this.#at < this.#page.length ? this.#page[this.#at]! : await this.#turn();
      if (!known) return null;
      const order = comparePaths(known.path, path);
      if (order > 0) return null;
      this.#at++;
      if (order === 0) return known;
      passed.push(known);
    }
  }

  /** Known places after the last one asked for, page by page. */
  async *rest(): AsyncGenerator<KnownFile[]> {
    for (;;) {
      const left = this.#page.slice(this.#at);
      this.#at = this.#page.length;
      if (left.length > 0) yield left;
      if (!(await this.#turn())) return;
    }
  }

  async #turn(): Promise<KnownFile | null> {
    if (!this.#more) return null;
    this.#page = await this.#shop.query((sql) => knownFilesAfter(sql, this.#folder, this.#last, PAGE));
    this.#at = 0;
    this.#more = this.#page.length === PAGE;
    this.#last = this.#page.at(-1)?.path ?? this.#last;
    return this.#page[0] ?? null;
  }
}
