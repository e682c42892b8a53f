import { readFileSync } from "node:fs";
import type { ConnectionOptions, SecureVersion } from "node:tls";
import type { Settings } from "./connection-string.ts";
import { TargetError } from "./target-error.ts";

/** libpq's words for how much TLS is wanted. */
export type SslMode = "disable" | "prefer" | "require" | "verify-ca" | "verify-full";

export interface Tls {
  /** Undefined when nobody said: `prefer`, but nothing on the machine itself. */
  readonly sslMode: SslMode | undefined;
  readonly tls: ConnectionOptions;
}

const WORDS = new Map<unknown, SslMode>([
  [false, "disable"],
  ["disable", "disable"],
  ["false", "disable"],
  ["allow", "prefer"],
  ["prefer", "prefer"],
  [true, "require"],
  ["true", "require"],
  ["require", "require"],
  ["no-verify", "require"],
  ["verify-ca", "verify-ca"],
  ["verify-full", "verify-full"],
]);

/** How much TLS the options ask for, and with what; files are read now, so that a missing one is told at once. */
export function resolveTls(ssl: boolean | string | ConnectionOptions | undefined, settings: Settings): Tls {
  if (typeof ssl === "object") return { sslMode: "verify-full", tls: ssl };
  const { sslrootcert: root, sslcert, sslkey, sslcrl } = settings;
  const word = ssl ?? settings.sslmode ?? settings.ssl ?? (root ? "verify-full" : undefined);
  const sslMode = WORDS.get(word);
  if (sslMode === undefined && word !== undefined) {
    throw new TargetError(
      `Cannot read sslmode: found ${word}, expected ${[...WORDS.keys()].filter(isMode).join(", ")}`,
    );
  }
  const tls: ConnectionOptions = {
    ...(root && root !== "system" ? { ca: file("sslrootcert", root) } : {}),
    ...(sslcert ? { cert: file("sslcert", sslcert) } : {}),
    ...(sslkey ? { key: file("sslkey", sslkey) } : {}),
    ...(sslcrl ? { crl: file("sslcrl", sslcrl) } : {}),
    ...(settings.sslpassword ? { passphrase: settings.sslpassword } : {}),
    ...version("minVersion", settings.ssl_min_protocol_version),
    ...version("maxVersion", settings.ssl_max_protocol_version),
  };
  // As libpq: with an authority to check against, `require` checks.
  return { sslMode: word === "require" && root ? "verify-ca" : sslMode, tls };
}

function isMode(word: unknown): boolean {
  return typeof word === "string" && word !== "true" && word !== "false";
}

function file(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new TargetError(`Cannot read ${name}: ${(error as Error).message}`, "WRONG_TARGET", error);
  }
}

const VERSIONS: readonly string[] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] satisfies SecureVersion[];

function version(name: "minVersion" | "maxVersion", value: string | undefined): ConnectionOptions {
  if (!value) return {};
  if (VERSIONS.includes(value)) return { [name]: value };
  throw new TargetError(`Cannot read a TLS version: found ${value}, expected ${VERSIONS.join(", ")}`);
}
