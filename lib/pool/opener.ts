import type { TypeTable } from "./connection/arrays.ts";
import { Connection } from "./connection/connection.ts";
import type { Session } from "./connection/driver.ts";
import { errorCode, errorText, networkError } from "./connection/network-error.ts";
import type { ResolvedOptions } from "./options.ts";
import { type Endpoint, endpointName, type WantedSession } from "./target/target.ts";
import { TargetError } from "./target/target-error.ts";

/** Opens one connection to whichever place of the target gives the session that is wanted. */
export class Opener {
  readonly #options: ResolvedOptions;
  readonly #types: TypeTable;
  #preferences: Session;
  /** The place that answered last is tried first. */
  #first = 0;

  constructor(options: ResolvedOptions, types: TypeTable) {
    this.#options = options;
    this.#types = types;
    this.#preferences = options.preferences;
  }

  /**
   * Tries the places in their order, each for `connectTimeoutMs`; rejects with the error of the last. `prefer-standby`
   * takes any session when no place gives a standby.
   */
  async open(signal: AbortSignal): Promise<Connection> {
    const { wantedSession } = this.#options.target;
    if (wantedSession !== "prefer-standby") return this.#openAny(wantedSession, signal);
    try {
      return await this.#openAny("standby", signal);
    } catch (error) {
      if (signal.aborted) throw error;
      return await this.#openAny("any", signal);
    }
  }

  async #openAny(wanted: WantedSession, signal: AbortSignal): Promise<Connection> {
    const { endpoints, shuffled } = this.#options.target;
    const many = endpoints.length;
    const start = shuffled ? Math.floor(Math.random() * many) : this.#first;
    for (let i = 0; ; i++) {
      const at = (start + i) % many;
      try {
        const connection = await this.#openOne(endpoints[at]!, signal);
        const found = mismatch(connection, wanted);
        if (found !== undefined) {
          const text = `Cannot use ${endpointName(endpoints[at]!)}: found ${found}, expected a session that is ${wanted}`;
          connection.retire(networkError("WRONG_SESSION", text));
          throw connection.failure;
        }
        this.#first = at;
        return connection;
      } catch (error) {
        if (i === many - 1 || signal.aborted) throw error;
      }
    }
  }

  async #openOne(endpoint: Endpoint, signal: AbortSignal): Promise<Connection> {
    const { connectTimeoutMs } = this.#options.settings;
    const late = networkError(
      "CONNECT_TIMEOUT",
      `No connection to ${endpointName(endpoint)} within ${connectTimeoutMs} ms`,
    );
    const attempt = new AbortController();
    const give = (): void => attempt.abort(signal.reason);
    signal.addEventListener("abort", give);
    const timer = setTimeout(() => attempt.abort(late), connectTimeoutMs);
    try {
      return await this.#withPreferences(endpoint, attempt.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", give);
    }
  }

  /** Leaves out, one by one, the preferences that are refused. */
  async #withPreferences(endpoint: Endpoint, signal: AbortSignal): Promise<Connection> {
    const { target, session } = this.#options;
    for (;;) {
      try {
        const parameters = { ...this.#preferences, ...session };
        return await Connection.open(target, endpoint, parameters, this.#types, signal);
      } catch (error) {
        const refused = Object.keys(this.#preferences).find((name) => !(name in session) && names(error, name));
        if (refused === undefined || signal.aborted) throw this.#explained(error);
        const { [refused]: _, ...rest } = this.#preferences;
        this.#preferences = rest;
      }
    }
  }

  /** A word of the URL that nobody here knows went to the server as a parameter; its refusal is told as what it is. */
  #explained(error: unknown): unknown {
    const code = errorCode(error) ?? "";
    const word = Object.keys(this.#options.target.parameters).find((name) => names(error, name));
    if (word === undefined || !/^(42|22|08|55)/.test(code)) return error;
    const text = `Cannot use ${word} of the database URL or the environment: ${errorText(error)}`;
    return new TargetError(text, code, error);
  }
}

/** Servers and poolers name the parameter they refuse. */
function names(error: unknown, parameter: string): boolean {
  return new RegExp(`(^|[^\\w.])${RegExp.escape(parameter)}($|[^\\w.])`).test(errorText(error));
}

/** What a session is instead of what is wanted. */
function mismatch({ inRecovery, readOnly }: Connection, wanted: WantedSession): string | undefined {
  if (wanted === "read-write" && readOnly) return "a read-only one";
  if (wanted === "read-only" && !readOnly) return "one that takes writes";
  if (wanted === "primary" && inRecovery) return "a standby";
  if (wanted === "standby" && !inRecovery) return "a primary";
  return undefined;
}
