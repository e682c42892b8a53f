/** Files of one kind that are neither MIDI files nor archives. */
export interface PassedOverKind {
  /** The ending of their names in small letters, with its dot; "" for names without one. */
  readonly kind: string;
  readonly count: number;
  /** Where the first of them is. */
  readonly example: string;
}

/** More kinds than these are one: names may end in anything. */
const MOST_KINDS = 1000;
const LONGEST_ENDING = 12;

/** Counts what is passed over by kind, with an example of each. */
export class PassedOver {
  readonly #kinds = new Map<string, { kind: string; count: number; example: string }>();

  add(name: string, example: string): void {
    this.#add(this.#kindOf(name), 1, example);
  }

  /** Takes what another has counted. */
  take(kinds: readonly PassedOverKind[]): void {
    for (const { kind, count, example } of kinds) this.#add(kind, count, example);
  }

  /** The most frequent ones first. */
  kinds(): PassedOverKind[] {
    return [...this.#kinds.values()].sort((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1));
  }

  #add(kind: string, count: number, example: string): void {
    const known = this.#kinds.get(kind);
    if (known) known.count += count;
    else this.#kinds.set(kind, { kind, count, example });
  }

  #kindOf(name: string): string {
    const [ending = ""] = /\.[^./\s]+$/.exec(name) ?? [];
    const kind = ending.length <= LONGEST_ENDING ? ending.toLowerCase() : "";
    return this.#kinds.size < MOST_KINDS || this.#kinds.has(kind) ? kind : "";
  }
}
