/**
 * The files of policies that a command line is about: those of its profiles, and those that its options name.
 *
 * @module
 */

import { folderOf, policyFile } from "../../config/scope/policy_value.ts";
import type { Profile } from "../../config/profile.ts";
import type { Environment } from "../../system.ts";
import type { ParsedArguments } from "../parse/arguments.ts";

/** The options whose value may be the path of a policy. */
export const policyOptions = ["policy", "scope"] as const;

/** The settings whose value may be one. */
const policyFields = ["policy", "scopePolicy"] as const;

/** The paths. */
export function policyFiles(
  profiles: Iterable<Profile>,
  given: ParsedArguments,
  env: Environment,
): readonly string[] {
  const named = [...profiles].flatMap((profile) =>
    policyFields.flatMap((field) => {
      const [value, file] = [profile[field], profile.places[field]?.file];
      return value === undefined || file === undefined
        ? []
        : policyFile(value, env, folderOf(file)) ?? [];
    })
  );
  const typed = policyOptions.flatMap((option) => {
    const value = given.text(option);
    return value === undefined ? [] : policyFile(value, env) ?? [];
  });
  return [...new Set([...named, ...typed])];
}
