import type { TrackFeature } from "../../../lib/analysis/tracks/tracks.ts";
import type { Mark, Marks, Said } from "./mark.ts";

/** A track's own name says what it is, where the analysis was not shown it. */
const NAMES = [
  { role: "melody", name: /^(melody|vocals?|lead|lead vocals?|voice|soprano)$/i },
  { role: "bass", name: /\bbass\b/i },
] as const;
const NO_BASS = /drum|clar|trombone|flute|viol/i;

/**
 * Roles, by the names that were hidden. `names` are the tracks' names, `tracks` what was said without them. Trivial: the
 * first track has the melody, the lowest by its mean pitch is the bass.
 */
export function markRoles(names: readonly (string | null)[], tracks: readonly TrackFeature[]): Marks {
  const marks: Mark[] = [];
  const said: Said[] = [];
  const pitched = tracks.filter(({ drum }) => !drum);
  if (pitched.length < 2) return { marks, said };
  const lowest = pitched.reduce((low, track) => (track.meanPitch < low.meanPitch ? track : low));
  for (const { role, name } of NAMES) {
    const named = pitched.filter(({ track }) => name.test(names[track] ?? "") && !NO_BASS.test(names[track] ?? ""));
    if (named.length !== 1) continue;
    const track = named[0]!;
    const trivial = role === "melody" ? track === pitched[0] : track === lowest;
    marks.push({ what: `role ${role}`, score: Number(track.role === role), trivial: Number(trivial) });
  }
  for (const track of pitched) {
    const truth = NAMES.find(({ name }) => name.test(names[track.track] ?? ""))?.role;
    if (truth === undefined || NO_BASS.test(names[track.track] ?? "")) continue;
    said.push({ what: "role", confidence: track.roleConfidence, right: Number(track.role === truth), weight: 1 });
  }
  return { marks, said };
}
