// The server's messages are followed exactly, wherever the network cuts them.
import { expect, test } from "bun:test";
import { MessageReader } from "../../../lib/pool/connection/message-reader.ts";

const message = (type: string, body: string | Buffer): Buffer => {
  const bytes = Buffer.from(body);
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeUInt32BE(bytes.length + 4, 1);
  return Buffer.concat([head, bytes]);
};
const ready = (status: string) => message("Z", status);
const error = (severity: string, code: string) => message("E", `S${severity}\0V${severity}\0C${code}\0Mtext\0\0`);

/** Reads `bytes` in pieces of `size`; what the driver gets, and the reader. */
function read(bytes: Buffer, size: number, pings = 0): { driver: string; reader: MessageReader } {
  const reader = new MessageReader();
  for (let i = 0; i < pings; i++) reader.expectPong();
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size)
    parts.push(...reader.read(bytes.subarray(at, at + size)).map((part) => Buffer.from(part)));
  return { driver: Buffer.concat(parts).toString("latin1"), reader };
}

test("MessageReader sees the end of a query in any pieces", () => {
  // A row that looks like a ReadyForQuery and like a goodbye is data all the same.
  const rows = [
    message("D", Buffer.concat([ready("I"), error("FATAL", "57P01"), Buffer.alloc(90)])),
    message("D", "x"),
  ];
  const bytes = Buffer.concat([message("2", ""), ...rows, message("C", "SELECT 2\0"), ready("T")]);
  for (let size = 1; size <= bytes.length; size++) {
    const { driver, reader } = read(bytes, size);
    expect(driver).toBe(bytes.toString("latin1"));
    expect(reader).toMatchObject({ ready: true, status: "T".charCodeAt(0), heard: true });
    expect(reader.lastWord).toBeUndefined();
    expect(reader.ended).toBeUndefined();
  }
});

test("MessageReader keeps the last word and pongs from the driver, and tells an answered COMMIT", () => {
  const committed = Buffer.concat([message("2", ""), message("C", "COMMIT\0")]);
  const bytes = Buffer.concat([ready("I"), committed, error("FATAL", "57P01")]);
  for (let size = 1; size <= bytes.length; size++) {
    const { driver, reader } = read(bytes, size, 1);
    expect(driver).toBe(committed.toString("latin1"));
    expect(reader).toMatchObject({ ended: "COMMIT", lastWord: { code: "57P01" } });
  }
});

test("MessageReader: a goodbye or a notice alone is no answer, a plain error is", () => {
  expect(read(error("FATAL", "57P01"), 3).reader.heard).toBe(false);
  expect(read(message("N", "SWARNING\0VWARNING\0C57P02\0Mx\0\0"), 3).reader).toMatchObject({
    heard: false,
    warning: { code: "57P02" },
  });
  expect(read(message("S", "TimeZone\0UTC\0"), 3).reader.heard).toBe(false);
  expect(read(error("ERROR", "22012"), 3).reader).toMatchObject({ heard: true, error: { code: "22012" } });
  expect(read(message("C", "ROLLBACK\0"), 3).reader.ended).toBe("ROLLBACK");
});
