/**
 * The rules of STS for the other parameters of a session: managed policies and the source identity.
 *
 * @module
 */

import { quoteValue } from "../file/quote.ts";
import { fault } from "./fault.ts";
import { mostPolicyCharacters } from "./policy.ts";

const mostArns = 10;

/** The ARNs of a list: commas, spaces or lines between them. */
export function parseArns(written: string): readonly string[] {
  return written.split(/[\s,]+/).filter((arn) => arn !== "");
}

/**
 * Checks ARNs of managed policies for the session of a role, beside a policy of its own.
 *
 * @throws {Fault} when STS does not allow them
 */
export function checkPolicyArns(
  arns: readonly string[],
  { roleArn, policy = "" }: { readonly roleArn: string; readonly policy?: string | undefined },
): void {
  if (arns.length > mostArns) fault(`has ${arns.length} ARNs, wanted at most ${mostArns}`);
  const [, partition, account] = /^arn:([^:]+):iam::(\d{12}):/.exec(roleArn) ?? [];
  for (const arn of arns) {
    const [, ownPartition, owner] = /^arn:([^:]+):iam::([^:]*):policy\/.+$/.exec(arn) ?? [];
    if (ownPartition === undefined || arn.length < 20 || arn.length > 2_048) {
      fault(
        `has ${quoteValue(arn)}, wanted the ARN of a managed policy of 20 to 2048 characters, ` +
          'such as "arn:aws:iam::aws:policy/ReadOnlyAccess"',
      );
    }
    if (partition !== undefined && ownPartition !== partition) {
      fault(`has ${quoteValue(arn)} of partition ${ownPartition}, wanted ${partition}, the role's`);
    }
    if (account !== undefined && owner !== "aws" && owner !== account) {
      fault(`has ${quoteValue(arn)}, wanted a policy of AWS or of account ${account}, the role's`);
    }
  }
  const all = policy.length + arns.join("").length;
  if (arns.length > 0 && policy !== "" && all > mostPolicyCharacters) {
    fault(
      `and the policy have ${all} characters together, wanted at most ${mostPolicyCharacters}`,
    );
  }
}

/** @throws {Fault} when STS does not allow it as `SourceIdentity` */
export function checkSourceIdentity(identity: string): void {
  if (/^[\w+=,.@-]{2,256}$/.test(identity)) return;
  const why = /^aws:/i.test(identity)
    ? `AWS alone may begin it with "aws:"`
    : 'wanted 2 to 256 letters, digits and "_+=,.@-"';
  fault(`is ${quoteValue(identity)}, ${why}`);
}
