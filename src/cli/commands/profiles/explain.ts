/**
 * `stsaval explain`: the plan of a profile, with the reason of each step.
 *
 * @module
 */

import { defaultChainNotices } from "../../../config/plan/default_chain_notices.ts";
import { UsageError } from "../../../errors.ts";
import { formatPlanTree } from "../../../output/plan_tree.ts";
import { painterFor } from "../../../output/style.ts";
import { visibleLines } from "../../../output/table.ts";
import type { Command, Invocation } from "../../command.ts";
import { openCore } from "../../context.ts";
import { showConfigWarnings } from "../shared/config_warnings.ts";
import { profileEnvironment } from "../../help/environment.ts";
import {
  fileOptions,
  githubOptions,
  lifetimeOption,
  mfaOptions,
  narrowingOptions,
  profilesOption,
  roleOptions,
  stsOptions,
} from "../../options.ts";
import { wantedRoles } from "../../extra_roles.ts";
import { knownConfig } from "../../known_config.ts";
import { typedNames } from "../../core_settings.ts";
import { wantedProfiles } from "../../profile_names.ts";

/** The record. */
export const explain: Command = {
  name: "explain",
  topic: "look",
  summary: "Show how the credentials of a profile are obtained, and why",
  description:
    "Prints the steps that 'stsaval creds' would take, each with its reason. Makes no network call.\n" +
    "Without a profile it also says which link of the default chain counts, and what that shadows:\n" +
    "the keys of the environment, web identity, the profile default, the container; then the instance.",
  operands: "[PROFILE…]",
  options: [
    {
      name: "format",
      value: "FORMAT",
      choices: ["tree", "json"],
      summary: "tree (default) or json",
    },
    profilesOption,
    ...roleOptions,
    ...narrowingOptions,
    ...githubOptions,
    ...mfaOptions.filter(({ name }) => name !== "mfa-code" && name !== "mfa-command"),
    lifetimeOption,
    ...stsOptions.filter((option) => option.name === "region" || option.name === "endpoint-url"),
    ...fileOptions,
  ],
  examples: [
    { line: "stsaval explain prod", summary: "as a tree" },
    { line: "stsaval explain dev prod --format json", summary: "two profiles, for programs" },
  ],
  environment: profileEnvironment,
  needs: ["read-aws", "policy-file", "default-chain", "github-variables"],
  run: runExplain,
};

async function runExplain(invocation: Invocation): Promise<number> {
  const { arguments: given, system } = invocation;
  const format = given.text("format") ?? (given.flag("json") ? "json" : "tree");
  if (format !== "tree" && format !== "json") {
    throw new UsageError(`Cannot use "${format}" for --format: wanted tree or json`);
  }
  await showConfigWarnings(invocation);
  const names = await wantedProfiles(invocation);
  const core = await openCore(invocation);
  await using _core = core;
  const { plans, ...explained } = await core.explain(names, {
    lifetime: given.text("lifetime"),
  });
  const notices = [...await chainNotices(invocation, names), ...explained.notices];
  const paint = painterFor(system, "out");
  system.terminal.out(
    format === "json"
      ? `${JSON.stringify({ plans, notices }, null, 2)}\n`
      : plans.map((plan) => formatPlanTree(plan, paint)).join("\n") +
        notices.map((notice) => `${paint("warning", "note:")} ${visibleLines(notice)}\n`).join(""),
  );
  return 0;
}

/** What is said of the default chain, where the command line names no profile. */
async function chainNotices(
  invocation: Invocation,
  names: readonly string[],
): Promise<readonly string[]> {
  const { arguments: given } = invocation;
  if (typedNames(given).length > 0 || given.flag("all")) return [];
  const config = await knownConfig(invocation);
  const onTop = wantedRoles(invocation).length > 0;
  const [first] = names;
  return defaultChainNotices(
    config,
    onTop ? config.profiles.get(first ?? "")?.sourceProfile : first,
  );
}
