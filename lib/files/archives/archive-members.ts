import { posix } from "node:path";
import { isArchiveName, isMidiName, looksLikeMidi } from "../formats.ts";
import { unreadableFile } from "../read-file.ts";
import { archiveFiles } from "./archive-files.ts";
import { BadArchive } from "./bad-archive.ts";
import { Bomb, Budget, SMALL_BYTES } from "./budget.ts";
import type { ArchiveOptions, Member } from "./member.ts";
import type { OpenEntry } from "./open-entries.ts";
import { bytesSource, openSource, type Source } from "./source.ts";

/** Archives inside archives are opened this deep. */
const DEPTH = 3;
/** A link leads no further than this many bytes. */
const MOST_TARGET = 4096;

/**
 * The MIDI files in an archive, one after the other, in the order of the archive; links to them come last. An archive
 * may hold several members of one name: the second is called `song (2).mid`. Throws `BadArchive`, and `UnreadableFile`
 * when it is the system that fails.
 */
export async function* archiveMembers(path: string, options: ArchiveOptions): AsyncGenerator<Member> {
  const unique = new UniqueNames();
  let source: ReturnType<typeof openSource> | undefined;
  try {
    source = openSource(path);
    for await (const member of membersOf(source, "", new Budget(source.size), DEPTH, options)) {
      options.beat();
      const { sameAs } = member;
      yield { ...member, name: unique.name(member.name), sameAs: sameAs && unique.last(sameAs) };
    }
  } catch (error) {
    if (error instanceof BadArchive) throw error;
    if (isSystemFault(error)) throw unreadableFile(error);
    throw new BadArchive(`Cannot unpack: ${(error as Error).message}`);
  } finally {
    source?.close();
  }
}

const isSystemFault = (error: unknown) => /^E[A-Z0-9]+$/.test((error as NodeJS.ErrnoException).code ?? "");

async function* membersOf(
  source: Source,
  prefix: string,
  budget: Budget,
  depth: number,
  options: ArchiveOptions,
): AsyncGenerator<Member> {
  const links: { entry: OpenEntry; target: string }[] = [];
  const unpacked = new Set<string>();
  for await (const entry of archiveFiles(source, budget, options)) {
    options.beat();
    const name = prefix + entry.name;
    const wanted = isHidden(entry.name) ? "not" : wantedAs(entry, options);
    if (wanted === "not") continue;
    if (wanted === "passed") {
      options.passed(name);
      continue;
    }
    budget.member();
    const base = { name, modifiedUs: entry.modifiedUs, size: entry.size, bytes: null, error: null, sameAs: null };
    try {
      if (entry.kind !== "file") links.push({ entry, target: await targetOf(entry) });
      else if (wanted === "archive") yield* nested(entry, base, budget, depth, options);
      else {
        const bytes = await bytesOf(entry, options.maxBytes);
        if (wanted === "sniff" && !looksLikeMidi(bytes)) {
          options.passed(name);
          continue;
        }
        unpacked.add(entry.name);
        yield { ...base, size: bytes.length, bytes };
      }
    } catch (error) {
      if (error instanceof BadArchive || isSystemFault(error)) throw error;
      if (wanted === "sniff") options.passed(name);
      else yield { ...base, error: (error as Error).message };
    }
  }
  for (const { entry, target } of links) {
    const { modifiedUs, size } = entry;
    const found = unpacked.has(target);
    const error = found ? null : `a link to ${target}, which is no MIDI file in the archive`;
    const sameAs = found ? prefix + target : null;
    yield { name: prefix + entry.name, modifiedUs, size, bytes: null, error, sameAs };
  }
}

/** The members of an archive that stands in an archive; when it is damaged, what was found before stays. */
async function* nested(
  entry: OpenEntry,
  base: Member,
  budget: Budget,
  depth: number,
  options: ArchiveOptions,
): AsyncGenerator<Member> {
  if (depth <= 1) throw new Error(`an archive inside ${DEPTH} archives`);
  const bytes = await bytesOf(entry, SMALL_BYTES);
  const source = bytesSource(entry.name.slice(entry.name.lastIndexOf("/") + 1), bytes, entry.modifiedUs);
  try {
    yield* membersOf(source, `${base.name}!/`, new Budget(source.size, budget), depth - 1, options);
  } catch (error) {
    if (error instanceof Bomb) throw error;
    const message = (error as Error).message.replace(/^Cannot/, "cannot");
    yield { ...base, error: error instanceof BadArchive ? message : `cannot unpack: ${message}` };
  }
}

async function bytesOf(entry: OpenEntry, maxBytes: number): Promise<Uint8Array> {
  if (entry.size > maxBytes) throw new Error(`${entry.size} bytes, more than the limit of ${maxBytes}`);
  return await entry.read(maxBytes);
}

/** Where in the archive a link leads. */
async function targetOf(entry: OpenEntry): Promise<string> {
  if (entry.kind === "hard-link") return entry.target ?? "";
  const target = entry.target ?? Buffer.from(await bytesOf(entry, MOST_TARGET)).toString();
  return posix.normalize(posix.join(posix.dirname(entry.name), target));
}

type Wanted = "midi" | "archive" | "sniff" | "passed" | "not";

function wantedAs({ name, kind, size }: OpenEntry, { sniff, maxBytes }: ArchiveOptions): Wanted {
  if (isMidiName(name)) return "midi";
  if (kind !== "file") return "not";
  if (isArchiveName(name)) return "archive";
  return sniff && size <= maxBytes ? "sniff" : "passed";
}

/** What macOS adds, and what stands in hidden folders. */
function isHidden(name: string): boolean {
  const folders = name.split("/");
  const base = folders.pop()!;
  return base.startsWith("._") || folders.some((folder) => /^\.[^.]|^__MACOSX$/.test(folder));
}

/** Gives every member a name of its own. */
class UniqueNames {
  readonly #taken = new Set<string>();
  /** The name that the last member of a name got. */
  readonly #last = new Map<string, string>();

  name(name: string): string {
    let other = name;
    for (let i = 2; this.#taken.has(other); i++) other = name.replace(/(?=\.[^./]*$)|$/, ` (${i})`);
    this.#taken.add(other);
    if (other !== name) this.#last.set(name, other);
    return other;
  }

  last(name: string): string {
    return this.#last.get(name) ?? name;
  }
}
