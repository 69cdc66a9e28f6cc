/**
 * mise, for all systems: the entry of its registry, which leads to aqua's.
 *
 * See https://mise.jdx.dev/contributing.html
 *
 * @module
 */

import type { Channel } from "../channels.ts";
import { product } from "../release.ts";

/** The row. */
export const mise: Channel = {
  name: "mise",
  files: () => ({
    "registry/stsaval.toml": `backends = ["aqua:x/stsaval"]
description = "${product.summary}"
test = { cmd = "stsaval --version", expected = "stsaval {{version}}" }
`,
  }),
};
