/*
 * Memory of a reader, in bytes an entry: a note 13 (17 on keys struck again while they sound), a controller, program,
 * pressure or bend 9, a meta or system exclusive message 15, a note-off without a note 6; with `events` 13 more for
 * every event. A note takes 6 bytes of a file with its note-off, an event at least 2, most often 3. The reader holds
 * the file itself and a copy of it, and while a column grows the old one beside the new one.
 */

/** For each byte of a file: what a file of nothing but notes takes, measured on one of 60 MB, and a third more. */
const BYTES_A_BYTE = 7;
const BYTES_A_BYTE_WITH_EVENTS = 14;
/** What every reader holds. */
const LEAST = 4 << 20;

/**
 * Bytes of memory that reading a file of `size` bytes takes, the file's own bytes included, to be known before it is
 * read. Files of nothing but strikes that never end take up to twice as much.
 */
export function readMemory(size: number, { events = false }: { readonly events?: boolean } = {}): number {
  return LEAST + size * (events ? BYTES_A_BYTE_WITH_EVENTS : BYTES_A_BYTE);
}
