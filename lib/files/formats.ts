/*
 * What stands in a file, by its name and by how it begins: one table for the walk, the archives and the reasons that
 * people read.
 */

/** Endings of the names of MIDI files: Standard MIDI Files, karaoke, and RIFF files that wrap one. */
const MIDI_NAME = /\.(mid|midi|kar|rmi|smf)$/i;
/** A tar archive, packed or not. */
const TAR_NAME = /\.(tar|tgz|tbz2?|txz|tzst|tar\.(gz|bz2|xz|zst))$/i;
/** Archives of several files but tar, and MIDI files that are compressed by themselves. */
const OTHER_ARCHIVE_NAME = /\.(zip|rar|7z|lzh|lha|(mid|midi|kar|rmi|smf)\.(gz|bz2|xz|zst))$/i;

/** Whether a file of this name should hold music. */
export const isMidiName = (name: string) => MIDI_NAME.test(name);

/** Whether a file of this name should hold others. */
export const isArchiveName = (name: string) => TAR_NAME.test(name) || OTHER_ARCHIVE_NAME.test(name);

export const isTarName = (name: string) => TAR_NAME.test(name);

export const isZipName = (name: string) => /\.zip$/i.test(name);

/** A file's name without the ending that says it is a MIDI file. */
export const withoutMidiEnding = (name: string) => name.replace(MIDI_NAME, "");

/** A file's name without the ending that says it is compressed. */
export const withoutCompression = (name: string) => name.replace(/\.(gz|bz2|xz|zst)$/i, "");

/** So many bytes at the beginning tell a MIDI file. */
export const MIDI_HEAD_BYTES = 12;

/** Whether a file begins as MIDI files do: with MThd, or with a RIFF file of the kind that wraps one. */
export function looksLikeMidi(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head.subarray(0, MIDI_HEAD_BYTES));
  return text.startsWith("MThd") || /^RIFF.{4}RMID/s.test(text);
}

/** A kind of file that is known by how it begins. */
interface Format {
  /** As a person calls it, with its article. */
  readonly called: string;
  /** Bytes at the beginning as Latin-1 text; "?" stands for any byte. */
  readonly mark: string;
  /** Where the mark stands when it is not the beginning. */
  readonly at?: number;
}

