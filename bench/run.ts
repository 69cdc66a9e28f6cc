/**
 * Measures every row and prints it, then fails if one was missed: `deno task bench`. Words after it choose the rows whose
 * text contains one of them: `deno task bench cached`.
 *
 * @module
 */

import { formatRow, judge, type Measured, type Row, type Verdict } from "./row.ts";
import { rows } from "./rows.ts";
import { closePrograms } from "./programs.ts";

/** A row that cannot be measured is a missed one, and does not keep the others from being measured. */
async function measure(row: Row): Promise<readonly [line: string, verdict: Verdict]> {
  try {
    const measured: Measured = await row.measure();
    return [formatRow(row, measured), judge(row, measured)];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [`${row.what}: failed: ${why}`, "missed"];
  }
}

function isChosen({ what }: Row, words: readonly string[]): boolean {
  return words.length === 0 || words.some((word) => what.includes(word));
}

const chosen = rows.filter((row) => isChosen(row, Deno.args));
const missed: string[] = [];
try {
  for (const row of chosen) {
    const [line, verdict] = await measure(row);
    console.log(line);
    if (verdict === "missed") missed.push(row.what);
  }
} finally {
  for (const fault of await closePrograms()) console.error(`Cannot clear up: ${fault}`);
}
if (chosen.length === 0) console.error(`No row contains ${Deno.args.join(" or ")}`);
if (missed.length > 0) console.error(`\n${missed.length} of ${chosen.length} rows were missed`);
Deno.exit(chosen.length === 0 || missed.length > 0 ? 1 : 0);
