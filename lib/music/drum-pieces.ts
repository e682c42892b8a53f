/** What part of a kit a drum note is, for patterns and fills. */
export type DrumGroup = "kick" | "snare" | "hat" | "ride" | "tom" | "crash" | "percussion";

export interface DrumPiece {
  readonly name: string;
  readonly group: DrumGroup;
}

/** Notes 27 to 87: General MIDI percussion map (35 to 81) with GM2's additions at both ends. */
export const DRUM_PIECES: Readonly<Record<number, DrumPiece>> = Object.freeze(
  Object.fromEntries(
    [
      [27, "High Q"],
      [28, "Slap"],
      [29, "Scratch Push"],
      [30, "Scratch Pull"],
      [31, "Sticks"],
      [32, "Square Click"],
      [33, "Metronome Click"],
      [34, "Metronome Bell"],
      [35, "Acoustic Bass Drum", "kick"],
      [36, "Bass Drum 1", "kick"],
      [37, "Side Stick", "snare"],
      [38, "Acoustic Snare", "snare"],
      [39, "Hand Clap", "snare"],
      [40, "Electric Snare", "snare"],
      [41, "Low Floor Tom", "tom"],
      [42, "Closed Hi Hat", "hat"],
      [43, "High Floor Tom", "tom"],
      [44, "Pedal Hi-Hat", "hat"],
      [45, "Low Tom", "tom"],
      [46, "Open Hi-Hat", "hat"],
      [47, "Low-Mid Tom", "tom"],
      [48, "Hi Mid Tom", "tom"],
      [49, "Crash Cymbal 1", "crash"],
      [50, "High Tom", "tom"],
      [51, "Ride Cymbal 1", "ride"],
      [52, "Chinese Cymbal", "crash"],
      [53, "Ride Bell", "ride"],
      [54, "Tambourine"],
      [55, "Splash Cymbal", "crash"],
      [56, "Cowbell"],
      [57, "Crash Cymbal 2", "crash"],
      [58, "Vibraslap"],
      [59, "Ride Cymbal 2", "ride"],
      [60, "Hi Bongo"],
      [61, "Low Bongo"],
      [62, "Mute Hi Conga"],
      [63, "Open Hi Conga"],
      [64, "Low Conga"],
      [65, "High Timbale"],
      [66, "Low Timbale"],
      [67, "High Agogo"],
      [68, "Low Agogo"],
      [69, "Cabasa"],
      [70, "Maracas"],
      [71, "Short Whistle"],
      [72, "Long Whistle"],
      [73, "Short Guiro"],
      [74, "Long Guiro"],
      [75, "Claves"],
      [76, "Hi Wood Block"],
      [77, "Low Wood Block"],
      [78, "Mute Cuica"],
      [79, "Open Cuica"],
      [80, "Mute Triangle"],
      [81, "Open Triangle"],
      [82, "Shaker"],
      [83, "Jingle Bell"],
      [84, "Belltree"],
      [85, "Castanets"],
      [86, "Mute Surdo"],
      [87, "Open Surdo"],
    ].map(([note, name, group = "percussion"]) => [note, { name, group }]),
  ),
);

export function drumGroup(pitch: number): DrumGroup {
  return DRUM_PIECES[pitch]?.group ?? "percussion";
}
