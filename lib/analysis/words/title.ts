import { INSTRUMENTS } from "../../music/general-midi.ts";
import { NAME_TAGS } from "./name-tags.ts";

/** Names that sequencers write into the conductor track themselves. */
const NO_TITLE =
  /^(untitled|no ?name|(tempo|conductor|master|meta|global|control|score|new|midi)([ -_]?(track|file|song|export))?|track ?\d*|(inst|instrument|staff|channel|part)[ -]?\d*|(new )?(sequence|seq)[ -]?\d*|words|\d*)$/i;

/** Notices that stand where the name should be. */
const NOTICE = /copyright|©|\(c\)|sequenced by|all rights|https?:|www\.|\.com\b/i;

/** Words beside an instrument that leave it an instrument: "Grand Piano", "Piano right". */
const BESIDE_INSTRUMENTS = new Set(
  "acoustic electric elec grand upright bright concert classic classical solo right left hand rh lh r l boesendorfer bösendorfer steinway yamaha and clean muted overdriven distortion distorted fretless slap fingered picked nylon steel jazz honky tonk tremolo pizzicato synth".split(
    " ",
  ),
);

/** What sound chips and editors call their waves: "8-Bit Square". */
const WAVE = /^(8|16)[ -]?bit (square|saw(tooth)?|triangle|sine|pulse|noise|drum ?kit)$/i;

const lettersOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];

/** Of General MIDI the names of what is played; those of effects ("Rain", "Soundtrack") may well be titles. */
const FIRST_EFFECT = 96;
const GENERAL_MIDI = new Set(INSTRUMENTS.slice(0, FIRST_EFFECT).map((name) => lettersOf(name).join(" ")));

/**
 * The title that the name of a track without notes gives; null for what a sequencer, a copyright notice or a ruler line
 * wrote there, and for the name of an instrument. Of a path the file's name, without its ending.
 */
export function titleOf(name: string): string | null {
  const path = /^(?:[A-Za-z]:\\|~?\/|\\\\).*[/\\]([^/\\]+)$/.exec(name);
  const title = (path ? path[1]! : name).replace(/\.(midi?|kar|mscz|mus|sib|cwp|gp\d?)$/i, "").trim();
  if (!/[\p{L}\p{N}]/u.test(title) || NO_TITLE.test(title) || NOTICE.test(title)) return null;
  return isInstrument(title) ? null : title;
}

function isInstrument(title: string): boolean {
  const words = lettersOf(title);
  if (WAVE.test(title) || GENERAL_MIDI.has(words.join(" "))) return true;
  const named = words.filter((word) => NAME_TAGS.get(word)?.some(({ kind }) => kind === "instrument"));
  return named.length > 0 && words.every((word) => named.includes(word) || BESIDE_INSTRUMENTS.has(word));
}
