/** Channels of all ports: port * 16 + channel. */
const CHANNELS = 128 * 16;
/** Controllers 0 to 119; those above are channel modes. */
export const CONTROLLERS = 120;

/** What the steps of this family write into while they work on one file. */
export interface TracksScratch {
  /** By channel and controller: where its use is listed, -1 when not yet. Left at -1 between files. */
  readonly slotOf: Int32Array;
  /** By channel: the sound now, and the bank that waits for the next program change. */
  readonly sound: Int32Array;
  readonly bank: Int32Array;
}

export function createTracksScratch(): TracksScratch {
  return {
    slotOf: new Int32Array(CHANNELS * CONTROLLERS).fill(-1),
    sound: new Int32Array(CHANNELS),
    bank: new Int32Array(CHANNELS),
  };
}
