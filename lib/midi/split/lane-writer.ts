import type { EventColumns, Score } from "../score.ts";
import { writeMeta } from "../write/meta-payload.ts";
import { byTick } from "./by-tick.ts";
import { isOwnMeta, NAME } from "./conductor.ts";
import type { PartDraft } from "./part-draft.ts";
import type { Lane, Scope } from "./plan.ts";
import { SILENT, type Sounding } from "./sounding.ts";
import { SLOTS, type Survey } from "./survey.ts";

export interface LaneSource {
  readonly score: Score;
  readonly scope: Scope;
  readonly survey: Survey;
  readonly sounding: Sounding;
  /** Place of the lane in its scope. */
  readonly number: number;
  /** The name of the title track is written into the lane's own chunk. */
  readonly ownTitle: boolean;
  /** Scratch, from `createRoutes`. */
  readonly routes: Int32Array;
}

const PREFIX = 0x20;

const NOWHERE = -1;

/** Where the messages of each slot go: number of a draft, NOWHERE, or -2 - n for kit n. All NOWHERE between lanes. */
export function createRoutes(): Int32Array {
  return new Int32Array(SLOTS).fill(NOWHERE);
}

/** A slot that is split by key. */
interface Kit {
  readonly slot: number;
  readonly drafts: PartDraft[];
  readonly byKey: (PartDraft | undefined)[];
}

/** Writes the events of one lane into its drafts, guests from other tracks at their places among them. */
export class LaneWriter {
  readonly #source: LaneSource;
  readonly #score: Score;
  readonly #events: EventColumns;
  readonly #slot: Uint16Array;
  readonly #routes: Int32Array;
  readonly #lane: Lane;
  readonly #drafts: readonly PartDraft[];
  readonly #kits: Kit[] = [];
  /** The first draft with notes of each track. */
  readonly #home = new Map<number, PartDraft>();
  /** The channel that a prefix meta announces for the texts behind it, by track. */
  readonly #prefixes = new Map<number, { channel: number; checkedTo: number }>();

  constructor(source: LaneSource, drafts: readonly PartDraft[]) {
    this.#source = source;
    this.#score = source.score;
    this.#events = source.score.events!;
    this.#slot = source.survey.slot;
    this.#routes = source.routes;
    this.#lane = source.scope.lanes[source.number]!;
    this.#drafts = drafts;
  }

