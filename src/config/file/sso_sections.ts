/**
 * Profiles of IAM Identity Center in the text of a config file: those that are missing are added at its end, and those
 * that were added before and are gone may be removed. Every other byte stays.
 *
 * @module
 */

import { linesOf } from "./managed_block.ts";
import { readHeader } from "./section_header.ts";
import { readSetting } from "./setting_line.ts";
import { settingNames } from "./setting_names.ts";

/** A role (permission set) in an account. */
export interface SsoRole {
  readonly accountId: string;
  readonly accountName: string;
  readonly roleName: string;
}

/** What the profiles should be. */
export interface SsoProfilesRequest {
  /** The name of the `[sso-session …]` section. */
  readonly session: string;
  /** The roles that the person has. */
  readonly roles: readonly SsoRole[];
  /** The name of a role's profile. */
  readonly nameOf: (role: SsoRole) => string;
  /** The `region` of each; none where it is undefined. */
  readonly region: string | undefined;
  /** True removes profiles that were added before and whose role is gone. */
  readonly prune: boolean;
}

/** What becomes of the text. */
export interface SsoProfilesResult {
  readonly text: string;
  /** The names of the profiles that were added. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Roles that some profile names already, added before or written by hand. */
  readonly kept: readonly string[];
  /** Profiles that were added before and whose role is gone; they stay without `prune`. */
  readonly gone: readonly string[];
  /** The lines that were removed and added, in order, as in a diff. */
  readonly diff: readonly string[];
}

/** The first line below the header of a profile that was added here. */
const mark = "# added by 'stsaval sso profiles'";

interface Section {
  readonly name: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly settings: ReadonlyMap<string, string>;
  readonly isMarked: boolean;
}

/** The text with a profile for each role. */
export function addSsoProfiles(text: string, request: SsoProfilesRequest): SsoProfilesResult {
  const { session, roles, prune } = request;
  const sections = sectionsOf(text);
  const ofSession = sections.filter(({ settings }) =>
    settings.get(settingNames.ssoSession) === session
  );
  const wanted = new Set(roles.map(keyOf));
  const gone = ofSession.filter((section) => section.isMarked && !wanted.has(sectionKey(section)));
  const known = new Map(ofSession.map((section) => [sectionKey(section), section.name ?? ""]));
  const missing = roles.filter((role) => !known.has(keyOf(role)));
  const removed = prune ? gone : [];
  const remaining = withoutSections(text, removed);
  const names = new Set(sections.filter((one) => !removed.includes(one)).map(({ name }) => name));
  const added = missing.map((role) => ({
    role,
    name: freeName(request.nameOf(role), role, names),
  }));
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const blocks = added.map(({ role, name }) => formatSection(name, role, request, lineEnd));
  return {
    text: append(remaining, blocks, lineEnd),
    added: added.map(({ name }) => name),
    removed: removed.map(({ name = "" }) => name),
    kept: roles.flatMap((role) => known.get(keyOf(role)) ?? []),
    gone: gone.map(({ name = "" }) => name),
    diff: [
      ...removed.flatMap(({ start, end }) => prefixed("-", text.slice(start, end))),
      ...blocks.flatMap((block) => prefixed("+", block)),
    ],
  };
}

function keyOf({ accountId, roleName }: SsoRole): string {
  return JSON.stringify([accountId, roleName]);
}

function sectionKey({ settings }: Section): string {
  return JSON.stringify([
    settings.get(settingNames.ssoAccountId) ?? "",
    settings.get(settingNames.ssoRoleName) ?? "",
  ]);
}

/** The sections of a text, each up to the header of the next; comments above a header belong to that section's end. */
function sectionsOf(text: string): readonly Section[] {
  const found: { name: string | undefined; start: number; lines: string[] }[] = [];
  for (const line of linesOf(text)) {
    const trimmed = line.text.trim();
    if (/^\s*\[/.test(line.text)) {
      const header = readHeader(trimmed, "config");
      const name = "name" in header && header.kind !== "sso-session" && header.kind !== "services"
        ? header.name
        : undefined;
      found.push({ name, start: line.start, lines: [] });
    } else found.at(-1)?.lines.push(line.text);
  }
  return found.map(({ name, start, lines }, index) => ({
    ...{ name, start, end: found[index + 1]?.start ?? text.length },
    settings: settingsOf(lines),
    isMarked: lines[0]?.trim() === mark,
  }));
}

function settingsOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const line of lines) {
    const setting = readSetting(line);
    if ("key" in setting) settings.set(setting.key.toLowerCase(), setting.value);
  }
  return settings;
}

/** The empty line above a section was added with it, and goes with it. */
function withoutSections(text: string, sections: readonly Section[]): string {
  return sections.toReversed().reduce((rest, { start, end }) => {
    const before = rest.slice(0, start).replace(/(\r?\n)\r?\n$/, "$1");
    return before + rest.slice(end);
  }, text);
}

/** The name, or one with the account or a number behind it where another profile has it. */
function freeName(name: string, { accountId }: SsoRole, taken: Set<string | undefined>): string {
  let free = name;
  for (let number = 1; taken.has(free); number++) {
    free = number === 1 ? `${name}-${accountId}` : `${name}-${accountId}-${number}`;
  }
  taken.add(free);
  return free;
}

function formatSection(
  name: string,
  { accountId, roleName }: SsoRole,
  { session, region }: SsoProfilesRequest,
  lineEnd: string,
): string {
  return [
    `[profile ${name}]`,
    mark,
    `${settingNames.ssoSession} = ${session}`,
    `${settingNames.ssoAccountId} = ${accountId}`,
    `${settingNames.ssoRoleName} = ${roleName}`,
    ...(region === undefined ? [] : [`${settingNames.region} = ${region}`]),
    "",
  ].join(lineEnd);
}

/** An empty line between sections, and none at the end that was not there. */
function append(text: string, blocks: readonly string[], lineEnd: string): string {
  return blocks.reduce((whole, block) => {
    if (whole === "") return block;
    const ended = /[\r\n]$/.test(whole) ? whole : `${whole}${lineEnd}`;
    return `${ended}${lineEnd}${block}`;
  }, text);
}

function prefixed(sign: string, text: string): readonly string[] {
  return text.replace(/\r?\n$/, "").split(/\r?\n/).map((line) => `${sign}${line}`);
}
