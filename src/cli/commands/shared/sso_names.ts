/**
 * Names of profiles made from a template, such as `{account_name}-{role}`.
 *
 * @module
 */

import type { SsoRole } from "../../../config/file/sso_sections.ts";
import { UsageError } from "../../../errors.ts";

/** What stands for what. */
const places: Readonly<Record<string, (role: SsoRole) => string>> = {
  account: ({ accountId }) => accountId,
  "account_name": ({ accountId, accountName }) => accountName === "" ? accountId : accountName,
  role: ({ roleName }) => roleName,
};

/** The places of a template, for help. */
export const placeNames: readonly string[] = Object.keys(places).map((name) => `{${name}}`);

/** What every reader of the files takes as a profile's name. */
const otherCharacters = /[^A-Za-z0-9_.@+/-]+/g;

/**
 * The function that a template stands for. Characters that some reader of the files does not take become hyphens.
 *
 * @throws {UsageError} where the template names an unknown place, or would give all roles one name
 */
export function parseNameTemplate(template: string): (role: SsoRole) => string {
  const names = [...template.matchAll(/\{([^{}]*)\}/g)].map(([, name = ""]) => name);
  const unknown = names.find((name) => !Object.hasOwn(places, name));
  const wanted = `wanted text with ${placeNames.join(", ")}`;
  if (unknown !== undefined) {
    throw new UsageError(`Cannot use "${template}" for --name: found {${unknown}}, ${wanted}`);
  }
  if (!names.includes("role") && !names.some((name) => name.startsWith("account"))) {
    throw new UsageError(`Cannot use "${template}" for --name: it names no role, ${wanted}`);
  }
  return (role) =>
    template.replaceAll(/\{([^{}]*)\}/g, (_, name) => places[name]?.(role) ?? "")
      .replaceAll(otherCharacters, "-").replaceAll(/^-+|-+$/g, "");
}
