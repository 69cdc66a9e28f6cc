/**
 * What may help when STS refuses what a session is sent: policies, tags, the source identity, and scoped copies.
 *
 * @module
 */

import type { CallSubject, FailedCall } from "./failed_call.ts";

/** A hint, and the failures that it belongs to. */
export interface HintRow {
  readonly code: RegExp;
  /** Matched against the text that STS sent. */
  readonly text?: RegExp;
  readonly operation?: CallSubject["operation"];
  readonly hint: (call: FailedCall) => string;
}

/** The rows; they stand before the others, which are about roles as such. */
export const sessionRows: readonly HintRow[] = [
  {
    code: /^PackedPolicyTooLarge/,
    hint: ({ failure }) => {
      const [percent] = /\d+(?:\.\d+)?\s?%/.exec(failure.text) ?? [];
      const much = percent === undefined ? "" : ` (${percent.replace(" ", "")} of it is taken)`;
      return `policies and tags share the place that a session token has${much}: send fewer or shorter ones; AWS packs ` +
        "them, so this limit is another one than that of 2048 characters";
    },
  },
  {
    code: /^MalformedPolicyDocument/,
    hint: (call) =>
      `IAM does not accept the policy${
        seenIn(call)
      }; 'aws accessanalyzer validate-policy' says where it is wrong`,
  },
  {
    code: /^InsufficientSessionLifetime/,
    hint: () =>
      "a scoped copy ends with its session at the latest: ask for a shorter life, or for none",
  },
  {
    code: /^InvalidSubjectCredentials/,
    hint: () =>
      "scoped copies are made of valid temporary credentials alone, not of a user's long-term keys",
  },
  {
    code: /^(InvalidAction|UnknownOperationException|UnknownOperation|InvalidRequest)$/,
    operation: "GetScopedCredentials",
    hint: ({ endpoint }) =>
      `"${
        new URL(endpoint.url).host
      }" does not know GetScopedCredentials, which is new since November 2026 and not on the ` +
      "global endpoint: use a regional endpoint; or narrow a role with --policy, which every endpoint takes",
  },
  {
    code: /^AccessDenied/,
    operation: "GetScopedCredentials",
    hint: () =>
      "a policy may deny sts:GetScopedCredentials to the session; and a session takes three scopes at most, one on another",
  },
  {
    code: /^AccessDenied/,
    text: /sts:TagSession/,
    hint: () =>
      "to send tags, the role's trust policy and the caller's own must allow sts:TagSession",
  },
  {
    code: /^AccessDenied/,
    text: /sts:SetSourceIdentity/,
    hint: () =>
      "to send a source identity, the role's trust policy and the caller's own must allow sts:SetSourceIdentity",
  },
];

function seenIn({ subject: { profile } }: FailedCall): string {
  return profile === undefined ? "" : ` that 'stsaval explain' shows for profile "${profile}"`;
}
