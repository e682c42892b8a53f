import type { Role } from "./roles.ts";

/**
 * Words of track names that tell what a track does, as players of several languages write them. Tried in order, so that
 * "bass drum" is drums and "lead guitar" a melody.
 */
export const ROLE_WORDS: readonly (readonly [Role, RegExp])[] = [
  [
    "drums",
    /\b(drums?|drumkit|kick|snare|hi-?hats?|cymbals?|perc(ussion)?|beat|schlagzeug|bateria|batterie|batteria|toms?)\b/i,
  ],
  ["bass", /\b(bass(line)?|basse|basso|bajo|baixo|subbass|kontrabass|contrabass)\b/i],
  [
    "melody",
    /\b(melod(y|ie|ia|ía|ies|i)|melo|lead|vocals?|voice|vox|voix|voz|canto|chant|gesang|sing(er)?|solo|topline|tune)\b/i,
  ],
  [
    "chords",
    /\b(chords?|akkorde?|acordes|accords|comp(ing)?|pads?|accomp(animent)?|acc|begleitung|rhythm|harmony|strum)\b/i,
  ],
];
