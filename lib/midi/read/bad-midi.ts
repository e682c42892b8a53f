/** The only error the reader throws: no notes can be had from these bytes. The message is one line: what stands where. */
export class BadMidi extends Error {
  override readonly name = "BadMidi";
}
