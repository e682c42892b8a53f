/** An archive that is refused or cannot be read. The message is one line. */
export class BadArchive extends Error {
  override readonly name = "BadArchive";
  readonly forPeople = true;
}
