/**
 * Adds profiles to the texts of the two files, at their ends. Nothing that is there is changed, and no section of a name
 * that is there is added.
 *
 * @module
 */

import { ConfigError } from "../../errors.ts";
import { mask } from "../../masking.ts";
import { linesOf } from "./managed_block.ts";
import { type IniKind, readHeader } from "./section_header.ts";
import { settingNames } from "./setting_names.ts";

/** Long-term keys of a new profile. */
export interface NewKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A role of its own profile. */
export interface NewRole {
  readonly name: string;
  readonly roleArn: string;
}

/** What is added. */
export interface NewProfiles {
  /** The profile of the user. */
  readonly user: string;
  /** Undefined where the profile has keys already. */
  readonly keys?: NewKeys | undefined;
  readonly mfaSerial?: string | undefined;
  readonly region?: string | undefined;
  readonly endpointUrl?: string | undefined;
  readonly roles: readonly NewRole[];
}

/** One of the two files. */
export interface FileText {
  readonly path: string;
  /** Undefined where there is none. */
  readonly text: string | undefined;
}

/** A changed file. */
export interface ChangedFile {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string;
  /** The lines that were added, without the secret. */
  readonly diff: readonly string[];
}

type Section = readonly string[];

/**
 * The config file with the profiles of the user and its roles. A section of the user that is there stays as it is.
 *
 * @throws {ConfigError} when there is a section of the name of a role
 */
export function addToConfig(file: FileText, added: NewProfiles): ChangedFile | undefined {
  const { mfaSerial, region, endpointUrl, roles, user } = added;
  for (const { name } of roles) refuseTaken(file, "config", name);
  const place = [
    ...setting(settingNames.region, region),
    ...setting(settingNames.endpointUrl, endpointUrl),
  ];
  const device = setting(settingNames.mfaSerial, mfaSerial);
  const own = [...place, ...device];
  const hasOwn = own.length > 0 && lineOfSection(file, "config", user) === undefined;
  return changed(file, [
    ...(hasOwn ? [[header(user), ...own]] : []),
    ...roles.map(({ name, roleArn }) => [
      header(name),
      `${settingNames.roleArn} = ${roleArn}`,
      `${settingNames.sourceProfile} = ${user}`,
      ...device,
      ...place,
    ]),
  ]);
}

/**
 * The credentials file with the keys of the user; undefined where there are none to add.
 *
 * @throws {ConfigError} when there is a section of that name
 */
export function addToCredentials(file: FileText, added: NewProfiles): ChangedFile | undefined {
  const { keys, user } = added;
  if (keys === undefined) return undefined;
  refuseTaken(file, "credentials", user);
  return changed(file, [[
    `[${user}]`,
    `${settingNames.accessKeyId} = ${keys.accessKeyId}`,
    `${settingNames.secretAccessKey} = ${keys.secretAccessKey}`,
  ]]);
}

function header(name: string): string {
  return name === "default" ? "[default]" : `[profile ${name}]`;
}

function setting(key: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`${key} = ${value}`];
}

function refuseTaken(file: FileText, kind: IniKind, name: string): void {
  const line = lineOfSection(file, kind, name);
  if (line === undefined) return;
  throw new ConfigError(
    "Cannot add a profile to",
    { file: file.path, line },
    `found a section for "${name}", which is never overwritten`,
    { hint: "take another name, or remove that section" },
  );
}

/** The line of a section that some reader takes for the profile. */
function lineOfSection({ text = "" }: FileText, kind: IniKind, name: string): number | undefined {
  for (const line of linesOf(text)) {
    const shown = line.text.replace(/^\ufeff/, "").trim();
    if (!shown.startsWith("[")) continue;
    const found = readHeader(shown, kind);
    const isProfile = "name" in found
      ? (found.kind === "profile" || found.kind === "default") && found.name === name
      : found.meant === name;
    if (isProfile) return line.number;
  }
  return undefined;
}

/** An empty line between sections, and the line ends of the file. */
function changed(
  { path, text: before }: FileText,
  sections: readonly Section[],
): ChangedFile | undefined {
  if (sections.length === 0) return undefined;
  const text = before ?? "";
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const added = sections.map((lines) => `${lines.join(lineEnd)}${lineEnd}`).join(lineEnd);
  const gap = text === "" ? "" : /[\r\n]$/.test(text) ? lineEnd : lineEnd + lineEnd;
  const lines = sections.flatMap((section, index) => index === 0 ? section : ["", ...section]);
  return {
    path,
    before,
    after: text + gap + added,
    diff: lines.map((line) => `+${withoutSecret(line)}`),
  };
}

function withoutSecret(line: string): string {
  return line.replace(new RegExp(`^(${settingNames.secretAccessKey} = ).*$`), `$1${mask}`);
}
