import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const PATHS = [
  process.env.MIDIWORKS_CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** A Chromium on this machine; undefined where there is none: then what needs one is skipped. */
export const CHROMIUM = PATHS.find((path) => path !== undefined && existsSync(path));

/** A browser that draws and sounds without a display, and asks nothing of the network. */
export function openBrowser(): Promise<Browser> {
  const quiet = [
    "disable-quic",
    "no-first-run",
    "disable-background-networking",
    "disable-component-update",
    "disable-sync",
  ];
  const flags = ["no-sandbox", "disable-gpu", "autoplay-policy=no-user-gesture-required", ...quiet];
  return chromium.launch({ executablePath: CHROMIUM!, args: flags.map((flag) => `--${flag}`) });
}

/** A page that keeps what goes wrong in it. */
export async function openPage(browser: Browser): Promise<{ readonly page: Page; readonly wrong: string[] }> {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    colorScheme: "dark",
    reducedMotion: "reduce",
  });
  page.setDefaultTimeout(30_000);
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (4|5)\d\d/.test(message.text())) wrong.push(message.text());
  });
  return { page, wrong };
}
