/**
 * The line that runs one command line of stsaval with Deno, with the permissions that it needs and no others.
 *
 * @module
 */

import { definedFields } from "../../config/fields.ts";
import type { Logger } from "../../logger.ts";
import { quotePosix } from "../../output/shell.ts";
import type { EndpointSettings } from "../../plan.ts";
import { sourceOf } from "../../source/sources.ts";
import { resolveEndpoint } from "../../sts/endpoint.ts";
import { isSignInHost } from "../../sts/sign_in_endpoint.ts";
import type { Command } from "../command.ts";
import { sharesAwsCache } from "../core_settings.ts";
import type { ParsedArguments } from "../parse/arguments.ts";
import { permissionFlags } from "./flags.ts";
import { hostOf, isKnownUrl } from "./network.ts";
import { type NamedSources, type NamingPorts, noSources, policyFilesOf } from "./named_sources.ts";
import { type NeedContext, needRow } from "./needs.ts";
import { namedSources } from "./resolve_sources.ts";
import { lineOf } from "./sandbox.ts";

/** Where Deno finds the command line of stsaval. */
export const packageSpecifier = "jsr:@x/stsaval/cli";

/** Stands for the home folder until the words are quoted; no path that a user names holds it. */
const home = "/\u0001home";

/** What the line is made of. */
export interface DenoLineRequest {
  readonly command: Command;
  /** The command line that follows the command's name, as words and as it is parsed. */
  readonly words: readonly string[];
  readonly given: ParsedArguments;
}

/** The ports of {@linkcode denoLine}. */
export interface LinePorts extends NamingPorts {
  readonly logger: Logger;
}

/** One flag a line, for sh, bash and zsh, which fill in `$HOME`. */
export async function denoLine(
  { command, words, given }: DenoLineRequest,
  ports: LinePorts,
): Promise<string> {
  const named = command.needs.some((need) => needRow(need).sts || needRow(need).readsNamed)
    ? await namedSources(command, given, ports)
    : noSources;
  const hosts = new Set([...hostsOf(given), ...sourceHosts(named, ports)]);
  const policyFiles = await policyFilesOf(named.narrowedBy, given, ports.env);
  const context = contextOf(given, named, policyFiles, ports);
  const flags = await permissionFlags(command.needs, context, [...hosts]);
  return [
    "deno run --no-prompt",
    ...flags.map(shortenVariables).map(shellWord),
    [packageSpecifier, command.name, ...words].map(shellWord).join(" "),
  ].join(" \\\n  ");
}

/** What the command line and the profiles tell; the home folder is that of whoever runs the line. */
function contextOf(
  given: ParsedArguments,
  named: NamedSources,
  policyFiles: readonly string[],
  { env }: NamingPorts,
): NeedContext {
  return {
    ...named,
    arguments: given,
    env: {
      get: (name) => name === "HOME" ? home : env.get(name),
    },
    files: { target: (path) => Promise.resolve(path), list: () => Promise.resolve([]) },
    policyFiles,
    mfaPrograms: named.mfaCommands.flatMap(lineOf).map(({ words: [program = ""] }) => program),
    sharesAwsCache: sharesAwsCache(given) ?? named.sharesAwsCache,
  };
}

/**
 * The hosts of sign-ins and other sources; the regions of AWS Sign-In by one wildcard, since only the token names one. A
 * profile may name any host: one that is not AWS's is left to the person, who is told.
 */
function sourceHosts(
  { sourceSteps, sectionUrls }: NamedSources,
  { logger }: Pick<LinePorts, "logger">,
): readonly string[] {
  const urls = [
    ...sourceSteps.flatMap((step) => sourceOf(step).urls?.(step) ?? []),
    ...sectionUrls,
  ];
  for (const host of new Set(urls.filter((url) => !isKnownUrl(url)).map(hostOf))) {
    logger.warn(
      `permissions: "${host}" is none of AWS's hosts, so that the line does not allow it`,
    );
  }
  return urls.filter(isKnownUrl).map((url) => {
    const host = hostOf(url);
    return isSignInHost(new URL(url).hostname) ? host.replace(/^[^.]+/, "*") : host;
  });
}

/** The host that the options lead to; without them any region's, which is narrowed before the first call. */
function hostsOf(given: ParsedArguments): readonly string[] {
  const [endpointUrl, region] = [given.text("endpoint-url"), given.text("region")];
  if (endpointUrl === undefined && region === undefined) return ["*.amazonaws.com:443"];
  const endpoint = resolveEndpoint(definedFields<EndpointSettings>({ region, endpointUrl }));
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
