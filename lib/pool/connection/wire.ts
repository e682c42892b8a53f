// The few messages of the PostgreSQL protocol (documentation, "Message Formats") that the pool reads or writes itself.
import postgres from "postgres";

export const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);
export const TERMINATE = Buffer.from([0x58, 0, 0, 0, 4]);
export const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

export const ERROR_RESPONSE = 0x45; // 'E'
const NOTICE_RESPONSE = 0x4e; // 'N'
export const READY_IDLE = 0x49; // 'I', the last byte of a ReadyForQuery outside a transaction

/** The message that asks the server to stop what backend `pid` is doing. */
export function cancelRequest(pid: number, secret: number): Buffer {
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(80877102, 4);
  message.writeUInt32BE(pid, 8);
  message.writeUInt32BE(secret, 12);
  return message;
}

/** True when `chunk` ends with a whole ReadyForQuery ('Z', length 5, status). */
export function endsReady(chunk: Uint8Array): boolean {
  const z = chunk.length - 6;
  return z >= 0 && chunk[z] === 0x5a && chunk[z + 4] === 5 && (chunk[z + 1]! | chunk[z + 2]! | chunk[z + 3]!) === 0;
}

/** An ErrorResponse starting at `offset` as the driver's error, its fields by the driver's names. */
export function parseErrorResponse(chunk: Buffer, offset = 0): Error & { code?: string; severity?: string } {
  const fields: Record<string, string> = {};
  const end = Math.min(offset + 1 + chunk.readUInt32BE(offset + 1), chunk.length);
  for (let at = offset + 5; at < end && chunk[at] !== 0; ) {
    const stop = chunk.indexOf(0, at + 1);
    if (stop < 0) break;
    const name = FIELDS[String.fromCharCode(chunk[at]!)];
    if (name !== undefined) fields[name] = chunk.toString("utf8", at + 1, stop);
    at = stop + 1;
  }
  const PostgresError = postgres.PostgresError as unknown as new (fields: Record<string, string>) => Error;
  return new PostgresError({ severity: fields.severity_local ?? "", ...fields });
}

const FIELDS: Record<string, string> = {
  S: "severity_local",
  V: "severity",
  C: "code",
  M: "message",
  D: "detail",
  H: "hint",
  F: "file",
  L: "line",
  R: "routine",
};

/** The goodbye a chunk on an idle connection begins with: any error, or the warning of a server that stops as in a crash (57P..). */
export function goodbyeIn(chunk: Buffer): Error | undefined {
  if (chunk[0] === ERROR_RESPONSE) return parseErrorResponse(chunk);
  if (chunk[0] !== NOTICE_RESPONSE || chunk.length < 6) return undefined;
  const notice = parseErrorResponse(chunk);
  return notice.code?.startsWith("57P") ? notice : undefined;
}

/** Longest last word of a server that is looked for at the end of a chunk, in bytes. */
const LAST_WORD = 2048;

/**
 * The FATAL or PANIC error a chunk ends with, if it does: the server's last word on this session.
 * A plain ERROR is not one: the driver answers it.
 */
export function lastWord(chunk: Buffer): { readonly error: Error; readonly length: number } | undefined {
  const from = Math.max(0, chunk.length - LAST_WORD);
  for (let at = chunk.indexOf(ERROR_RESPONSE, from); at >= 0 && at + 6 < chunk.length; ) {
    if (chunk.readUInt32BE(at + 1) === chunk.length - at - 1 && chunk[at + 5] === 0x53) {
      const error = parseErrorResponse(chunk, at);
      return error.severity === "FATAL" || error.severity === "PANIC"
        ? { error, length: chunk.length - at }
        : undefined;
    }
    at = chunk.indexOf(ERROR_RESPONSE, at + 1);
  }
  return undefined;
}
