/**
 * Runtimes that do nothing, for every target: the least that a linker accepts as a program of that system and machine.
 * `deno compile` puts a program into them as it does into the real ones.
 *
 * @module
 */

import { type Target, targetTable } from "../../scripts/compile/targets.ts";

/** A number at a place: `[place, width in bytes, number]`; the low byte comes first. */
type Field = readonly [place: number, width: number, value: number];

function bytesWith(length: number, ...fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (const [place, width, value] of fields) {
    for (let index = 0; index < width; index++) {
      bytes[place + index] = Math.floor(value / 256 ** index) % 256;
    }
  }
  return bytes;
}

function shifted(by: number, fields: readonly Field[]): readonly Field[] {
  return fields.map(([place, width, value]) => [by + place, width, value]);
}

/** A file header, and one segment that holds nothing. */
function elf(machine: number): Uint8Array<ArrayBuffer> {
  return bytesWith(
    120,
    ...[[0, 4, 0x464c457f], [4, 1, 2], [5, 1, 1], [6, 1, 1], [16, 2, 2], [18, 2, machine]] as const,
    ...[[20, 4, 1], [32, 8, 64], [52, 2, 64], [54, 2, 56], [56, 2, 1], [58, 2, 64]] as const,
    ...shifted(64, [[0, 4, 1], [4, 4, 5], [32, 8, 120], [40, 8, 120], [48, 8, 4096]]),
  );
}

/** The segments of code and of links, and the place of a signature, without which nothing runs on arm64. */
function machO(machine: number): Uint8Array<ArrayBuffer> {
  const [text, section, links, signature] = [32, 104, 184, 256];
  const bytes = bytesWith(
    0x8000,
    ...[[0, 4, 0xfeedfacf], [4, 4, machine], [12, 4, 2], [16, 4, 3], [20, 4, 240]] as const,
    [24, 4, 0x200085],
    ...shifted(text, [[0, 4, 0x19], [4, 4, 152], [24, 8, 0x100000000], [32, 8, 0x4000]]),
    ...shifted(text, [[48, 8, 0x4000], [56, 4, 5], [60, 4, 5], [64, 4, 1]]),
    ...shifted(section, [[32, 8, 0x100003f00], [40, 8, 16], [48, 4, 0x3f00], [64, 4, 0x80000400]]),
    ...shifted(links, [[0, 4, 0x19], [4, 4, 72], [24, 8, 0x100004000], [32, 8, 0x4000]]),
    ...shifted(links, [[40, 8, 0x4000], [48, 8, 0x4000], [56, 4, 1], [60, 4, 1]]),
    ...shifted(signature, [[0, 4, 0x1d], [4, 4, 16], [8, 4, 0x7000], [12, 4, 0x1000]]),
  );
  for (
    const [place, name] of [
      ...[[text + 8, "__TEXT"], [section, "__text"], [section + 16, "__TEXT"]] as const,
      [links + 8, "__LINKEDIT"],
    ] as const
  ) {
    bytes.set(new TextEncoder().encode(name), place);
  }
  return bytes;
}

/** The headers behind the one for DOS, and one section. */
function pe(machine: number): Uint8Array<ArrayBuffer> {
  const [header, optional, section] = [0x80, 0x98, 0x188];
  const bytes = bytesWith(
    0x400,
    ...[[0, 2, 0x5a4d], [0x3c, 4, header]] as const,
    ...shifted(header, [[0, 4, 0x4550], [4, 2, machine], [6, 2, 1], [20, 2, 240], [22, 2, 0x22]]),
    ...shifted(optional, [[0, 2, 0x20b], [4, 4, 0x200], [16, 4, 0x1000], [20, 4, 0x1000]]),
    ...shifted(optional, [[24, 8, 0x140000000], [32, 4, 0x1000], [36, 4, 0x200], [40, 2, 6]]),
    ...shifted(optional, [[48, 2, 6], [56, 4, 0x2000], [60, 4, 0x200], [68, 2, 3]]),
    ...shifted(optional, [[72, 8, 0x100000], [80, 8, 0x1000], [88, 8, 0x100000]]),
    ...shifted(optional, [[96, 8, 0x1000], [108, 4, 16]]),
    ...shifted(section, [[8, 4, 16], [12, 4, 0x1000], [16, 4, 0x200], [20, 4, 0x200]]),
    [section + 36, 4, 0x60000020],
  );
  bytes.set(new TextEncoder().encode(".text"), section);
  return bytes;
}

const formats = {
  linux: { make: elf, machines: { x86_64: 62, aarch64: 183 } },
  macos: { make: machO, machines: { x86_64: 0x01000007, aarch64: 0x0100000c } },
  windows: { make: pe, machines: { x86_64: 0x8664, aarch64: 0xaa64 } },
} as const;

/** The bytes of a runtime for the target. */
export function standInRuntime(target: Target): Uint8Array<ArrayBuffer> {
  const { system, machine } = targetTable[target];
  const { make, machines } = formats[system];
  return make(machines[machine]);
}
