/**
 * `stsaval status`: what is cached, for which profile, and when it expires.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import { hasColor } from "../../output/style.ts";
import { createAnswerFolder, type KeptAnswer } from "../../cache/answers.ts";
import type { CacheListing } from "../../cache/port.ts";
import type { Command, Invocation } from "../command.ts";
import { checkUnseen, openCache } from "./shared/kept_cache.ts";
import { formatPrompt } from "./shared/status_prompt.ts";
import { formatStatus, kindOf } from "./shared/status_table.ts";

const statusFormats = ["table", "json", "prompt"] as const;

/** The record. */
export const status: Command = {
  name: "status",
  topic: "keep",
  summary: "Show which credentials are cached on disk, and when they expire",
  description:
    "Lists what is cached in ~/.aws/stsaval. Shows no secret, makes no network call. --format json gives\n" +
    '{"version": 1, "entries": [{"profile", "kind": "role", "session-token", or the source that gave it,\n' +
    'such as "sso"; "roleArn", "mfaSerial", "region", "issued", "expires", "secondsLeft"}],\n' +
    'and "answers": [{"profile", "freshUntil", "secondsLeft"}] where answers are kept, and "sealedBy" where the\n' +
    'cache is sealed: what keeps its key, such as "keyctl"}, with null for what an\n' +
    "entry lacks. Later versions add fields; none is renamed or removed. An answer is what stsaval-process\n" +
    "prints without starting stsaval, for as long as it is fresh. --format prompt is for the prompt of a shell:\n" +
    "the profile in use and the time left, such as 'dev 43m', or nothing.",
  options: [
    {
      name: "format",
      value: "FORMAT",
      choices: [...statusFormats],
      summary: "table (default), json, or prompt for the prompt of a shell",
    },
  ],
  examples: [
    { line: "stsaval status", summary: "a table" },
    { line: "stsaval status --format json", summary: "for programs" },
    { line: "stsaval status --format prompt", summary: "for a shell prompt, tmux or starship" },
  ],
  environment: [
    "STSAVAL_CACHE_DIR: the cache folder, instead of ~/.aws/stsaval",
    "AWS_CREDENTIAL_EXPIRATION, STSAVAL_PROFILE, AWS_PROFILE, AWS_DEFAULT_PROFILE: what a prompt is about",
  ],
  needs: ["cache", "shell-variables"],
  run: runStatus,
};

async function runStatus(invocation: Invocation): Promise<number> {
  const { arguments: given, logger, system } = invocation;
  const name = given.text("format") ?? (given.flag("json") ? "json" : "table");
  const format = statusFormats.find((known) => known === name);
  if (format === undefined) {
    throw new UsageError(`Cannot use "${name}" for --format: wanted table, json or prompt`);
  }
  const { clock, terminal } = system;
  const cache = openCache(invocation);
  const entries = await cache.list();
  if (format === "prompt") {
    terminal.out(formatPrompt(entries, system));
    return 0;
  }
  if (entries.length === 0) checkUnseen(cache);
  const sealedBy = await cache.sealedBy();
  const answers = await createAnswerFolder({ ...system, logger })?.list() ?? [];
  const now = clock.now();
  const columns = terminal.outIsTerminal ? terminal.columns() : undefined;
  terminal.out(
    format === "json"
      ? formatJson({ entries, answers, sealedBy }, now)
      : formatStatus({ entries, answers, sealedBy }, {
        now,
        columns,
        color: hasColor(system, "out"),
      }),
  );
  checkUnseen(cache);
  return 0;
}

/** The schema of `--format json`, version 1: fields are added, never renamed or removed. */
function formatJson({ entries, answers, sealedBy }: {
  readonly entries: readonly CacheListing[];
  readonly answers: readonly KeptAnswer[];
  readonly sealedBy: string | undefined;
}, now: number): string {
  const found = {
    version: 1,
    entries: entries.map((entry) => describe(entry, now)),
    answers: answers.length === 0 ? undefined : answers.map((one) => describeAnswer(one, now)),
    sealedBy,
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
