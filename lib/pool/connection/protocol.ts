// The few messages of the PostgreSQL protocol (documentation, "Message Formats") that the pool reads or writes itself.
import postgres from "postgres";

export const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);
export const TERMINATE = Buffer.from([0x58, 0, 0, 0, 4]);
export const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** First bytes of messages from the server. */
export const FROM_SERVER = {
  commandComplete: 0x43, // 'C'
  copyIn: 0x47, // 'G'
  copyOut: 0x48, // 'H'
  error: 0x45, // 'E'
  notice: 0x4e, // 'N'
  notification: 0x41, // 'A'
  parameterStatus: 0x53, // 'S'
  portalSuspended: 0x73, // 's'
  ready: 0x5a, // 'Z'
} as const;

/** First bytes of messages to the server. */
export const TO_SERVER = {
  copyDone: 0x63, // 'c'
  copyFail: 0x66, // 'f'
} as const;

/** The last byte of a ReadyForQuery outside a transaction. */
export const READY_IDLE = 0x49; // 'I'

/** The message that asks the server to stop what backend `pid` is doing. */
export function cancelRequest(pid: number, secret: number): Buffer {
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(80877102, 4);
  message.writeUInt32BE(pid, 8);
  message.writeUInt32BE(secret, 12);
  return message;
}

/** An error or a notice of the server, with the driver's names for its fields. */
export type ServerError = Error & { readonly code?: string; readonly severity?: string; readonly routine?: string };

/** A whole ErrorResponse or NoticeResponse as the driver's error, its fields by the driver's names. */
export function parseErrorResponse(message: Buffer): ServerError {
  const fields: Record<string, string> = {};
  for (let at = 5; at < message.length && message[at] !== 0; ) {
    const stop = message.indexOf(0, at + 1);
    if (stop < 0) break;
    const name = FIELDS[String.fromCharCode(message[at]!)];
    if (name !== undefined) fields[name] = message.toString("utf8", at + 1, stop);
    at = stop + 1;
  }
  const PostgresError = postgres.PostgresError as unknown as new (fields: Record<string, string>) => ServerError;
  return new PostgresError({ severity: fields.severity_local ?? "", ...fields });
}

const FIELDS: Record<string, string> = {
  S: "severity_local",
  V: "severity",
  C: "code",
  M: "message",
  D: "detail",
  H: "hint",
  P: "position",
  W: "where",
  F: "file",
  L: "line",
  R: "routine",
};
