/**
 * What the first bytes of a program say about the system and the machine that it is for: one table of file formats.
 *
 * @module
 */

/** What a header says. */
export interface ExecutableHeader {
  /** The format, which goes with a system. */
  readonly format: ExecutableFormat["name"];
  /** The machine as targets spell it, such as "x86_64"; a number of the format where it is another one. */
  readonly machine: string;
  /** The class: how wide addresses are. */
  readonly bits: 32 | 64;
  /** True for a program; false for a library, an object file and the like. */
  readonly runs: boolean;
}

/** A file format of programs. */
interface ExecutableFormat {
  readonly name: "ELF" | "Mach-O" | "PE";
  /** How the targets that use it end, such as "-linux-gnu". */
  readonly systems: RegExp;
  readonly machines: Readonly<Record<number, string>>;
  /** The header's fields; undefined where the bytes are of another format. */
  read(bytes: DataView): HeaderFields | undefined;
}

interface HeaderFields {
  readonly machine: number;
  readonly bits: 32 | 64;
  readonly runs: boolean;
}

/** How much of a file is read: a PE file keeps its header behind a program for DOS. */
export const headerLength = 4096;

const formats: readonly ExecutableFormat[] = [
  {
    // https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
    name: "ELF",
    systems: /-linux-/,
    machines: { 62: "x86_64", 183: "aarch64" },
    read(bytes) {
      if (bytes.getUint32(0) !== 0x7f454c46) return undefined;
      const littleEndian = bytes.getUint8(5) === 1;
      const type = bytes.getUint16(16, littleEndian);
      return {
        machine: bytes.getUint16(18, littleEndian),
        bits: bytes.getUint8(4) === 2 ? 64 : 32,
        // ET_EXEC, and ET_DYN for a program that may lie anywhere.
        runs: type === 2 || type === 3,
      };
    },
  },
  {
    // <mach-o/loader.h>; a file for several machines at once ("universal") is another format.
    name: "Mach-O",
    systems: /-apple-darwin$/,
    machines: { 0x01000007: "x86_64", 0x0100000c: "aarch64" },
    read(bytes) {
      const magic = bytes.getUint32(0, true);
      if (magic !== 0xfeedfacf && magic !== 0xfeedface) return undefined;
      return {
        machine: bytes.getUint32(4, true),
        bits: magic === 0xfeedfacf ? 64 : 32,
        // MH_EXECUTE
        runs: bytes.getUint32(12, true) === 2,
      };
    },
  },
  {
    // https://learn.microsoft.com/windows/win32/debug/pe-format
    name: "PE",
    systems: /-windows-/,
    machines: { 0x8664: "x86_64", 0xaa64: "aarch64" },
    read(bytes) {
      if (bytes.getUint16(0) !== 0x4d5a) return undefined;
      const start = bytes.getUint32(0x3c, true);
      if (bytes.getUint32(start) !== 0x50450000) return undefined;
      const characteristics = bytes.getUint16(start + 22, true);
      return {
        machine: bytes.getUint16(start + 4, true),
        bits: bytes.getUint16(start + 24, true) === 0x20b ? 64 : 32,
        // IMAGE_FILE_EXECUTABLE_IMAGE, and not IMAGE_FILE_DLL
        runs: (characteristics & 0x2002) === 0x0002,
      };
    },
  },
];

/** Reads the beginning of a file; undefined where it is no program of a known format, or cut off. */
export function readExecutableHeader(start: Uint8Array): ExecutableHeader | undefined {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  for (const { name, machines, read } of formats) {
    const fields = readWithin(() => read(view));
    if (fields === undefined) continue;
    const machine = machines[fields.machine] ?? `0x${fields.machine.toString(16)}`;
    return { format: name, ...fields, machine };
  }
  return undefined;
}

/** A field behind the end of the bytes means that they are no header. */
function readWithin<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Rejects a program that is not for the target's system and machine.
 *
 * @param start the first {@linkcode headerLength} bytes of the file
 * @throws {Error} that says what was found and what was wanted
 */
export function checkExecutable(start: Uint8Array, target: string): void {
  const wanted = wantedHeader(target);
  const found = readExecutableHeader(start);
  const matches = found !== undefined && found.runs && found.format === wanted.format &&
    found.machine === wanted.machine && found.bits === wanted.bits;
  if (matches) return;
  throw new Error(
    `Cannot use what was compiled for "${target}": found ${describe(found)}, wanted ` +
      `${describe(wanted)}; DENORT_BIN, where it is set, must name a runtime for that target`,
  );
}

function wantedHeader(target: string): ExecutableHeader {
  const format = formats.find(({ systems }) => systems.test(target));
  if (format === undefined) throw new Error(`Cannot tell the format of programs for "${target}"`);
  const machine = target.slice(0, target.indexOf("-"));
  return { format: format.name, machine, bits: 64, runs: true };
}

function describe(header: ExecutableHeader | undefined): string {
  if (header === undefined) return "no program of a known format";
  const { format, machine, bits, runs } = header;
  return `${
    runs ? "a program" : "a file that is no program"
  } (${format}, ${bits} bits, ${machine})`;
}
