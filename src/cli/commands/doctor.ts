/**
 * `stsaval doctor`: what is wrong or odd on this machine, with its cure.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import { painterFor } from "../../output/style.ts";
import { visibleLines } from "../../output/table.ts";
import type { Command, Invocation } from "../command.ts";
import { findingsOf } from "../doctor/checks.ts";
import { examine, type Examined } from "../doctor/examined.ts";
import { type NamedFinding, severities, type Severity } from "../doctor/finding.ts";
import { applyFixes, fixesOf, formatFixes } from "../doctor/fixes.ts";
import { findingsJson, formatFindings } from "../doctor/report.ts";
import { networkEnvironment, profileEnvironment } from "../help/environment.ts";
import { fileOptions, stsOptions } from "../options.ts";
import { confirm } from "../prompt/ask_line.ts";

/** The record. */
export const doctor: Command = {
  name: "doctor",
  topic: "look",
  summary: "Find what is wrong or odd on this machine, with the cure of each",
  description:
    "Looks at the files and their modes, lines that tools read differently, profiles that cannot work,\n" +
    "variables that shadow them, proxies, certificates, the clock, the cache, its locks and the AWS CLI. Shows\n" +
    "no secret and sends none: the clock is compared by one unsigned request to STS, or not with --offline.\n" +
    "The keys sign a request with --ask-iam alone, which needs iam:ListAccessKeys.\n\n" +
    'Exits with 1 if there is an error; with --fail-on, from that severity on. --json gives {"version": 1,\n' +
    '"findings": [{"check", "severity", "message", "file", "line", "cure", "fixable"}]}.',
  unnamed: "everything",
  options: [
    { name: "offline", summary: "Make no network call: the clock is not compared" },
    {
      name: "ask-iam",
      summary: "Ask IAM for the age of the long-term keys: one signed request for each",
    },
    { name: "fix", summary: "Correct what is safe to correct, shown as a diff first" },
    { name: "yes", short: "y", summary: "With --fix: do not ask before writing" },
    {
      name: "fail-on",
      value: "SEVERITY",
      choices: severities,
      summary: "Exit with 1 from that severity on (error)",
    },
    ...fileOptions.filter(({ name }) => name !== "role-file"),
    ...stsOptions.filter(({ name }) => name === "region" || name === "endpoint-url"),
    {
      name: "lock-timeout",
      value: "SECONDS",
      summary: "With --fix: how long to wait for another process (120)",
    },
  ],
  examples: [
    { line: "stsaval doctor", summary: "everything, the worst first" },
    { line: "stsaval doctor --fix", summary: "shows a diff, and asks" },
    { line: "stsaval doctor --offline --json", summary: "for scripts" },
  ],
  environment: [...profileEnvironment, ...networkEnvironment],
  needs: [
    "read-aws",
    "policy-file",
    "default-chain",
    "doctor",
    "doctor-fix",
    "ask-iam",
    "sts",
    "cache",
  ],
  run: runDoctor,
};

async function runDoctor(invocation: Invocation): Promise<number> {
  const { arguments: given, system } = invocation;
  const least = leastSeverity(given.text("fail-on") ?? "error");
  if (given.flag("yes") && !given.flag("fix")) {
    throw new UsageError("Cannot use --yes without --fix: nothing is written", {
      hint: "add --fix",
    });
  }
  const examined = await examine(invocation);
  const findings = await findingsOf(examined);
  const fixed = given.flag("fix") ? await fix(invocation, examined, findings) : false;
  const left = fixed ? findings.filter((finding) => finding.fix === undefined) : findings;
  system.terminal.out(
    given.flag("json") ? findingsJson(left) : formatFindings(left, painterFor(system, "out")),
  );
  const isBad = ({ severity }: NamedFinding) => severities.indexOf(severity) <= least;
  return left.some(isBad) ? 1 : 0;
}

function leastSeverity(text: string): number {
  const found = severities.indexOf(text as Severity);
  if (found >= 0) return found;
  throw new UsageError(`Cannot use "${text}" for --fail-on: wanted ${severities.join(", ")}`);
}

/** Shows the diff, asks, and writes; false where there is nothing to write, or it is not wanted. */
async function fix(
  invocation: Invocation,
  examined: Examined,
  findings: readonly NamedFinding[],
): Promise<boolean> {
  const { arguments: given, signal, system } = invocation;
  const { clock, terminal } = system;
  const fixes = fixesOf(findings);
  if (fixes.length === 0) return false;
  const diff = formatFixes(fixes, examined.files);
  terminal.err(diff.map((line) => `${visibleLines(line)}\n`).join(""));
  const hint = "add --yes to write without being asked";
  const wanted = given.flag("yes") ||
    await confirm({ terminal, clock, signal }, "Write these changes?", hint);
  if (!wanted) return false;
  await applyFixes(invocation, fixes, examined.files);
  if (!given.flag("quiet")) terminal.err(`Corrected ${fixes.length}\n`);
  return true;
}
