/**
 * Headers of programs: those of Linux, macOS and Windows, and what only looks like one.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { checkExecutable, readExecutableHeader } from "../../../scripts/compile/executable.ts";
import { targets } from "../../../scripts/compile/targets.ts";

/** Bytes with numbers at places: `[place, bytes of the number, number]`, the low byte first. */
function header(length: number, ...fields: readonly (readonly number[])[]): Uint8Array {
  const bytes = new Uint8Array(length);
  for (const [place = 0, width = 0, value = 0] of fields) {
    for (let index = 0; index < width; index++) {
      bytes[place + index] = Math.floor(value / 256 ** index) % 256;
    }
  }
  return bytes;
}

const elfMagic = [0, 4, 0x464c457f] as const;

function elf({ machine = 62, bits = 2, type = 3 } = {}): Uint8Array {
  return header(64, elfMagic, [4, 1, bits], [5, 1, 1], [16, 2, type], [18, 2, machine]);
}

function machO({ magic = 0xfeedfacf, machine = 0x0100000c, type = 2 } = {}): Uint8Array {
  return header(32, [0, 4, magic], [4, 4, machine], [12, 4, type]);
}

function pe({ machine = 0x8664, magic = 0x20b, characteristics = 0x22, start = 0xf8 } = {}) {
  return header(
    512,
    ...[[0, 2, 0x5a4d], [0x3c, 4, start], [start, 4, 0x4550], [start + 4, 2, machine]],
    ...[[start + 22, 2, characteristics], [start + 24, 2, magic]],
  );
}

Deno.test({
  name: "readExecutableHeader() tells format, machine and class of Linux, macOS and Windows",
  permissions: "none",
  fn() {
    const runs = true;
    for (
      const [bytes, wanted] of [
        [elf(), { format: "ELF", machine: "x86_64", bits: 64, runs }],
        [elf({ machine: 183, type: 2 }), { format: "ELF", machine: "aarch64", bits: 64, runs }],
        [elf({ machine: 3, bits: 1 }), { format: "ELF", machine: "0x3", bits: 32, runs }],
        [machO(), { format: "Mach-O", machine: "aarch64", bits: 64, runs }],
        [machO({ machine: 0x01000007 }), {
          format: "Mach-O",
          machine: "x86_64",
          bits: 64,
          runs,
        }],
        [pe(), { format: "PE", machine: "x86_64", bits: 64, runs }],
        [pe({ machine: 0xaa64 }), { format: "PE", machine: "aarch64", bits: 64, runs }],
        [pe({ machine: 0x14c, magic: 0x10b }), { format: "PE", machine: "0x14c", bits: 32, runs }],
      ] as const
    ) {
      assertEquals(readExecutableHeader(bytes), wanted);
    }
  },
});

Deno.test({
  name: "readExecutableHeader() tells libraries and object files from programs",
  permissions: "none",
  fn() {
    // ET_REL; MH_DYLIB; IMAGE_FILE_DLL
    for (const bytes of [elf({ type: 1 }), machO({ type: 6 }), pe({ characteristics: 0x2022 })]) {
      assertEquals(readExecutableHeader(bytes)?.runs, false);
    }
  },
});

Deno.test({
  name: "readExecutableHeader() reads nothing into other files, and into those cut off",
  permissions: "none",
  fn() {
    const script = new TextEncoder().encode("#!/bin/sh\nexec deno run cli.ts\n");
    const universal = header(32, [0, 4, 0xbebafeca]);
    const outside = pe({ start: 0x100 });
    outside.set([0xff, 0xff, 0xff, 0x7f], 0x3c);
    for (
      const bytes of [
        ...[new Uint8Array(), script, universal, outside, header(64)],
        ...[elf().subarray(0, 18), machO().subarray(0, 8), pe().subarray(0, 60)],
      ]
    ) {
      assertEquals(readExecutableHeader(bytes), undefined);
    }
  },
});

Deno.test({
  name: "checkExecutable() takes a program for the target, and no other",
  permissions: "none",
  fn() {
    const programs: readonly (readonly [target: string, bytes: Uint8Array])[] = [
      ["x86_64-unknown-linux-gnu", elf()],
      ["aarch64-unknown-linux-gnu", elf({ machine: 183 })],
      ["aarch64-apple-darwin", machO()],
      ["x86_64-apple-darwin", machO({ machine: 0x01000007 })],
      ["x86_64-pc-windows-msvc", pe()],
    ];
    for (const [target, own] of programs) {
      for (const [other, bytes] of programs) {
        if (other === target) checkExecutable(own, target);
        else assertThrows(() => checkExecutable(bytes, target), Error, "Cannot use");
      }
      assertThrows(() => checkExecutable(new Uint8Array(), target), Error, "no program of a known");
    }
    assertThrows(() => checkExecutable(elf({ bits: 1 }), "x86_64-unknown-linux-gnu"));
    assertThrows(() => checkExecutable(elf({ type: 1 }), "x86_64-unknown-linux-gnu"));
    assertThrows(() => checkExecutable(elf(), "x86_64-unknown-plan9"), Error, "the format");
  },
});

Deno.test({
  name: "checkExecutable() says what was found, what was wanted, and what may be the reason",
  permissions: "none",
  fn() {
    assertThrows(
      () => checkExecutable(elf(), "aarch64-unknown-linux-gnu"),
      Error,
      'Cannot use what was compiled for "aarch64-unknown-linux-gnu": found a program (ELF, 64 bits, x86_64), ' +
        "wanted a program (ELF, 64 bits, aarch64); DENORT_BIN",
    );
  },
});

Deno.test({
  name: "checkExecutable() knows the format of every target that is compiled for",
  permissions: "none",
  fn() {
    for (const target of targets) {
      assertThrows(() => checkExecutable(new Uint8Array(), target), Error, "wanted a program (");
    }
  },
});
