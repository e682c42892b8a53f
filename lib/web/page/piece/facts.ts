import { h } from "../base/dom.ts";
import type { Study } from "../base/study.ts";
import { camelot, clock, count, decimal, hueOf, keyCodeOf, percent, pitchName, shown, whole } from "../base/texts.ts";
import { chordName } from "./ground-layer.ts";

type Features = Study["features"];

/** The first answers, each with how sure it is: tempo, key, meter, length, how it was played. */
export function headline({ features: f }: Study): HTMLElement {
  const code = f.key && keyCodeOf(`${f.key.tonic} ${f.key.mode}`);
  return h(
    "div",
    { class: "headline" },
    fact(
      "Tempo",
      f.tempo.bpm === null ? "unknown" : `${decimal(f.tempo.bpm)} bpm`,
      f.tempo.confidence,
      f.tempo.source ?? "",
    ),
    fact(
      "Key",
      f.key ? `${f.key.tonic} ${f.key.mode}` : "none",
      f.key?.confidence ?? null,
      f.key ? `or ${f.key.runnerUp.tonic} ${f.key.runnerUp.mode}` : "",
      code === null || code === undefined
        ? null
        : h("i", { class: "camelot", style: `--hue:${hueOf(code)}` }, camelot(code)),
    ),
    fact(
      "Meter",
      f.meter ? `${f.meter.numerator}/${f.meter.denominator}` : "unknown",
      f.meter?.confidence ?? null,
      f.meter?.source ?? "",
    ),
    fact(
      "Length",
      clock(f.durationSeconds),
      null,
      f.duration.endBars === null ? "" : count(Math.round(f.duration.endBars), "bar"),
    ),
    fact(
      "Played",
      f.performed.performed === null ? "open" : f.performed.performed ? "by hand" : "written",
      f.performed.confidence,
      f.rhythm?.grid ?? "",
    ),
    f.structure?.loop.isLoop
      ? fact("Loop", count(f.structure.loop.bars ?? 0, "bar"), f.structure.loop.confidence, "")
      : null,
  );
}

function fact(
  name: string,
  value: string,
  confidence: number | null,
  about: string,
  mark: Node | null = null,
): HTMLElement {
  return h(
    "div",
    { class: "fact" },
    h("span", { class: "faint" }, name),
    h("b", null, value, mark),
    confidence === null
      ? h("span", { class: "faint" }, about)
      : h(
          "span",
          { class: "sure", title: `${percent(confidence)} sure` },
          h("i", { style: `--sure:${confidence}` }),
          h("span", { class: "faint" }, `${percent(confidence)}${about ? ` · ${about}` : ""}`),
        ),
  );
}

type Line = readonly [name: string, ...values: (string | Node | null | false | undefined)[]];

/** All that the analysis says, in groups. */
export function facts(study: Study): HTMLElement {
  const f = study.features;
  const groups: readonly [title: string, lines: readonly Line[]][] = [
    ["Time", timeLines(f)],
    ["Harmony", harmonyLines(f)],
    ["Notes", noteLines(f)],
    ["Rhythm and form", formLines(f)],
    ["Expression", expressionLines(f)],
    ["Words", wordLines(f)],
    ["File", fileLines(f)],
  ];
  return h("div", { class: "facts" }, ...groups.map(([title, lines]) => group(title, lines)));
}

function group(title: string, lines: readonly Line[]): HTMLElement | null {
  const rows = lines
    .map(([name, ...values]) => [name, values.filter((value): value is string | Node => Boolean(value))] as const)
    .filter(([, values]) => values.length > 0);
  if (rows.length === 0) return null;
  return h(
    "section",
    { class: "card" },
    h("h3", null, title),
    h(
      "dl",
      null,
      ...rows.flatMap(([name, values]) => [
        h("dt", null, name),
        h(
          "dd",
          { dir: "auto" },
          ...values.flatMap((value, i) => (i > 0 && typeof value === "string" ? ["\n", value] : [value])),
        ),
      ]),
    ),
  );
}

