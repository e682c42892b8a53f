/** The folder of parts cannot be written: full, forbidden, gone. The message is one line with the path and the cause. */
export class CannotWrite extends Error {
  override readonly name = "CannotWrite";
  readonly code: string;

  constructor(path: string, cause: unknown) {
    const { code = "EIO", message } = cause as NodeJS.ErrnoException;
    super(`Cannot write ${path}: ${REASONS[code] ?? message}`);
    this.code = code;
  }
}

const REASONS: Record<string, string> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the disk is read-only",
  ENOENT: "the folder is gone",
  ENOTDIR: "a file stands where a folder is expected",
  EIO: "the disk reports an error",
  EMFILE: "too many open files",
  ENFILE: "too many open files",
  ENAMETOOLONG: "the path is too long",
  EFBIG: "the file is too large for the disk",
  ESTALE: "the network drive lost it",
};
