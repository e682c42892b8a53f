import type { FoundPiece } from "./search.ts";

/** Which set a piece belongs to: `train`, `test` and so on. */
export type SetOf = (piece: Pick<FoundPiece, "piece_group" | "sha256">) => string;

/** A rule that makes no sets. */
class SetsError extends Error {
  override readonly name = "SetsError";
  readonly forPeople = true;
}

/**
 * Sets by shares such as `train=0.8,valid=0.1,test=0.1`. A piece and all its other performances, arrangements and copies
 * fall into one set, so that nothing of one leaks into another. The set depends on the group and the seed alone: what is
 * imported later changes no earlier choice, unless two groups turn out to be one piece.
 */
export function dataSets(shares: string, seed: number): SetOf {
  const sets = shares.split(",").map((each) => {
    const [, name, share] = /^\s*([\w-]+)=(0?\.\d+|1|1\.0+|0)\s*$/.exec(each) ?? [];
    return { name: name ?? "", share: Number(share) };
  });
  const total = sets.reduce((sum, { share }) => sum + share, 0);
  if (sets.some(({ name, share }) => name === "" || Number.isNaN(share)) || Math.abs(total - 1) > 1e-6) {
    throw new SetsError(`--sets is "${shares}", expected shares that sum to 1 such as train=0.8,valid=0.1,test=0.1`);
  }
  return ({ piece_group, sha256 }) => {
    const hash = Bun.hash.xxHash64(`${seed} ${piece_group ?? sha256}`);
    let at = Number(hash >> 11n) / 2 ** 53;
    return (sets.find(({ share }) => (at -= share) < 0) ?? sets.at(-1)!).name;
  };
}
