import { expect, test } from "bun:test";
import { INSTRUMENTS } from "../../lib/music/general-midi.ts";
import { instrumentNames } from "../../lib/music/instrument-names.ts";

test.each(["drums", "drum", "Drum kit"])(
  "instrumentNames takes %p for the kits, not for what is called a drum",
  (said) => {
    const found = instrumentNames(said);
    expect(found).toContain("Standard Kit");
    expect(found.filter((name) => INSTRUMENTS.includes(name))).toEqual([]);
  },
);

test("instrumentNames still finds one instrument by its name", () => {
  expect(instrumentNames("steel drums")).toEqual(["Steel Drums"]);
});
