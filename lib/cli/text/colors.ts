import { colors } from "consola/utils";

/** Colours by what they mean. */
export interface Colors {
  /** What went wrong. */
  readonly red: (text: string) => string;
  /** What stands in for itself: headings. */
  readonly bold: (text: string) => string;
  /** What is there to find one's way. */
  readonly dim: (text: string) => string;
}

export const PLAIN: Colors = { red: String, bold: String, dim: String };

/** Colours for a stream: none where it is no terminal, and where NO_COLOR is set (no-color.org). */
export function colorsFor(stream: { readonly isTTY?: boolean }): Colors {
  const wanted = stream.isTTY === true && !process.env.NO_COLOR;
  return wanted ? { red: colors.red, bold: colors.bold, dim: colors.dim } : PLAIN;
}
