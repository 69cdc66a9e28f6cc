/**
 * Stands in for `tests/settle.ts` under Node and Bun, which cannot be asked whether they have work left: what the program
 * waits for is counted instead, and that is cryptography alone, since modules are loaded before the tests.
 *
 * @module
 */

import { nextTick } from "node:process";
import { setImmediate } from "node:timers";

let underWay = 0;

/** Counts the calls of WebCrypto that are under way. */
function countCryptography(): void {
  const { subtle } = crypto;
  const prototype = Object.getPrototypeOf(subtle);
  for (const name of ["digest", "sign", "verify", "importKey", "generateKey", "exportKey"]) {
    const call: (...words: unknown[]) => Promise<unknown> = prototype[name];
    Object.defineProperty(subtle, name, {
      value: (...words: unknown[]) => {
        underWay++;
        return call.apply(subtle, words).finally(() => underWay--);
      },
    });
  }
}

countCryptography();

/** Streams and blobs take some turns of the loop. */
const quietTurns = 20;

/** Resolves when nothing goes on without the test. */
export async function settle(): Promise<void> {
  for (let quiet = 0; quiet < quietTurns;) {
    await new Promise((resolve) => void setImmediate(resolve));
    quiet = underWay > 0 ? 0 : quiet + 1;
  }
}

/** The same for a program that waits for nothing but promises. */
export function settlePromises(): Promise<void> {
  return new Promise((resolve) => nextTick(resolve));
}
