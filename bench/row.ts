/**
 * What a row of the benchmarks is, how it is judged, and the line that shows it. Rows are ratios of what was measured
 * in one run, since absolute figures say more about the machine than about stsaval.
 *
 * @module
 */

/** What a value may be: no more, or no less, than this. */
export type Limit = { readonly atMost: number } | { readonly atLeast: number };

/** What was measured, or why nothing was. */
export type Measured =
  | {
    readonly value: number;
    /** The values below which a tenth and nine tenths of the single measurements lie. */
    readonly spread?: readonly [low: number, high: number];
  }
  | { readonly missing: string };

/** A row: one record. */
export interface Row {
  /** What is measured, and of what: `cached process, of an empty program`. */
  readonly what: string;
  /** Behind the value: `MiB`. Default: nothing, for a ratio. */
  readonly unit?: string;
  /** Without it the value is printed for comparison. */
  readonly limit?: Limit;
  measure(): Promise<Measured>;
}

/** How a row came out. */
export type Verdict = "met" | "missed" | "not measured" | "for comparison";

/** Judges a value; one that is no number is missed. */
export function judge({ limit }: Pick<Row, "limit">, measured: Measured): Verdict {
  if ("missing" in measured) return "not measured";
  if (limit === undefined) return "for comparison";
  const { value } = measured;
  const met = "atMost" in limit ? value <= limit.atMost : value >= limit.atLeast;
  return met ? "met" : "missed";
}

/** One line. */
export function formatRow(row: Pick<Row, "what" | "unit" | "limit">, measured: Measured): string {
  const what = row.what.padEnd(62);
  if ("missing" in measured) return `${what} not measured: ${measured.missing}`;
  const { value, spread } = measured;
  const unit = row.unit === undefined ? "" : ` ${row.unit}`;
  const columns = [
    what,
    `${formatNumber(value)}${unit}`.padStart(10),
    (spread === undefined ? "" : `(${spread.map(formatNumber).join(" to ")})`).padEnd(18),
    formatLimit(row.limit).padEnd(14),
    judge(row, measured),
  ];
  return columns.join(" ");
}

function formatLimit(limit: Limit | undefined): string {
  if (limit === undefined) return "";
  return "atMost" in limit ? `at most ${limit.atMost}` : `at least ${limit.atLeast}`;
}

function formatNumber(value: number): string {
  return value.toFixed(value < 100 ? 2 : 0);
}
