/** A file whose parts would be too many or too large. The message is one line. */
export class CannotSplit extends Error {
  override readonly name = "CannotSplit";
}
