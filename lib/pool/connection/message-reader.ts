import { FROM_SERVER, parseErrorResponse, type ServerError } from "./protocol.ts";

/** Messages longer than this are not looked into: no goodbye and no command tag is as long. */
const LONGEST_LOOKED_INTO = 65_536;

/** Messages the pool looks into, by their first byte. */
const LOOKED_INTO = new Uint8Array(256);
for (const name of ["commandComplete", "copyIn", "copyOut", "error", "notice", "portalSuspended", "ready"] as const)
  LOOKED_INTO[FROM_SERVER[name]] = 1;

/** Messages that a server may send at any time: no answer to a query. */
const UNASKED = new Uint8Array(256);
for (const name of ["notice", "notification", "parameterStatus"] as const) UNASKED[FROM_SERVER[name]] = 1;

const COMMIT = Buffer.from("COMMIT\0");
const ROLLBACK = Buffer.from("ROLLBACK\0");

/**
 * Follows the server's messages, however the network cuts them, and says what the driver does not: when a query is over
 * and in which state that leaves the session, the server's last word, and how a transaction ended.
 */
export class MessageReader {
  /** The server has answered anything at all since {@link begin}. */
  heard = false;
  /** The last COMMIT or ROLLBACK the server reported done since {@link begin}. */
  ended: "COMMIT" | "ROLLBACK" | undefined;
  /** The transaction status in the last ReadyForQuery. */
  status = 0;
  /** A ReadyForQuery came and nobody took note of it yet. */
  ready = false;
  /** The last error that leaves the session alive, since {@link begin}. */
  error: ServerError | undefined;
  /** A FATAL or PANIC error, which ends the session. */
  lastWord: ServerError | undefined;
  /** The warning of a server that stops as in a crash. */
  warning: ServerError | undefined;
  /** Which way a COPY goes that is under way. */
  copying: "in" | "out" | undefined;
  /** The server sent a portion of a cursor and waits to be asked for the next. */
  suspended = false;
  #pongs = 0;
  /** Bytes still to come of a message that is not looked into. */
  #left = 0;
  /** The beginning of a message that is looked into, or of one whose length is not known yet. */
  #held: Buffer | undefined;

  /** Begins a new query: what was said before does not concern it. */
  begin(): void {
    this.heard = false;
    this.ended = undefined;
    this.error = undefined;
    this.suspended = false;
  }

  /** The next ReadyForQuery answers a ping: it is not for the driver. */
  expectPong(): void {
    this.#pongs++;
  }

  /** Reads on; returns what of it the driver is to get: all but pongs and the server's last word. */
  read(chunk: Buffer): readonly Buffer[] {
    const bytes = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = undefined;
    const parts: Buffer[] = [];
    let passed = 0;
    let at = Math.min(this.#left, bytes.length);
    this.#left -= at;
    while (at + 5 <= bytes.length) {
      const type = bytes[at]!;
      const length = bytes.readUInt32BE(at + 1);
      const end = at + 1 + length;
      const looked = LOOKED_INTO[type] === 1 && length < LONGEST_LOOKED_INTO;
      if (UNASKED[type] === 0 && !(looked && type === FROM_SERVER.error)) this.heard = true;
      if (looked) {
        if (end > bytes.length) break;
        if (!this.#look(type, bytes.subarray(at, end))) {
          if (at > passed) parts.push(bytes.subarray(passed, at));
          passed = end;
        }
      } else if (end > bytes.length) {
        this.#left = end - bytes.length;
        at = bytes.length;
        break;
      }
      at = end;
    }
    if (at < bytes.length) this.#held = bytes.subarray(at);
    if (at > passed) parts.push(passed === 0 && at === bytes.length ? bytes : bytes.subarray(passed, at));
    return parts;
  }

  /** Takes note of a whole message; false when the driver is not to get it. */
  #look(type: number, message: Buffer): boolean {
    switch (type) {
      case FROM_SERVER.ready:
        this.status = message[5]!;
        this.ready = true;
        if (this.#pongs === 0) return true;
        this.#pongs--;
        return false;
      case FROM_SERVER.error:
        return this.#lookAtError(message);
      case FROM_SERVER.notice: {
        const notice = parseErrorResponse(message);
        if (notice.code?.startsWith("57P")) this.warning = notice;
        return true;
      }
      case FROM_SERVER.commandComplete:
        this.copying = undefined;
        if (message.includes(COMMIT, 5)) this.ended = "COMMIT";
        else if (message.includes(ROLLBACK, 5)) this.ended = "ROLLBACK";
        return true;
      case FROM_SERVER.portalSuspended:
        this.suspended = true;
        return true;
      default:
        this.copying = type === FROM_SERVER.copyIn ? "in" : "out";
        return true;
    }
  }

  #lookAtError(message: Buffer): boolean {
    const error = parseErrorResponse(message);
    this.copying = undefined;
    if (error.severity === "FATAL" || error.severity === "PANIC") {
      this.lastWord = error;
      return false;
    }
    this.heard = true;
    this.error = error;
    return true;
  }
}
