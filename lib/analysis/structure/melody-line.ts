import type { TopLine, TopLines } from "../identity/top-lines.ts";
import type { Piece } from "../piece/piece.ts";
import type { TrackFeature } from "../tracks/tracks.ts";

/** The line that carries the tune: of the voice whose role is melody, the one with most notes of several, else of all together. */
export function melodyLine(piece: Piece, lines: TopLines, tracks: readonly TrackFeature[]): TopLine {
  let melody: TrackFeature | null = null;
  for (const track of tracks)
    if (track.role === "melody" && !track.drum && track.notes > (melody?.notes ?? 0)) melody = track;
  if (melody === null) return lines.whole;
  const { track, channel } = melody;
  const found = lines.voices.find(({ voice }) => {
    const at = piece.voices[voice]!;
    return at.track === track && at.channel === channel;
  });
  return found ?? lines.whole;
}
