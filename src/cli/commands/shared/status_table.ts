/**
 * What is cached, as a table: whole names, account and role, and how long it lives.
 *
 * @module
 */

import type { KeptAnswer } from "../../../cache/answers.ts";
import type { CacheListing } from "../../../cache/port.ts";
import { formatInstant } from "../../../output/credential_table.ts";
import { type Cell, type Column, formatTable, visible } from "../../../output/table.ts";
import { barWidthFor, formatLeft, roleOfLeft } from "../../../output/time_left.ts";

/** What is shown of an answer that is kept for the script. */
type ShownAnswer = Pick<KeptAnswer, "profile" | "freshUntil">;

/** What is listed. */
export interface StatusContent {
  readonly entries: readonly CacheListing[];
  readonly answers: readonly ShownAnswer[];
  /** What keeps the key, where the cache is sealed. */
  readonly sealedBy?: string | undefined;
}

/** How it is drawn. */
export interface StatusOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The width of the terminal; undefined for a pipe. */
  readonly columns: number | undefined;
  readonly color: boolean;
}

/** What an entry is: credentials that are neither a role's nor a session token's are named by their source. */
export function kindOf(operation: string): string {
  if (operation === "AssumeRole") return "role";
  if (operation === "GetScopedCredentials") return "scoped copy";
  return operation === "GetSessionToken" ? "session token" : operation;
}

/** The table. Columns are left out from the right, and names are cut only where nothing else is left. */
export function formatStatus(
  { entries, answers, sealedBy }: StatusContent,
  options: StatusOptions,
): string {
  const seal = sealedBy === undefined ? "" : `The cache is sealed: ${keeperOf(sealedBy)}\n`;
  if (entries.length === 0 && answers.length === 0) return `Nothing is cached\n${seal}`;
  const rows = [
    ...entries.map((entry) => entryRow(entry, options)),
    ...answers.map((answer) => answerRow(answer, options)),
  ];
  return formatTable(columnsFor(options.columns), rows, options) + seal;
}

function keeperOf(name: string): string {
  return name === "" ? "its key is lost" : `its key is kept by ${visible(name)}`;
}

const gap = 2;
const leastName = 12;
const timeWidth = "expired".length;

/** On a narrow terminal the name may take what the time leaves. */
function columnsFor(width = Infinity): readonly Column[] {
  const forName = width - gap - barWidthFor(width) - 1 - timeWidth;
  return [
    { title: "PROFILE", least: Math.max(leastName, forName) },
    { title: "ROLE", least: 12, spare: true },
    { title: "ACCOUNT", spare: true },
    { title: "LEFT" },
    { title: "EXPIRES AT", spare: true },
  ];
}

function entryRow(entry: CacheListing, { now, columns = Infinity }: StatusOptions): Cell[] {
  const { profile, roleArn, mfaSerial, credentials } = entry;
  const left = credentials.Expiration.getTime() - now;
  const life = credentials.Expiration.getTime() - credentials.StartTime.getTime();
  return [
    profile,
    whatOf(entry),
    accountOf(roleArn ?? mfaSerial),
    formatLeft({ left, life, role: roleOfLeft(left), columns }),
    { text: formatInstant(credentials.Expiration), role: "dim" },
  ];
}

/** The role's name, without its path; for other credentials, what they are. */
function whatOf({ operation, roleArn }: CacheListing): Cell {
  const role = roleArn?.split("/").at(-1);
  if (operation === "AssumeRole" && role !== undefined) return role;
  const kind = kindOf(operation);
  return { text: role === undefined ? kind : `${role} (${kind})`, role: "dim" };
}

function accountOf(arn = ""): string {
  return /^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(arn)?.[1] ?? "";
}

function answerRow(
  { profile, freshUntil }: ShownAnswer,
  { now, columns = Infinity }: StatusOptions,
): Cell[] {
  const end = freshUntil * 1_000;
  const left = end - now;
  return [
    profile,
    { text: "answer", role: "dim" },
    "",
    formatLeft({ left, life: undefined, role: roleOfLeft(left), columns }),
    { text: formatInstant(new Date(end)), role: "dim" },
  ];
}
