import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Endpoint, endpointName, type Target } from "../target/target.ts";
import { errorText, networkError } from "./network-error.ts";
import { SSL_REQUEST } from "./protocol.ts";

/** How long a connection is idle before the system asks whether the other side still lives, in milliseconds. */
const KEEPALIVE_MS = 60_000;

/**
 * One attempt to reach the server: a connected socket, encrypted when the target says so.
 * Rejects with the operating system's code (`ECONNREFUSED`, `ENOTFOUND`, `ENOENT` ...), `TLS_REFUSED` when the server
 * has no TLS and it was required, `TLS_FAILED` when the handshake or the certificate did not hold, or the signal's reason.
 */
export async function dial(target: Target, endpoint: Endpoint, signal: AbortSignal): Promise<Socket> {
  const { path, port } = endpoint;
  const socket = path !== "" ? connect({ path }) : connect({ host: endpoint.address || endpoint.host, port });
  await settled(socket, "connect", signal, endpoint);
  if (path !== "") return socket;
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEPALIVE_MS);
  return endpoint.sslMode === "disable" ? socket : secure(socket, target, endpoint, signal);
}

async function secure(socket: Socket, target: Target, endpoint: Endpoint, signal: AbortSignal): Promise<Socket> {
  const answer = settled(socket, "data", signal, endpoint) as Promise<Buffer>;
  socket.write(SSL_REQUEST);
  const reply = await answer;
  if (reply.length !== 1 || reply[0] !== 0x53) {
    if (endpoint.sslMode === "prefer" && reply.length === 1 && reply[0] === 0x4e) return socket;
    socket.destroy();
    throw networkError(
      "TLS_REFUSED",
      `Cannot encrypt the connection to ${endpointName(endpoint)}: the server offers no TLS`,
    );
  }
  const secured = connectTls({ socket, ...tlsOptions(target, endpoint) });
  try {
    await settled(secured, "secureConnect", signal, endpoint);
  } catch (error) {
    socket.destroy();
    throw signal.aborted || isNetworkCode(error)
      ? error
      : networkError(
          "TLS_FAILED",
          `Cannot encrypt the connection to ${endpointName(endpoint)}: ${errorText(error)}`,
          error,
        );
  }
  return secured;
}

function tlsOptions(target: Target, endpoint: Endpoint) {
  const name = target.tls.servername ?? endpoint.host;
  const options = { ...(isIP(name) === 0 ? { servername: name } : { host: name }), ...target.tls };
  if (endpoint.sslMode === "verify-full") return options;
  if (endpoint.sslMode === "verify-ca") return { ...options, checkServerIdentity: () => undefined };
  return { ...options, rejectUnauthorized: false };
}

function isNetworkCode(error: unknown): boolean {
  return ["ECONNRESET", "EPIPE", "ETIMEDOUT", "CONNECTION_CLOSED"].includes((error as { code?: string }).code ?? "");
}

/** The first `event` of a socket; its error, its close or the signal destroy it and reject. */
function settled(socket: Socket, event: string, signal: AbortSignal, endpoint: Endpoint): Promise<unknown> {
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
      fail(networkError("CONNECTION_CLOSED", `Connection to ${endpointName(endpoint)} closed by the server`));
    const aborted = (): void => fail(signal.reason);
    socket.once(event, won).once("error", fail).once("close", closed);
    signal.addEventListener("abort", aborted);
    if (signal.aborted) aborted();
  });
}

/** A socket without an error listener throws; every socket of the pool keeps this one for life. */
function ignore(): void {}
