import { expect, test } from "bun:test";
import fc from "fast-check";
import { midi } from "../../support/midi-builder.ts";
import { featuresOf } from "../../support/piece-of.ts";

/** A hymn in four voices, a phrase of eight chords that returns: soprano, alto, tenor, bass. */
const HYMN = [
  [67, 67, 69, 71, 72, 71, 69, 67],
  [62, 62, 64, 67, 67, 67, 66, 62],
  [59, 59, 60, 62, 64, 62, 60, 59],
  [55, 50, 48, 55, 52, 43, 50, 55],
];

interface Setting {
  readonly up?: number;
  readonly order?: readonly number[];
  readonly division?: number;
  readonly velocity?: number;
  readonly lead?: number;
}

/** Four tracks without names or programs. */
function hymn({ up = 0, order = [0, 1, 2, 3], division = 480, velocity = 80, lead = 0 }: Setting = {}) {
  const file = midi({ division }).track().tempo(0, 90);
  order.forEach((voice, channel) => {
    const track = file.track().channel(channel);
    for (let i = 0; i < 48; i++)
      track.note((lead + i) * division, division - 10, HYMN[voice]![i % 8]! + up, { velocity });
  });
  return file;
}

const rolesOf = (file: ReturnType<typeof hymn>) => featuresOf(file).tracks.map(({ role }) => role);

test("roles: of four voices the lowest is the bass, the highest the melody, wherever they lie", () => {
  for (const up of [-24, -7, 0, 5, 12, 24]) expect(rolesOf(hymn({ up }))).toEqual(["melody", "other", "other", "bass"]);
});

test("roles: the order of tracks and channels, division, velocities and silence in front change none", () => {
  const settings = fc.record({
    up: fc.integer({ min: -12, max: 12 }),
    order: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
    division: fc.constantFrom(96, 480, 960),
    velocity: fc.integer({ min: 1, max: 127 }),
    lead: fc.nat(30),
  });
  const law = fc.property(settings, (setting) => {
    const said = rolesOf(hymn(setting));
    expect(setting.order.map((voice, i) => [voice, said[i]!] as const).toSorted((a, b) => a[0] - b[0])).toEqual([
      [0, "melody"],
      [1, "other"],
      [2, "other"],
      [3, "bass"],
    ]);
  });
  fc.assert(law, { numRuns: 30 });
});

test("roles: two equal voices close together have no bass", () => {
  const file = midi().track().tempo(0, 90);
  for (const [channel, by] of [0, -4].entries()) {
    const track = file.track().channel(channel);
    for (let i = 0; i < 48; i++) track.note(i * 480, 470, HYMN[0]![i % 8]! + by);
  }
  expect(rolesOf(file)).not.toContain("bass");
});

test("roles: of two lines the one that sings on is the melody, not the one that fills its rests in leaps", () => {
  const file = midi().track().tempo(0, 90);
  const fills = file.track().channel(0);
  for (let i = 0; i < 24; i++)
    fills.note(i * 1920 + 1440, 200, 60 + (i % 5) * 7).note(i * 1920 + 1680, 200, 84 - (i % 3) * 9);
  const tune = file.track().channel(1);
  for (let i = 0; i < 96; i++) if (i % 4 < 3) tune.note(i * 480, 470, HYMN[0]![i % 8]!);
  file.track().channel(2).chord(0, 46_000, [48, 52, 55]).chord(0, 46_000, [47, 50, 57]);
  expect(rolesOf(file).slice(0, 2)).toEqual(["other", "melody"]);
});
