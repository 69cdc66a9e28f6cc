/**
 * Web identity with a program that prints the token (`web_identity_token_process`, as aws-vault has it).
 *
 * @module
 */

import { failProfile, settingAt } from "../../config/plan/problem.ts";
import { settingNames } from "../../config/profile.ts";
import { describeCommand } from "../process/described_command.ts";
import { commandLineOf } from "../process/process_chain.ts";
import { createStep, type Source } from "../source.ts";
import { roleOf, roleSettings, roleUrl, withPolicies } from "./role.ts";

const source = "web-identity-process";
const field = "webIdentityTokenProcess";

/** The record. Whose token it prints is not known before it is run, so that nothing of it is kept on disk by itself. */
export const webIdentityProcess: Source = {
  source,
  withPolicies,
  isNamedBy: ({ webIdentityTokenProcess }) => webIdentityTokenProcess !== undefined,
  ofProfile({ asked, profile }) {
    if (profile.webIdentityTokenProcess === undefined) return undefined;
    const { roleArn } = settingNames;
    const where = settingAt(profile, field);
    return failProfile(asked, `${where} needs ${roleArn}, which is missing`, `add ${roleArn}`);
  },
  ofRole(recognition) {
    const { asked, profile } = recognition;
    const { webIdentityTokenProcess: command } = profile;
    const role = command === undefined ? undefined : roleOf(recognition);
    if (command === undefined || role === undefined) return undefined;
    const { detail, notices } = describeCommand(command, asked, profile, field);
    return createStep({
      ...{ source, profile, field },
      detail: `${detail}; role ${role.roleArn}`,
      // The AWS CLI and the SDKs do not know the setting: how they would run it says nothing.
      ...(notices.length === 0
        ? {}
        : { notices: [`${settingAt(profile, field)} is run by sh -c`] }),
      settings: { command, ...roleSettings(role) },
    });
  },
  urls: (step) => [roleUrl(step)],
  programs: (step, env) => [commandLineOf(step, env)],
  async fetch(step, context) {
    const [{ assumeWithToken }, { printedToken }] = await Promise.all([
      import("./assume.ts"),
      import("./printed_token.ts"),
    ]);
    return await assumeWithToken(step, () => printedToken(step, context), context);
  },
};
