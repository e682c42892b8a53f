import type { BrowsedLibrary } from "../library/browse.ts";
import { criterionFields } from "./answers/address.ts";
import { facetsAnswer, picturesAnswer, piecesCsv, piecesJson } from "./answers/library.ts";
import { failuresAnswer, overviewAnswer } from "./answers/overview.ts";
import { fileAnswer, partAnswer, pieceAnswer, studyAnswer } from "./answers/piece.ts";
import { json } from "./answers/reply.ts";
import { pathsAnswer, playlistAnswer, zipAnswer } from "./answers/take.ts";
import { type Assets, assetAnswer } from "./bundle.ts";
import type { SoundFont } from "./soundfont.ts";

/** What the page is served from. */
export interface Served {
  readonly library: BrowsedLibrary;
  readonly assets: Assets;
  readonly soundFont: SoundFont | null;
  /** The folder of parts. */
  readonly parts: string;
}

type Answer = (
  request: { readonly query: URLSearchParams; readonly numbers: readonly number[]; readonly signal: AbortSignal },
  served: Served,
) => Response | Promise<Response>;

/** What the page knows of the server beforehand. */
export interface SettingsAnswer {
  readonly where: string;
  readonly soundFont: Omit<SoundFont, "path"> | null;
  readonly criteria: typeof criterionFields;
}

/** Addresses in full; `#` stands for a number. Nothing else is answered. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  "/settings.json": (_, { library, soundFont }) =>
    json({
      where: library.where,
      soundFont: soundFont && { name: soundFont.name, bytes: soundFont.bytes },
      criteria: criterionFields,
    } satisfies SettingsAnswer),
  "/library.json": ({ query }, { library }) => piecesJson(library, query),
  "/library.csv": ({ query }, { library }) => piecesCsv(library, query),
  "/library.zip": ({ query }, { library }) => zipAnswer(library, query),
  "/library.txt": ({ query }, { library }) => pathsAnswer(library, query),
  "/library.m3u8": ({ query }, { library }) => playlistAnswer(library, query),
  "/facets.json": async ({ query }, { library }) => json(await facetsAnswer(library, query)),
  "/pictures": ({ query, signal }, { library }) => picturesAnswer(library, query, signal),
  "/piece/#.json": async ({ numbers: [id] }, { library }) => json(await pieceAnswer(library, id!)),
  "/piece/#/study": ({ numbers: [id], signal }, { library }) => studyAnswer(library, id!, signal),
  "/piece/#.mid": ({ numbers: [id] }, { library }) => fileAnswer(library, id!),
  "/piece/#/part/#.mid": ({ numbers: [id, number] }, { library, parts }) => partAnswer(library, parts, id!, number!),
  "/overview.json": async (_, { library }) => json(await overviewAnswer(library)),
  "/failures.json": async ({ query }, { library }) => json(await failuresAnswer(library, query)),
  "/soundfont": (_, { soundFont }) =>
    soundFont ? new Response(Bun.file(soundFont.path)) : new Response(null, { status: 404 }),
};

/** Addresses that show the page: it reads from them what to show. */
const PAGES = new Set(["/library", "/overview", "/piece/#"]);

/** Answers an address; null for one that means nothing. */
export function route(request: Request, served: Served): Response | Promise<Response> | null {
  const { pathname, searchParams: query } = new URL(request.url);
  if (pathname === "/") return new Response(null, { status: 302, headers: { Location: "/library" } });
  const asset = served.assets.get(pathname);
  if (asset) return assetAnswer(asset, request);
  const numbers: number[] = [];
  const pattern = pathname.replaceAll(/(?<=\/)[1-9]\d{0,14}(?=[./]|$)/g, (digits) => {
    numbers.push(Number(digits));
    return "#";
  });
  if (PAGES.has(pattern)) return assetAnswer(served.assets.get("/index.html")!, request);
  const answer = Object.hasOwn(ANSWERS, pattern) ? ANSWERS[pattern]! : null;
  return answer?.({ query, numbers, signal: request.signal }, served) ?? null;
}
