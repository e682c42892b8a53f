/**
 * The law of splitting, checked from the files alone. What a part has to hold is worked out here again, by the
 * simplest means, from the source's events; the library's own reading and planning have no part in it.
 */
import { readSmf, type Smf, type SmfEvent } from "./read-smf.ts";

export interface Law {
  readonly by: "auto" | "track" | "channel";
  /** Channels that are split by key, as the library was told. */
  readonly byKey?: readonly number[];
}

interface Placed extends SmfEvent {
  readonly slot: number;
}

interface Expected {
  readonly tracks: ReadonlySet<number>;
  readonly slots: ReadonlySet<number>;
  readonly key: number | null;
}

/** One line for each breach, none when the parts keep the law. */
export function breaches(source: Smf, parts: readonly Uint8Array[], law: Law): string[] {
  const found: string[] = [];
  const files = parts.map((bytes, n) => {
    try {
      return readSmf(bytes);
    } catch (error) {
      found.push(`part ${n} is not well formed: ${(error as Error).message}`);
      return null;
    }
  });
  const read = files.filter((file) => file !== null);
  if (read.length < parts.length) return found;
  const scopes = scopesOf(source, law);
  const wanted = scopes.flatMap((scope) => scope.parts.map((part) => ({ part, scope })));
  if (wanted.length !== read.length) return [`${read.length} parts, expected ${wanted.length}`];
  wanted.forEach(({ part, scope }, n) => {
    for (const line of breachesOfPart(source, scope, part, read[n]!, law)) found.push(`part ${n}: ${line}`);
  });
  found.push(...lostTexts(source, read, scopes));
  return found;
}

/** How many parts the law makes of a file. */
export function partCount(source: Smf, law: Law): number {
  return scopesOf(source, law).reduce((sum, scope) => sum + scope.parts.length, 0);
}

interface Scope {
  readonly tracks: readonly number[];
  readonly conductors: readonly number[];
  readonly titleTrack: number;
  readonly events: readonly Placed[];
  readonly parts: readonly Expected[];
  readonly endTick: number;
}

function scopesOf(source: Smf, law: Law): Scope[] {
  const all = source.tracks.map((events) => placed(events));
  const indices = all.map((_, index) => index);
  const scope = (tracks: number[], conductors: number[], titleTrack: number): Scope => {
    const events = tracks.flatMap((track) => all[track]!).sort((a, b) => a.tick - b.tick);
    const parts = expectedParts(
      conductors.flatMap((track) => all[track]!),
      law,
    );
    return {
      tracks,
      conductors,
      titleTrack,
      events,
      parts,
      endTick: Math.max(...tracks.map((t) => source.endTicks[t]!)),
    };
  };
  if (source.format !== 2) return [scope(indices, indices, 0)];
  const sounding = indices.filter((track) => all[track]!.some(isNoteOn));
  const silent = indices.filter((track) => !sounding.includes(track));
  return sounding.map((track, n) =>
    scope(n === 0 ? [track, ...silent].sort((a, b) => a - b) : [track], [track], track),
  );
}

/** Events with the port and channel they act on; a port stated before the first note holds for the whole track. */
function placed(events: readonly SmfEvent[]): Placed[] {
  const isPort = (event: SmfEvent) => event.status === 0xff && event.data[0] === 0x21;
  const firstPort = events.findIndex(isPort);
  const firstNote = events.findIndex(isNoteOn);
  const early = firstPort >= 0 && (firstNote < 0 || firstPort < firstNote);
  let port = early ? events[firstPort]!.data[1]! : 0;
  return events.map((event) => {
    if (isPort(event)) port = event.data[1]!;
    return { ...event, slot: port * 16 + (event.status & 15) };
  });
}

function expectedParts(events: readonly Placed[], law: Law): Expected[] {
  const parts = new Map<string, { tracks: Set<number>; slots: Set<number>; key: number | null; order: number[] }>();
  for (const event of events.filter(isNoteOn)) {
    const key = law.by !== "track" && law.byKey?.includes(event.slot & 15) ? event.data[0]! : null;
    const track = law.by === "channel" ? -1 : event.track;
    const slot = law.by === "track" ? -1 : event.slot;
    const id = `${track}/${slot}/${key}`;
    const part = parts.get(id) ?? { tracks: new Set(), slots: new Set(), key, order: [track, slot, key ?? -1] };
    part.tracks.add(event.track);
    part.slots.add(event.slot);
    parts.set(id, part);
  }
  return [...parts.values()].sort(
    (a, b) => a.order[0]! - b.order[0]! || a.order[1]! - b.order[1]! || a.order[2]! - b.order[2]!,
  );
}

function first(numbers: ReadonlySet<number>): number {
  return Math.min(...numbers);
}

