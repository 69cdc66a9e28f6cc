/**
 * SHA-1 and HMAC-SHA-1, synchronous. `crypto.subtle` answers later, and between the check of an MFA code and its use
 * no other call may come in.
 *
 * @module
 */

const BLOCK = 64;

/** The SHA-1 digest (FIPS 180-4) of `message`: 20 bytes. */
export function sha1(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const blocks = pad(message);
  for (let start = 0; start < blocks.byteLength; start += BLOCK) mix(state, blocks, start);
  const digest = new DataView(new ArrayBuffer(20));
  state.forEach((word, index) => digest.setInt32(index * 4, word));
  return new Uint8Array(digest.buffer);
}

/** The HMAC-SHA-1 (RFC 2104) of `message` under `key`: 20 bytes. */
export function hmacSha1(key: Uint8Array, message: Uint8Array): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK);
  block.set(key.length > BLOCK ? sha1(key) : key);
  const inner = sha1(join(block.map((byte) => byte ^ 0x36), message));
  return sha1(join(block.map((byte) => byte ^ 0x5c), inner));
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** The message, a 1 bit, zeros, and the message's length in bits, as whole blocks. */
function pad(message: Uint8Array): DataView {
  const length = Math.ceil((message.length + 9) / BLOCK) * BLOCK;
  const padded = new Uint8Array(length);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(length - 8, BigInt(message.length) * 8n);
  return view;
}

function mix(state: Int32Array, blocks: DataView, start: number): void {
  const word = (index: number) => words[index] ?? 0;
  const words = new Int32Array(80);
  for (let t = 0; t < 16; t++) words[t] = blocks.getInt32(start + t * 4);
  for (let t = 16; t < 80; t++) {
    words[t] = rotate(word(t - 3) ^ word(t - 8) ^ word(t - 14) ^ word(t - 16), 1);
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let t = 0; t < 80; t++) {
    const next = (rotate(a, 5) + choose(t, b, c, d) + e + word(t)) | 0;
    [a, b, c, d, e] = [next, a, rotate(b, 30), c, d];
  }
  // An Int32Array wraps what is added to it, as the standard wants.
  [a, b, c, d, e].forEach((value, index) => state[index] = (state[index] ?? 0) + value);
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** The function and the constant of round `t`. */
function choose(t: number, b: number, c: number, d: number): number {
  if (t < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (t < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (t < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}
