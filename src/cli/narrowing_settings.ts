/**
 * Maps the options that narrow and label credentials to settings of `StsCore`.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import type { NarrowingOptions } from "../session/scope/narrowing_options.ts";
import type { ParsedArguments } from "./parse/arguments.ts";

/**
 * The settings for these options. What they say is checked with the plans.
 *
 * @throws {UsageError} when a tag has no value, or one key has two
 */
export function narrowingSettings(given: ParsedArguments): NarrowingOptions {
  const arns = given.list("policy-arn");
  const tags = given.list("tag");
  return {
    policy: given.text("policy"),
    policyArns: arns.length === 0 ? undefined : arns,
    sessionTags: tags.length === 0 ? undefined : tagsOf(tags),
    sourceIdentity: given.text("source-identity"),
    scope: given.text("scope"),
    scopeFor: given.text("scope-for"),
    scopeDescription: given.text("scope-description"),
  };
}

/** `\=` is a sign of the key, as in the files. */
function tagsOf(words: readonly string[]): Readonly<Record<string, string>> {
  const tags = new Map<string, string>();
  for (const word of words) {
    const [, key, value] = /^((?:\\[^]|[^=\\])+)=([^]*)$/.exec(word) ?? [];
    if (key === undefined || value === undefined) {
      throw new UsageError(`Cannot use "${word}" for --tag: wanted KEY=VALUE`);
    }
    const name = key.replace(/\\([^])/g, "$1");
    if (tags.has(name)) {
      throw new UsageError(`Cannot use --tag "${word}": the key "${name}" has a value already`);
    }
    tags.set(name, value);
  }
  return Object.fromEntries(tags);
}
