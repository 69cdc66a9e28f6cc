/**
 * The line that runs one command line of stsaval with Deno, with the permissions that it needs and no others.
 *
 * @module
 */

import { quotePosix } from "../../output/shell.ts";
import { resolveEndpoint } from "../../sts/endpoint.ts";
import type { Command } from "../command.ts";
import { sharesAwsCache } from "../core_settings.ts";
import type { ParsedArguments } from "../parse/arguments.ts";
import { permissionFlags } from "./flags.ts";
import { hostOf } from "./network.ts";
import type { NeedContext } from "./needs.ts";

/** Where Deno finds the command line of stsaval. */
export const packageSpecifier = "jsr:@x/stsaval/cli";

/** Stands for the home folder until the words are quoted; no path that a user names holds it. */
const home = "/\u0001home";

/** One flag a line, for sh, bash and zsh, which fill in `$HOME`. */
export async function denoLine(
  command: Command,
  words: readonly string[],
  given: ParsedArguments,
): Promise<string> {
  const flags = await permissionFlags(command.needs, contextOf(given), hostsOf(given));
  return [
    "deno run --no-prompt",
    ...flags.map(shortenVariables).map(shellWord),
    [packageSpecifier, command.name, ...words].map(shellWord).join(" "),
  ].join(" \\\n  ");
}

/** What the command line alone tells: no file is read. */
function contextOf(given: ParsedArguments): NeedContext {
  return {
    arguments: given,
    env: { get: (name) => name === "HOME" ? home : undefined },
    files: { target: (path) => Promise.resolve(path), list: () => Promise.resolve([]) },
    mfaPrograms: [],
    sharesAwsCache: sharesAwsCache(given) ?? false,
    sources: new Set(),
    programs: [],
    sourceSteps: [],
  };
}

/** The host that the options lead to; without them any region's, which is narrowed before the first call. */
function hostsOf(given: ParsedArguments): readonly string[] {
  const [endpointUrl, region] = [given.text("endpoint-url"), given.text("region")];
  if (endpointUrl === undefined && region === undefined) return ["*.amazonaws.com:443"];
  const endpoint = resolveEndpoint({
    ...(region === undefined ? {} : { region }),
    ...(endpointUrl === undefined ? {} : { endpointUrl }),
  });
  return [hostOf(endpoint.url)];
}

/** All variables of AWS by their common beginning: thirty names would hide the rest of the line. */
function shortenVariables(flag: string): string {
  const [start = "", names = ""] = flag.split("=", 2);
  if (start !== "--allow-env") return flag;
  const others = names.split(",").filter((name) => !name.startsWith("AWS"));
  return `${start}=${[...others, "AWS*"].join(",")}`;
}

function shellWord(word: string): string {
  if (/^[\w./:=,@%+-]+$/.test(word)) return word;
  if (!word.includes(home)) return quotePosix(word);
  return `"${word.replace(/[\\"$`]/g, "\\$&").replaceAll(home, "$HOME")}"`;
}
