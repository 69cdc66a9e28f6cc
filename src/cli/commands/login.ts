/**
 * `stsaval login`: ask for the code once, for every command and program after it.
 *
 * @module
 */

import { formatDuration } from "../../duration.ts";
import { StsavalError, UsageError } from "../../errors.ts";
import type { Command, Invocation } from "../command.ts";
import { mfaCodeOption, openCore } from "../context.ts";
import { networkEnvironment, profileEnvironment } from "../help.ts";
import { credentialNeeds } from "../needs.ts";
import { namedProfile } from "../one_profile.ts";
import {
  cacheOptions,
  codeOptions,
  fileOptions,
  oneProfileOption,
  stsOptions,
} from "../options.ts";

const defaultLifetime = "12h";

/** The record. */
export const login: Command = {
  name: "login",
  summary: "Ask for the MFA code of a profile once, for everything that comes after",
  description:
    "Gets a session token with the code and keeps it in ~/.aws/stsaval. Until it ends, no command and no program\n" +
    "that gets its credentials from stsaval asks for a code again.",
  options: [
    oneProfileOption,
    ...codeOptions,
    {
      name: "lifetime",
      value: "DURATION",
      summary: `Hours, or text such as 90m; 15m to 36h (${defaultLifetime})`,
    },
    ...cacheOptions.filter(({ name }) => name !== "cache"),
    ...stsOptions,
    ...fileOptions,
  ],
  examples: [
    { line: "stsaval login --profile dev", summary: "for twelve hours" },
    {
      line: "stsaval login --profile dev --lifetime 36h --share-aws-cache",
      summary: "for the AWS CLI's own profiles too",
    },
  ],
  environment: [...profileEnvironment, ...networkEnvironment],
  needs: credentialNeeds,
  run: runLogin,
};

async function runLogin(invocation: Invocation): Promise<number> {
  const { arguments: given, signal, system } = invocation;
  const name = namedProfile(invocation);
  if (name === undefined) {
    throw new UsageError("No profile named: wanted --profile", {
      hint: "'stsaval profiles' lists what is known",
    });
  }
  await using core = await openCore(invocation, { cache: "disk" });
  const set = await core.generateCredentials([name], {
    lifetime: given.text("lifetime") ?? defaultLifetime,
    mfaCode: mfaCodeOption(invocation),
    renew: true,
    signal,
  });
  const [status] = set.status();
  if (status === undefined) throw new StsavalError("FAILED", `Cannot log in to "${name}"`);
  const until = status.renewableUntil ?? status.expires;
  const left = formatDuration((until.getTime() - system.clock.now()) / 1_000);
  system.terminal.out(
    given.flag("json")
      ? `${JSON.stringify({ profile: name, until })}\n`
      : `"${name}" needs no code until ${until.toISOString()} (${left})\n`,
  );
  return 0;
}
