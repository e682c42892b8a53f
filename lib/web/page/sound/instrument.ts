/**
 * What makes the sound. Channels are 0 to 15 of the first port, 16 to 31 of the second, and so on. `at` is in seconds of
 * the audio clock.
 */
export interface Instrument {
  /** For a person: the SoundFont's name, or what is heard without one. */
  readonly name: string;
  noteOn(channel: number, pitch: number, velocity: number, at: number): void;
  noteOff(channel: number, pitch: number, at: number): void;
  /** A channel message other than those of notes. */
  control(channel: number, status: number, data1: number, data2: number, at: number): void;
  /** Makes a channel a drum kit, or not. */
  drums(channel: number, on: boolean): void;
  /** Forgets programs and controllers, ends every note. */
  reset(channels: number): void;
  silence(): void;
}
