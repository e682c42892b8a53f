import { expect, test } from "bun:test";
import { FIELDS, type FieldType, fieldsTable } from "../../lib/analysis/fields.ts";
import { midi } from "../support/midi-builder.ts";
import { featuresOf, pieceOf } from "../support/piece-of.ts";
import { dance, played } from "../support/tunes.ts";

const fields = new Map(FIELDS.map((field) => [field.path, field]));

/** Types met at each path of the samples. Members of lists are `path[]`; maps are not looked into. */
function observe(samples: readonly unknown[]): Map<string, Set<FieldType | "null">> {
  const seen = new Map<string, Set<FieldType | "null">>();
  const visit = (value: unknown, path: string) => {
    const type = fields.get(path)?.type === "map" ? "map" : typeOf(value);
    if (path !== "" && !(path.endsWith("[]") && type === "object"))
      (seen.get(path) ?? seen.set(path, new Set()).get(path)!).add(type);
    if (type === "list") for (const item of value as unknown[]) visit(item, `${path}[]`);
    if (type === "object")
      for (const [name, inner] of Object.entries(value as object)) visit(inner, path === "" ? name : `${path}.${name}`);
  };
  for (const sample of samples) visit(sample, "");
  return seen;
}

function typeOf(value: unknown): FieldType | "null" {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value === "string" ? "text" : (typeof value as "boolean" | "object");
}

test("FIELDS describes every field of real results, and no other", () => {
  const seen = observe(samples());
  expect([...seen.keys()].filter((path) => !fields.has(path))).toEqual([]);
  expect([...fields.keys()].filter((path) => !seen.has(path))).toEqual([]);
});

test("FIELDS gives every field its type, and null where it occurs", () => {
  const wrong: string[] = [];
  for (const [path, types] of observe(samples())) {
    const { type, nullable } = fields.get(path)!;
    for (const met of types) {
      const fits = met === "null" ? nullable : met === type || (type === "number" && met === "integer");
      if (!fits) wrong.push(`${path}: ${met}, documented as ${type}${nullable ? "?" : ""}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("FIELDS names each field once, parents first, seconds and ticks with their unit", () => {
  expect(fields.size).toBe(FIELDS.length);
  for (const [i, { path, unit }] of FIELDS.entries()) {
    const parent = path.includes(".") ? path.slice(0, path.lastIndexOf(".")).replace(/\[\]$/, "") : null;
    if (parent) expect(FIELDS.findIndex((field) => field.path === parent)).toBeLessThan(i);
    if (/(^|\.|[a-z])[sS]econds$/.test(path) && !/Milliseconds$/.test(path))
      expect(`${path} ${unit}`).toBe(`${path} s`);
    if (/tick$/i.test(path)) expect(`${path} ${unit}`).toBe(`${path} ticks`);
  }
  expect(fieldsTable().split("\n")).toHaveLength(FIELDS.length + 2);
});

/** Files that between them bring every field about. */
function samples(): unknown[] {
  return [
    featuresOf(midi().track()),
    featuresOf(midi({ division: 0xe728 }).track().note(0, 40, 60)),
    featuresOf(song(), "Loops/House/kick 120 bpm C#m.mid"),
    featuresOf(performance()),
    featuresOf(played(handRows(), { bpm: 110 })),
    featuresOf(manyVoices()),
  ];
}

/** Everything a file can say, on the grid. */
function song() {
  const file = midi().track("Title").tempo(0, 120).tempo(960, 90).meter(0, 4, 4).keySignature(0, -3, true).port(0, 0);
  file.text(0, 2, "©").text(0, 1, "comment").text(0, 6, "A").text(960, 7, "cue").text(0, 4, "Piano");
  for (let i = 0; i < 20; i++) file.text(i * 480, 5, "la ");
  const tune = file.track("Lead").channel(0).bank(0, 1, 2).program(0, 73).controller(0, 64, 127).controller(480, 64, 0);
  tune.bend(0, 100).pressure(0, 4).polyPressure(0, 60, 3);
  for (let i = 0; i < 64; i++)
    tune.note(i * 480, 460, 60 + [0, 3, 7, 12, 8, 5, 2, 7][i % 8]!).note(i * 480 + 240, 200, 72);
  tune.chord(0, 1920, [48, 51, 55]).program(9000, 40);
  const kit = tune.track("Kit").channel(9);
  for (let i = 0; i < 64; i++) kit.note(i * 480, 60, i % 2 === 0 ? 36 : 38).note(i * 480 + 240, 60, 42);
  for (let i = 0; i < 6; i++) kit.note(7 * 1920 + 960 + i * 120, 60, 45);
  return kit.raw(0, [0xb0, 200, 3]).end(null);
}

/** A dance by hand, as well counted in halves. */
function handRows() {
  const { startTick, endTick, pitch, velocity } = pieceOf(dance(40, 4));
  return [...startTick].map((at, i) => [at, endTick[i]! - at, pitch[i]!, velocity[i]!] as const);
}

/** The same figure by hand: beats are tracked. */
function performance() {
  const track = midi({ division: 480 }).track();
  let seed = 7;
  const hand = () => ((seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 31 - 0.5) * 24;
  for (let i = 0; i < 400; i++)
    for (const pitch of i % 4 === 0 ? [40, 64, 67] : [72 + (i % 5)])
      track.note(Math.round(1000 + i * 187.3 + hand()), 150, pitch, { velocity: 60 + (i % 4 === 0 ? 30 : 0) });
  return track;
}

function manyVoices() {
  const file = midi();
  for (let t = 0; t < 520; t++) file.track().note(0, 480, 60);
  return file;
}
