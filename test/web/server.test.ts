import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { connect } from "node:net";
import { unzipSync } from "node:zlib";
import { type ServedLibrary, servedLibrary } from "./served-library.ts";

setDefaultTimeout(60_000);

let served: ServedLibrary;

beforeAll(async () => {
  served = await servedLibrary();
});
afterAll(() => served.close());

interface Page {
  readonly total: number;
  readonly library: number;
  readonly from: number;
  readonly pieces: readonly {
    readonly id: number;
    readonly path: string;
    readonly tempo: number | null;
    readonly file: string;
  }[];
}

const get = (path: string, init: RequestInit = {}) => fetch(served.url + path, { redirect: "manual", ...init });
const list = async (query: string) => (await (await get(`/library.json?${query}`)).json()) as Page;

/** An answer to bytes as they are, past all that a client would mend. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(served.url).port), "127.0.0.1", () => socket.end(text));
    let said = "";
    socket.on("data", (data) => (said += data));
    socket.on("close", () => resolve(said));
    socket.on("error", reject);
  });
}

test("/ leads to the library, and every page carries its policy", async () => {
  expect((await get("/")).headers.get("location")).toBe("/library");
  const response = await get("/library?bpm=120");
  expect(response.status).toBe(200);
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(response.headers.get("content-security-policy")).not.toContain("unsafe-inline");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
});

test.each(["evil.example", "127.0.0.1.evil.example:80", "localhost.:1", "[::1].x", "10.0.0.1", ""])(
  "a foreign host is refused: %j",
  async (host) => {
    expect(await raw(`GET /library.json HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 40[03]/,
    );
  },
);

test("a tunnel's port and localhost are this machine's own", async () => {
  expect(await raw("GET /settings.json HTTP/1.1\r\nHost: localhost:9999\r\nConnection: close\r\n\r\n")).toMatch(
    /^HTTP\/1\.1 200/,
  );
});

test("other origins, other sites and other methods are refused", async () => {
  expect((await get("/library.json", { headers: { origin: "http://evil.example" } })).status).toBe(403);
  expect(
    (await get("/library.json", { headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" } })).status,
  ).toBe(403);
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"])
    expect((await get("/library.json", { method })).status).toBe(405);
  expect((await get("/library.json", { method: "HEAD" })).status).toBe(200);
});

test.each([
  "/../../etc/passwd",
  "/..%2f..%2fetc%2fpasswd",
  "/%2e%2e/package.json",
  "/piece/../../x.mid",
  "/piece/1/part/../../../x.mid",
  "/piece/0.json",
  "/piece/-1.json",
  "/piece/1e3.json",
  "/piece/99999999999999999999.json",
  "/main.ts",
  "/__proto__",
  "/constructor",
  "//evil.example/",
])("a path that means nothing leads nowhere: %s", async (path) => {
  expect(await raw(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 (?:40[034]|302)/,
  );
});

test("a long address is refused", async () => {
  expect((await get(`/library.json?text=${"a".repeat(17_000)}`)).status).toBeGreaterThanOrEqual(400);
});

test("the list answers with the criteria of search, a part at a time", async () => {
  const all = await list("");
  expect(all.total).toBe(all.library);
  expect(all.pieces).toHaveLength(all.total);
  const some = await list("bpm=119-121&sort=path");
  expect(some.total).toBeGreaterThan(0);
  expect(some.pieces.every(({ tempo }) => tempo! >= 119 && tempo! <= 121)).toBe(true);
  const part = await list("from=2&count=3");
  expect(part.pieces.map(({ id }) => id)).toEqual(all.pieces.slice(2, 5).map(({ id }) => id));
  expect((await list(`ids=${all.pieces[3]!.id},${all.pieces[1]!.id}`)).pieces.map(({ id }) => id)).toEqual([
    all.pieces[3]!.id,
    all.pieces[1]!.id,
  ]);
});

test.each([
  ["bpm=x", "bpm"],
  ["key=H", "key"],
  ["drums=maybe", "drums"],
  ["sort=colour", "sort"],
  ["from=-1", "from"],
  ["ids=1,x", "ids"],
  ["octaves=yes", "octaves"],
])("a criterion that makes no sense is told: %s", async (query, word) => {
  const response = await get(`/library.json?${query}`);
  expect(response.status).toBe(400);
  expect(((await response.json()) as { error: string }).error).toContain(word);
});

test("CSV, playlist, paths and archive hold what the list holds", async () => {
  const { pieces } = await list("sort=path");
  const csv = await (await get("/library.csv?sort=path")).text();
  expect(csv.trimEnd().split("\n").length).toBeGreaterThanOrEqual(pieces.length + 1);
  expect((await (await get("/library.txt?sort=path")).text()).trimEnd().split("\n")).toEqual(
    pieces.map(({ file }) => file),
  );
  expect(await (await get("/library.m3u8?sort=path")).text()).toContain(`#EXTM3U\n#EXTINF:`);
  const zip = Buffer.from(await (await get("/library.zip?sort=path")).arrayBuffer());
  const names = namesInZip(zip);
  expect(names).toHaveLength(pieces.length);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
  expect(names.every((name) => !/[/\\:]|^\./.test(name))).toBe(true);
});

/** Names in the directory at the end of an archive. */
function namesInZip(zip: Buffer): string[] {
  const names: string[] = [];
  for (let at = zip.indexOf("PK\x01\x02", 0, "latin1"); at >= 0; at = zip.indexOf("PK\x01\x02", at + 46, "latin1")) {
    names.push(zip.toString("utf8", at + 46, at + 46 + zip.readUInt16LE(at + 28)));
  }
  return names;
}

