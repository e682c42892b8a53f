import { fileFault } from "./file-fault.ts";

/** The folder of parts cannot be written: full, forbidden, gone. The message is one line with the path and the cause. */
export class CannotWrite extends Error {
  override readonly name = "CannotWrite";
  readonly forPeople = true;
  readonly code: string;

  constructor(path: string, cause: unknown) {
    const { code = "EIO" } = cause as NodeJS.ErrnoException;
    super(`Cannot write ${path}: ${FOLDER_FAULTS[code] ?? fileFault(cause)}`);
    this.code = code;
  }
}

const FOLDER_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: "the folder is gone",
  ENOTDIR: "a file stands where a folder is expected",
};
