/**
 * `stsaval scopes`: the ready-made scopes, and the policy that each is sent as.
 *
 * @module
 */

import { Fault } from "../../../config/scope/fault.ts";
import {
  namedScope,
  nearestScope,
  readyMadeScopes,
  scopeContent,
  scopeForm,
} from "../../../config/scope/ready_made.ts";
import { settingNames } from "../../../config/profile.ts";
import { UsageError } from "../../../errors.ts";
import { visible } from "../../../output/table.ts";
import type { Command, Invocation } from "../../command.ts";

/** The record. */
export const scopes: Command = {
  name: "scopes",
  topic: "look",
  summary: "List the ready-made scopes, or show the policy of one",
  description:
    `A scope is what --scope and --policy take by name, and ${settingNames.scopePolicy} and ${settingNames.policy} in a profile. With a SCOPE it\n` +
    "prints the policy that is sent, for the partition aws; 'stsaval explain' shows it for a profile.\n" +
    'With --json the list is {"scopes":[{"name","summary","withholds"}]}. Makes no network call.',
  operands: "[SCOPE]",
  options: [],
  examples: [
    { line: "stsaval scopes", summary: "what there is, and what each does not allow" },
    { line: "stsaval scopes s3-read:reports/2026", summary: "the policy of one" },
  ],
  environment: [],
  needs: [],
  run: (invocation) => Promise.resolve().then(() => runScopes(invocation)),
};

function runScopes({ arguments: given, system }: Invocation): number {
  const [wanted, extra] = given.operands;
  if (extra !== undefined) {
    throw new UsageError(`Unexpected argument "${visible(extra)}": wanted at most one scope`);
  }
  system.terminal.out(
    wanted !== undefined ? policyOf(wanted) : given.flag("json") ? listForPrograms() : list(),
  );
  return 0;
}

function list(): string {
  return readyMadeScopes.map((scope) =>
    `${scopeForm(scope)}\n  ${scope.summary}\n  Not allowed: ${scope.withholds}\n`
  ).join("");
}

function listForPrograms(): string {
  const rows = readyMadeScopes.map((scope) => ({
    name: scopeForm(scope),
    summary: scope.summary,
    withholds: scope.withholds,
  }));
  return `${JSON.stringify({ scopes: rows }, null, 2)}\n`;
}

/** The policy, or the ARNs that stand for it. */
function policyOf(wanted: string): string {
  const named = namedScope(wanted);
  if (named === undefined) {
    const nearest = nearestScope(wanted);
    throw new UsageError(`Cannot find scope "${visible(wanted)}": no scope has that name`, {
      hint: nearest === undefined ? "'stsaval scopes' lists them" : `did you mean "${nearest}"?`,
    });
  }
  try {
    const { policy, policyArns = [] } = scopeContent(named, "aws");
    return policy === undefined
      ? policyArns.map((arn) => `${arn}\n`).join("")
      : `${JSON.stringify(JSON.parse(policy), null, 2)}\n`;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new UsageError(`Cannot use the scope: it ${error.message}`, { hint: error.hint });
  }
}
