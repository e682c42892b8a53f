/** What went wrong with the database, for the caller's next step; the text is one line for a person. */
export type DatabaseErrorCode =
  | "unreachable"
  | "password"
  | "no-database"
  | "no-library"
  | "foreign-tables"
  | "no-schema"
  | "statement"
  | "server"
  | "too-many-clients"
  | "permission"
  | "schema-newer"
  | "server-version"
  | "encoding"
  | "wrong-url"
  | "damaged"
  | "cluster-version"
  | "disk-full"
  | "read-only"
  | "no-binaries"
  | "no-account"
  | "start-failed";

/** A fault of the database or its surroundings, not of the program: a script prints the text and leaves. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly forPeople = true;
  readonly code: DatabaseErrorCode;

  constructor(code: DatabaseErrorCode, message: string, cause?: unknown) {
    super(message.replace(/\s*\n\s*/g, " "), cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