  write(guests: Uint32Array): void {
    this.#openRoutes();
    const { tick } = this.#events;
    const { tracks } = this.#lane;
    const order = tracks.length === 1 ? null : this.#mergedOrder();
    const start = order ? 0 : this.#score.tracks[tracks[0]!]!.eventStart;
    const end = order ? order.length : this.#score.tracks[tracks[0]!]!.eventEnd;
    let guest = 0;
    for (let k = start; k < end; k++) {
      const i = order ? order[k]! : k;
      for (; guest < guests.length; guest++) {
        const g = guests[guest]!;
        if (tick[g]! > tick[i]! || (tick[g] === tick[i] && g > i)) break;
        this.#guest(g);
      }
      const to = order ? k : this.#runEnd(k, end, guests[guest]);
      if (to > k + 1) {
        this.#drafts[this.#routes[this.#slot[k]!]!]!.writer.channels(this.#events, k, to);
        k = to - 1;
      } else this.#own(i);
    }
    for (; guest < guests.length; guest++) this.#guest(guests[guest]!);
    for (const { slot } of this.#lane.trackSlots) this.#routes[slot] = NOWHERE;
  }

  /** End of the channel messages from `k` on that go to one draft as they are, with no guest among them; `k` for none. */
  #runEnd(k: number, end: number, guest: number | undefined): number {
    const slots = this.#slot;
    const { tick, status } = this.#events;
    const slot = slots[k]!;
    if (status[k]! >= 0xf0 || this.#routes[slot]! < 0) return k;
    const draft = this.#drafts[this.#routes[slot]!]!;
    if (draft.learns(tick[k]!, slot) || draft.port !== slot >> 4) return k;
    const guestTick = guest === undefined ? Number.POSITIVE_INFINITY : tick[guest]!;
    let to = k + 1;
    while (to < end && status[to]! < 0xf0 && slots[to] === slot && tick[to]! < guestTick) to++;
    return to;
  }

  #openRoutes(): void {
    this.#drafts.forEach((draft, number) => {
      const { slot, key } = draft.plan;
      if (key === null) this.#routes[slot] = number;
      else this.#kitOf(slot, draft, key);
    });
    for (const { track, slot, keys } of this.#lane.trackSlots) {
      if (this.#routes[slot] === NOWHERE) this.#routes[slot] = 0;
      const draft = this.#firstAt(slot, keys[0]);
      const home = this.#home.get(track);
      if (!home || this.#drafts.indexOf(draft) < this.#drafts.indexOf(home)) this.#home.set(track, draft);
    }
  }

  #kitOf(slot: number, draft: PartDraft, key: number): void {
    if (this.#routes[slot] === NOWHERE)
      this.#routes[slot] = -2 - (this.#kits.push({ slot, drafts: [], byKey: [] }) - 1);
    const kit = this.#kits[-2 - this.#routes[slot]!]!;
    kit.drafts.push(draft);
    kit.byKey[key] = draft;
  }

  /** The draft of a slot; of the kit at that slot, the draft of a key or the first. */
  #firstAt(slot: number, key = -1): PartDraft {
    const number = this.#routes[slot]!;
    if (number >= 0) return this.#drafts[number]!;
    const kit = this.#kits[-2 - number]!;
    return kit.byKey[key] ?? kit.drafts[0]!;
  }

  #mergedOrder(): Uint32Array {
    const tracks = this.#lane.tracks.map((index) => this.#score.tracks[index]!);
    const order = new Uint32Array(tracks.reduce((sum, track) => sum + track.eventEnd - track.eventStart, 0));
    let at = 0;
    for (const { eventStart, eventEnd } of tracks) for (let i = eventStart; i < eventEnd; i++) order[at++] = i;
    return byTick(order, this.#events.tick);
  }

  #own(i: number): void {
    const byte = this.#events.status[i]!;
    if (byte < 0xb0) this.#note(i, this.#noteDraft(i));
    else if (byte < 0xf0) this.#state(i);
    else if (byte === 0xff) this.#meta(i);
    else this.#sysex(i);
  }

  #guest(i: number): void {
    const { sounding, number } = this.#source;
    if (sounding.laneOf[this.#events.track[i]!] === number) return;
    const byte = this.#events.status[i]!;
    if (byte >= 0xf0) this.#sysex(i);
    else if (byte >= 0xb0) this.#state(i);
    else if (Math.max(0, sounding.first[this.#slot[i]!]!) === number) this.#note(i, this.#noteDraft(i));
  }

  /** The draft of a note event: of its slot and key, else the first of its track, else the lane's first. */
  #noteDraft(i: number): PartDraft {
    const slot = this.#slot[i]!;
    if (this.#routes[slot] !== NOWHERE) return this.#firstAt(slot, this.#events.data1[i]!);
    return this.#home.get(this.#events.track[i]!) ?? this.#drafts[0]!;
  }

  #note(i: number, draft: PartDraft): void {
    const { tick, status, data1, data2 } = this.#events;
    draft.note(tick[i]!, this.#slot[i]!, status[i]!, data1[i]!, data2[i]!);
  }

  /** A channel's state goes to every draft of its slot; that of a silent slot to the scope's first. */
  #state(i: number): void {
    const { tick, status, data1, data2 } = this.#events;
    const slot = this.#slot[i]!;
    const number = this.#routes[slot]!;
    if (number >= 0) this.#drafts[number]!.state(tick[i]!, slot, status[i]!, data1[i]!, data2[i]!);
    else if (number < NOWHERE) {
      for (const draft of this.#kits[-2 - number]!.drafts)
        draft.state(tick[i]!, slot, status[i]!, data1[i]!, data2[i]!);
    } else if (this.#source.number === 0 && this.#source.sounding.first[slot] === SILENT) {
      this.#drafts[0]!.state(tick[i]!, slot, status[i]!, data1[i]!, data2[i]!);
    }
  }

  #sysex(i: number): void {
    const { tick, status, blob } = this.#events;
    const { bytes, sysex } = this.#score;
    const message = blob[i]!;
    for (const { writer } of this.#drafts) {
      writer.sysex(tick[i]!, status[i]!, bytes, sysex.offset[message]!, sysex.length[message]!);
    }
  }

  #meta(i: number): void {
    const { tick, track, data1, blob } = this.#events;
    const { bytes, metas } = this.#score;
    const offset = metas.offset[blob[i]!]!;
    const length = metas.length[blob[i]!]!;
    const type = data1[i]!;
    const home = this.#home.get(track[i]!);
    if (!home || !isOwnMeta(type)) return;
    if (type === NAME && track[i] === this.#source.scope.titleTrack && !this.#source.ownTitle) return;
    if (type === PREFIX && length > 0) {
      this.#prefixes.set(track[i]!, { channel: bytes[offset]!, checkedTo: i });
    }
    const prefixed = this.#prefixed(i);
    if (type === NAME && prefixed && prefixed.nameAt < 0) prefixed.nameAt = i;
    writeMeta((prefixed ?? home).writer, tick[i]!, type, bytes, offset, length);
  }

  /** The draft of the channel that the channel prefix in force names, if it sounds in this lane. */
  #prefixed(i: number): PartDraft | null {
    const { track, status } = this.#events;
    const prefix = this.#prefixes.get(track[i]!);
    if (!prefix) return null;
    for (; prefix.checkedTo < i; prefix.checkedTo++) {
      if (status[prefix.checkedTo]! >= 0xf0) continue;
      this.#prefixes.delete(track[i]!);
      return null;
    }
    const slot = (this.#portOf(track[i]!) << 4) | prefix.channel;
    return prefix.channel < 16 && this.#routes[slot] !== NOWHERE ? this.#firstAt(slot) : null;
  }

  /** The port a track's notes go to, the lowest if there are several. */
  #portOf(track: number): number {
    return this.#home.get(track)!.plan.slot >> 4;
  }
}
