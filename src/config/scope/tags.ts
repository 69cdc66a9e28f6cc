/**
 * Tags of sessions: as they are written, and the rules that STS has for them.
 *
 * @module
 */

import type { SessionTag } from "../../plan.ts";
import { quoteValue } from "../file/quote.ts";
import { fault } from "./fault.ts";

const mostTags = 50;
const keyPattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const valuePattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;
const characters = 'letters, digits, spaces and "_.:/=+-@"';

/** The next item of a list: everything up to a comma, a backslash and what it stands before. */
const item = /(?:\\[^]|[^,\\])+/g;

/**
 * The tags of a list such as `team=web,cost-center=12`, as aws-vault writes it. The first `=` ends a key; `\=` is one
 * that does not.
 *
 * @throws {Fault} when STS allows it not
 */
export function parseTags(written: string): readonly SessionTag[] {
  return (written.match(item) ?? []).filter((text) => text.trim() !== "").map(parseTag);
}

/** One tag: `team=web`. @throws {Fault} when there is no `=` */
export function parseTag(written: string): SessionTag {
  const [, key, value] = /^((?:\\[^]|[^=\\])*)=([^]*)$/.exec(written) ?? [];
  if (key === undefined || value === undefined) {
    fault(`has ${quoteValue(written.trim())}, wanted KEY=VALUE`);
  }
  return { key: unescape(key), value: unescape(value) };
}

/** The keys of a list such as `team,cost-center`. */
export function parseKeys(written: string): readonly string[] {
  return (written.match(item) ?? []).map(unescape).filter((key) => key !== "");
}

function unescape(text: string): string {
  return text.replace(/\\([^])/g, "$1").trim();
}

/** The tags as they can be written in a file. */
export function formatTags(tags: readonly SessionTag[]): string {
  return tags.map(({ key, value }) => `${key.replaceAll("=", "\\=")}=${value}`).join(",");
}

/**
 * Tags of two origins; the later win. STS compares keys without regard to case.
 */
export function mergeTags(
  tags: readonly SessionTag[],
  later: readonly SessionTag[],
): readonly SessionTag[] {
  const replaced = new Set(later.map(({ key }) => key.toLowerCase()));
  return [...tags.filter(({ key }) => !replaced.has(key.toLowerCase())), ...later];
}

/** @throws {Fault} when STS does not allow the tags */
export function checkTags(tags: readonly SessionTag[]): void {
  if (tags.length > mostTags) fault(`has ${tags.length} tags, wanted at most ${mostTags}`);
  const keys = new Map<string, string>();
  for (const { key, value } of tags) {
    checkKey(key);
    if (!valuePattern.test(value)) {
      const length = [...value].length;
      fault(
        `has ${quoteValue(value)} as the value of tag ${
          quoteValue(key)
        }, wanted at most 256 ${characters}` +
          (length > 256 ? ` (found ${length} characters)` : ""),
      );
    }
    const same = keys.get(key.toLowerCase());
    if (same !== undefined) {
      fault(
        `has the tags ${quoteValue(same)} and ${quoteValue(key)}, wanted each key once in any case`,
      );
    }
    keys.set(key.toLowerCase(), key);
  }
}

function checkKey(key: string): void {
  if (!keyPattern.test(key)) {
    const length = [...key].length;
    fault(
      `has ${quoteValue(key)} as the key of a tag, wanted 1 to 128 ${characters}` +
        (length > 128 ? ` (found ${length} characters)` : ""),
    );
  }
  if (/^aws:/i.test(key)) {
    fault(`has the tag ${quoteValue(key)}: AWS alone may begin keys with "aws:"`);
  }
}

/** @throws {Fault} when STS does not allow the keys beside these tags */
export function checkTransitiveKeys(keys: readonly string[], tags: readonly SessionTag[]): void {
  if (keys.length > mostTags) fault(`has ${keys.length} keys, wanted at most ${mostTags}`);
  const known = new Set(tags.map(({ key }) => key.toLowerCase()));
  for (const key of keys) {
    checkKey(key);
    if (!known.has(key.toLowerCase())) {
      fault(`names ${quoteValue(key)}, wanted the key of a tag of this session`);
    }
  }
}
