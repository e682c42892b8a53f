import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Target, targetName } from "../target/target.ts";
import { errorText, networkError } from "./network-error.ts";
import { SSL_REQUEST } from "./wire.ts";

/**
 * One attempt to reach the server: a connected socket, encrypted when the target says so.
 * Rejects with the operating system's code (`ECONNREFUSED`, `ENOTFOUND`, `ENOENT` ...), `TLS_REFUSED` when the server
 * has no TLS and it was required, `TLS_FAILED` when the handshake or the certificate did not hold, or the signal's reason.
 */
export async function dial(target: Target, signal: AbortSignal): Promise<Socket> {
  const socket =
    target.path !== "" ? connect({ path: target.path }) : connect({ host: target.host, port: target.port });
  await settled(socket, "connect", signal, target);
  if (target.path !== "") return socket;
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 60_000);
  return target.sslMode === "disable" ? socket : secure(socket, target, signal);
}

async function secure(socket: Socket, target: Target, signal: AbortSignal): Promise<Socket> {
  const answer = settled(socket, "data", signal, target) as Promise<Buffer>;
  socket.write(SSL_REQUEST);
  const reply = await answer;
  if (reply.length !== 1 || reply[0] !== 0x53) {
    if (target.sslMode === "prefer" && reply.length === 1 && reply[0] === 0x4e) return socket;
    socket.destroy();
    throw networkError(
      "TLS_REFUSED",
      `Cannot encrypt the connection to ${targetName(target)}: the server offers no TLS`,
    );
  }
  const secured = connectTls({ socket, ...tlsOptions(target) });
  try {
    await settled(secured, "secureConnect", signal, target);
  } catch (error) {
    socket.destroy();
    throw signal.aborted || isNetworkCode(error)
      ? error
      : networkError(
          "TLS_FAILED",
          `Cannot encrypt the connection to ${targetName(target)}: ${errorText(error)}`,
          error,
        );
  }
  return secured;
}

function tlsOptions(target: Target) {
  const name = target.tls.servername ?? target.host;
  const options = { ...(isIP(name) === 0 ? { servername: name } : { host: name }), ...target.tls };
  if (target.sslMode === "verify-full") return options;
  if (target.sslMode === "verify-ca") return { ...options, checkServerIdentity: () => undefined };
  return { ...options, rejectUnauthorized: false };
}

function isNetworkCode(error: unknown): boolean {
  return ["ECONNRESET", "EPIPE", "ETIMEDOUT", "CONNECTION_CLOSED"].includes((error as { code?: string }).code ?? "");
}

/** The first `event` of a socket; its error, its close or the signal destroy it and reject. */
function settled(socket: Socket, event: string, signal: AbortSignal, target: Target): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      socket.off(event, won).off("error", fail).off("close", closed);
      signal.removeEventListener("abort", aborted);
    };
    const won = (value: unknown): void => {
      done();
      socket.on("error", ignore);
      resolve(value);
    };
    const fail = (error: unknown): void => {
      done();
      socket.on("error", ignore);
      socket.destroy();
      reject(error);
    };
    const closed = (): void =>
      fail(networkError("CONNECTION_CLOSED", `Connection to ${targetName(target)} closed by the server`));
    const aborted = (): void => fail(signal.reason);
    socket.once(event, won).once("error", fail).once("close", closed);
    signal.addEventListener("abort", aborted);
    if (signal.aborted) aborted();
  });
}

/** A socket without an error listener throws; every socket of the pool keeps this one for life. */
function ignore(): void {}