const sure = (confidence: number) => `${percent(confidence)} sure`;

function timeLines(f: Features): Line[] {
  const { tempo: t, meter: m, beats: b, duration: d } = f;
  return [
    [
      "Tempo",
      t.bpm === null ? "unknown" : `${decimal(t.bpm)} bpm, ${t.source}, ${sure(t.confidence)}`,
      t.changeCount > 0 && `${count(t.changeCount, "change")}, ${decimal(t.minBpm)} to ${decimal(t.maxBpm)}`,
      t.metaBpm !== null && t.metaBpm !== t.bpm && `the file says ${decimal(t.metaBpm)}`,
    ],
    [
      "Meter",
      m ? `${m.numerator}/${m.denominator}, ${m.source}, ${sure(m.confidence)}` : "unknown",
      m &&
        m.changes.length > 1 &&
        m.changes
          .slice(0, 12)
          .map((c) => `${c.numerator}/${c.denominator} at ${clock(c.seconds)}`)
          .join(", "),
    ],
    [
      "Beats",
      b && `${whole(b.count)}, ${b.source === "grid" ? "on the file's grid" : "tracked"}, ${sure(b.confidence)}`,
    ],
    [
      "Length",
      `${clock(f.durationSeconds)}, last note ends at ${clock(d.lastNoteEndSeconds)}`,
      d.pickupQuarters ? `pickup of ${decimal(d.pickupQuarters)} quarters` : null,
    ],
    [
      "Played",
      `${f.performed.performed === null ? "open" : f.performed.performed ? "a performance" : "written or quantised"}, ${sure(f.performed.confidence)}`,
    ],
  ];
}

function harmonyLines({ key, progression, chords }: Features): Line[] {
  return [
    [
      "Key",
      key ? `${key.tonic} ${key.mode}, ${sure(key.confidence)}` : "none",
      key && `else ${key.runnerUp.tonic} ${key.runnerUp.mode}, ${sure(key.runnerUp.confidence)}`,
    ],
    [
      "Key changes",
      key &&
        key.changes.length > 1 &&
        key.changes
          .slice(0, 16)
          .map((c) => `${c.tonic} ${c.mode} at ${clock(c.startSeconds)}`)
          .join(", "),
    ],
    [
      "Chords",
      progression?.vocabulary
        .slice(0, 14)
        .map(({ label, share }) => `${chordName(label)} ${percent(share)}`)
        .join(", "),
      progression && `${decimal(progression.chordsPerMinute)} a minute`,
    ],
    [
      "Progression",
      chords
        ?.slice(0, 24)
        .map(({ roman, label }) => roman ?? chordName(label))
        .join("  "),
    ],
  ];
}

function noteLines({ notes: n, texture: t, complexity: c }: Features): Line[] {
  return [
    [
      "Notes",
      `${whole(n.count)}${n.drums > 0 ? `, ${whole(n.drums)} of drums` : ""}`,
      n.unended > 0 && `${whole(n.unended)} never end`,
    ],
    [
      "Range",
      n.lowestPitch !== null &&
        `${pitchName(n.lowestPitch)} to ${pitchName(n.highestPitch!)}, ${n.uniquePitches} pitches`,
    ],
    [
      "Velocity",
      n.lowestVelocity !== null && `${n.lowestVelocity} to ${n.highestVelocity}, mean ${Math.round(n.velocityMean!)}`,
    ],
    [
      "Texture",
      t.kind &&
        `${t.kind}${t.meanPolyphony === null ? "" : `, ${decimal(t.meanPolyphony)} at once, at most ${t.maximumPolyphony}`}`,
      t.notesPerSecond !== null && `${decimal(t.notesPerSecond)} a second, ${percent(t.silenceShare ?? 0)} silence`,
    ],
    [
      "Complexity",
      c &&
        `${percent(c.score)}: pitches ${percent(c.pitchClasses)}, intervals ${percent(c.intervals)}, durations ${percent(c.durations)}`,
    ],
  ];
}

