/**
 * SHA-256 and its HMAC (RFC 2104) in the form in which the SDK takes a way to sign. By itself it would use WebCrypto, where
 * a digest takes 0.14 ms: those of the port take 0.02.
 *
 * @module
 */

import type { Digest, Digests } from "../system.ts";

/** The length of a block, in bytes. */
const blockLength = 64;

/** What the SDK gives: bytes of any kind, or text. */
export type Data = string | ArrayBufferLike | ArrayBufferView;

/** What the SDK signs with. */
export interface Hash {
  /** Adds data. */
  update(data: Data): void;
  /** The digest of all data. */
  digest(): Promise<Uint8Array>;
  /** Begins anew. */
  reset(): void;
}

/** A class of hashes: digests, or with a secret HMACs. */
export function hashClass({ sha256 }: Digests): new (secret?: Data) => Hash {
  const begin = (key: Uint32Array | undefined) =>
    key === undefined ? sha256() : padded(key, 0x36363636);
  const padded = (key: Uint32Array, pad: number) => {
    const block = key.map((word) => word ^ pad);
    return sha256().update(new Uint8Array(block.buffer));
  };

  return class {
    readonly #key: Uint32Array | undefined;
    #inner: Digest;

    constructor(secret?: Data) {
      this.#key = secret === undefined ? undefined : keyOf(bytesOf(secret));
      this.#inner = begin(this.#key);
    }

    update(data: Data): void {
      this.#inner.update(bytesOf(data));
    }

    digest(): Promise<Uint8Array> {
      const inner = this.#inner.digest();
      const result = this.#key ? padded(this.#key, 0x5c5c5c5c).update(inner).digest() : inner;
      return Promise.resolve(new Uint8Array(result));
    }

    reset(): void {
      this.#inner = begin(this.#key);
    }
  };

  /** One block, in words of four bytes; a longer key is digested first. */
  function keyOf(secret: Uint8Array): Uint32Array {
    const block = new Uint8Array(blockLength);
    block.set(secret.length > blockLength ? sha256().update(secret).digest() : secret);
    return new Uint32Array(block.buffer);
  }
}

function bytesOf(data: Data): Uint8Array {
  if (typeof data === "string") return new TextEncoder().encode(data);
  if (!ArrayBuffer.isView(data)) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
