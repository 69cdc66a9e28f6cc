/**
 * `stsaval status`: what is cached, for which profile, and when it expires.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import { formatInstant } from "../../output/credential_table.ts";
import { type Column, formatTable, formatTimeLeft } from "../../output/table.ts";
import type { KeptAnswer } from "../../cache/answers.ts";
import { createAnswerFolder } from "../../cache/cache.ts";
import type { CacheListing } from "../../cache/port.ts";
import type { Command, Invocation } from "../command.ts";
import { checkUnseen, openCache } from "./shared/kept_cache.ts";

/** The record. */
export const status: Command = {
  name: "status",
  topic: "keep",
  summary: "Show which credentials are cached on disk, and when they expire",
  description:
    "Lists what is cached in ~/.aws/stsaval. Shows no secret, makes no network call. --format json gives\n" +
    '{"version": 1, "entries": [{"profile", "kind": "role", "session-token", or the source that gave it,\n' +
    'such as "sso"; "roleArn", "mfaSerial", "region", "issued", "expires", "secondsLeft"}],\n' +
    'and "answers": [{"profile", "freshUntil", "secondsLeft"}] where answers are kept}, with null for what an\n' +
    "entry lacks. Later versions add fields; none is renamed or removed. An answer is what stsaval-process\n" +
    "prints without starting stsaval, for as long as it is fresh.",
  options: [
    {
      name: "format",
      value: "FORMAT",
      choices: ["table", "json"],
      summary: "table (default) or json",
    },
  ],
  examples: [
    { line: "stsaval status", summary: "a table" },
    { line: "stsaval status --format json", summary: "for programs" },
  ],
  environment: ["STSAVAL_CACHE_DIR: the cache folder, instead of ~/.aws/stsaval"],
  needs: ["cache"],
  run: runStatus,
};

async function runStatus(invocation: Invocation): Promise<number> {
  const { arguments: given, logger, system } = invocation;
  const format = given.text("format") ?? (given.flag("json") ? "json" : "table");
  if (format !== "table" && format !== "json") {
    throw new UsageError(`Cannot use "${format}" for --format: wanted table or json`);
  }
  const { clock, terminal } = system;
  const cache = openCache(invocation);
  const entries = await cache.list();
  if (entries.length === 0) checkUnseen(cache);
  const answers = await createAnswerFolder({ ...system, logger })?.list() ?? [];
  const now = clock.now();
  terminal.out(
    format === "json" ? formatJson(entries, answers, now) : formatStatus(
      entries,
      answers,
      now,
      terminal.outIsTerminal ? terminal.columns() : undefined,
    ),
  );
  checkUnseen(cache);
  return 0;
}

/** What an entry is: credentials that are neither a role's nor a session token's are named by their source. */
function kindOf(operation: string): string {
  if (operation === "AssumeRole") return "role";
  if (operation === "GetScopedCredentials") return "scoped copy";
  return operation === "GetSessionToken" ? "session token" : operation;
}

/** The schema of `--format json`, version 1: fields are added, never renamed or removed. */
function formatJson(
  entries: readonly CacheListing[],
  answers: readonly KeptAnswer[],
  now: number,
): string {
  const found = {
    version: 1,
    entries: entries.map((entry) => describe(entry, now)),
    answers: answers.length === 0 ? undefined : answers.map((one) => describeAnswer(one, now)),
  };
  return `${JSON.stringify(found, null, 2)}\n`;
}

function describeAnswer({ profile, freshUntil }: KeptAnswer, now: number) {
  const secondsLeft = freshUntil - Math.floor(now / 1_000);
  return { profile, freshUntil: new Date(freshUntil * 1_000), secondsLeft };
}

function describe(entry: CacheListing, now: number) {
  const { profile, operation, roleArn, mfaSerial, region, credentials } = entry;
  return {
    profile,
    kind: kindOf(operation).replace(" ", "-"),
    roleArn: roleArn ?? null,
    mfaSerial: mfaSerial ?? null,
    region: region ?? null,
    issued: credentials.StartTime,
    expires: credentials.Expiration,
    secondsLeft: Math.floor((credentials.Expiration.getTime() - now) / 1_000),
  };
}

const columns: readonly Column[] = [
  { title: "PROFILE", least: 10 },
  { title: "WHAT", least: 12 },
  { title: "OF", least: 10, spare: true },
  { title: "EXPIRES AT" },
  { title: "TIME LEFT" },
];

function formatStatus(
  entries: readonly CacheListing[],
  answers: readonly KeptAnswer[],
  now: number,
  width: number | undefined,
): string {
  if (entries.length === 0 && answers.length === 0) return "Nothing is cached\n";
  const rows = entries.map(({ profile, operation, roleArn, mfaSerial, credentials }) => [
    profile,
    kindOf(operation),
    roleArn ?? mfaSerial ?? "",
    formatInstant(credentials.Expiration),
    formatTimeLeft(credentials.Expiration.getTime() - now),
  ]);
  const kept = answers.map(({ profile, freshUntil }) => [
    profile,
    "answer",
    "stsaval-process",
    formatInstant(new Date(freshUntil * 1_000)),
    formatTimeLeft(freshUntil * 1_000 - now),
  ]);
  return formatTable(columns, [...rows, ...kept], { columns: width });
}
