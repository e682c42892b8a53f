/** A network as it is stored: what `scripts/learn.ts beats` writes. */
export interface NetworkTable {
  /** Numbers the network is told about each onset. */
  readonly features: number;
  /** Columns at every onset, every second and every fourth. */
  readonly columns: readonly [number, number, number];
  /** Rows between the taps of the blocks at every fourth onset. */
  readonly steps: readonly number[];
  /**
   * The numbers in base64, in the order in which `networkWeights` reads them. A matrix: a factor for each column and what is
   * added to it (32-bit floats, least byte first), then inputs x columns whole numbers of 8 bits. The taps of a block: 5 x
   * columns 32-bit floats. Columns are made up to a multiple of eight.
   */
  readonly weights: string;
}

/** A matrix in the memory of the kernel, addresses in bytes. */
export interface Dense {
  readonly inputs: number;
  readonly columns: number;
  readonly w: number;
  readonly bias: number;
}

export interface Block {
  readonly taps: number;
  readonly step: number;
  readonly dense: Dense;
}

export interface Weights {
  readonly input: Dense;
  readonly every: Block;
  readonly toSecond: Dense;
  readonly second: readonly Block[];
  readonly toFourth: Dense;
  readonly fourth: readonly Block[];
  readonly fromFourth: Dense;
  readonly secondJoined: Block;
  readonly fromSecond: Dense;
  readonly everyJoined: Block;
  readonly head: Dense;
}

const TAPS = 5;
const SECOND_STEPS = [1, 2] as const;
const HEAD_COLUMNS = 8;

/** The numbers as 32-bit floats, as they stand in the memory of the kernel from its start, and where each stands. */
export function networkWeights(table: NetworkTable): { bytes: Uint8Array; weights: Weights } {
  const reader = new TableReader(Uint8Array.fromBase64(table.weights));
  const [every, second, fourth] = table.columns;
  const block = (columns: number, step: number): Block => ({
    taps: reader.floats(TAPS * columns),
    step,
    dense: reader.dense(columns, columns),
  });
  const weights = {
    input: reader.dense(table.features, every),
    every: block(every, 1),
    toSecond: reader.dense(2 * every, second),
    second: SECOND_STEPS.map((step) => block(second, step)),
    toFourth: reader.dense(2 * second, fourth),
    fourth: table.steps.map((step) => block(fourth, step)),
    fromFourth: reader.dense(fourth, second),
    secondJoined: block(second, 1),
    fromSecond: reader.dense(second, every),
    everyJoined: block(every, 1),
    head: reader.dense(every, HEAD_COLUMNS),
  };
  return { bytes: reader.all(), weights };
}

class TableReader {
  private readonly view: DataView;
  private readonly out: Float32Array;
  private from = 0;
  private to = 0;

  constructor(table: Uint8Array) {
    this.view = new DataView(table.buffer, table.byteOffset, table.byteLength);
    this.out = new Float32Array(table.byteLength);
  }

  /** Address of so many floats. */
  floats(count: number): number {
    const at = 4 * this.to;
    for (let i = 0; i < count; i++, this.from += 4) this.out[this.to++] = this.view.getFloat32(this.from, true);
    return at;
  }

  dense(inputs: number, columns: number): Dense {
    const factors = this.floats(columns) / 4;
    const bias = this.floats(columns);
    const w = 4 * this.to;
    for (let i = 0; i < inputs * columns; i++)
      this.out[this.to++] = this.view.getInt8(this.from++) * this.out[factors + (i % columns)]!;
    return { inputs, columns, w, bias };
  }

  /** What was read, made up to a multiple of 16 bytes. */
  all(): Uint8Array {
    return new Uint8Array(this.out.slice(0, Math.ceil(this.to / 4) * 4).buffer);
  }
}
