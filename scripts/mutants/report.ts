/**
 * What a run came to: the score, and each survivor as a diff.
 *
 * @module
 */

import type { EquivalentMutant } from "./equivalents.ts";
import type { MutantOutcome } from "./journal.ts";
import { formatDiff, type Mutant } from "./mutant.ts";

/** A mutant, and what became of it. */
export interface Finding {
  readonly mutant: Mutant;
  readonly source: string;
  readonly outcome: MutantOutcome | EquivalentMutant;
}

/** How many of the mutants that can be told apart were noticed; a hang is noticed. */
export function scoreOf(findings: readonly Finding[]): { noticed: number; all: number } {
  const told = findings.filter(({ outcome }) => typeof outcome === "string");
  const noticed = told.filter(({ outcome }) => outcome === "killed" || outcome === "hung");
  return { noticed: noticed.length, all: told.length };
}

/** The report: survivors first, the score last. */
export function formatReport(findings: readonly Finding[]): string {
  const sections = findings.flatMap(({ mutant, source, outcome }) => {
    if (typeof outcome !== "string") {
      return [`${formatDiff(source, mutant)}cannot be told apart: ${outcome.reason}\n`];
    }
    if (outcome === "survived") return [formatDiff(source, mutant)];
    return outcome === "untested" ? [`${formatDiff(source, mutant)}no test looks at it\n`] : [];
  });
  const { noticed, all } = scoreOf(findings);
  // Never rounded up.
  const share = all === 0 ? 100 : Math.floor(noticed / all * 1_000) / 10;
  const hung = findings.filter(({ outcome }) => outcome === "hung").length;
  const equivalent = findings.length - all;
  const details = [
    ...(hung > 0 ? [`${hung} of them by a hang`] : []),
    ...(equivalent > 0 ? [`${equivalent} more cannot be told apart`] : []),
  ];
  const score = `Noticed: ${noticed} of ${all} mutants, ${share} %`;
  return [...sections, `${[score, ...details].join("; ")}\n`].join("\n");
}
