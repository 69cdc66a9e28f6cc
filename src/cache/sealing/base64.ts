/**
 * Base64 for the files of the cache: the oldest Deno that is supported has no `Uint8Array.fromBase64`.
 *
 * @module
 */

/** The bytes in base64, with padding. */
export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** The bytes of the text; white space in it does not count. @throws {DOMException} where it is not base64 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
