/**
 * The table of the benchmarks' rows, in the order in which they are measured.
 *
 * @module
 */

import type { Row } from "./row.ts";
import { answerRows } from "./rows/answer.ts";
import { batchRows } from "./rows/batch.ts";
import { cachedRows } from "./rows/cached.ts";
import { coldRows } from "./rows/cold.ts";
import { configRows } from "./rows/config.ts";
import { listRows } from "./rows/list.ts";
import { manyRolesRows } from "./rows/many_roles.ts";
import { refresherRows } from "./rows/refresher.ts";
import { serverRows } from "./rows/server.ts";

/** All rows. */
export const rows: readonly Row[] = [
  ...answerRows,
  ...cachedRows,
  ...coldRows,
  ...manyRolesRows,
  ...listRows,
  ...batchRows,
  ...configRows,
  ...refresherRows,
  ...serverRows,
];
