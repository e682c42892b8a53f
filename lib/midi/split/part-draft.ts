import type { Division } from "../score.ts";
import { SmfWriter } from "../write/smf-writer.ts";

/** What a part is made of. */
export interface PartPlan {
  /** Source track of its notes; the first of them where a channel is taken from several tracks. */
  readonly track: number;
  /** Port × 16 + channel, the lowest where the part sounds on several. */
  readonly slot: number;
  /** False where a whole track is one part and sounds on several channels. */
  readonly oneSlot: boolean;
  /** The one key it holds, null for all. */
  readonly key: number | null;
  readonly noteCount: number;
  /** Tick of the first note on its channel. */
  readonly firstTick: number;
  readonly lowest: number;
  readonly highest: number;
}

const NO_PLAN: PartPlan = {
  ...{ track: 0, slot: 0, oneSlot: true, key: null },
  ...{ noteCount: 0, firstTick: 0, lowest: 0, highest: 0 },
};

/** A part in the making: its writer, and what is learnt about it on the way. */
export class PartDraft {
  readonly writer: SmfWriter;
  plan: PartPlan = NO_PLAN;
  /** Index in `Score.events` of the track name that holds for this part alone, -1 without one. */
  nameAt = -1;
  program: number | null = null;
  bank: number | null = null;
  #port = 0;
  #bankMsb = -1;
  #bankLsb = -1;

  constructor() {
    this.writer = new SmfWriter();
  }

  /** Begins the file: header, the conductor's chunk, then the part's own, which says its port if the source has any. */
  begin(plan: PartPlan, division: Division, conductor: Uint8Array, statesPorts: boolean): void {
    this.plan = plan;
    this.nameAt = -1;
    this.program = null;
    this.bank = null;
    this.#port = plan.slot >> 4;
    this.#bankMsb = -1;
    this.#bankLsb = -1;
    this.writer.begin(division);
    this.writer.append(conductor, 1);
    this.writer.openChunk();
    if (statesPorts) this.writer.meta(0, 0x21, Uint8Array.of(this.#port));
  }

  /** Note on, note off, poly pressure. */
  note(tick: number, slot: number, status: number, data1: number, data2: number): void {
    if (slot >> 4 !== this.#port) this.#switchPort(tick, slot >> 4);
    this.writer.channel(tick, status, data1, data2);
  }

  /** Any other channel message. */
  state(tick: number, slot: number, status: number, data1: number, data2: number): void {
    if (slot >> 4 !== this.#port) this.#switchPort(tick, slot >> 4);
    this.writer.channel(tick, status, data1, data2);
    if (this.learns(tick, slot)) this.#learn(status, data1, data2);
  }

  /** Whether a channel message of that tick and slot still has a say in the program. */
  learns(tick: number, slot: number): boolean {
    return tick <= this.plan.firstTick && slot === this.plan.slot && this.plan.oneSlot;
  }

  /** The port that the part's messages go to where it stands. */
  get port(): number {
    return this.#port;
  }

  #learn(status: number, data1: number, data2: number): void {
    const kind = status & 0xf0;
    if (kind === 0xb0 && data1 === 0) this.#bankMsb = data2;
    else if (kind === 0xb0 && data1 === 32) this.#bankLsb = data2;
    else if (kind === 0xc0) {
      this.program = data1;
      const stated = this.#bankMsb >= 0 || this.#bankLsb >= 0;
      this.bank = stated ? Math.max(this.#bankMsb, 0) * 128 + Math.max(this.#bankLsb, 0) : null;
    }
  }

  #switchPort(tick: number, port: number): void {
    this.writer.meta(tick, 0x21, Uint8Array.of(port));
    this.#port = port;
  }
}
