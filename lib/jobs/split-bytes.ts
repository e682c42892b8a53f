import { drumChannels } from "../analysis/piece/drum-channels.ts";
import { sha256 } from "../files/sha256.ts";
import { mpeZones } from "../midi/mpe-zones.ts";
import { createReader } from "../midi/read/reader.ts";
import { createSplitter } from "../midi/split/splitter.ts";
import { trackPorts } from "../midi/track-ports.ts";
import { decodeNames, partFileNames } from "./part-names.ts";

/** How a file is split. */
export interface SplitMode {
  readonly by: "auto" | "track" | "channel";
  readonly drumsByNote: boolean;
}

/** One part of a file: its bytes, which hold until the next split by this thread, and what is said of it. */
export interface SplitPart {
  /** From 1. */
  readonly number: number;
  /** Its file name: the same bytes, split the same way, give the same names. */
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** Hex. */
  readonly sha256: string;
  readonly track: number;
  /** 0 to 15, null where a track that sounds on several channels is one part. */
  readonly channel: number | null;
  readonly name: string | null;
  readonly program: number | null;
  readonly drum: boolean;
  readonly noteCount: number;
}

const reader = createReader({ events: true });
const splitter = createSplitter();

/** The parts of a file, none when it has fewer than two. Throws `BadMidi` and `CannotSplit`. */
export function splitBytes(bytes: Uint8Array, { by, drumsByNote }: SplitMode): SplitPart[] {
  const score = reader.read(bytes);
  const parts = splitter.split(score, {
    by,
    drumsByNote,
    drums: drumChannels(score, trackPorts(score), mpeZones(score)),
  });
  const names = decodeNames(parts);
  const fileNames = partFileNames(parts, names, by === "channel");
  return parts.map((part, at) => ({
    number: at + 1,
    fileName: fileNames[at]!,
    bytes: part.bytes,
    sha256: sha256(part.bytes),
    track: part.track,
    channel: part.channel,
    name: names[at]!,
    program: part.program,
    drum: part.drum,
    noteCount: part.noteCount,
  }));
}

/** What stands beside a source's name for a way to split that is not the default: "", "by track", "drums". */
export function variantOf({ by, drumsByNote }: SplitMode): string {
  return [by === "auto" ? "" : `by ${by}`, drumsByNote ? "drums" : ""].filter(Boolean).join(" ");
}