/** From the formats' own specifications; the first that fits counts, so the more exact one stands before. */
const FORMATS: readonly Format[] = [
  { called: "a MIDI 2.0 clip file", mark: "SMF2CLIP" },
  { called: "a ZIP archive", mark: "PK\x03\x04" },
  { called: "an empty ZIP archive", mark: "PK\x05\x06" },
  { called: "a RAR archive", mark: "Rar!\x1a\x07" },
  { called: "a 7-Zip archive", mark: "7z\xbc\xaf\x27\x1c" },
  { called: "gzip-compressed data", mark: "\x1f\x8b\x08" },
  { called: "bzip2-compressed data", mark: "BZh" },
  { called: "xz-compressed data", mark: "\xfd7zXZ\0" },
  { called: "Zstandard-compressed data", mark: "\x28\xb5\x2f\xfd" },
  { called: "a tar archive", mark: "ustar", at: 257 },
  { called: "a Microsoft cabinet", mark: "MSCF" },
  { called: "an LHA archive", mark: "-lh?-", at: 2 },
  { called: "a StuffIt archive", mark: "StuffIt" },
  { called: "a StuffIt archive", mark: "SIT!" },
  { called: "a GIF image", mark: "GIF8" },
  { called: "a PNG image", mark: "\x89PNG" },
  { called: "a JPEG image", mark: "\xff\xd8\xff" },
  { called: "a TIFF image", mark: "II*\0" },
  { called: "a TIFF image", mark: "MM\0*" },
  { called: "a BMP image", mark: "BM????\0\0\0\0" },
  { called: "an icon", mark: "\0\0\x01\0?\0" },
  { called: "a WAV file", mark: "RIFF????WAVE" },
  { called: "an AVI video", mark: "RIFF????AVI " },
  { called: "a WebP image", mark: "RIFF????WEBP" },
  { called: "a SoundFont", mark: "RIFF????sfbk" },
  { called: "a DLS sound bank", mark: "RIFF????DLS " },
  { called: "an AIFF file", mark: "FORM????AIF" },
  { called: "an XMIDI file", mark: "FORM????XDIR" },
  { called: "an XMIDI file", mark: "FORM????XMID" },
  { called: "an HMI MIDI file", mark: "HMI-MIDI" },
  { called: "an HMI MIDI file", mark: "HMIMIDIP" },
  { called: "a Doom MUS file", mark: "MUS\x1a" },
  { called: "a Creative Music File", mark: "CTMF" },
  { called: "a tracker module", mark: "Extended Module: " },
  { called: "a tracker module", mark: "IMPM" },
  { called: "a tracker module", mark: "SCRM", at: 44 },
  { called: "an MP3 file", mark: "ID3" },
  { called: "an MP3 file", mark: "\xff\xfb" },
  { called: "an Ogg file", mark: "OggS" },
  { called: "a FLAC file", mark: "fLaC" },
  { called: "an MPEG-4 file", mark: "ftyp", at: 4 },
  { called: "a Windows Media file", mark: "\x30\x26\xb2\x75\x8e\x66\xcf\x11" },
  { called: "a Sibelius score", mark: "\x0fSIBELIUS" },
  { called: "a Finale score", mark: "ENIGMA BINARY FILE" },
  { called: "a Guitar Pro file", mark: "\x18FICHIER GUITAR PRO" },
  { called: "a PDF document", mark: "%PDF" },
  { called: "a PostScript document", mark: "%!PS" },
  { called: "an RTF document", mark: "{\\rtf" },
  { called: "a Microsoft Office document", mark: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" },
  { called: "an SQLite database", mark: "SQLite format 3\0" },
  { called: "a Windows program", mark: "MZ" },
  { called: "a Linux program", mark: "\x7fELF" },
  { called: "a Macintosh resource file", mark: "\0\x05\x16\x07" },
  { called: "a Flash file", mark: "FWS" },
  { called: "a Flash file", mark: "CWS" },
];

/** So many bytes at the beginning are enough to tell. */
export const FORMAT_BYTES = 1024;

/**
 * What a file is, by how it begins, as a person calls it: "a ZIP archive", "an HTML page", "text". Null when it is
 * nothing well known. Says nothing of MIDI files.
 */
export function formatOf(bytes: Uint8Array): string | null {
  const head = String.fromCharCode(...bytes.subarray(0, FORMAT_BYTES));
  const format = FORMATS.find(({ mark, at = 0 }) => stands(head, mark, at));
  return format ? format.called : textOf(head);
}

function stands(head: string, mark: string, at: number): boolean {
  if (head.length < at + mark.length) return false;
  for (let i = 0; i < mark.length; i++) if (mark[i] !== "?" && mark[i] !== head[at + i]) return false;
  return true;
}

/** The kind of a text in any encoding, null when it is none. */
function textOf(head: string): string | null {
  const wide = /^(\xff\xfe|\xfe\xff)/.test(head);
  const text = head
    .replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, "")
    .replaceAll(wide ? "\0" : "", "")
    .trimStart();
  if (/^<(!doctype html|html|head|body|script|!--|meta|title)\b/i.test(text)) return "an HTML page";
  if (/^<\?xml/i.test(text))
    return /<(score-partwise|score-timewise)\b/.test(text) ? "a MusicXML score" : "an XML document";
  if (text.length === 0 || CONTROLS.test(text)) return null;
  const plain = text.replaceAll(/[^\t\n\r\x20-\x7e]/g, "").length;
  return wide || plain > text.length * PLAIN_SHARE || isUtf8(head) ? "text" : null;
}

/** Characters that no text holds. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROLS = /[\0-\x08\x0b\x0e-\x19\x1c-\x1f\x7f]/;
/** Texts of the code pages of the West are mostly ASCII. */
const PLAIN_SHARE = 0.7;

/** Whether it is UTF-8 as far as it goes: the end may cut a character. */
function isUtf8(head: string): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(head, "latin1"), { stream: true });
    return true;
  } catch {
    return false;
  }
}
