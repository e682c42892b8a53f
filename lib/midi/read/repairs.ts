import type { Repair } from "../score.ts";

/** Everything the reader mends, by the name under which it is counted, with what it does about it. */
export const REPAIRS = Object.freeze({
  "riff-wrapper": "the file is a RIFF RMID: its data chunk is read",
  "macbinary-header": "128 bytes of MacBinary stand before the file: they are skipped",
  "http-header": "a saved HTTP response stands before the file: it is skipped",
  "leading-bytes": "other bytes stand before the header: they are skipped",
  "missing-header": "tracks without a header chunk: read as simultaneous tracks, 480 ticks a quarter",
  "damaged-chunk-id": "a chunk id is off in one or two letters: read as what it stands for",
  "header-length": "the header chunk is not 6 bytes long: its first 6 are read",
  "unknown-format": "the format is above 2: read as simultaneous tracks",
  "format-0-tracks": "a format 0 file holds several tracks: all are read, as simultaneous",
  "zero-division": "the division is 0: 480 ticks a quarter, or 1 tick a frame, are assumed",
  "odd-smpte-rate": "the SMPTE rate is none of 24, 25, 29 and 30: taken as so many frames a second",
  "no-tracks": "the header stands alone: the score is empty",
  "wrong-track-count": "more or fewer tracks than the header says: all are read",
  "too-many-tracks": "more than 65,535 tracks: the others are left out",
  "truncated-chunk": "the last chunk ends with the file, before its length: read as far as it goes",
  "wrong-chunk-length": "a track ends before or after its length: read to its end",
  "alien-chunk": "a chunk that is no track: it is skipped",
  "second-header": "a header among the tracks (files joined end to end): it is skipped, its tracks are read",
  "bytes-between-chunks": "bytes between two chunks that are no chunk: they are skipped",
  "trailing-bytes": "bytes after the last chunk: they are left out",
  "overwritten-file":
    "bytes that are no chunk behind all tracks of the header, the remains of a longer file that was saved over: they end the file",
  "missing-chunk-header":
    "bytes outside any chunk that hold an End of Track, where the header counts more tracks: read as a track",
  "missing-end-of-track": "a track without End of Track: it ends with its last event",
  "events-after-end-of-track": "events follow End of Track in its chunk: they are read",
  "bytes-after-end-of-track": "bytes without a status byte follow End of Track in its chunk: they are skipped",
  "event-past-end":
    "an event reaches past the end of its track: it is dropped, and what may be events inside it is read",
  "long-varlen":
    "a variable-length number of more than 4 bytes: leading zeros are passed over, a delta of more than 28 bits is 0",
  "negative-delta":
    "a delta time of 5 bytes that is negative, as old sequencers wrote: the events stand no earlier than the one before, and later ones at their own ticks",
  "tick-overflow": "time runs past tick 2^31 - 1: it stands still there",
  "running-status-after-meta": "running status after a meta or system exclusive: the status before it is used",
  "data-without-status": "a data byte where no status is known: it is passed over until an event begins",
  "data-above-127": "a data byte above 127: 127 for velocities and controllers, else its low 7 bits",
  "system-message": "a system common or real-time message: it is skipped with its data",
  "doubled-note-on":
    "a key struck again before its release, with one note-off too few: the earlier note ends at the strike, or both together",
  "all-notes-off": "a note without a note-off, on a channel that controllers 120 or 123 to 127 silence: it ends there",
  "note-off-in-other-track": "a note whose note-off stands in another track of its port and channel: it ends there",
  "wrong-length-meta":
    "a tempo, meter, key signature, SMPTE offset, channel prefix, port or sequence number of another length: its first bytes are read, a short one is ignored",
  "meta-above-127": "a meta event of a type above 127, which no reader knows: parts leave it out",
  "zero-tempo": "a tempo of 0 microseconds: it is ignored",
  "absurd-meter": "a meter of 0 beats or a denominator above 128: it is ignored",
  "absurd-key-signature": "a key signature beyond 7 sharps or flats, or of no mode: it is ignored",
});

export type RepairCode = keyof typeof REPAIRS;

/** Counts the repairs of one file at a time. */
export class RepairLog {
  readonly #counts = new Map<RepairCode, number>();

  add(code: RepairCode, count = 1): void {
    if (count > 0) this.#counts.set(code, (this.#counts.get(code) ?? 0) + count);
  }

  /** What was counted since the last call, in order of first occurrence; starts anew. */
  take(): readonly Repair[] {
    if (this.#counts.size === 0) return NONE;
    const list = Array.from(this.#counts, ([code, count]) => ({ code, count }));
    this.#counts.clear();
    return list;
  }
}

const NONE: readonly Repair[] = Object.freeze([]);
