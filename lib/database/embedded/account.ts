import { readFileSync, statSync } from "node:fs";
import { DatabaseError } from "../faults/database-error.ts";

/** The numeric user and group a server runs under. */
export type Account = { readonly uid: number; readonly gid: number };

/**
 * Whom the server runs as: `null` for "as ourselves". PostgreSQL refuses root, so root lends it an unprivileged account:
 * the owner of an existing cluster, else the first of `postgres`, `nobody`, `daemon` the system knows.
 * @throws DatabaseError `no-account` when the system has none of them
 */
export function serverAccount(clusterDir: string): Account | null {
  if (process.getuid?.() !== 0) return null;
  const owner = ownerOf(clusterDir);
  if (owner && owner.uid !== 0) return owner;
  const account = systemAccount(["postgres", "nobody", "daemon"]);
  if (account) return account;
  throw new DatabaseError(
    "no-account",
    "Cannot start the embedded PostgreSQL as root: found no account postgres, nobody or daemon to run it under, expected one (or set DATABASE_URL)",
  );
}

function ownerOf(path: string): Account | undefined {
  try {
    const { uid, gid } = statSync(path);
    return { uid, gid };
  } catch {
    return undefined;
  }
}

/** The first of these names in /etc/passwd, with its own group. */
function systemAccount(names: readonly string[]): Account | undefined {
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  const rows = lines.map((line) => line.split(":")).filter((row) => row.length >= 4);
  for (const name of names) {
    const row = rows.find((found) => found[0] === name && Number(found[2]) > 0);
    if (row) return { uid: Number(row[2]), gid: Number(row[3]) };
  }
  return undefined;
}

/** Spawn options that make a child run as this account; Bun drops the supplementary groups with it. */
export function asAccount(account: Account | null): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {};
}
