/** Who may not be answered, and what every answer carries. */

const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/;
const LONGEST_ADDRESS = 16_000;

/**
 * Why a request is refused; null when it may be answered. A page of another site reaches a server on the loopback
 * address through the browser of whoever looks at it: under its own name (DNS rebinding) or across origins. Any port is
 * taken, for the page may be seen through a tunnel.
 */
export function refusal(request: Request): { readonly status: number; readonly reason: string } | null {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return { status: 405, reason: `the method is ${request.method}, expected GET or HEAD` };
  }
  const host = request.headers.get("host") ?? "";
  if (!LOOPBACK.test(host))
    return { status: 403, reason: "the host is not this machine's own, expected 127.0.0.1 or localhost" };
  const origin = request.headers.get("origin");
  if (origin !== null && origin !== `http://${host}`)
    return { status: 403, reason: "the request comes from another site" };
  const site = request.headers.get("sec-fetch-site");
  const arrives =
    request.headers.get("sec-fetch-mode") === "navigate" && request.headers.get("sec-fetch-dest") === "document";
  if ((site === "cross-site" || site === "same-site") && !arrives) {
    return { status: 403, reason: "the request comes from another site" };
  }
  if (request.url.length > LONGEST_ADDRESS) {
    return {
      status: 414,
      reason: `the address has ${request.url.length} characters, expected ${LONGEST_ADDRESS} at most`,
    };
  }
  return null;
}

/** Nothing but the page's own files is run, shown or asked; names and words of files are never read as markup. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export function secured(response: Response): Response {
  const { headers } = response;
  headers.set("Content-Security-Policy", CONTENT_POLICY);
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
  return response;
}
