/**
 * `stsaval refactor`: role definitions that are kept outside `~/.aws`.
 *
 * @module
 */

import { UsageError } from "../../../errors.ts";
import type { Command, Invocation } from "../../command.ts";
import { openCore } from "../../context.ts";
import { emit } from "../../output.ts";

/** The record. */
export const refactor: Command = {
  name: "refactor",
  topic: "setUp",
  summary: "Print the role definitions of a file as JSON",
  description:
    "Reads role definitions from a file in the format of ~/.aws/credentials or ~/.aws/config, at any path,\n" +
    "and prints them as JSON. Long-term keys are never printed.",
  operands: "FILE",
  options: [
    {
      name: "output",
      value: "FILE",
      summary: "Write to FILE (mode 0600) instead of standard output",
    },
  ],
  examples: [
    { line: "stsaval refactor ~/myAccount/role_credentials", summary: "what the file defines" },
    {
      line: "stsaval creds acme-db-dev --role-file ~/myAccount/role_credentials",
      summary: "use it without printing it",
    },
  ],
  environment: [],
  needs: ["read-file", "write-output"],
  run: runRefactor,
};

async function runRefactor(invocation: Invocation): Promise<number> {
  const { operands } = invocation.arguments;
  const [file] = operands;
  if (file === undefined || operands.length > 1) {
    const found = file === undefined ? "no file" : `${operands.length} files`;
    throw new UsageError(`Cannot read role definitions: found ${found}, wanted one`, {
      hint: "see 'stsaval help refactor'",
    });
  }
  const core = await openCore(invocation);
  await using _core = core;
  const roles = await core.refactor(file);
  await emit(invocation, `${JSON.stringify(roles, null, 4)}\n`);
  return 0;
}
