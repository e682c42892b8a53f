/** A place to connect to that cannot be made sense of: what was found (never a password) and what is expected. */
export class TargetError extends Error {
  override readonly name = "TargetError";
  readonly forPeople = true;
  readonly code: string;

  constructor(message: string, code = "WRONG_TARGET", cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
