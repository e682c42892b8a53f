import { fileURLToPath } from "node:url";

/** The page's own files, by their paths on the server: made once, kept compressed and plain. */
export type Assets = ReadonlyMap<string, Asset>;

interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer>;
}

const PAGE = fileURLToPath(new URL("./page/", import.meta.url));

const packaged = (name: string) => fileURLToPath(import.meta.resolve(name));

/** What is served as it stands. */
const FILES: readonly (readonly [name: string, type: string, path: string])[] = [
  ["/index.html", "text/html", `${PAGE}index.html`],
  ["/icon.svg", "image/svg+xml", `${PAGE}icon.svg`],
  ["/inter.woff2", "font/woff2", packaged("@fontsource-variable/inter/files/inter-latin-wght-normal.woff2")],
  ["/synthesiser.js", "text/javascript", packaged("spessasynth_lib/dist/spessasynth_processor.min.js")],
];

/** Bundles the page from its modules; nothing is written to the disk. */
export async function bundlePage(): Promise<Assets> {
  const built = await Bun.build({
    entrypoints: [`${PAGE}main.ts`, `${PAGE}main.css`],
    target: "browser",
    minify: true,
    splitting: true,
    external: ["/inter.woff2"],
    naming: { entry: "[name].[ext]", chunk: "[name]-[hash].[ext]", asset: "[name]-[hash].[ext]" },
  });
  const assets = new Map<string, Asset>();
  for (const output of built.outputs) {
    const name = output.path.replace(/^\.?\//, "");
    assets.set(
      `/${name}`,
      asset(name.endsWith(".css") ? "text/css" : "text/javascript", new Uint8Array(await output.arrayBuffer())),
    );
  }
  for (const [name, type, path] of FILES) assets.set(name, asset(type, await Bun.file(path).bytes()));
  return assets;
}

function asset(type: string, bytes: Uint8Array<ArrayBuffer>): Asset {
  return { type: /^font/.test(type) ? type : `${type}; charset=utf-8`, bytes, gzip: Bun.gzipSync(bytes) };
}

/** Compressed for whoever takes it. The page asks again each time: the program may be a newer one. */
export function assetAnswer(asset: Asset, request: Request): Response {
  const compressed = request.headers.get("accept-encoding")?.includes("gzip") ?? false;
  return new Response(compressed ? asset.gzip : asset.bytes, {
    headers: {
      "Content-Type": asset.type,
      Vary: "Accept-Encoding",
      ...(compressed && { "Content-Encoding": "gzip" }),
    },
  });
}