/** Which part a note event belongs to. */
function ownerOf(event: Placed, parts: readonly Expected[], law: Law): Expected {
  const atSlot = parts.filter((part) => part.slots.has(event.slot));
  const own = law.by === "channel" ? atSlot : atSlot.filter((part) => part.tracks.has(event.track));
  return (
    own.find((part) => part.key === event.data[0]) ??
    own[0] ??
    parts.find((part) => part.tracks.has(event.track)) ??
    atSlot.find((part) => part.key === event.data[0] && part.tracks.has(first(atSlot[0]!.tracks))) ??
    atSlot[0] ??
    parts[0]!
  );
}

function breachesOfPart(source: Smf, scope: Scope, part: Expected, file: Smf, law: Law): string[] {
  const found: string[] = [];
  const isFirst = part === scope.parts[0];
  const isSilent = (slot: number) => !scope.parts.some((p) => p.slots.has(slot));
  const wanted = scope.events.filter((event) => {
    if (event.status >= 0xf0) return event.status !== 0xff;
    if (event.status < 0xb0) return ownerOf(event, scope.parts, law) === part;
    return part.slots.has(event.slot) || (isFirst && isSilent(event.slot));
  });
  const got = placed(file.tracks[1]!).filter((event) => event.status !== 0xff);
  compare("played events", wanted.map(played), got.map(played), found);
  const shared = (events: readonly SmfEvent[]) =>
    events
      .filter((e) => e.status === 0xff && [0x02, 0x06, 0x07, 0x51, 0x54, 0x58, 0x59].includes(e.data[0]!))
      .map(said);
  const conducting = scope.events.filter((event) => scope.conductors.includes(event.track));
  compare("conductor", shared(conducting), shared(file.tracks[0]!), found);
  const isTitle = (e: SmfEvent) => e.status === 0xff && e.data[0] === 0x03;
  const titles = scope.events.filter((e) => e.track === scope.titleTrack && isTitle(e)).map(said);
  const names = new Set(file.tracks.slice(0, 2).flat().filter(isTitle).map(said));
  for (const title of titles) if (!names.has(title)) found.push(`no title ${title}`);
  if (file.division !== source.division) found.push(`division ${file.division}, expected ${source.division}`);
  file.endTicks.forEach((tick, n) => {
    if (tick !== scope.endTick) found.push(`chunk ${n} ends at ${tick}, expected ${scope.endTick}`);
  });
  if (
    file.tracks
      .slice(2)
      .flat()
      .some((event) => event.status !== 0xff)
  )
    found.push("played events in a third chunk");
  return found;
}

/** Every other meta stands in exactly one part, with its tick and bytes. */
function lostTexts(source: Smf, files: readonly Smf[], scopes: readonly Scope[]): string[] {
  const titles = scopes.map((scope) => scope.titleTrack);
  const SHARED = [0x02, 0x06, 0x07, 0x21, 0x51, 0x54, 0x58, 0x59];
  const own = (events: readonly SmfEvent[], isTitle: (event: SmfEvent) => boolean) =>
    events
      .filter((e) => e.status === 0xff && !SHARED.includes(e.data[0]!) && !isTitle(e) && !isBridge(e))
      .map(said)
      .sort();
  const titleTexts = new Set(
    source.tracks
      .flat()
      .filter((e) => titles.includes(e.track) && e.data[0] === 0x03)
      .map(said),
  );
  const isTitle = (e: SmfEvent) => e.data[0] === 0x03 && titleTexts.has(said(e));
  const found: string[] = [];
  compare(
    "texts of all parts",
    own(source.tracks.flat(), isTitle),
    own(
      files.flatMap((file) => file.tracks.flat()),
      isTitle,
    ),
    found,
  );
  return found;
}

/** An empty text event, as it bridges gaps that no delta time spans. */
function isBridge(event: SmfEvent): boolean {
  return event.tick >= 0x0fffffff && event.data.length === 1 && event.data[0] === 0x01;
}

function compare(what: string, wanted: readonly string[], got: readonly string[], found: string[]): void {
  const at = wanted.findIndex((line, n) => line !== got[n]);
  if (at >= 0) found.push(`${what} ${at} of ${wanted.length}: ${got[at]}, expected ${wanted[at]}`);
  else if (got.length > wanted.length) found.push(`${what}: ${got.length}, expected ${wanted.length}`);
}

function isNoteOn(event: SmfEvent): boolean {
  return event.status >= 0x90 && event.status < 0xa0 && event.data[1]! > 0;
}

function played(event: Placed): string {
  return `${event.tick} port ${event.status < 0xf0 ? event.slot >> 4 : "-"} ${event.status.toString(16)} ${event.data}`;
}

function said(event: SmfEvent): string {
  return `${event.tick} ${event.data}`;
}
