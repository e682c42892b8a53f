/** An error of the network layer, with a code as Node's and the driver's have. */
export function networkError(code: string, message: string, cause?: unknown): Error & { code: string } {
  return Object.assign(new Error(message, cause === undefined ? undefined : { cause }), { code });
}

/** The `code` of any thrown value, if it has one. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" ? code : undefined;
}

/** The text of any thrown value, for one line of a log. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