function formLines({ rhythm: r, drums: d, structure: s }: Features): Line[] {
  const pattern = d?.pattern && h("pre", { class: "pattern" }, `kick  ${d.pattern.kick}\nsnare ${d.pattern.snare}`);
  return [
    [
      "Rhythm",
      r &&
        [
          r.grid,
          r.swingRatio && r.swingRatio > 1.2 ? `swing ${decimal(r.swingRatio)}` : null,
          r.quantized ? "quantised" : `${decimal(r.deviationMilliseconds)} ms off the grid`,
        ]
          .filter(Boolean)
          .join(", "),
    ],
    [
      "Drums",
      pattern ?? null,
      d &&
        [
          d.pattern && `in ${percent(d.pattern.share)} of the bars`,
          d.timeFeel && `${d.timeFeel} time`,
          d.subdivision,
          d.fills ? count(d.fills, "fill") : null,
        ]
          .filter(Boolean)
          .join(", "),
    ],
    [
      "Form",
      s?.sections.map(({ label, bars }) => `${label}${bars}`).join(" "),
      s && `${percent(s.repetitionShare)} of the bars repeat another`,
    ],
    ["Loop", s?.loop.isLoop && `${count(s.loop.bars ?? 0, "bar")}, ${sure(s.loop.confidence)}`],
  ];
}

function expressionLines({ expression: e }: Features): Line[] {
  const used = [...new Set(e.controllers.map(({ controller }) => controller))].sort((a, b) => a - b);
  return [
    ["Articulation", e.articulation?.kind],
    ["Pedal", e.sustain && `down ${percent(e.sustain.downShare)} of the time`],
    ["Pitch bend", e.pitchBend.length > 0 && count(e.pitchBend.length, "channel")],
    ["Controllers", used.length > 0 && used.join(" ")],
  ];
}

function wordLines({ text: t, names: n }: Features): Line[] {
  return [
    ["Title", t.title && shown(t.title)],
    ["Copyright", t.copyright && shown(t.copyright)],
    ["Comments", t.comments.slice(0, 12).map(shown).join(" · ").slice(0, 1200)],
    [
      "Markers",
      t.markers
        .slice(0, 24)
        .map(({ text, seconds }) => `${shown(text)} ${clock(seconds)}`)
        .join(", "),
    ],
    [
      "Lyrics",
      t.lyrics && `${whole(t.lyrics.syllables)} syllables${t.lyrics.language ? `, ${shown(t.lyrics.language)}` : ""}`,
    ],
    ["Read as", t.codePage],
    [
      "Name says",
      n &&
        [
          n.bpm && `${decimal(n.bpm)} bpm${n.bpmAgrees ? ` (${n.bpmAgrees})` : ""}`,
          n.key && `${n.key.tonic}${n.key.mode ? ` ${n.key.mode}` : ""}${n.keyAgrees ? ` (${n.keyAgrees})` : ""}`,
          n.tags.map(({ tag }) => tag).join(", "),
        ]
          .filter(Boolean)
          .join("; "),
    ],
  ];
}

function fileLines(f: Features): Line[] {
  return [
    [
      "Format",
      `${f.format}, ${count(f.trackCount, "track")}, ${count(f.voiceCount, "voice")}${f.ticksPerQuarter ? `, ${f.ticksPerQuarter} ticks a quarter` : ""}`,
    ],
    ["Same notes", f.identity.notesHash && h("code", null, f.identity.notesHash)],
    ["Same tune", f.identity.tuneHash && h("code", null, f.identity.tuneHash)],
    ["Cut", f.capped.length > 0 && `too long to list in full: ${f.capped.join(", ")}`],
  ];
}
