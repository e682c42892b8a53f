import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/*
 * initdb asks the system for the name of its user before anything else and gives up when there is none, which is the case in
 * a container run as `--user 12345`. Its `getpwuid` can be answered by a preloaded library; no compiler is at hand where this
 * happens, and one function that returns one constant is few enough bytes to write down: an ELF file after the System V gABI
 * and the psABI supplements of x86-64 and AArch64.
 */

/** True when this process runs under a number that /etc/passwd does not name, on a system where that can be helped. */
export function isNameless(uid = process.getuid?.()): boolean {
  if (process.platform !== "linux" || !(process.arch in MACHINES) || !existsSync("/etc/passwd")) return false;
  const names = readFileSync("/etc/passwd", "utf8").split("\n");
  return uid !== undefined && !names.some((line) => line.split(":")[2] === String(uid));
}

/** Writes the library into `dir` (which must allow programs) and returns what to add to initdb's environment. */
export function nameFor(name: string, dir: string): { readonly LD_PRELOAD: string } {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  const path = join(dir, `user-${uid}.so`);
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, elf(MACHINES[process.arch as keyof typeof MACHINES], name, uid, gid), { mode: 0o755 });
  renameSync(fresh, path);
  return { LD_PRELOAD: path };
}

type Machine = {
  readonly machine: number;
  readonly relative: number;
  readonly code: (passwd: number) => readonly number[];
};

/** e_machine, the relocation "base plus addend", and `getpwuid`: load the address of the answer, return. */
const MACHINES: Readonly<Record<"x64" | "arm64", Machine>> = {
  // lea rax, [rip + d]; ret
  x64: { machine: 62, relative: 8, code: (to) => [0x48, 0x8d, 0x05, ...word(to - CODE - 7), 0xc3] },
  // adr x0, d; ret (written after the manual; only x64 has been run)
  arm64: { machine: 183, relative: 1027, code: (to) => [...word(adrX0(to - CODE)), ...word(0xd65f03c0)] },
};

function adrX0(distance: number): number {
  return (0x10000000 | ((distance & 3) << 29) | (((distance >> 2) & 0x7ffff) << 5)) >>> 0;
}

function word(value: number): number[] {
  return [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255];
}

/** Addresses in the file and, as it is loaded from 0, in memory; the second part is writable and begins on a page of any size. */
const CODE = 0x200;
const SYMBOLS = 0x300;
const STRINGS = 0x340;
const HASH = 0x380;
const RELOCATIONS = 0x400;
const DATA = 0x10000;
const PASSWD = DATA + 0x100;
const TEXT = DATA + 0x180;

function elf({ machine, relative, code }: Machine, name: string, uid: number, gid: number): Uint8Array {
  const bytes = Buffer.alloc(DATA + 0x400);
  const u64 = (at: number, ...values: number[]) => {
    for (const [i, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), at + 8 * i);
  };
  const u32 = (at: number, ...values: number[]) => {
    for (const [i, value] of values.entries()) bytes.writeUInt32LE(value, at + 4 * i);
  };
  // Header: 64-bit, little-endian, shared object, four program headers and no sections.
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.set([3, 0, machine, 0, 1], 16);
  u64(32, 64);
  bytes.set([64, 0, 56, 0, 4], 52);
  const segment = (index: number, type: number, flags: number, at: number, size: number, align: number) => {
    u32(64 + 56 * index, type, flags);
    u64(64 + 56 * index + 8, at, at, at, size, size, align);
  };
  segment(0, 1, 5, 0, 0x1000, DATA); // PT_LOAD, read and execute
  segment(1, 1, 6, DATA, 0x400, DATA); // PT_LOAD, read and write
  segment(2, 2, 6, DATA, 0x100, 8); // PT_DYNAMIC
  segment(3, 0x6474e551, 6, 0, 0, 16); // PT_GNU_STACK: not executable
  bytes.set(code(PASSWD), CODE);
  // One symbol: getpwuid, a global function.
  bytes.write("\0getpwuid\0", STRINGS);
  u32(SYMBOLS + 24, 1);
  bytes.set([0x12, 0, 1, 0], SYMBOLS + 28);
  u64(SYMBOLS + 32, CODE, code(PASSWD).length);
  u32(HASH, 1, 2, 1, 0, 0);
  // struct passwd: name, password, uid, gid, gecos, home, shell; its five pointers are set when the file is loaded.
  bytes.write(name, TEXT);
  const empty = TEXT + name.length + 1;
  u32(PASSWD + 16, uid, gid);
  const pointers = [PASSWD, PASSWD + 8, PASSWD + 24, PASSWD + 32, PASSWD + 40];
  for (const [i, at] of pointers.entries()) u64(RELOCATIONS + 24 * i, at, relative, at === PASSWD ? TEXT : empty);
  // DT_HASH, STRTAB, SYMTAB, STRSZ, SYMENT, RELA, RELASZ, RELAENT, and the end.
  const dynamic = [
    4,
    HASH,
    5,
    STRINGS,
    6,
    SYMBOLS,
    10,
    10,
    11,
    24,
    7,
    RELOCATIONS,
    8,
    24 * pointers.length,
    9,
    24,
    0,
    0,
  ];
  u64(DATA, ...dynamic);
  return bytes;
}
