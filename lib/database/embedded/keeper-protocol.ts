import type { DatabaseErrorCode } from "../faults/database-error.ts";

/** The files of a data directory's server, and the words between a script and the keeper. */
export const CLUSTER_DIR = "postgres";
export const SERVER_LOG = "postgres.log";
export const KEEPER_LOCK = "keeper.lock";
export const KEEPER_SOCKET = "keeper.sock";

/** Exit code of a keeper that found another one at work (EX_TEMPFAIL). */
export const KEEPER_BUSY = 75;

/** What a keeper says to each client, one JSON object a line. */
export type KeeperMessage =
  | { readonly ready: true; readonly how: "created" | "started" | "adopted" }
  | { readonly error: DatabaseErrorCode; readonly message: string };
