/**
 * The report of `stsaval doctor`: for people, and for programs.
 *
 * @module
 */

import { formatPlace } from "../../errors.ts";
import type { Paint, Role } from "../../output/style.ts";
import { visibleLines } from "../../output/table.ts";
import { type NamedFinding, severities, type Severity } from "./finding.ts";

const roles: Readonly<Record<Severity, Role>> = {
  error: "error",
  warning: "warning",
  note: "dim",
};

/** Each finding in three lines: what, where, cure. */
export function formatFindings(findings: readonly NamedFinding[], paint: Paint): string {
  if (findings.length === 0) return `${paint("ok", "Nothing is wrong")}\n`;
  const lines = findings.map(({ severity, message, place, cure, check }) =>
    [
      `${paint(roles[severity], `${severity}:`)} ${visibleLines(message)} ${
        paint("dim", `(${check})`)
      }`,
      ...place === undefined || message.includes(formatPlace(place))
        ? []
        : [`  at ${visibleLines(formatPlace(place))}`],
      `  cure: ${visibleLines(cure)}`,
    ].join("\n")
  );
  return `${lines.join("\n")}\n${countWords(findings)}\n`;
}

function countWords(findings: readonly NamedFinding[]): string {
  const counts = severities.map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return `${count} ${severity}${count === 1 ? "" : "s"}`;
  });
  return counts.join(", ");
}

/** `{"version": 1, "findings": […]}`; fields are added, never renamed or removed. */
export function findingsJson(findings: readonly NamedFinding[]): string {
  const rows = findings.map(({ check, severity, message, place, cure, fix }) => ({
    check,
    severity,
    message,
    file: place?.file ?? null,
    line: place?.line ?? null,
    cure,
    fixable: fix !== undefined,
  }));
  return `${JSON.stringify({ version: 1, findings: rows }, null, 2)}\n`;
}
