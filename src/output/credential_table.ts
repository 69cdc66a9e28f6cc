/**
 * Credentials as a human-readable table: profile, access key id, expiration.
 *
 * @module
 */

import { neverEnds } from "../credentials.ts";
import type { CredentialSet, FormatOptions } from "./credential_set.ts";
import { type Cell, type Column, formatTable, formatTimeLeft, visible } from "./table.ts";

const columns: readonly Column[] = [
  { title: "PROFILE", least: 12 },
  { title: "ACCESS KEY ID", spare: true },
  { title: "EXPIRES AT", spare: true },
  { title: "TIME LEFT" },
];

/** One row per profile; with `showSecrets` followed by every field in full, never truncated. */
export function formatCredentialTable(set: CredentialSet, options: FormatOptions): string {
  const rows = Object.entries(set).map(([key, credentials]): readonly Cell[] => [
    profileName(key),
    credentials.AccessKeyId,
    formatInstant(credentials.Expiration),
    timeLeft(credentials.Expiration.getTime() - options.now),
  ]);
  const table = formatTable(columns, rows, options);
  return options.showSecrets === true ? `${table}\n${formatSecrets(set)}` : table;
}

function profileName(key: string): string {
  return key.replace(/^sts-/, "");
}

/** `2026-01-01 01:00:00Z`; "never" for keys that do not end. */
export function formatInstant(date: Date): string {
  if (date.getTime() === neverEnds) return "never";
  return date.toISOString().replace("T", " ").replace(/\.\d+Z$/, "Z");
}

const soon = 15 * 60_000;

function timeLeft(ms: number): Cell {
  const role = ms <= 0 ? "error" : ms < soon ? "warning" : "ok";
  return { text: formatTimeLeft(ms), role };
}

function formatSecrets(set: CredentialSet): string {
  return Object.entries(set).map(([key, { AccessKeyId, SecretAccessKey, SessionToken }]) =>
    [
      `${visible(profileName(key))}\n`,
      `  AccessKeyId      ${visible(AccessKeyId)}\n`,
      `  SecretAccessKey  ${visible(SecretAccessKey)}\n`,
      SessionToken === "" ? "" : `  SessionToken     ${visible(SessionToken)}\n`,
    ].join("")
  ).join("\n");
}
