/**
 * What a MIDI file holds, as columns: plain typed arrays, one entry per note or event, no object per event.
 *
 * The columns are views onto buffers that belong to the reader. They hold until that reader reads its next file.
 * Ticks are absolute from the start of the track (format 2: of its own sequence) and saturate at 2^31 - 1.
 */
export interface Score {
  /** SMF format: 0 one track, 1 simultaneous tracks, 2 independent sequences. An unknown one reads as 1. */
  readonly format: number;
  readonly division: Division;
  readonly status: "ok" | "repaired";
  /** What had to be repaired, each kind once with how often it occurred. Empty when status is "ok". */
  readonly repairs: readonly Repair[];
  /** The bytes that offsets in `metas`, `sysex` and `events` refer to: the file itself, wrappers included. */
  readonly bytes: Uint8Array;
  readonly tracks: readonly Track[];
  /** Chunks of Yamaha's XF format, in file order: song information (XFIH) and karaoke (XFKM). */
  readonly xfChunks: readonly XfChunk[];
  readonly notes: NoteColumns;
  /** Every channel message but note on and note off: poly pressure, controllers, programs, pressure, bend. */
  readonly controls: ControlColumns;
  readonly metas: BlobColumns;
  readonly sysex: BlobColumns;
  /** Every event in file order, kept only when the reader was made with `events: true`. */
  readonly events: EventColumns | null;
  /** Tempo changes of all tracks, by tick; at one tick the last in file order stands last and wins. */
  readonly tempos: TempoColumns;
  readonly meters: MeterColumns;
  readonly keySignatures: KeySignatureColumns;
  /** Ticks from the start to the latest End of Track of any track. */
  readonly endTick: number;
  /** Tick at which the last note ends, 0 without notes. */
  readonly lastNoteEndTick: number;
  /** Notes that nothing ends: they end with their track. */
  readonly unendedNotes: number;
  /** Note-offs at which no note ends. */
  readonly orphanEnds: number;
}

/** The header's unit of time (SMF 1.0, "Header Chunks"): ticks per quarter note, or ticks of an SMPTE frame. */
export type Division =
  | { readonly kind: "metrical"; readonly ticksPerQuarter: number }
  /** `framesPerSecond` is 24, 25, 29 (30 drop frame, 30000/1001 per second) or 30; in repaired files 1 to 128. */
  | { readonly kind: "smpte"; readonly framesPerSecond: number; readonly ticksPerFrame: number };

export interface Repair {
  /** Stable kebab-case name, such as `missing-end-of-track`; `REPAIRS` says what each stands for. */
  readonly code: string;
  readonly count: number;
}

/** A chunk of Yamaha's XF format: byte range of its events, metas with delta times, in `Score.bytes`. */
export interface XfChunk {
  readonly id: "XFIH" | "XFKM";
  readonly startOffset: number;
  readonly endOffset: number;
}

/** One MTrk chunk. The ranges are half open and index the columns. */
export interface Track {
  readonly index: number;
  /** Byte range of the chunk's events in `Score.bytes`. */
  readonly startOffset: number;
  readonly endOffset: number;
  /** Tick of End of Track. */
  readonly endTick: number;
  readonly noteStart: number;
  readonly noteEnd: number;
  readonly controlStart: number;
  readonly controlEnd: number;
  readonly metaStart: number;
  readonly metaEnd: number;
  readonly sysexStart: number;
  readonly sysexEnd: number;
  /** Range in `Score.events`; both 0 when events are not kept. */
  readonly eventStart: number;
  readonly eventEnd: number;
}

/**
 * Notes, track by track, inside a track in order of their note-on. Where a note without a note-off of its own ends is
 * said in read/settle-ends.ts; such an end may stand behind the track's.
 */
export interface NoteColumns {
  readonly count: number;
  readonly startTick: Uint32Array;
  readonly endTick: Uint32Array;
  readonly pitch: Uint8Array;
  /** Note-on velocity, 1 to 127. */
  readonly velocity: Uint8Array;
  /** 0 to 15. */
  readonly channel: Uint8Array;
  readonly track: Uint16Array;
}

/** Channel messages in file order. `status` is the full status byte; `data2` is 0 for one-byte messages. */
export interface ControlColumns {
  readonly count: number;
  readonly tick: Uint32Array;
  readonly track: Uint16Array;
  readonly status: Uint8Array;
  readonly data1: Uint8Array;
  readonly data2: Uint8Array;
}

/** Metas (`type` is the meta type) or system exclusive (`type` is 0xF0 or 0xF7), payload at `offset` in the bytes. */
export interface BlobColumns {
  readonly count: number;
  readonly tick: Uint32Array;
  readonly track: Uint16Array;
  readonly type: Uint8Array;
  readonly offset: Uint32Array;
  readonly length: Uint32Array;
}

/** Every event in file order: 13 bytes each. */
export interface EventColumns {
  readonly count: number;
  readonly tick: Uint32Array;
  readonly track: Uint16Array;
  /** Channel status byte, 0xFF for metas, 0xF0 or 0xF7 for system exclusive. */
  readonly status: Uint8Array;
  /** First data byte: key, controller, program ..., the meta type for metas, 0 for system exclusive. */
  readonly data1: Uint8Array;
  readonly data2: Uint8Array;
  /** Number of the meta in `Score.metas`, of the system exclusive message in `Score.sysex`; 0 for channel messages. */
  readonly blob: Uint32Array;
}

export interface TempoColumns {
  readonly count: number;
  readonly tick: Uint32Array;
  readonly track: Uint16Array;
  readonly microsecondsPerQuarter: Uint32Array;
}

export interface MeterColumns {
  readonly count: number;
  readonly tick: Uint32Array;
  readonly track: Uint16Array;
  readonly numerator: Uint8Array;
  /** The written denominator: 1, 2, 4, 8 ... */
  readonly denominator: Uint32Array;
}

export interface KeySignatureColumns {
  readonly count: number;
  readonly tick: Uint32Array;
  readonly track: Uint16Array;
  /** Sharps (positive) or flats (negative), -7 to 7. */
  readonly fifths: Int8Array;
  /** 0 major, 1 minor. */
  readonly minor: Uint8Array;
}
