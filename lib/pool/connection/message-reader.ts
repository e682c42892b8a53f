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

const LETTER_C = 0x43;
const LETTER_R = 0x52;

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

  /** Reads on; returns what of it the driver is to get: all but pongs and the server's last word. This is the hot path. */
  read(chunk: Buffer): readonly Buffer[] {
    const bytes = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = undefined;
    const size = bytes.length;
    let parts: Buffer[] | undefined;
    let passed = 0;
    let at = Math.min(this.#left, size);
    this.#left -= at;
    while (at + 5 <= size) {
      const type = bytes[at]!;
      const length = (bytes[at + 1]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!;
      const end = at + 1 + length;
      const looked = LOOKED_INTO[type] === 1 && length < LONGEST_LOOKED_INTO;
      if (UNASKED[type] === 0 && !(looked && type === FROM_SERVER.error)) this.heard = true;
      if (looked) {
        if (end > size) break;
        if (!this.#look(type, bytes, at, end)) {
          parts ??= [];
          if (at > passed) parts.push(bytes.subarray(passed, at));
          passed = end;
        }
      } else if (end > size) {
        this.#left = end - size;
        at = size;
        break;
      }
      at = end;
    }
    if (at < size) this.#held = bytes.subarray(at);
    if (parts === undefined && at === size) return [bytes];
    parts ??= [];
    if (at > passed) parts.push(bytes.subarray(passed, at));
    return parts;
  }

  /** Takes note of the whole message between `at` and `end`; false when the driver is not to get it. */
  #look(type: number, bytes: Buffer, at: number, end: number): boolean {
    switch (type) {
      case FROM_SERVER.ready:
        this.status = bytes[at + 5]!;
        this.ready = true;
        if (this.#pongs === 0) return true;
        this.#pongs--;
        return false;
      case FROM_SERVER.commandComplete:
        this.copying = undefined;
        this.#lookAtTag(bytes, at + 5, end - 1);
        return true;
      case FROM_SERVER.error:
        return this.#lookAtError(parseErrorResponse(bytes.subarray(at, end)));
      case FROM_SERVER.notice: {
        const notice = parseErrorResponse(bytes.subarray(at, end));
        if (notice.code?.startsWith("57P")) this.warning = notice;
        return true;
      }
      case FROM_SERVER.portalSuspended:
        this.suspended = true;
        return true;
      default:
        this.copying = type === FROM_SERVER.copyIn ? "in" : "out";
        return true;
    }
  }

  #lookAtTag(bytes: Buffer, from: number, to: number): void {
    const first = bytes[from]!;
    if (first !== LETTER_C && first !== LETTER_R) return;
    const tag = bytes.toString("latin1", from, to);
    if (tag === "COMMIT" || tag === "ROLLBACK") this.ended = tag;
  }

  #lookAtError(error: ServerError): boolean {
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
