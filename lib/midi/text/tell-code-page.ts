import { type CodePage, DOUBLE_BYTE_PAGES, decodeAs, SINGLE_BYTE_PAGES } from "./code-pages.ts";
import { weighDoubleByte } from "./double-byte.ts";
import { weighSingleByte } from "./single-byte.ts";
import { utf8Share } from "./utf8.ts";

/** Bytes above 127 that are weighed at most: a whole song of karaoke needs no more to show its language. */
const MOST_WEIGHED = 1024;
/** Share of the evidence that one reading of the words must have to be believed. */
const LEAST_SHARE = 0.88;
/** What the evidence counts for, as letters that follow each other do not speak independently. */
const INDEPENDENCE = 0.75;
/** Bytes of a page that is none of ours: any byte above 127 as likely as any other. */
const UNKNOWN_PRIOR = -3;
const UNKNOWN_BYTE = Math.log(1 / 256);
/** Readings that are this much less likely than the best, as a logarithm, do not count. */
const NEGLIGIBLE = -12;

/**
 * The code page in which texts with bytes above 127 read best. Null when several pages give different words of nearly
 * the same likelihood, or when no page gives likely words.
 */
export function tellCodePage(texts: readonly Uint8Array[]): CodePage | null {
  const sample = sampleOf(texts);
  if (isMostlyUtf8(sample)) return "utf-8";
  const histogram = new Uint32Array(256);
  for (const text of sample) for (const byte of text) histogram[byte]!++;
  const high = histogram.subarray(0x80).reduce((sum, count) => sum + count, 0);
  const weighed: Weighed[] = [
    ...SINGLE_BYTE_PAGES.map((page) => posterior(page, weighSingleByte(page, sample, histogram))),
    ...DOUBLE_BYTE_PAGES.map((page) => posterior(page, weighDoubleByte(page, sample))),
    posterior({ name: null, prior: UNKNOWN_PRIOR }, high * UNKNOWN_BYTE),
  ];
  return mostLikely(sample, weighed);
}

interface Weighed {
  readonly page: CodePage | null;
  /** Logarithm of how likely it is, up to what is the same for all. */
  readonly log: number;
}

function posterior({ name, prior }: { name: CodePage | null; prior: number }, evidence: number): Weighed {
  return { page: name, log: prior + evidence * INDEPENDENCE };
}

/** Adds up the pages that give the same words; the best of the words that have nearly all the evidence. */
function mostLikely(sample: readonly Uint8Array[], weighed: readonly Weighed[]): CodePage | null {
  const best = weighed.reduce((a, b) => (b.log > a.log ? b : a));
  if (best.page === null) return null;
  const words = (page: CodePage) => sample.map((bytes) => decodeAs(bytes, page)).join("\n");
  const right = words(best.page);
  let [agree, all] = [0, 0];
  for (const { page, log } of weighed) {
    const relative = log - best.log;
    if (relative < NEGLIGIBLE) continue;
    all += Math.exp(relative);
    if (page !== null && (page === best.page || words(page) === right)) agree += Math.exp(relative);
  }
  return agree >= LEAST_SHARE * all ? best.page : null;
}

/** Texts with bytes above 127, up to so many of those. */
function sampleOf(texts: readonly Uint8Array[]): Uint8Array[] {
  const sample: Uint8Array[] = [];
  let high = 0;
  for (const bytes of texts) {
    if (high >= MOST_WEIGHED) break;
    const text = bytes.length > MOST_WEIGHED ? bytes.subarray(0, MOST_WEIGHED) : bytes;
    const count = text.reduce((sum, byte) => sum + (byte >> 7), 0);
    if (count > 0) sample.push(text);
    high += count;
  }
  return sample;
}

/** Bytes of other pages are seldom UTF-8 by accident; single texts of a file in UTF-8 may be in another page. */
function isMostlyUtf8(texts: readonly Uint8Array[]): boolean {
  let [fits, rest] = [0, 0];
  for (const text of texts) {
    const share = utf8Share(text);
    fits += share.fits;
    rest += share.rest;
  }
  return fits > 0 && 1.2 * fits > 3 * rest;
}
