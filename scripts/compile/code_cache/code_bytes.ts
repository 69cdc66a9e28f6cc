/**
 * What is set in code that V8 hands out. It begins with numbers of 32 bits, with which V8 tells whether the code fits.
 *
 * @module
 */

/** After the number of the format, V8's version, and the length of the script. */
const flagsOffset = 12;

/**
 * Code that was made with other flags, with the flags of another header. The flags of the training decide only where V8
 * puts objects and how long it keeps them.
 */
export function withFlagsOf(code: Uint8Array, header: readonly number[]): Uint8Array {
  const changed = code.slice();
  changed.set(header.slice(flagsOffset, flagsOffset + 4), flagsOffset);
  return changed;
}

/**
 * How many functions a second training makes before all others: so each of the three bytes of a number differs, and still
 * does where a function is numbered a little earlier or later.
 */
export const functionsBefore = 0x018080;

/** In how many scripts. */
export const scriptsBefore = 16;

/** How much earlier or later a function may be numbered in another start of the same kind. */
const tolerance = 5_000;

/**
 * Code without the numbers of its script and of its functions, which V8 gives anew when it reads the code. In which order
 * the functions of a start are numbered may differ from one start to the next.
 *
 * @param other the same code of a training where {@linkcode functionsBefore} were made before
 * @throws {Error} when the two differ in anything else
 */
export function withoutNumbers(code: Uint8Array, other: Uint8Array): Uint8Array {
  if (code.length !== other.length) throw unequal(`${code.length} and ${other.length} bytes`);
  const changed = code.slice();
  for (let index = 0; index < code.length; index++) {
    if (code[index] === other[index]) continue;
    const later = numberAt(other, index) - numberAt(code, index);
    const expected = later === scriptsBefore || Math.abs(later - functionsBefore) <= tolerance;
    if (!expected) throw unequal(`other bytes from ${index} on`);
    changed.fill(0, index, index + 3);
    index += 2;
  }
  return changed;
}

function numberAt(bytes: Uint8Array, index: number): number {
  const [low = 0, middle = 0, high = 0] = bytes.subarray(index, index + 3);
  return low + (middle << 8) + (high << 16);
}

function unequal(what: string): Error {
  return new Error(`Cannot use the code cache: two trainings gave ${what}`);
}
