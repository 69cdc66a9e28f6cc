/**
 * The policies of sessions: checked when a session begins, and asked afterwards what the session may do.
 *
 * @module
 */

import type { EmulatorIdentity, SessionPolicies } from "../world/identity.ts";
import { parsePolicy, type PolicyDocument } from "./document.ts";
import { isAllowedBy, type PolicyLayer, type PolicyQuestion } from "./evaluate.ts";
import type { ManagedPolicies } from "./managed.ts";

/** Reads and evaluates the policies of sessions. */
export class SessionPolicyReader {
  readonly #managed: ManagedPolicies;

  /** Managed policies are looked up in `managed`. */
  constructor(managed: ManagedPolicies) {
    this.#managed = managed;
  }

  /**
   * Rejects policies that STS does not take.
   *
   * @throws {EmulatorError} MalformedPolicyDocument, or ValidationError for a managed policy that does not exist
   */
  check(
    { policy, policyArns = [] }: {
      readonly policy?: string | undefined;
      readonly policyArns?: readonly string[] | undefined;
    },
    account: string,
  ): void {
    if (policy !== undefined) parsePolicy(policy);
    for (const arn of policyArns) this.#managed.find(arn, account);
  }

  /**
   * True if the policies of the identity's session allow an action; true without any.
   *
   * @throws {TypeError} for a managed policy or an operator that the emulator does not know
   */
  allows(identity: EmulatorIdentity, question: PolicyQuestion): boolean {
    const layers = policiesOf(identity).map((policy) => this.#layer(policy, identity.account));
    return isAllowedBy(layers, inSession(identity, question));
  }

  /** As `allows`, but where the emulator does not know what a managed policy says, it may. */
  mayAllow(identity: EmulatorIdentity, question: PolicyQuestion): boolean {
    const known = policiesOf(identity).filter(({ policyArns }) =>
      policyArns.every((arn) => this.#managed.find(arn, identity.account) !== undefined)
    );
    const layers = known.map((policy) => this.#layer(policy, identity.account));
    return isAllowedBy(layers, inSession(identity, question));
  }

  #layer({ policy, policyArns }: SessionPolicies, account: string): PolicyLayer {
    const managed = policyArns.map((arn): PolicyDocument => {
      const document = this.#managed.find(arn, account);
      if (document !== undefined) return document;
      throw new TypeError(`the emulator does not know what ${arn} allows`);
    });
    return policy === undefined ? managed : [parsePolicy(policy), ...managed];
  }
}

function policiesOf({ session }: EmulatorIdentity): readonly SessionPolicies[] {
  return session?.policies ?? [];
}

/** The question, with what every request of the session tells. */
function inSession(identity: EmulatorIdentity, question: PolicyQuestion): PolicyQuestion {
  const { tags = [], sourceIdentity } = identity.session ?? {};
  const context = {
    "aws:PrincipalAccount": identity.account,
    "aws:PrincipalArn": identity.roleArn ?? identity.arn,
    ...sourceIdentity === undefined ? {} : { "aws:SourceIdentity": sourceIdentity },
    ...Object.fromEntries(tags.map(({ key, value }) => [`aws:PrincipalTag/${key}`, value])),
    ...question.context,
  };
  return { ...question, context };
}
