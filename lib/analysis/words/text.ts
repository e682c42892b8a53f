import type { Score } from "../../midi/score.ts";
import { decodeTexts } from "../../midi/text/decode-texts.ts";
import type { TimeMap } from "../../midi/time.ts";
import { type XfMeta, xfMetas } from "../../midi/xf-metas.ts";
import { round } from "../piece/round.ts";
import { karaokeCredits } from "./karaoke-credits.ts";
import { assembleLyrics, type Lyrics } from "./lyrics.ts";
import { titleOf } from "./title.ts";

/**
 * The words in the file: SMF text metas (types 1 to 15), decoded without failure by one code page for the whole file.
 * Long texts and lists are cut at the limits below; `capped` says so.
 */
export interface TextFeature {
  /** As karaoke headers give it, else the name of a track without notes (or of the only track); null without. */
  readonly title: string | null;
  /** As karaoke headers give it: who sang it, or wrote it. Null without. */
  readonly artist: string | null;
  /** Distinct copyright notices, joined by a line break. */
  readonly copyright: string | null;
  readonly trackNames: readonly string[];
  readonly instrumentNames: readonly string[];
  /** Text metas that are no lyrics: comments, credits, the headers of karaoke. */
  readonly comments: readonly string[];
  readonly lyrics: Lyrics | null;
  readonly markers: readonly TextAt[];
  readonly cues: readonly TextAt[];
  /** Name of the code page the texts were decoded by; null when all are plain ASCII. */
  readonly codePage: string | null;
  readonly capped: boolean;
}

export interface TextAt {
  readonly tick: number;
  readonly seconds: number;
  readonly text: string;
}

/** What a text meta says, decoded; `type` is the meta type. */
export interface TextEvent {
  readonly tick: number;
  readonly track: number;
  readonly type: number;
  readonly text: string;
}

const MOST_EVENTS = 20_000;
const MOST_LIST = 256;
const LONGEST = 1000;

const TEXT = 1;
const COPYRIGHT = 2;
const TRACK_NAME = 3;
const INSTRUMENT_NAME = 4;
const MARKER = 6;
const CUE = 7;

/** What the texts of a file say, and the name of each of its tracks, null without one. */
export interface Words {
  readonly text: TextFeature;
  readonly names: readonly (string | null)[];
  /** The syllables of the singer who has most of them, in order. */
  readonly sung: readonly TextEvent[];
}

export function words(score: Score, time: TimeMap): Words {
  const { events, codePage, capped } = decodeEvents(score);
  const credits = karaokeCredits(events);
  const sung = assembleLyrics(events, time, credits);
  const names = trackNames(events, score.tracks.length);
  const lists = {
    trackNames: distinct(events, TRACK_NAME),
    instrumentNames: distinct(events, INSTRUMENT_NAME),
    comments: distinct(
      events.filter((e) => !sung?.karaokeTracks.has(e.track) || e.text.startsWith("@")),
      TEXT,
    ),
    markers: placed(events, MARKER, time),
    cues: placed(events, CUE, time),
  };
  const cut = Object.values(lists).some((list) => list.length === MOST_LIST);
  return {
    names,
    sung: sung?.leader ?? [],
    text: {
      title: credits.title ?? title(score, names),
      artist: credits.artist,
      copyright: distinct(events, COPYRIGHT).join("\n") || null,
      ...lists,
      lyrics: sung?.lyrics ?? null,
      codePage,
      capped: capped || cut || (sung?.lyrics.capped ?? false),
    },
  };
}

function decodeEvents(score: Score): { events: TextEvent[]; codePage: string | null; capped: boolean } {
  const found = textMetas(score);
  const { texts, codePage } = decodeTexts(
    found.map(({ offset, length }) => score.bytes.subarray(offset, offset + Math.min(length, LONGEST))),
  );
  const events = found.map(({ tick, track, type }, n): TextEvent => ({ tick, track, type, text: texts[n]! }));
  return { events, codePage, capped: found.length === MOST_EVENTS };
}

/** The text metas of all tracks, then those of XF chunks, which stand for tracks of their own behind the others. */
function textMetas({ bytes, metas, tracks, xfChunks }: Score): (XfMeta & { readonly track: number })[] {
  const { count, type, tick, track, offset, length } = metas;
  const found: (XfMeta & { readonly track: number })[] = [];
  for (let i = 0; i < count && found.length < MOST_EVENTS; i++) {
    if (!isText(type[i]!) || length[i] === 0) continue;
    found.push({ tick: tick[i]!, track: track[i]!, type: type[i]!, offset: offset[i]!, length: length[i]! });
  }
  for (const [n, chunk] of xfChunks.entries()) {
    for (const meta of xfMetas({ bytes }, chunk, MOST_EVENTS - found.length)) {
      if (isText(meta.type) && meta.length > 0) found.push({ ...meta, track: tracks.length + n });
    }
  }
  return found;
}

function isText(type: number): boolean {
  return type >= 1 && type <= 15;
}

function trackNames(events: readonly TextEvent[], tracks: number): (string | null)[] {
  const names: (string | null)[] = new Array(tracks).fill(null);
  for (const { type, track, text } of events)
    if (type === TRACK_NAME && track < tracks) names[track] ??= text.trim() || null;
  return names;
}

function title(score: Score, names: readonly (string | null)[]): string | null {
  const first = score.tracks[0];
  if (!first) return null;
  const conductor = score.tracks.length === 1 || first.noteStart === first.noteEnd;
  return conductor && names[0] ? titleOf(names[0]) : null;
}

function distinct(events: readonly TextEvent[], type: number): string[] {
  const seen = new Set<string>();
  for (const event of events) {
    const text = event.type === type ? event.text.trim() : "";
    if (text !== "" && seen.size < MOST_LIST) seen.add(text);
  }
  return [...seen];
}

function placed(events: readonly TextEvent[], type: number, time: TimeMap): TextAt[] {
  return events
    .filter((event) => event.type === type)
    .slice(0, MOST_LIST)
    .map(({ tick, text }) => ({ tick, seconds: round(time.secondsAt(tick), 3), text: text.trim() }));
}
