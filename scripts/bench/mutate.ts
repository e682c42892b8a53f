/** A seeded random number source (mulberry32): numbers in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A well-formed file of a few tracks with every kind of event in it. */
export function randomFile(random: () => number): Uint8Array {
  const below = (n: number) => Math.floor(random() * n);
  const bytes: number[] = [];
  const word = (n: number, size: number) => {
    for (let i = size - 1; i >= 0; i--) bytes.push(Math.floor(n / 256 ** i) & 255);
  };
  const tracks = 1 + below(4);
  bytes.push(0x4d, 0x54, 0x68, 0x64, 0, 0, 0, 6);
  word(tracks === 1 ? 0 : 1, 2);
  word(tracks, 2);
  word(below(8) === 0 ? 0xe728 : 96, 2);
  for (let track = 0; track < tracks; track++) {
    const body: number[] = [];
    for (let events = 5 + below(60); events > 0; events--) body.push(...randomEvent(below));
    body.push(0, 0xff, 0x2f, 0);
    bytes.push(0x4d, 0x54, 0x72, 0x6b);
    word(body.length, 4);
    bytes.push(...body);
  }
  return Uint8Array.from(bytes);
}

function randomEvent(below: (n: number) => number): number[] {
  const delta = below(3) ? [below(128)] : [0x81 + below(3), below(128)];
  const kind = below(12);
  const channel = below(3);
  if (kind < 4) return [...delta, 0x90 | channel, 50 + below(8), 1 + below(127)];
  if (kind < 8) return [...delta, 0x80 | channel, 50 + below(8), 64];
  if (kind === 8) return [...delta, 0xb0 | channel, below(128), below(128)];
  if (kind === 9) return [...delta, 0xc0 | channel, below(128)];
  if (kind === 10) return [...delta, 0xf0, 3, 0x7e, below(128), 0xf7];
  const metas = [
    [0x51, 3, 6, below(256), 0],
    [0x58, 4, 3, 2, 24, 8],
    [0x59, 2, below(7), 0],
    [1, 2, 0x41, 0x42],
  ];
  return [...delta, 0xff, ...metas[below(metas.length)]!];
}

/** One to eight of: bits flipped, bytes changed, cut out, put in, doubled, the end lost, a piece of another file. */
export function mutate(original: Uint8Array, others: readonly Uint8Array[], random: () => number): Uint8Array {
  const below = (n: number) => Math.floor(random() * n);
  let bytes = original;
  for (let times = 1 + below(8); times > 0; times--) bytes = mutateOnce(bytes, others, below);
  return bytes;
}

const TELLING = [0x00, 0x2f, 0x4d, 0x51, 0x54, 0x7f, 0x80, 0x81, 0x90, 0xf0, 0xf7, 0xff];

function mutateOnce(original: Uint8Array, others: readonly Uint8Array[], below: (n: number) => number): Uint8Array {
  if (original.length === 0) return original;
  const bytes = original.slice();
  const near = below(3) === 0 ? Math.min(60, bytes.length) : bytes.length;
  const at = below(near);
  const size = 1 + below(below(4) === 0 ? Math.min(4000, bytes.length) : 6);
  const insert = (piece: Uint8Array) => Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
  switch (below(8)) {
    case 0:
      bytes[at]! ^= 1 << below(8);
      return bytes;
    case 1:
      bytes[at] = TELLING[below(TELLING.length)]!;
      return bytes;
    case 2:
      bytes[at] = below(256);
      return bytes;
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]);
    case 4:
      return insert(Uint8Array.from({ length: size }, () => below(256)));
    case 5:
      return insert(bytes.subarray(at, at + size));
    case 6:
      return bytes.subarray(0, bytes.length - Math.min(size, bytes.length));
    default: {
      const other = others[below(others.length)]!;
      const from = below(other.length + 1);
      return insert(other.subarray(from, from + size));
    }
  }
}
