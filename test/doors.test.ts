import { expect, test } from "bun:test";
import { dirname, join, normalize } from "node:path";

/**
 * What each room may import: other rooms, packages, modules of Node and Bun. The most exact name of a room counts:
 * `lib/pool.ts` before `lib`. Inside itself a room imports freely. What is not named here is refused, also for types.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  scripts: ["lib/columns", "lib/cli", "lib/web", "lib/phases", "lib/library", "node:events", "node:path"],
  "scripts/bench": ["lib/**", "scripts/bench.ts", "package.json", "npm:*", "node:*"],
  "scripts/learn": [
    "scripts/bench/truth",
    "lib/music",
    "lib/cli",
    "lib/analysis",
    "lib/midi",
    "lib/midi/read",
    "node:*",
  ],
  "scripts/learn.ts": ["scripts/learn", "lib/cli"],
  "scripts/bench.ts": ["scripts/bench", "lib/cli"],
  examples: ["npm:midiworks", "node:*"],
  "lib/web": ["lib/web/answers", "lib/library", "node:fs", "node:path", "node:url"],
  "lib/web/answers": [
    "lib/library",
    "lib/cli/criteria/search-criteria.ts",
    "lib/cli/script.ts",
    "lib/cli/text/csv.ts",
    "npm:client-zip",
    "node:fs",
  ],
  "lib/web/page": ["lib/web", "lib/web/answers", "lib/library/catalog/bins.ts", "npm:spessasynth_lib"],
  "lib/cli": [
    "lib/columns",
    "lib/phases",
    "lib/library",
    "lib/music",
    "lib/files/path-text.ts",
    "lib/files/row-file.ts",
    "lib/pool.ts",
    "package.json",
    "npm:citty",
    "npm:consola",
    "node:*",
  ],
  "lib/library": [
    "lib/analysis/melody",
    "lib/columns",
    "lib/crew",
    "lib/database",
    "lib/database/faults",
    "lib/database/questions",
    "lib/music",
    "lib/files",
    "lib/jobs",
    "lib/pool.ts",
    "node:fs",
    "node:path",
  ],
  "lib/phases": [
    "lib/analysis/identity",
    "lib/columns",
    "lib/library",
    "lib/crew",
    "lib/database",
    "lib/database/faults",
    "lib/files",
    "lib/jobs",
    "lib/pool.ts",
    "node:os",
  ],
  "lib/columns": ["lib/analysis", "lib/analysis/tracks", "lib/analysis/identity", "lib/analysis/melody", "lib/music"],
  "lib/crew": ["lib/jobs", "lib/files", "node:fs", "node:os"],
  "lib/jobs": [
    "lib/columns",
    "lib/files",
    "lib/files/archives",
    "lib/midi",
    "lib/midi/read",
    "lib/midi/split",
    "lib/midi/write",
    "lib/midi/text",
    "lib/analysis",
    "lib/music",
  ],
  "lib/database/questions": ["lib/columns", "lib/database", "lib/database/faults", "lib/pool.ts"],
  "lib/database": [
    "lib/columns",
    "lib/database/embedded",
    "lib/database/faults",
    "lib/files/process-identity.ts",
    "lib/pool.ts",
    "node:*",
  ],
  "lib/database/faults": [],
  "lib/database/embedded": ["lib/database/faults", "lib/pool.ts", "node:*", "bun:sqlite"],
  "lib/files": ["npm:hyparquet-writer", "node:*"],
  "lib/files/archives": ["lib/files", "npm:yauzl", "npm:libarchive.js", "npm:seek-bzip", "npm:xz-decompress", "node:*"],
  "lib/analysis": ["lib/midi", "lib/midi/text", "lib/music"],
  "lib/analysis.ts": ["lib/analysis"],
  "lib/midi.ts": ["lib/midi", "lib/midi/read", "lib/midi/split", "lib/midi/tone"],
  "lib/midi": [],
  "lib/midi/read": ["lib/midi", "lib/files/formats.ts"],
  "lib/midi/text": [],
  "lib/midi/write": ["lib/midi"],
  "lib/midi/split": ["lib/midi", "lib/midi/write"],
  "lib/midi/tone": ["lib/music", "lib/midi", "lib/midi/read", "lib/midi/text", "npm:@tonejs/midi"],
  "lib/music": [],
  "lib/pool.ts": ["lib/pool", "lib/pool/connection", "lib/pool/target"],
  "lib/pool": ["lib/pool/connection", "lib/pool/target"],
  "lib/pool/connection": ["lib/pool/target", "npm:postgres", "node:*"],
  "lib/pool/target": ["node:*"],
  test: ["lib/**", "scripts/**", "package.json", "npm:*", "node:*", "bun:*"],
};

const NAMES = Object.keys(ROOMS).sort((a, b) => b.length - a.length);
const roomOf = (path: string) => NAMES.find((name) => path === name || path.startsWith(`${name}/`));

const IMPORTS: readonly RegExp[] = [
  /^\s*(?:import|export)\b[^;"'`]*?\bfrom\s*"([^"\n]+)"/gm,
  /^\s*import\s*"([^"\n]+)"/gm,
  /\b(?:import|require)\(\s*"([^"\n]+)"/g,
  /\bnew URL\(\s*"([^"\n]+\.ts)"/g,
];

/** What a file imports, types included: paths from the root of the project, `npm:` and a package, or a built-in module. */
function importsOf(path: string, text: string): string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const found = IMPORTS.flatMap((pattern) =>
    [...code.matchAll(pattern)].map(([all, name]) => (all.startsWith("new URL") ? `./${name}` : name!)),
  );
  return found.map((name) => {
    if (name.startsWith(".")) return normalize(join(dirname(path), name));
    if (/^(node|bun):/.test(name)) return name;
    return `npm:${name
      .split("/")
      .slice(0, name.startsWith("@") ? 2 : 1)
      .join("/")}`;
  });
}

