import type { Piece } from "../base/api.ts";
import { h } from "../base/dom.ts";
import { bytes, camelot, clock, decimal, hueOf, keyCodeOf, shortKey, shown, whole } from "../base/texts.ts";

/** A column of the table: what it says of a piece, and what the list is sorted by when its head is pressed. */
export interface Column {
  readonly name: string;
  readonly title: string;
  /** Of a grid's columns. */
  readonly width: string;
  readonly right?: boolean;
  readonly sort?: string;
  readonly cell: (piece: Piece) => Node | string;
}

export const COLUMNS: readonly Column[] = [
  { name: "title", title: "Title", width: "minmax(200px, 3fr)", sort: "path", cell: titleCell },
  {
    name: "tempo",
    title: "BPM",
    width: "64px",
    right: true,
    sort: "tempo",
    cell: (p) => sure(decimal(p.tempo), p.tempo_confidence, "tempo"),
  },
  { name: "key", title: "Key", width: "84px", sort: "key", cell: keyCell },
  {
    name: "meter",
    title: "Meter",
    width: "60px",
    sort: "meter",
    cell: (p) => sure(p.meter ?? "", p.meter_confidence, "meter"),
  },
  { name: "time", title: "Time", width: "60px", right: true, sort: "duration", cell: (p) => clock(p.duration) },
  { name: "bars", title: "Bars", width: "60px", right: true, sort: "bars", cell: (p) => decimal(p.bars) },
  {
    name: "loop",
    title: "Loop",
    width: "64px",
    right: true,
    sort: "loop",
    cell: (p) => (p.loop_bars === null ? "" : `${decimal(p.loop_bars)} bars`),
  },
  { name: "notes", title: "Notes", width: "72px", right: true, sort: "notes", cell: (p) => whole(p.notes) },
  { name: "instruments", title: "Instruments", width: "minmax(120px, 2fr)", cell: (p) => list(p.instruments) },
  { name: "chords", title: "Chords", width: "minmax(120px, 1.5fr)", cell: (p) => list(p.chords?.slice(0, 12) ?? null) },
  { name: "tags", title: "Tags", width: "minmax(100px, 1fr)", cell: (p) => list(p.tags) },
  {
    name: "played",
    title: "Played",
    width: "76px",
    cell: (p) => (p.performed === null ? "" : p.performed ? "by hand" : "written"),
  },
  { name: "copies", title: "Copies", width: "64px", right: true, cell: (p) => (p.copies > 1 ? whole(p.copies) : "") },
  { name: "size", title: "Size", width: "72px", right: true, cell: (p) => bytes(p.size) },
  { name: "path", title: "Path", width: "minmax(200px, 3fr)", sort: "path", cell: (p) => pathText(p.path) },
];

export const USUAL_COLUMNS: readonly string[] = ["title", "tempo", "key", "meter", "time", "instruments"];

function titleCell(piece: Piece): Node {
  const name = piece.path.split("/").at(-1)!;
  const folder = piece.path.slice(0, -name.length - 1);
  const stem = name.replace(/\.[^.]*$/, "");
  const under = piece.title === stem ? folder.split("/").slice(-2).join("/") : name;
  return h(
    "span",
    { class: "two" },
    h(
      "span",
      { class: "title", dir: "auto" },
      shown(piece.title),
      piece.repaired ? h("em", { class: "flag", title: "Damaged, and repaired on reading" }, "repaired") : null,
    ),
    h("span", { class: "faint under", dir: "auto", title: shown(piece.path) }, shown(under)),
  );
}

function keyCell(piece: Piece): Node | string {
  const code = keyCodeOf(piece.key);
  if (code === null) return "";
  return h(
    "span",
    { class: "key", title: confident("key", piece.key_confidence) },
    h("i", { class: "camelot", style: `--hue:${hueOf(code)}` }, camelot(code)),
    dim(shortKey(piece.key!), piece.key_confidence),
  );
}

function sure(text: string, confidence: number | null, what: string): Node | string {
  if (text === "") return "";
  return h("span", { title: confident(what, confidence) }, dim(text, confidence));
}

const confident = (what: string, confidence: number | null) =>
  confidence === null ? "" : `${what}: ${Math.round(confidence * 100)} % sure`;

/** What is less sure stands paler, with its confidence as a line below. */
function dim(text: string, confidence: number | null): Node {
  const value = confidence ?? 0;
  return h("span", { class: value < 0.5 ? "value unsure" : "value", style: `--sure:${value}` }, text);
}

function list(values: readonly string[] | null): Node | string {
  if (!values || values.length === 0) return "";
  const text = shown(values.join(", "));
  return h("span", { class: "clip", title: text }, text);
}

function pathText(path: string): Node {
  return h("span", { class: "clip start", title: shown(path) }, h("bdi", null, shown(path)));
}
