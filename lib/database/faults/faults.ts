import { DatabaseError, type DatabaseErrorCode } from "./database-error.ts";

/** Puts what the server or the system said into one line that names the place and the way out. */
export function openingFault(error: unknown, where: string): unknown {
  if (error instanceof DatabaseError || !(error instanceof Error)) return error;
  const found = faultOf(error);
  if (!found) return error;
  const [, code, hint] = found;
  return new DatabaseError(code, `Cannot open the library in ${where}: ${error.message}${hint}`, error);
}

/** The error of a first write, as one line where the library is only to be read. */
export function writingFault(error: unknown, where: string): unknown {
  const told = error instanceof DatabaseError && error.cause instanceof Error ? error.cause : error;
  const [, code, hint] = (/^(42501|25006)$/.test(codeOf(told)) && faultOf(told)) || [];
  if (!code) return error;
  return new DatabaseError(code, `Cannot write to the library in ${where}: ${(told as Error).message}${hint}`, told);
}

/** What a server says that never saw a statement that was prepared: another server behind the pooler did. */
const PREPARED_ELSEWHERE = /^(26000|42P05)$/;

/**
 * The server's word on a statement, as one line with the place and the way out; other errors as they are, and also what
 * the server says of the data of a row: who sent the row narrows it down.
 */
export function serverFault(error: unknown, where: string): unknown {
  if (!(error instanceof Error) || error.name !== "PostgresError" || isDataFault(error)) return error;
  if (PREPARED_ELSEWHERE.test(codeOf(error))) {
    const text = `Cannot work with ${where}: ${error.message}; if it is PgBouncer in transaction mode, expected ?pgbouncer=true in the URL`;
    return new DatabaseError("wrong-url", text, error);
  }
  const fault = faultOf(error);
  const text = `Cannot work with ${where}: ${error.message}${fault?.[2] ?? ""}`;
  return new DatabaseError(fault?.[1] ?? "server", text, error);
}

const FAULTS: readonly (readonly [RegExp, DatabaseErrorCode, string])[] = [
  [/^28/, "password", "; expected the user and password the server knows"],
  [/^3D000$/, "no-database", "; create it, or name another database"],
  [/^53300$/, "too-many-clients", "; expected a free connection, raise its max_connections or use fewer --workers"],
  [/^(53100|ENOSPC)$/, "disk-full", "; expected room on the server's disk"],
  [/^25006$/, "read-only", "; expected a server that takes writes"],
  [/^42501$/, "permission", "; expected a user with the rights for it"],
  [
    /^57014$/,
    "server",
    "; a statement_timeout of the server, the database or the user ended it, expected none or a longer one",
  ],
  [/^57P0[1-5]$|^08/, "unreachable", ""],
  [/^(E[A-Z]+|CONNECT_TIMEOUT|CONNECTION_\w+|TLS_\w+|ACQUIRE_TIMEOUT|COMMIT_UNKNOWN)$/, "unreachable", ""],
];

export function faultOf(error: unknown) {
  return FAULTS.find(([pattern]) => pattern.test(codeOf(error)));
}

export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
}

/** Whether the server refused the data of a row: values out of range, text it cannot keep, a broken rule, a row too large. */
export function isDataFault(error: unknown): boolean {
  const cause = (error as { cause?: unknown } | null)?.cause;
  return /^(22|23|54)...$/.test(codeOf(error)) || (cause !== undefined && isDataFault(cause));
}
