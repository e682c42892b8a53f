import { midi } from "../support/midi-builder.ts";

export function sha256(bytes: Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
}

/** A song of eight voices, of its own for every number. */
export function manyVoices(number: number): Uint8Array {
  const file = midi()
    .track(`Song ${number}`)
    .tempo(0, 60 + (number % 100));
  for (let voice = 0; voice < 8; voice++) {
    const track = file.track(`Voice ${voice}`).channel(voice);
    for (let note = 0; note < 60; note++) track.note(note * 240, 200, 40 + ((note + number) % 40));
  }
  return file.bytes();
}