test("a piece has its bytes, its notes, its parts and its near-copies", async () => {
  const id = await served.idOf("waltz (1).MID");
  const piece = (await (await get(`/piece/${id}.json`)).json()) as {
    parts: { number: number }[];
    places: unknown[];
    sha256: string;
  };
  expect(piece.places).toHaveLength(2);
  expect(piece.parts.length).toBe(3);
  const file = await get(`/piece/${id}.mid`);
  expect(new Bun.CryptoHasher("sha256").update(await file.bytes()).digest("hex")).toBe(piece.sha256);
  expect(file.headers.get("content-disposition")).toStartWith("attachment");
  const part = await (await get(`/piece/${id}/part/${piece.parts[0]!.number}.mid`)).bytes();
  expect(Buffer.from(part).toString("latin1", 0, 4)).toBe("MThd");
  expect((await get(`/piece/${id}/part/99.mid`)).status).toBe(404);
  const study = await (await get(`/piece/${id}/study`)).bytes();
  const length = new DataView(study.buffer).getUint32(0, true);
  const head = JSON.parse(Buffer.from(study.subarray(4, 4 + length)).toString()) as {
    noteCount: number;
    beatCount: number;
    voices: unknown[];
  };
  expect(head).toMatchObject({ noteCount: 24 + 8 + 16 * 3 + 4, voices: { length: 3 } });
  expect(head.beatCount).toBeGreaterThanOrEqual(24);
  const scale = (await (await get(`/piece/${await served.idOf("scale.mid")}.json`)).json()) as {
    near: { path: string; same: string }[];
  };
  expect(scale.near.map(({ path, same }) => [path.split("/").at(-1), same])).toEqual([
    ["scale, one note more.mid", "notes"],
    // The first 24 of the 40 notes: an excerpt of it.
    ["<b>bold<b> & \u0007.mid", "piece"],
  ]);
});

test("pictures come for those that have bytes", async () => {
  const [a, b] = [await served.idOf("waltz (1).MID"), await served.idOf("drum loop.mid")];
  const bytes = await (await get(`/pictures?ids=${a},999999,${b}`)).bytes();
  expect(bytes.length).toBe(3 * 1920);
  expect([...new Set(bytes.subarray(1920, 3840))]).toEqual([255]);
  expect(Math.max(...bytes.subarray(0, 1920))).toBeLessThanOrEqual(3);
  expect(Math.max(...bytes.subarray(3840))).toBeGreaterThanOrEqual(4);
});

test("the overview counts, and names the failed", async () => {
  const overview = (await (await get("/overview.json")).json()) as {
    status: { failures: { phase: string; reason: string }[] };
    copies: { copies: number };
  };
  expect(overview.copies.copies).toBeGreaterThan(0);
  const [{ phase, reason } = { phase: "", reason: "" }] = overview.status.failures.filter(({ reason }) =>
    /HTML/.test(reason),
  );
  const { places } = (await (await get(`/failures.json?${new URLSearchParams({ phase, reason })}`)).json()) as {
    places: { path: string }[];
  };
  expect(places.map(({ path }) => path.split("/").at(-1))).toEqual(["a web page.mid"]);
});

test("a slow reader of a long list keeps nobody waiting", async () => {
  const socket = connect(Number(new URL(served.url).port), "127.0.0.1");
  socket.write("GET /library.zip HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  socket.pause();
  const answers = await Promise.all(Array.from({ length: 40 }, () => list("count=1")));
  expect(answers.every(({ total }) => total > 0)).toBe(true);
  socket.destroy();
});

test("the page weighs less than 300 kB, the synthesiser not counted in its first answer", async () => {
  let all = 0;
  const html = await (await get("/library")).text();
  for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
    const response = await get(path!, { headers: { "accept-encoding": "gzip" }, decompress: false } as RequestInit);
    expect(response.status).toBe(200);
    const bytes = await response.bytes();
    expect(unzipSync(bytes).length).toBeGreaterThan(0);
    all += bytes.length;
  }
  expect(all).toBeLessThan(300_000);
  expect(all).toBeGreaterThan(10_000);
});

test("no request was a fault of ours", () => expect(served.errors).toEqual([]));
