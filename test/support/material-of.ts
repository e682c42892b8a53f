import { analyze } from "../../lib/analysis/analyze.ts";
import type { Features } from "../../lib/analysis/features.ts";
import { type Material, material } from "../../lib/analysis/material.ts";
import { readMidi } from "../../lib/midi/read.ts";

/** Something that has the bytes of a MIDI file: a builder, a track of one. */
export interface Built {
  bytes(): Uint8Array;
}

export function materialOf(built: Built): Material {
  return material(readMidi(built.bytes()));
}

export function featuresOf(built: Built, path?: string): Features {
  return analyze(readMidi(built.bytes()), path === undefined ? {} : { path });
}
