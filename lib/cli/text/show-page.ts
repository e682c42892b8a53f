import type { Features, FileAnalysis } from "../../library/show.ts";
import { pitchName } from "../../music/note-names.ts";
import { type Colors, PLAIN } from "./colors.ts";
import { printable } from "./printable.ts";
import { type Column, table } from "./table.ts";

/** A file's analysis as a page for a terminal: a line per subject, then a table of its tracks. Plain text, 100 columns or so. */
export function showPage(said: FileAnalysis, { bold, dim, red }: Colors = PLAIN): string {
  if ("error" in said) return `${bold(printable(said.path))}\n  ${red("cannot be read")}: ${printable(said.error)}\n`;
  const rows = SUBJECTS.flatMap(([subject, describe]) =>
    describe(said)
      .filter((line) => line !== "")
      .map((line, i) => `  ${dim((i === 0 ? subject : "").padEnd(11))} ${printable(line)}`),
  );
  return [bold(printable(said.path)), ...rows, "", ...tracksTable(said), ""].join("\n");
}

/** Subjects in order, each with what it says as lines; a subject without lines is left out. */
type Subject = readonly [name: string, describe: (f: Features) => readonly string[]];
const SUBJECTS: readonly Subject[] = [
  ["Title", (f) => [f.text.title ?? ""]],
  ["Copyright", (f) => [f.text.copyright?.split("\n")[0] ?? ""]],
  ["File", file],
  ["Length", length],
  ["Tempo", tempo],
  ["Meter", meter],
  ["Played", played],
  ["Key", key],
  ["Chords", chords],
  ["Notes", notes],
  ["Drums", drums],
  ["Structure", structure],
  ["Expression", expression],
  ["Lyrics", (f) => f.text.lyrics?.text.split("\n").filter(Boolean).slice(0, 2) ?? []],
  ["Name says", nameSays],
  ["Identity", (f) => (f.identity.notesHash ? [`notes ${f.identity.notesHash}, tune ${f.identity.tuneHash}`] : [])],
];

function file(f: Features): string[] {
  const repairs = f.repairs.map(({ code, count }) => (count > 1 ? `${code} (${count} times)` : code));
  return [
    `format ${f.format}, ${count(f.tracks.length, "sounding track")}${f.format === 2 ? ", taken one after the other" : ""}`,
    repairs.length ? `repaired: ${repairs.join(", ")}` : "",
  ];
}

function length(f: Features): string[] {
  const { endSeconds, endBars, lastNoteEndSeconds, lastNoteEndBars } = f.duration;
  const reachesEnd = f.durationSeconds >= endSeconds;
  const bars = reachesEnd ? endBars : lastNoteEndBars;
  const shown = `${clock(f.durationSeconds)}${bars === null ? "" : ` (${bars} bars)`}`;
  return [
    `${shown}, ${reachesEnd ? `last note ends at ${clock(lastNoteEndSeconds)}` : `the track at ${clock(endSeconds)}`}`,
  ];
}

function tempo({ tempo: t }: Features): string[] {
  if (t.bpm === null) return ["unknown"];
  const changes = t.changeCount > 0 ? `, ${count(t.changeCount, "change")} between ${t.minBpm} and ${t.maxBpm}` : "";
  return [`${t.bpm} bpm ${sure(t.source ?? "", t.confidence)}${changes}`];
}

function meter({ meter: m }: Features): string[] {
  if (m === null) return ["unknown"];
  const changes = m.changes.length > 1 ? `, ${count(m.changes.length - 1, "change")}` : "";
  return [`${m.numerator}/${m.denominator} ${sure(m.source, m.confidence)}${changes}`];
}

function played({ performed: p, rhythm: r }: Features): string[] {
  const how = p.performed === null ? "open" : p.performed ? "a performance" : "written or quantised";
  const grid = r ? [r.grid, r.swingRatio && r.swingRatio > 1.2 ? `swing ${r.swingRatio}` : null] : [];
  return [[`${how} ${sure("", p.confidence)}`, ...grid].filter(Boolean).join(", ")];
}

function key({ key: k }: Features): string[] {
  if (k === null) return ["none"];
  const [first, ...others] = k.changes;
  const opens =
    first && (first.tonic !== k.tonic || first.mode !== k.mode) ? `begins in ${first.tonic} ${first.mode}, ` : "";
  const changes = others.slice(0, 4).map((c) => `${c.tonic} ${c.mode} at ${clock(c.startSeconds)}`);
  const rest = others.length > 4 ? ` and ${others.length - 4} more` : "";
  const then = changes.length > 0 ? `${opens}then ${changes.join(", ")}${rest}` : opens.replace(/, $/, "");
  return [`${k.tonic} ${k.mode} ${sure("", k.confidence)}`, then];
}

