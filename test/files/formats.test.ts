import { expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { formatOf, isArchiveName, isMidiName, withoutMidiEnding } from "../../lib/files/formats.ts";
import { zip } from "../support/zip.ts";

const text = (line: string) => new TextEncoder().encode(line);

test("formatOf names well-known files by how they begin", async () => {
  const tar = await new Bun.Archive({ "a.mid": "x" }).bytes();
  const cases: readonly (readonly [Uint8Array, string])[] = [
    [zip([{ name: "a.mid", bytes: text("x") }]), "a ZIP archive"],
    [tar, "a tar archive"],
    [gzipSync("x"), "gzip-compressed data"],
    [text("Rar!\x1a\x07\x01\x00"), "a RAR archive"],
    [Buffer.from("377abcaf271c0004", "hex"), "a 7-Zip archive"],
    [text("GIF89a"), "a GIF image"],
    [Buffer.from("RIFF\x24\0\0\0WAVEfmt ", "latin1"), "a WAV file"],
    [text("%PDF-1.4"), "a PDF document"],
    [text("SMF2CLIP\0\0"), "a MIDI 2.0 clip file"],
    [text("\n  <!DOCTYPE html><html>"), "an HTML page"],
    [text('<?xml version="1.0"?><score-partwise>'), "a MusicXML score"],
    [text("No music here.\r\n"), "text"],
    [Buffer.from("\ufeffKein Lied", "utf16le"), "text"],
    [text("ピアノ".repeat(400)), "text"],
  ];
  for (const [bytes, called] of cases) expect([called, formatOf(bytes)]).toEqual([called, called]);
});

test("formatOf answers null for what is nothing well known", () => {
  for (const bytes of [[], [0], [0x90, 60, 64], [1, 2, 3, 4], [0xb0, 0xe9, 0xff]])
    expect(formatOf(Uint8Array.from(bytes))).toBeNull();
});

test("names say what is a MIDI file and what an archive, in any case", () => {
  expect(["a.MID", "b.midi", "c.Kar", "d.rmi"].every(isMidiName)).toBe(true);
  expect(["a.mid.txt", "mid", "a.mp3"].some(isMidiName)).toBe(false);
  expect(["a.zip", "b.TAR", "c.tar.gz", "d.tgz"].every(isArchiveName)).toBe(true);
  expect(withoutMidiEnding("Song.one.MID")).toBe("Song.one");
});
