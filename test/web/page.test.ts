import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { createPool } from "../../lib/pool.ts";
import { midi } from "../support/midi-builder.ts";
import { song } from "../support/tunes.ts";
import { CHROMIUM, openBrowser, openPage } from "./browser.ts";
import { HOSTILE, type ServedLibrary, servedLibrary } from "./served-library.ts";

setDefaultTimeout(60_000);

describe.skipIf(CHROMIUM === undefined)("page (skipped where no Chromium is installed)", () => {
  let served: ServedLibrary;
  let browser: Browser;
  let page: Page;
  let wrong: string[] = [];

  beforeAll(async () => {
    [served, browser] = await Promise.all([servedLibrary(), openBrowser()]);
    ({ page, wrong } = await openPage(browser));
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });
  afterEach(() => {
    expect(wrong).toEqual([]);
    expect(served.errors).toEqual([]);
  });
  const open = async (path: string, width = 1280, height = 800) => {
    await page.setViewportSize({ width, height });
    await page.goto(served.url + path);
  };
  const found = async (count: number | RegExp) =>
    page.waitForFunction(
      ({ text, flags }) => new RegExp(text, flags).test(document.querySelector(".found")?.textContent ?? ""),
      { text: count instanceof RegExp ? count.source : `^${count} `, flags: "" },
    );
  const titles = () =>
    page.$$eval(".sheet .row:not([hidden]) .title", (all) => all.map((each) => each.firstChild?.textContent));

  test("search, facets, address, back and forward", async () => {
    await open("/library");
    await found(/^\d+ pieces/);
    await page.keyboard.press("/");
    await page.keyboard.type("waltz");
    await found(/^\d+ of/);
    await page.waitForSelector('.sheet .row:not([hidden]) >> text="Waltz in D"');
    expect(new URL(page.url()).searchParams.get("text")).toBe("waltz");
    await page.goBack();
    await found(/^\d+ pieces/);
    await page.goForward();
    await found(/^\d+ of/);
    await page.click(".chip.on >> text=waltz");
    await found(/^\d+ pieces/);
    await page.click('[aria-label="Drums"] >> text=With');
    await page.waitForURL(/drums=yes/);
    await page.click('[aria-label^="A major, 11B"]');
    await page.waitForURL(/key=11B/);
    await found(/^\d+ of/);
    expect((await titles()).every((title) => /Blues/i.test(title!))).toBe(true);
    await page.fill('[aria-label="Tempo in beats a minute"]', "90-100");
    await page.press('[aria-label="Tempo in beats a minute"]', "Enter");
    await page.waitForURL(/bpm=90-100/);
    await page.reload();
    await found(/^\d+ of/);
    expect(await page.$$eval(".active .chip", (chips) => chips.map((chip) => chip.textContent))).toEqual([
      "drumsyes",
      "key11B",
      "bpm90-100",
    ]);
  });

  test("a histogram is dragged over, and a sort turns round and goes", async () => {
    await open("/library");
    await found(/^\d+ pieces/);
    const box = (await page.locator('[data-facet="bpm"] .bars').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.4, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20);
    await page.mouse.up();
    await page.waitForURL(/bpm=\d+-\d+/);
    await page.goBack();
    const bpm = page.locator(".heads >> text=BPM");
    await bpm.click();
    await page.waitForURL(/sort=tempo$/);
    await bpm.click();
    await page.waitForURL(/reverse=yes/);
    await bpm.click();
    await page.waitForURL((url) => !url.search.includes("sort"));
  });

  test("arrows walk, Enter opens, the roll is drawn, Escape leads back", async () => {
    await open("/library?sort=path&text=blues");
    await found(/^2 of/);
    await page.focus(".scroller");
    await page.keyboard.press("ArrowDown");
    await page.waitForSelector('#row-1[aria-selected="true"]');
    await page.keyboard.press("Enter");
    await page.waitForURL(/piece\/\d+$/);
    await page.waitForSelector("canvas.roll");
    const colours = await page.waitForFunction(() => {
      const canvas = document.querySelector<HTMLCanvasElement>("canvas.roll")!;
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      const seen = new Map<number, number>();
      for (let i = 0; i < data.length; i += 4) {
        const colour = (data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!;
        seen.set(colour, (seen.get(colour) ?? 0) + 1);
      }
      // Notes of three voices: violet, green, and the gold of drums.
      const near = (r: number, g: number, b: number) =>
        [...seen].filter(
          ([c, n]) =>
            n > 40 && Math.abs((c >> 16) - r) + Math.abs(((c >> 8) & 255) - g) + Math.abs((c & 255) - b) < 120,
        ).length;
      return near(157, 144, 255) > 0 && near(85, 205, 180) > 0 && near(240, 176, 97) > 0;
    });
    expect(await colours.jsonValue()).toBe(true);
    expect(await page.locator(".voice").count()).toBe(3);
    expect(await page.locator(".headline").textContent()).toContain("96 bpm");
    expect(await page.locator(".below").textContent()).toContain("A6 B6");
    await page.keyboard.press("Escape");
    await page.waitForURL(/library\?/);
    await page.waitForSelector('#row-1[aria-selected="true"]');
  });

  /** The loudest sample that leaves the page within a while. */
  const listen = () =>
    page.waitForFunction(() => {
      const taps = (window as unknown as { taps: AnalyserNode[] }).taps;
      const peak = Math.max(
        0,
        ...taps.map((tap) => {
          const samples = new Float32Array(tap.fftSize);
          tap.getFloatTimeDomainData(samples);
          return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
        }),
      );
      return peak > 0.001 ? peak : false;
    });
  const tapSound = () =>
    page.evaluate(() => {
      const connect = AudioNode.prototype.connect;
      const taps: AnalyserNode[] = [];
      Object.assign(window, { taps });
      AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode | AudioParam, ...rest: number[]) {
        if (to instanceof AudioDestinationNode) {
          const tap = new AnalyserNode(this.context, { fftSize: 8192 });
          (connect as (to: AudioNode) => AudioNode).call(this, tap);
          taps.push(tap);
        }
        return (connect as (...all: unknown[]) => AudioNode).call(this, to, ...rest);
      } as typeof connect;
    });

  test("space plays, the sound is not silent, its clock runs; mute, loop and speed", async () => {
    await open(`/piece/${await served.idOf("blues in A.midi")}`);
    await page.waitForSelector("canvas.roll");
    await tapSound();
    await page.keyboard.press(" ");
    await page.waitForSelector('.player [aria-label="Pause"]');
    await listen();
    expect(await page.locator(".playing").textContent()).toContain("tones.sf2");
    await page.waitForFunction(() => Number(document.querySelector<HTMLInputElement>(".seek")!.value) > 0.3);
    await page.click('[aria-label^="Mute Piano"]');
    expect(await page.getAttribute('[aria-label^="Mute Piano"]', "aria-pressed")).toBe("true");
    const box = (await page.locator("canvas.roll").boundingBox())!;
    await page.mouse.move(box.x + 200, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + 260, box.y + 50, { steps: 3 });
    await page.mouse.up();
    await page.waitForSelector(".roll-tools .chip:not([hidden])");
    await page.selectOption(".speed", "2");
    await page.click('.player [aria-label="Pause"]');
    await page.waitForSelector('.player [aria-label="Play"]');
  });

  test("lyrics run along", async () => {
    await open(`/piece/${await served.idOf("round.kar")}`);
    await page.waitForSelector(".karaoke");
    expect((await page.locator(".karaoke p").allInnerTexts()).map((line) => line.trim())).toEqual([
      "Are you sleeping?",
      "Are you sleeping?",
      "Brother John!",
      "Brother John!",
    ]);
    await page.click(".piece-head .play");
    await page.waitForSelector(".karaoke .now .sung");
  });

  test("near-copies lie over each other, and what differs is counted", async () => {
    await open(`/piece/${await served.idOf("scale.mid")}`);
    await page.click("text=Compare");
    await page.waitForSelector(".compare");
    expect(await page.locator(".compare").textContent()).toContain("0 notes only here");
    await page.click("text=Back to the piece");
    await page.waitForSelector(".voices");
  });

  test("a piece, its parts and a whole search are downloaded", async () => {
    const id = await served.idOf("blues in A.midi");
    await open(`/piece/${id}`);
    const [piece] = await Promise.all([page.waitForEvent("download"), page.click(".actions >> text=Download")]);
    expect(piece.suggestedFilename()).toBe("blues in A.midi");
    expect(readFileSync(await piece.path())).toEqual(readFileSync(join(served.folder, "songs/blues in A.midi")));
    const [part] = await Promise.all([page.waitForEvent("download"), page.click('[aria-label^="Download Piano"]')]);
    expect(readFileSync(await part.path()).toString("latin1", 0, 4)).toBe("MThd");
    await page.goto(`${served.url}/library?text=blues`);
    await found(/^2 of/);
    await page.click("text=Take along");
    const [zip] = await Promise.all([page.waitForEvent("download"), page.click("text=Files as ZIP")]);
    expect(readFileSync(await zip.path()).toString("latin1", 0, 2)).toBe("PK");
  });

  test("hostile names, titles and words are shown and do nothing", async () => {
    await open("/library?sort=path&text=onerror");
    await found(/^1 of/);
    expect(await titles()).toEqual([HOSTILE]);
    await page.focus(".scroller");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".karaoke");
    expect(await page.textContent(".karaoke")).toContain(HOSTILE);
    expect(await page.textContent(".karaoke")).not.toContain("\u202e");
    expect(await page.locator("main img, main script").count()).toBe(0);
    expect(await page.evaluate(() => "hurt" in window)).toBe(false);
  });

  test("errors are said: a question that makes no sense, a piece that is not there, nothing found", async () => {
    await open("/library?bpm=fast");
    await page.waitForSelector("text=That cannot be asked");
    await page.goto(`${served.url}/piece/987654321`);
    await page.waitForSelector("text=Not here");
    await page.goto(`${served.url}/library?text=nothingofthekind&drums=yes`);
    await page.waitForSelector("text=Nothing fits all of that");
    await page.click("text=without text nothingofthekind");
    await found(/^\d+ of/);
  });

  test("the overview shows counts and failures with their paths, and a run at work", async () => {
    const pool = await createPool({ url: served.database, workers: 1 });
    await pool.run(
      (sql) =>
        sql`insert into runs (command, machine, pid, process_started, expires_at) values ('orchestrate', 'studio', 1, 'x', now() + interval '1 minute')`,
    );
    await open("/overview");
    await page.waitForSelector("text=At work now");
    await page.click(".reason >> text=HTML");
    await page.waitForSelector("code >> text=a web page.mid");
    await pool.run((sql) => sql`update runs set ended_at = now()`);
    await page.waitForSelector("text=At work now", { state: "detached" });
    await pool.close();
  });

  test("what an import adds appears by itself", async () => {
    await open("/library");
    await found(/^\d+ pieces/);
    const before = Number.parseInt((await page.textContent(".found"))!, 10);
    writeFileSync(join(served.folder, "new.mid"), song(5));
    await served.import();
    await found(new RegExp(`^${before + 1} pieces`));
  });

  test("360 pixels are enough: the list, the filters, a piece", async () => {
    await open("/library", 360, 720);
    await found(/^\d+ pieces/);
    await page.click("text=Filters");
    await page.click('[aria-label="Drums"] >> text=With');
    await page.waitForURL(/drums=yes/);
    await page.click("text=Filters");
    await page.dblclick(".sheet .row");
    await page.waitForSelector("canvas.roll");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(360);
  });

  test("100,000 notes in as many voices as there are tracks are drawn within a frame", async () => {
    const file = midi();
    for (let t = 0; t < 400; t++) {
      const track = file.track(`Track ${t}`).channel(t % 16);
      for (let n = 0; n < 250; n++) track.note(n * 120 + t, 100, 30 + ((t + n) % 70));
    }
    writeFileSync(join(served.folder, "many.mid"), file.bytes());
    await served.import();
    await open(`/piece/${await served.idOf("many.mid")}`);
    await page.waitForSelector("canvas.roll");
    await page.click("text=Whole");
    const notes = await page.getAttribute("canvas.roll", "aria-label");
    expect(notes).toContain("100,000 notes");
    expect(await page.locator(".voices li").count()).toBe(101);
  });
});

describe.skipIf(CHROMIUM === undefined)("page of a library that is empty, and of one that goes away", () => {
  test("an empty library says what to do; a server that stops is said, and found again", async () => {
    const empty = await servedLibrary(new Map());
    const browser = await openBrowser();
    const { page, wrong } = await openPage(browser);
    await page.goto(`${empty.url}/library`);
    await page.waitForSelector("text=No music here yet");
    await empty.close();
    await page.fill("#search", "anything");
    await page.waitForSelector(".alarm:not([hidden])");
    expect(await page.textContent(".alarm")).toContain("does not answer");
    await browser.close();
    expect(wrong.filter((text) => !/ERR_CONNECTION_REFUSED|Failed to load resource/.test(text))).toEqual([]);
  });
});
