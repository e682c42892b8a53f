/** What is wrong with a file or folder, in words; a fault without words is told as the system tells it. */
export function fileFault(error: unknown): string {
  const { code = "", message = String(error) } = error as Partial<NodeJS.ErrnoException>;
  return WORDS[code] ?? message;
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the disk is read-only",
  ENOENT: "no such file",
  ENOTDIR: "no such file",
  EISDIR: "is a folder",
  ELOOP: "too many links",
  ENAMETOOLONG: "the name is too long",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file is too large for the disk",
  EMFILE: "too many open files",
  ENFILE: "too many open files",
  EIO: "the disk reports an error",
  ESTALE: "the network drive lost it",
};
