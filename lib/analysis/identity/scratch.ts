/** What the steps of this family write into while they work on one file; grows with the longest piece seen. */
export interface IdentityScratch {
  /** The top line of the piece: the pitch of each onset, and the note that begins it. */
  readonly pitch: Uint8Array;
  readonly note: Uint32Array;
  /** The same of its voices, one after the other. */
  readonly voicePitch: Uint8Array;
  readonly voiceNote: Uint32Array;
  /** Distinct phrase hashes as they come, the same in order of size, and a table to find them in. */
  readonly found: Int32Array;
  readonly order: Int32Array;
  readonly table: Int32Array;
}

const FIRST_NOTES = 4096;

export function createIdentityScratch(): IdentityScratch {
  return room(FIRST_NOTES);
}

/** Makes room for `notes` notes. */
export function growIdentityScratch(scratch: IdentityScratch, notes: number): void {
  if (scratch.pitch.length < notes) Object.assign(scratch, room(notes));
}

function room(notes: number): IdentityScratch {
  return {
    pitch: new Uint8Array(notes),
    note: new Uint32Array(notes),
    voicePitch: new Uint8Array(notes),
    voiceNote: new Uint32Array(notes),
    found: new Int32Array(notes),
    order: new Int32Array(notes),
    table: new Int32Array(1 << (33 - Math.clz32(notes))),
  };
}
