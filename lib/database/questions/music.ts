import type { PoolSql } from "../../pool.ts";

/** What of a piece a search by music compares. */
export interface MusicOf {
  /** Hex. */
  readonly sha256: string;
  /** Its lines, see `readMelodyLines`; null without any. */
  readonly melody: string | null;
  /** `[start tick, start seconds, label, Roman numeral]` each; null without chords. */
  readonly chords: readonly (readonly [number, number, string, string | null])[] | null;
}

/** The music of these contents (hashes in hex); only what is asked for is read. */
export async function musicOf(
  sql: PoolSql,
  hashes: readonly string[],
  what: { readonly melody: boolean; readonly chords: boolean },
): Promise<MusicOf[]> {
  return await sql<MusicOf[]>`
    select
      asked.sha256,
      case when ${what.melody}::boolean then melody end as melody,
      case when ${what.chords}::boolean then chords end as chords
    from unnest(${[...hashes]}::text[]) as asked (sha256)
    join contents on contents.sha256 = decode(asked.sha256, 'hex')
    join analyses on content_id = contents.id`;
}
