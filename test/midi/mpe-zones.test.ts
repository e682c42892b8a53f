import { expect, test } from "bun:test";
import { mpeZones } from "../../lib/midi/mpe-zones.ts";
import { readMidi } from "../../lib/midi/read/reader.ts";
import { midi, type TrackBuilder } from "../support/midi-builder.ts";

function declare(track: TrackBuilder, manager: number, members: number): TrackBuilder {
  return track.controller(0, 101, 0, manager).controller(0, 100, 6, manager).controller(0, 6, members, manager);
}

/** The managers of the 16 channels of a port. */
const zones = (track: TrackBuilder, port = 0) => {
  const found = mpeZones(readMidi(track.bytes()));
  return found && Array.from(found.subarray(port * 16, port * 16 + 16));
};

test("mpeZones: none without a declaration, by another parameter, or with no members", () => {
  expect(zones(midi().track().note(0, 10, 60))).toBeNull();
  expect(zones(midi().track().controller(0, 101, 0).controller(0, 100, 0).controller(0, 6, 12))).toBeNull();
  expect(zones(declare(midi().track(), 0, 0))).toBeNull();
  expect(zones(declare(midi().track(), 3, 5))).toBeNull();
});

test("mpeZones: the lower zone is managed by channel 1, the upper by channel 16", () => {
  expect(zones(declare(midi().track(), 0, 15))).toEqual(Array(16).fill(0));
  expect(zones(declare(midi().track(), 15, 3))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 15, 15, 15]);
  const both = declare(declare(midi().track(), 0, 7), 15, 7);
  expect(zones(both)).toEqual([...Array(8).fill(0), ...Array(8).fill(15)]);
});

test("mpeZones: a zone belongs to the port of its track", () => {
  const track = declare(midi().track().port(0, 1), 0, 4);
  expect(zones(track, 1)).toEqual([0, 0, 0, 0, 0, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
  expect(zones(track, 0)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
});
