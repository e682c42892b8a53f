import { browseLibrary } from "../library/browse.ts";
import type { Library } from "../library/open-library.ts";
import { bundlePage } from "./bundle.ts";
import { servePage } from "./serve.ts";
import { findSoundFont } from "./soundfont.ts";

export interface BrowseOptions {
  readonly port: number;
  /** Whether a browser is to be opened. */
  readonly open: boolean;
  readonly soundFont: string | undefined;
  readonly parts: string | undefined;
  readonly stop: AbortSignal;
  readonly onReady: (url: string) => void;
  readonly onError: (error: Error) => void;
}

/** Serves the page of a library until it is told to stop. */
export async function browse(opened: Library, options: BrowseOptions): Promise<void> {
  const soundFont = findSoundFont(options.soundFont);
  const assets = await bundlePage();
  const library = browseLibrary(opened);
  try {
    const parts = options.parts ?? `${library.dataDir}/parts`;
    const page = servePage({ library, assets, soundFont, parts }, options.port, options.onError);
    options.onReady(page.url);
    // The first look at a large library takes seconds: it is begun before the page asks.
    library.catalog.view().catch(() => {});
    if (options.open) openBrowser(page.url);
    await stopped(options.stop);
    await page.stop();
  } finally {
    library.close();
  }
}

/** The desktop's own way to open an address; where there is none, the address stands on the terminal. */
function openBrowser(url: string): void {
  const command =
    process.platform === "darwin" ? ["open"] : process.platform === "win32" ? ["cmd", "/c", "start", ""] : ["xdg-open"];
  try {
    Bun.spawn([...command, url], { stdio: ["ignore", "ignore", "ignore"] }).unref();
  } catch {
    // No such program: see above.
  }
}

function stopped(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener("abort", () => resolve(), { once: true });
  });
}
