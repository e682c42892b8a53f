/** The analysis for scripts of one's own: a `Score` to `Features`. */
export { ANALYZER_VERSION, type AnalyzeOptions, type Analyzer, createAnalyzer } from "./analysis/analyzer.ts";
export type { Features } from "./analysis/features.ts";
export { type Fingerprint, fingerprintKeys, readFingerprint } from "./analysis/identity/fingerprint.ts";
export { type SamePiece, samePiece } from "./analysis/identity/same-piece.ts";
export { findTune, type TuneFound } from "./analysis/melody/find-tune.ts";
export { melodyKeys, tuneKeys } from "./analysis/melody/melody-keys.ts";
export { type MelodyLine, readMelodyLines } from "./analysis/melody/melody-lines.ts";
