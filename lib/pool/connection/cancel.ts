import { connect } from "node:net";
import type { Target } from "../target/target.ts";
import { cancelRequest } from "./wire.ts";

/** How long a request to cancel may take. */
const CANCEL_TIMEOUT_MS = 1000;

/**
 * Asks the server, on a connection of its own as the protocol wants it, to stop what backend `pid` is doing.
 * Resolves when it was heard, or in vain.
 */
export function cancelBackend({ path, host, port }: Target, pid: number, secret: number): Promise<void> {
  const socket = path !== "" ? connect({ path }) : connect({ host, port });
  socket.on("error", () => {});
  socket.once("connect", () => socket.end(cancelRequest(pid, secret)));
  socket.setTimeout(CANCEL_TIMEOUT_MS, () => socket.destroy());
  return new Promise((resolve) => socket.once("close", () => resolve()));
}
