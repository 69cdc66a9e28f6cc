/**
 * Plans that AWS is known to refuse, whatever its policies say: told before a code is spent on them.
 *
 * @module
 */

import type { Chain } from "./chain.ts";
import type { MfaChoice } from "./mfa_choice.ts";
import { failProfile, settingAt } from "./problem.ts";
import { settingNames } from "../file/setting_names.ts";

/**
 * Fails where the chain goes from one of AWS's partitions to another: keys, devices and roles of one are unknown in the
 * others.
 *
 * @throws {ProfileError} naming both settings
 */
export function checkPartitions({ profile, roles }: Chain, mfa: MfaChoice | undefined): void {
  const [first] = roles;
  if (first === undefined) return;
  const own = partitionOf(first.roleArn);
  const others = [
    ...roles.slice(1).map((role) => ({
      arn: role.roleArn,
      what: settingAt(role.profile, "roleArn"),
    })),
    ...(mfa === undefined ? [] : [{ arn: mfa.serial, what: `the MFA device ${mfa.serial}` }]),
  ];
  for (const { arn, what } of others) {
    const partition = partitionOf(arn);
    if (own === undefined || partition === undefined || own === partition) continue;
    failProfile(
      profile.name,
      `${settingAt(first.profile, "roleArn")} is of partition ${own}, but ${what} of ${partition}`,
      "AWS keeps its partitions apart: use a user, a device and roles of the same one",
    );
  }
}

/** The partition of an ARN of AWS's IAM; other servers have accounts of other forms. */
function partitionOf(arn: string): string | undefined {
  return /^arn:(aws(?:-[a-z-]+)?):iam::\d{12}:/.exec(arn)?.[1];
}

/** What to know of roles that name a device although a role stands before them: AWS takes no code from a role. */
export function mfaBehindRole({ roles, baseProfile }: Chain): readonly string[] {
  const { roleArn, sourceProfile } = settingNames;
  return roles.slice(1).filter(({ profile }) => profile.mfaSerial !== undefined).map(
    ({ profile }) =>
      `Profile "${profile.name}" names an MFA device, but ${roleArn} is assumed from another role, and AWS does ` +
      `not pass MFA on: if its trust policy requires MFA, it is refused; then let ${sourceProfile} be ` +
      `"${baseProfile.name}"`,
  );
}
