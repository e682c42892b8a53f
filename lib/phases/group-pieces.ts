import { type Fingerprint, readFingerprint } from "../analysis/identity/fingerprint.ts";
import { samePiece } from "../analysis/identity/same-piece.ts";
import {
  beginGrouping,
  type Candidate,
  countCommonPhrases,
  groupCandidates,
  storeGroups,
  ungroupedPieces,
} from "../database/piece-groups.ts";
import type { Session } from "./session.ts";

/** Pieces grouped by one transaction. */
const BATCH = 500;

/**
 * Gives every analysed piece a group, which it shares with the same piece in other hands. Groups are connected: two
 * that turn out to be one piece become one, under the smaller number. Ends when all have a group, when it is asked to
 * stop, or when another process is at it.
 */
export async function groupPieces(session: Session): Promise<void> {
  while (!session.stop.aborted) {
    const grouped = await session.transact(async (sql) => {
      if (!(await beginGrouping(sql))) return 0;
      await countCommonPhrases(sql);
      const pieces = await ungroupedPieces(sql, BATCH);
      if (pieces.length === 0) return 0;
      const fingerprints = new Map(pieces.map(({ id, fingerprint }) => [id, fingerprint]));
      const candidates = await groupCandidates(sql, [...fingerprints.keys()]);
      const { groups, merged } = groupsOf(fingerprints, candidates);
      await storeGroups(sql, groups, merged);
      return pieces.length;
    });
    if (grouped === 0) return;
  }
}

/** The group of each piece, and which groups are joined into which. `pieces`: fingerprints by number. */
export function groupsOf(
  pieces: ReadonlyMap<number, string | null>,
  candidates: readonly Candidate[],
): { readonly groups: ReadonlyMap<number, number>; readonly merged: ReadonlyMap<number, number> } {
  const parents = new Map<number, number>();
  const root = (group: number): number => {
    const parent = parents.get(group) ?? group;
    return parent === group ? group : root(parent);
  };
  const join = (a: number, b: number) => {
    const [low, high] = [root(a), root(b)].sort((one, other) => one - other);
    if (low !== high) parents.set(high!, low!);
  };
  const read = new Map<string, Fingerprint>();
  const fingerprintOf = (text: string) => {
    const known = read.get(text) ?? readFingerprint(text);
    read.set(text, known);
    return known;
  };
  const known = new Set<number>();
  for (const { id, other, fingerprint, group } of candidates) {
    if (group !== null) known.add(group);
    const own = pieces.get(id) ?? null;
    const alike =
      fingerprint === null || own === null || samePiece(fingerprintOf(own), fingerprintOf(fingerprint)).same;
    if (alike) join(id, group ?? other);
  }
  const groups = new Map([...pieces.keys()].map((id) => [id, root(id)]));
  const merged = new Map([...known].filter((group) => root(group) !== group).map((group) => [group, root(group)]));
  return { groups, merged };
}