function chords({ chords: list, progression: p }: Features): string[] {
  if (list === null || p === null) return [];
  const vocabulary = p.vocabulary.slice(0, 6).map(({ label, share }) => `${label} ${percent(share)}`);
  const start = list.slice(0, 12).map(({ roman, label }) => roman ?? label);
  return [
    `${vocabulary.join(", ")}; ${p.chordsPerMinute} a minute`,
    `${start.join(" ")}${list.length > 12 ? " ..." : ""}`,
  ];
}

function notes({ notes: n, texture: t }: Features): string[] {
  if (n.count === 0) return ["none"];
  const range = n.lowestPitch === null ? "" : `, ${pitchName(n.lowestPitch)} to ${pitchName(n.highestPitch!)}`;
  const velocity = `velocity ${n.lowestVelocity} to ${n.highestVelocity}, mean ${Math.round(n.velocityMean!)}`;
  const voices = t.meanPolyphony === null ? "" : `, ${t.meanPolyphony} at once (at most ${t.maximumPolyphony})`;
  return [
    `${n.count}${n.drums > 0 ? ` (${n.drums} of drums)` : ""}${range}; ${velocity}`,
    `${t.kind}${voices}${t.notesPerSecond === null ? "" : `, ${t.notesPerSecond} a second`}, ${percent(t.silenceShare ?? 0)} silence`,
  ];
}

function drums({ drums: d }: Features): string[] {
  if (d === null) return [];
  const facts = [d.timeFeel && `${d.timeFeel} time`, d.subdivision, d.fills ? count(d.fills, "fill") : null].filter(
    Boolean,
  );
  const pattern = d.pattern
    ? [`kick  ${d.pattern.kick}  in ${percent(d.pattern.share)} of the bars`, `snare ${d.pattern.snare}`]
    : [];
  return [...pattern, [count(d.pieces.length, "piece"), ...facts].join(", ")];
}

function structure({ structure: s }: Features): string[] {
  if (s === null) return [];
  const form = s.sections.map(({ label, bars }) => `${label}${bars}`).join(" ");
  const loop = s.loop.isLoop ? `, a loop of ${count(s.loop.bars!, "bar")} ${sure("", s.loop.confidence)}` : "";
  return [`${form} (bars); ${percent(s.repetitionShare)} of the bars repeat another${loop}`];
}

function expression({ expression: e }: Features): string[] {
  const pedal = e.sustain ? `pedal down ${percent(e.sustain.downShare)} of the time` : null;
  const used = [...new Set(e.controllers.map(({ controller }) => controller))].sort((a, b) => a - b);
  const controllers = used.length > 0 ? `controllers ${used.join(" ")}` : null;
  const facts = [e.articulation?.kind, pedal, e.pitchBend.length > 0 ? "pitch bend" : null, controllers].filter(
    Boolean,
  );
  return facts.length > 0 ? [facts.join(", ")] : [];
}

function nameSays({ names: n }: Features): string[] {
  if (n === null) return [];
  const key = n.key && `${n.key.tonic}${n.key.mode ? ` ${n.key.mode}` : ""}${n.keyAgrees ? ` (${n.keyAgrees})` : ""}`;
  const bpm = n.bpm && `${n.bpm} bpm${n.bpmAgrees ? ` (${n.bpmAgrees})` : ""}`;
  const facts = [bpm, key, n.tags.map(({ tag }) => tag).join(", ")].filter(Boolean);
  return facts.length > 0 ? [facts.join("; ")] : [];
}

const MOST_ROWS = 32;

const TRACK_COLUMNS: readonly Column[] = [
  { title: "Track" },
  { title: "Ch" },
  { title: "Name", most: 20 },
  { title: "Instrument", most: 24 },
  { title: "Role" },
  { title: "Notes" },
  { title: "Range" },
];

function tracksTable({ tracks }: Features): string[] {
  if (tracks.length === 0) return [];
  const rows = tracks
    .slice(0, MOST_ROWS)
    .map((t) => [
      `${t.track}`,
      `${t.channel + 1}`,
      t.name ?? "",
      t.instrument,
      `${t.role}${t.drum ? "" : ` ${t.roleConfidence}`}`,
      `${t.notes}`,
      t.drum ? "" : `${pitchName(t.lowestPitch)} to ${pitchName(t.highestPitch)}`,
    ]);
  const lines = table(TRACK_COLUMNS, rows, Number.POSITIVE_INFINITY)
    .split("\n")
    .map((line) => `  ${line}`);
  return tracks.length > MOST_ROWS ? [...lines, `  and ${tracks.length - MOST_ROWS} more`] : lines;
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds / 60);
  return `${whole}:${(seconds - whole * 60).toFixed(1).padStart(4, "0")}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function sure(source: string, confidence: number): string {
  return `(${source ? `${source}, ` : ""}${confidence.toFixed(2)})`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
