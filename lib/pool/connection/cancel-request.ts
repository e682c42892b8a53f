import { type Endpoint, endpointName, type Target } from "../target/target.ts";
import { dial } from "./dial.ts";
import { networkError } from "./network-error.ts";
import { cancelRequest } from "./protocol.ts";

/** How long a request to cancel may take, in milliseconds. */
const CANCEL_TIMEOUT_MS = 5_000;

/**
 * - `heard`: the server has told the process to stop, or found nothing to stop. Nothing can come late.
 * - `unsent`: the server was never asked.
 * - `unknown`: it was asked and did not confirm; the request may still arrive, and hit whatever runs then.
 */
export type CancelOutcome = "heard" | "unsent" | "unknown";

/**
 * Asks the server, on a connection of its own as the protocol wants it, to stop what backend `pid` is doing. The server
 * confirms by closing: whoever hangs up first cannot know, and PgBouncer drops a request whose sender is gone.
 */
export async function cancelBackend(
  target: Target,
  endpoint: Endpoint,
  pid: number,
  secret: number,
): Promise<CancelOutcome> {
  const abort = new AbortController();
  const late = networkError("CANCEL_TIMEOUT", `${endpointName(endpoint)} did not take a request to cancel in time`);
  const timer = setTimeout(() => abort.abort(late), CANCEL_TIMEOUT_MS);
  try {
    const socket = await dial(target, endpoint, abort.signal);
    return await new Promise((resolve) => {
      socket.once("close", () => resolve(abort.signal.aborted ? "unknown" : "heard"));
      abort.signal.addEventListener("abort", () => socket.destroy());
      socket.resume();
      socket.write(cancelRequest(pid, secret));
    });
  } catch {
    return "unsent";
  } finally {
    clearTimeout(timer);
  }
}
