/**
 * What `stsaval explain` says of the default chain: which link counts, what it shadows, and where AWS's SDKs disagree.
 *
 * @module
 */

import type { Config } from "../load.ts";
import { type ChainLink, chainLinks, defaultLink } from "./default_chain.ts";

/** The notices for a command line that names no profile, and on which `name` is used. */
export function defaultChainNotices(config: Config, name: string | undefined): readonly string[] {
  if (name === undefined) return [];
  const { environment, env } = config;
  const links = chainLinks(config);
  const winner = environment.profile === undefined ? defaultLink(config) : undefined;
  const variable = env.get("AWS_PROFILE") === undefined ? "AWS_DEFAULT_PROFILE" : "AWS_PROFILE";
  const why = environment.profile !== undefined
    ? `${variable} names "${name}"`
    : winner === undefined
    ? `nothing else says which, so "${name}" is used, the only profile that leads to credentials`
    : `the first link of the default chain is used: ${linkWords(winner)}`;
  const shadowed = links.filter((link) =>
    link.kind !== winner?.kind && link.name !== name && link.kind !== "instance-metadata"
  );
  return [
    `no profile was named: ${why}`,
    ...(shadowed.length === 0 ? [] : [`this shadows ${shadowed.map(linkWords).join(", and ")}`]),
    ...disagreements(winner, shadowed, environment.profile),
  ];
}

function linkWords({ kind, name, reason }: ChainLink): string {
  return kind === "profile" ? `profile "${name}" (${reason})` : `${name} (${reason})`;
}

/** Where others would take another of the links. */
function disagreements(
  winner: ChainLink | undefined,
  shadowed: readonly ChainLink[],
  named: string | undefined,
): readonly string[] {
  const shadows = (kind: ChainLink["kind"]) => shadowed.some((link) => link.kind === kind);
  if (named !== undefined && shadows("environment")) {
    return ["the AWS CLI and boto3 take the keys of the environment before AWS_PROFILE"];
  }
  if (winner?.kind === "web-identity" && shadows("profile")) {
    return [
      'the AWS SDKs for JavaScript and Rust take profile "default" before web identity, and the AWS CLI and boto3 ' +
      "do where it assumes a role",
    ];
  }
  return [];
}
