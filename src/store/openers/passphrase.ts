/**
 * A passphrase that a person types.
 *
 * @module
 */

import type { Opener } from "./opener.ts";

/** The record. */
export const passphrase: Opener = {
  name: "passphrase",
  title: "a passphrase",
  asks: true,
  async find({ ask, file, signal }, refused) {
    return { kind: "passphrase", passphrase: await ask({ file, isNew: false, refused, signal }) };
  },
  async make({ ask, file, signal }) {
    return { kind: "passphrase", passphrase: await ask({ file, isNew: true, refused: 0, signal }) };
  },
};
