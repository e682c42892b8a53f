import { NETWORK } from "./learned-network.ts";
import { KERNEL } from "./network-kernel.ts";
import { type Block, type Dense, type NetworkTable, networkWeights, type Weights } from "./network-weights.ts";
import { FEATURES, type FeatureSpace, featureSpace, OWN_FEATURES, writeFeatures } from "./onset-features.ts";
import type { Onsets } from "./onsets.ts";

/**
 * What a small network hears in each onset: whether a beat, and whether a bar, begins on it.
 *
 * Method: a temporal convolutional network (Davies & Böck 2019) over onsets instead of frames, as in Liu et al. 2022,
 * at three rates (every onset, every second, every fourth) joined as in a U-net. Its blocks are depthwise convolutions
 * of five taps, a matrix, a rectifier, added to what came in. It runs in WebAssembly (network-kernel.wat): about 10,000
 * multiplications an onset. Adding up 32-bit floats in one fixed order gives the same numbers on every machine.
 */
export interface Heard {
  /** Log-odds that a beat falls on each onset. */
  readonly beat: Float32Array;
  /** Log-odds that a bar begins on each onset. */
  readonly downbeat: Float32Array;
}

export interface BeatNetwork {
  /** The results are the caller's own. */
  hear(onsets: Onsets): Heard;
}

/** What `network-kernel.wat` exports; addresses in bytes. */
interface Kernel {
  readonly memory: WebAssembly.Memory;
  dense(
    x: number,
    inputs: number,
    w: number,
    bias: number,
    out: number,
    columns: number,
    rows: number,
    mode: number,
  ): void;
  taps(x: number, columns: number, w: number, step: number, out: number, rows: number): void;
  spread(x: number, columns: number, out: number, rows: number): void;
  squash(x: number, columns: number, from: number, rows: number): void;
}

const PLAIN = 0;
const RECTIFIED = 1;
const ADDED = 2;

/** Rows are made up to so many: each rate then has a multiple of the four that the kernel works on at once. */
const ROWS = 16;
const PAGE = 65_536;
const HEAD_COLUMNS = 8;

let compiled: WebAssembly.Module | undefined;

/** With other weights than those of the house, the same network as somebody else taught it. */
export function createBeatNetwork(table: NetworkTable = NETWORK): BeatNetwork {
  compiled ??= new WebAssembly.Module(Uint8Array.fromBase64(KERNEL));
  const kernel = new WebAssembly.Instance(compiled).exports as unknown as Kernel;
  return new Network(kernel, table);
}

/** A matrix of one rate: zeros before it and after it, as many rows as its widest block reaches. */
interface Plane {
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
}

class Network implements BeatNetwork {
  private readonly kernel: Kernel;
  private readonly weights: Weights;
  private space: FeatureSpace = featureSpace(0);
  /** Where the planes begin: after the weights. */
  private readonly start: number;
  private free = 0;

  constructor(kernel: Kernel, table: NetworkTable) {
    this.kernel = kernel;
    const { bytes, weights } = networkWeights(table);
    this.reserve(bytes.length);
    new Uint8Array(kernel.memory.buffer).set(bytes);
    this.weights = weights;
    this.start = bytes.length;
  }

  hear(onsets: Onsets): Heard {
    const { count } = onsets;
    if (this.space.accent.length < count) this.space = featureSpace(count);
    const rows = Math.ceil(count / ROWS) * ROWS;
    this.free = this.start;
    const features = this.plane(rows, FEATURES, 0);
    const memory = new Float32Array(this.kernel.memory.buffer, features.at, rows * FEATURES);
    writeFeatures(onsets, this.space, memory);
    this.kernel.squash(features.at, FEATURES, OWN_FEATURES, count);
    const head = this.run(features);
    return columnsOf(new Float32Array(this.kernel.memory.buffer, head.at, rows * HEAD_COLUMNS), count);
  }

  private run(features: Plane): Plane {
    const w = this.weights;
    const every = this.dense(features, w.input, RECTIFIED, 1);
    this.block(every, w.every);
    const second = this.dense(halved(every), w.toSecond, RECTIFIED, 2);
    for (const block of w.second) this.block(second, block);
    const fourth = this.dense(halved(second), w.toFourth, RECTIFIED, Math.max(...w.fourth.map(({ step }) => step)));
    for (const block of w.fourth) this.block(fourth, block);
    this.join(fourth, w.fromFourth, second);
    this.block(second, w.secondJoined);
    this.join(second, w.fromSecond, every);
    this.block(every, w.everyJoined);
    return this.dense(every, w.head, PLAIN, 0);
  }

  /** A new plane of `x` times a matrix; blocks on it reach `step` rows at a tap. */
  private dense(x: Plane, { inputs, columns, w, bias }: Dense, mode: number, step: number): Plane {
    const out = this.plane(x.rows, columns, 2 * step);
    this.kernel.dense(x.at, inputs, w, bias, out.at, columns, x.rows, mode);
    return out;
  }

  private block(x: Plane, { taps, step, dense }: Block): void {
    const free = this.free;
    const out = this.plane(x.rows, x.columns, 0);
    this.kernel.taps(x.at, x.columns, taps, step, out.at, x.rows);
    this.kernel.dense(out.at, dense.inputs, dense.w, dense.bias, x.at, dense.columns, x.rows, ADDED);
    this.free = free;
  }

  /** Adds the slower plane, through a matrix, to the faster one: each row to two. */
  private join(slower: Plane, dense: Dense, faster: Plane): void {
    const free = this.free;
    const out = this.dense(slower, dense, PLAIN, 0);
    this.kernel.spread(out.at, out.columns, faster.at, faster.rows);
    this.free = free;
  }

  /** Zeros: `margin` rows before and after `rows`. */
  private plane(rows: number, columns: number, margin: number): Plane {
    const from = this.free;
    this.free += 4 * columns * (rows + 2 * margin);
    this.reserve(this.free);
    new Uint8Array(this.kernel.memory.buffer, from, this.free - from).fill(0);
    return { at: from + 4 * columns * margin, rows, columns };
  }

  private reserve(bytes: number): void {
    const { memory } = this.kernel;
    if (bytes > memory.buffer.byteLength) memory.grow(Math.ceil((bytes - memory.buffer.byteLength) / PAGE));
  }
}

/** Two rows in one. */
function halved({ at, rows, columns }: Plane): Plane {
  return { at, rows: rows / 2, columns: 2 * columns };
}

function columnsOf(head: Float32Array, count: number): Heard {
  const beat = new Float32Array(count);
  const downbeat = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    beat[i] = head[i * HEAD_COLUMNS]!;
    downbeat[i] = head[i * HEAD_COLUMNS + 1]!;
  }
  return { beat, downbeat };
}
