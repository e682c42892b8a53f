import type { TrackFeature } from "../analysis/tracks/tracks.ts";
import { columnsFrom } from "./column.ts";

/** The columns of `tracks` besides `content_id`. `track` and `channel` are the rest of its key. */
export const TRACK_COLUMNS = columnsFrom<TrackFeature>()(
  { name: "track", type: "integer", from: (t) => t.track, about: "number of the track, from 0" },
  { name: "channel", type: "smallint", from: (t) => t.channel, about: "0 to 15" },
  { name: "name", type: "text", from: (t) => t.name, about: "the track's name" },
  { name: "program", type: "smallint", from: (t) => t.program, about: "the program that sounds longest" },
  { name: "instrument", type: "text", from: (t) => t.instrument, about: "name of General MIDI, or of the kit" },
  { name: "family", type: "text", from: (t) => t.family, about: "family of General MIDI, or drums" },
  { name: "drum", type: "boolean", from: (t) => t.drum, about: "whether it is a drum kit" },
  { name: "note_count", type: "integer", from: (t) => t.notes, about: "notes" },
  { name: "pitch_low", type: "smallint", from: (t) => t.lowestPitch, about: "lowest key" },
  { name: "pitch_high", type: "smallint", from: (t) => t.highestPitch, about: "highest key" },
  { name: "pitch_mean", type: "real", from: (t) => t.meanPitch, about: "mean key" },
  { name: "velocity_mean", type: "real", from: (t) => t.velocityMean, about: "mean note-on velocity" },
  {
    name: "polyphonic_share",
    type: "real",
    from: (t) => t.polyphonicShare,
    about: "share of its sounding time with several notes",
  },
  { name: "sounding_seconds", type: "real", from: (t) => t.soundingSeconds, about: "seconds in which it sounds" },
  { name: "port", type: "smallint", from: (t) => t.port, about: "MIDI port" },
  { name: "bank_msb", type: "smallint", from: (t) => t.bankMsb, about: "bank of the first note" },
  { name: "bank_lsb", type: "smallint", from: (t) => t.bankLsb, about: "bank of the first note" },
  {
    name: "programs",
    type: "smallint[]",
    from: (t) => [...new Set(t.programs.map(({ program }) => program).filter((program) => program !== null))],
    about: "every program its notes sound with, in order",
  },
  { name: "role", type: "text", from: (t) => t.role, about: "melody, bass, chords, drums ..." },
  { name: "role_confidence", type: "real", from: (t) => t.roleConfidence, about: "that the role is right" },
);
