/**
 * Where things lie in the program's one file of scripts. `scripted.ts` writes it into a copy of this file.
 *
 * @module
 */

import type { OfScripts } from "./parts.ts";

/** The first byte, and how many. */
export type Range = readonly [start: number, length: number];

/** The places of all. */
export interface Layout {
  readonly scripts: OfScripts<Range>;
  /** The code of each script; nothing where it is not known. */
  readonly code: OfScripts<Range>;
  /** JSON: see `PlacesOfBundles`. */
  readonly places: Range;
}

/** Empty before a program is put together. */
export const layout: Layout = {} as Layout;