/** What `path` imports against the table, as `path imports name`. */
function refused(path: string, text: string): string[] {
  const room = roomOf(path);
  if (room === undefined) return [`${path} stands in no room`];
  const allowed = ROOMS[room]!;
  return importsOf(path, text)
    .filter((name) => {
      const other = roomOf(name);
      if (other === room) return false;
      return !allowed.some((door) => {
        if (door.endsWith("*")) return name.startsWith(door.replace(/\*+$/, ""));
        // A door may lead to a part of a room only: a file, or a folder that is no room of its own.
        const isPart = ROOMS[door] === undefined && name.startsWith(`${door}/`);
        return door === name || door === other || isPart;
      });
    })
    .map((name) => `${path} imports ${name}`);
}

const files = await Promise.all(
  [...new Bun.Glob("{lib,scripts,test,examples}/**/*.ts").scanSync(".")]
    .filter((path) => path !== "test/doors.test.ts")
    .sort()
    .map(async (path) => ({ path, text: await Bun.file(path).text() })),
);

test("doors: every room imports only what the table allows", () => {
  expect(files.flatMap(({ path, text }) => refused(path, text))).toEqual([]);
});

test("doors: the table refuses what it must", () => {
  const probes: readonly (readonly [string, string])[] = [
    ["lib/midi/probe.ts", 'import postgres from "postgres";'],
    ["lib/midi/probe.ts", 'import { x } from "../pool/checkout.ts";'],
    ["lib/midi/probe.ts", 'import type { X } from "../pool.ts";'],
    ["lib/midi/probe.ts", 'import { readFileSync } from "node:fs";'],
    ["lib/analysis/probe.ts", 'import { readMidi } from "../midi/read/reader.ts";'],
    ["lib/analysis/probe.ts", 'import { splitScore } from "../midi/split/splitter.ts";'],
    ["lib/analysis/probe.ts", 'const x = await import("../database/open.ts");'],
    ["lib/analysis/beats/probe.ts", 'import type { X } from "../../files/walk.ts";'],
    ["lib/phases/probe.ts", 'import { x } from "../database/embedded/lock.ts";'],
    ["lib/phases/probe.ts", 'import { x } from "../../test/support/folder.ts";'],
    ["scripts/bench/probe.ts", 'import { x } from "../../test/support/folder.ts";'],
    ["lib/database/probe.ts", 'import postgres from "postgres";'],
    ["lib/crew/probe.ts", 'export * from "../analysis/analyzer.ts";'],
    ["scripts/probe.ts", 'import { x } from "../lib/database/open.ts";'],
    ["lib/probe.ts", 'import { x } from "./pool.ts";'],
  ];
  for (const [path, text] of probes) expect(refused(path, text)).toHaveLength(1);
});

test("doors: no room reaches back to itself, also by types", () => {
  const arrows = new Map<string, Set<string>>();
  for (const { path, text } of files) {
    if (!path.startsWith("lib/")) continue;
    const from = dirname(path);
    for (const name of importsOf(path, text)) {
      const to = dirname(name);
      if (!name.startsWith("lib/") || to === from) continue;
      arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
    }
  }
  const circles: string[] = [];
  const visit = (room: string, way: readonly string[]) => {
    if (way.includes(room)) return void circles.push([...way.slice(way.indexOf(room)), room].join(" -> "));
    for (const next of arrows.get(room) ?? []) visit(next, [...way, room]);
  };
  for (const room of arrows.keys()) visit(room, []);
  expect([...new Set(circles)]).toEqual([]);
});

test("doors: no room holds more than 20 files", () => {
  const count = new Map<string, number>();
  for (const { path } of files) {
    if (path.startsWith("lib/")) count.set(dirname(path), (count.get(dirname(path)) ?? 0) + 1);
  }
  expect([...count].filter(([, many]) => many > 20)).toEqual([]);
});
