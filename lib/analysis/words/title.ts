import { NAME_TAGS } from "./name-tags.ts";

/** Names that sequencers write into the conductor track themselves. */
const NO_TITLE =
  /^(untitled|no ?name|(tempo|conductor|master|meta|global|control|score|new|midi)([ -_]?(track|file|song|export))?|track ?\d*|(inst|instrument|staff|channel|part)[ -]?\d*|(new )?(sequence|seq)[ -]?\d*|words|\d*)$/i;

/** Notices that stand where the name should be. */
const NOTICE = /copyright|©|\(c\)|sequenced by|all rights|https?:|www\.|\.com\b/i;

/** Words beside an instrument that leave it an instrument: "Grand Piano", "Piano right". */
const BESIDE_INSTRUMENTS = new Set(
  "acoustic electric grand upright bright concert solo right left hand rh lh r l boesendorfer bösendorfer steinway yamaha and".split(
    " ",
  ),
);

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
  const words = title.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
  const named = words.filter((word) => NAME_TAGS.get(word)?.some(({ kind }) => kind === "instrument"));
  return named.length > 0 && words.every((word) => named.includes(word) || BESIDE_INSTRUMENTS.has(word));
}
