import { expect, test } from "bun:test";
import fc from "fast-check";
import { readMidi } from "../../lib/midi/read/reader.ts";
import { timeMap } from "../../lib/midi/time.ts";
import { mtrk, smf } from "../support/hex.ts";

const END = "00 FF 2F 00";

test("timeMap runs at 120 quarters a minute until a tempo says otherwise", () => {
  const time = timeMap(readMidi(smf([mtrk(`60 FF 51 03 0F 42 40 ${END}`)]))); // tick 96: 60 quarters a minute
  expect([0, 48, 96, 192].map((tick) => time.secondsAt(tick))).toEqual([0, 0.25, 0.5, 1.5]);
  expect([0, 0.25, 0.5, 1.5].map((seconds) => time.tickAt(seconds))).toEqual([0, 48, 96, 192]);
});

test("timeMap merges the tempos of all tracks; at one tick the last in file order wins", () => {
  const time = timeMap(
    readMidi(
      smf([
        mtrk(`00 FF 51 03 0F 42 40  00 FF 51 03 03 D0 90  81 40 FF 51 03 07 A1 20 ${END}`), // 1 s, then 0.25 s a quarter
        mtrk(`60 FF 51 03 1E 84 80 ${END}`), // tick 96: 2 s a quarter
      ]),
    ),
  );
  expect([...time.tick]).toEqual([0, 96, 192]);
  expect([...time.seconds]).toEqual([0, 0.25, 2.25]);
  expect([0, 95, 96, 1000].map((tick) => time.segmentAt(tick))).toEqual([0, 0, 1, 2]);
});

test("timeMap of one track leaves the tempos of the others out (format 2)", () => {
  const score = readMidi(
    smf([mtrk(`00 FF 51 03 0F 42 40 ${END}`), mtrk(`00 FF 51 03 03 D0 90 ${END}`)], { format: 2 }),
  );
  expect([timeMap(score, 0).secondsAt(96), timeMap(score, 1).secondsAt(96)]).toEqual([1, 0.25]);
});

test("timeMap is exact for SMPTE divisions and deaf to tempo", () => {
  const seconds = (division: string, tick: number) =>
    timeMap(readMidi(smf([mtrk(`00 FF 51 03 03 D0 90 ${END}`)], { division }))).secondsAt(tick);
  expect(seconds("E828", 960)).toBe(1); // 24 frames of 40 ticks
  expect(seconds("E728", 1000)).toBe(1); // 25 frames of 40 ticks: a tick a millisecond
  expect(seconds("E250", 2400)).toBe(1); // 30 frames of 80 ticks
  expect(seconds("E350", 2_400_000)).toBe(1001); // 30 drop frame: 30,000 frames are 1001 seconds
});

test("timeMap adds up thousands of tempos without drift", () => {
  const score = readMidi(smf([mtrk(`${"01 FF 51 03 05 16 15 ".repeat(9_600)} ${END}`)])); // 333,333 microseconds
  expect(timeMap(score).secondsAt(9_600)).toBe((500_000 + 9_599 * 333_333) / 96e6);
});

test("tickAt(secondsAt(t)) = t, and secondsOf agrees with secondsAt in any order", () => {
  const tempo = fc.tuple(fc.integer({ min: 0, max: 127 }), fc.integer({ min: 1, max: 0xffffff }));
  fc.assert(
    fc.property(fc.array(tempo), fc.array(fc.integer({ min: 0, max: 1e6 })), (tempos, ticks) => {
      const byte = (n: number) => (n & 255).toString(16).padStart(2, "0");
      const events = tempos.map(([d, us]) => `${byte(d)} FF 51 03 ${byte(us >> 16)} ${byte(us >> 8)} ${byte(us)}`);
      const time = timeMap(readMidi(smf([mtrk(`${events.join(" ")} ${END}`)])));
      for (const tick of ticks) expect(time.tickAt(time.secondsAt(tick))).toBeCloseTo(tick, 4);
      const each = ticks.map((tick) => time.secondsAt(tick));
      expect([...time.secondsOf(ticks)]).toEqual(each);
      expect(time.secondsOf(Uint32Array.from(ticks))).toEqual(Float64Array.from(each));
    }),
    { seed: 1, numRuns: 300 },
  );
});
