/**
 * Writes the reference in `docs/reference/` anew: `deno task docs`.
 *
 * @module
 */

import { referencePages } from "./docs/pages.ts";

if (import.meta.main) {
  for (const [path, text] of await referencePages()) {
    await Deno.writeTextFile(path, text);
    console.log(`wrote ${path}`);
  }
}
