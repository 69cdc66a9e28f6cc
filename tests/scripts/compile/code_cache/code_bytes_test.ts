import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  functionsBefore,
  scriptsBefore,
  withFlagsOf,
  withoutNumbers,
} from "../../../../scripts/compile/code_cache/code_bytes.ts";

/** Bytes with a number of three bytes at some places. */
function bytesWith(length: number, numbers: Readonly<Record<number, number>>): Uint8Array {
  const bytes = new Uint8Array(length).fill(0xaa);
  for (const [place, number] of Object.entries(numbers)) {
    for (const index of [0, 1, 2]) bytes[Number(place) + index] = number >> (8 * index);
  }
  return bytes;
}

Deno.test("code gets the flags of another header, and nothing else of it", () => {
  const code = Uint8Array.from({ length: 32 }, (_, index) => index);
  const changed = withFlagsOf(code, Array.from({ length: 32 }, () => 0xff));
  const wanted = Uint8Array.from(code).fill(0xff, 12, 16);
  assertEquals(changed, wanted);
  assertEquals(code[12], 12);
});

Deno.test("code loses the numbers of its script and its functions, in whichever order they were given", () => {
  const code = bytesWith(40, { 2: 329, 10: 0x1e97, 21: 0x1e98 });
  const swapped = bytesWith(40, { 2: 329, 10: 0x1e98, 21: 0x1e97 });
  const later = bytesWith(40, {
    2: 329 + scriptsBefore,
    10: 0x1e97 + functionsBefore,
    21: 0x1e98 + functionsBefore,
  });
  const wanted = bytesWith(40, { 2: 0, 10: 0, 21: 0 });
  assertEquals(withoutNumbers(code, later), wanted);
  assertEquals(withoutNumbers(swapped, later), wanted);
  assertNotEquals(code, wanted);
});

Deno.test("a number differs in each of its bytes from the later one, whatever it is", () => {
  for (let number = 0; number < 0x20000; number += 7) {
    for (const moved of [-100, -1, 0, 1, 100]) {
      const other = number + functionsBefore + moved;
      for (const shift of [0, 8, 16]) {
        assertNotEquals((number >> shift) & 0xff, (other >> shift) & 0xff, `${number} ${moved}`);
      }
    }
  }
  assertEquals(functionsBefore % scriptsBefore, 0);
});

Deno.test("two trainings that differ in anything else are refused", () => {
  const code = bytesWith(20, { 4: 0x1e97 });
  const other = bytesWith(20, { 4: 0x1e97 + 2 });
  const message = "Cannot use the code cache: two trainings gave ";
  assertThrows(() => withoutNumbers(code, other), Error, `${message}other bytes from 4 on`);
  const longer = bytesWith(21, { 4: 0x1e97 });
  assertThrows(() => withoutNumbers(code, longer), Error, `${message}20 and 21 bytes`);
  assert(withoutNumbers(code, code) !== code);
});
