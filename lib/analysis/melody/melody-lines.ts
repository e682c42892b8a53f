import type { TopLines } from "../identity/top-lines.ts";
import { type Bars, barOfNotes } from "../meter/bars.ts";
import type { Piece } from "../piece/piece.ts";

/** What a voice sings, for looking tunes up: the top note of each onset, with the bar and the second it starts in. */
export interface MelodyLine {
  readonly track: number;
  /** 0 to 15. */
  readonly channel: number;
  readonly pitch: Uint8Array;
  readonly seconds: Float64Array;
  /** From 1; 0 before the first bar line, or without bars. */
  readonly bar: Uint32Array;
}

/** Shorter voices hold no tune. */
const LEAST_NOTES = 5;
/** Onsets kept of a piece at most: a hundred times those of a long one. */
const MOST_NOTES = 200_000;

/**
 * The lines of the pitched voices as compact text, null without any: base64 of, for each line, its track, channel and number
 * of notes, then for each note its pitch, 128 more when a bar line was crossed, the bars crossed, and the hundredths of a
 * second since the last note. Whole numbers of 7 bits a byte, the eighth says that more follow.
 */
export function melodyText(piece: Piece, { voices }: TopLines, bars: Bars | null): string | null {
  const bar = bars === null ? null : barOfNotes(bars, piece.startTick);
  const bytes = new ByteWriter();
  let left = MOST_NOTES;
  for (const { voice, pitch, note } of voices) {
    const count = Math.min(pitch.length, left);
    if (count < LEAST_NOTES) continue;
    left -= count;
    bytes.number(piece.voices[voice]!.track);
    bytes.number(piece.voices[voice]!.channel);
    bytes.number(count);
    let lastBar = 0;
    let last = 0;
    for (let i = 0; i < count; i++) {
      const n = note[i]!;
      const barNow = bar === null ? 0 : Math.min(bars!.count, bar[n]! + 1);
      const now = Math.floor(piece.startSeconds[n]! * 100);
      bytes.byte(barNow > lastBar ? pitch[i]! | 0x80 : pitch[i]!);
      if (barNow > lastBar) bytes.number(barNow - lastBar);
      bytes.number(now - last);
      lastBar = Math.max(lastBar, barNow);
      last = now;
    }
  }
  return bytes.length === 0 ? null : bytes.text();
}

/** What `melodyText` wrote. */
export function readMelodyLines(text: string): MelodyLine[] {
  const bytes = Buffer.from(text, "base64");
  const lines: MelodyLine[] = [];
  let at = 0;
  const number = () => {
    let value = 0;
    for (let scale = 1; at < bytes.length; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new Error(`Cannot read melody lines: they end after ${bytes.length} bytes, expected more`);
  };
  while (at < bytes.length) {
    const [track, channel, count] = [number(), number(), number()];
    if (count > bytes.length - at) throw new Error(`Cannot read melody lines: ${count} notes, expected fewer`);
    const line = {
      track,
      channel,
      pitch: new Uint8Array(count),
      seconds: new Float64Array(count),
      bar: new Uint32Array(count),
    };
    let [bar, hundredths] = [0, 0];
    for (let i = 0; i < count; i++) {
      const byte = bytes[at++] ?? 0;
      line.pitch[i] = byte & 0x7f;
      if (byte >= 0x80) bar += number();
      hundredths += number();
      line.bar[i] = bar;
      line.seconds[i] = hundredths / 100;
    }
    lines.push(line);
  }
  return lines;
}

/** Bytes one after the other, in a buffer that grows. */
class ByteWriter {
  length = 0;
  private bytes = Buffer.allocUnsafe(8192);

  byte(value: number): void {
    if (this.length === this.bytes.length) this.bytes = Buffer.concat([this.bytes, Buffer.allocUnsafe(this.length)]);
    this.bytes[this.length++] = value;
  }

  /** Seven bits a byte, the lowest first. */
  number(value: number): void {
    let left = value;
    for (; left >= 128; left = Math.floor(left / 128)) this.byte((left % 128) | 0x80);
    this.byte(left);
  }

  text(): string {
    return this.bytes.toString("base64", 0, this.length);
  }
}
