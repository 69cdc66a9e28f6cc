/**
 * Plans: what has to be done to get the credentials of a profile, as plain data, each step with its reason. `config/`
 * makes them, `session/` carries them out, `stsaval explain` prints them.
 *
 * @module
 */

import type { AccessKeys } from "./credentials.ts";

/** Which STS endpoint a call goes to. Where nothing is set, the partition's own default region is used. */
export interface EndpointSettings {
  /** Such as "eu-west-1". */
  readonly region?: string;
  /** The partition of the ARNs concerned, such as "aws-us-gov": decides the region where none is set. */
  readonly partition?: string;
  /** A custom endpoint, such as "http://127.0.0.1:5000". */
  readonly endpointUrl?: string;
  /** Use the FIPS endpoint. */
  readonly useFips?: boolean;
  /** Use the endpoint that speaks IPv6 too. */
  readonly useDualstack?: boolean;
  /** `sts_regional_endpoints = legacy`: the global host in the old regions. */
  readonly legacyGlobal?: boolean;
}

/** The long-term (or given temporary) keys that a plan starts from. */
export interface KeysStep {
  readonly kind: "static-keys" | "environment";
  /** The profile that holds the keys, or that names the environment as their source. */
  readonly profile: string;
  readonly keys: AccessKeys;
  readonly reason: string;
}

/** Base credentials that are fetched from somewhere, by a kind of source in `src/source/`. */
export interface SourceStep {
  readonly kind: "source";
  /** The kind of source: the name of a row of the table in `src/source/`, such as "sso". */
  readonly source: string;
  /** The profile that names it. */
  readonly profile: string;
  /** What is fetched: equal settings give equal credentials. May hold a secret, such as a command line. */
  readonly settings: Readonly<Record<string, string>>;
  /** The same for people: the program, the file, the start URL. Never a secret. */
  readonly detail: string;
  /** True for a kind that stsaval recognizes and does not fetch. */
  readonly onlyNamed?: boolean;
  readonly reason: string;
}

/** What a plan can start from. */
export type BaseStep = KeysStep | SourceStep;

/** `sts:GetSessionToken`, signed with the base keys. */
export interface SessionStep {
  readonly kind: "get-session-token";
  /** The MFA device whose code goes with the call; without one no code is asked for. */
  readonly mfaSerial?: string;
  /** The command that a profile names for the device's codes, as it is written. It may hold a secret. */
  readonly mfaProcess?: string;
  /** Seconds, 900 to 129,600. */
  readonly durationSeconds: number;
  readonly endpoint: EndpointSettings;
  readonly reason: string;
}

/** The settings by which the AWS CLI names a role in its own cache. */
export interface AwsCliRole {
  readonly roleArn: string;
  readonly roleSessionName?: string;
  readonly externalId?: string;
  readonly mfaSerial?: string;
  readonly durationSeconds?: number;
}

/** `sts:AssumeRole`, signed with what the step before it gave. */
export interface RoleStep {
  readonly kind: "assume-role";
  /** The profile that names the role. */
  readonly profile: string;
  readonly roleArn: string;
  readonly roleSessionName: string;
  readonly externalId?: string;
  /** Seconds, 900 to 43,200. */
  readonly durationSeconds: number;
  /** The MFA device whose code goes with this very call, where no session token carries it. */
  readonly mfaSerial?: string;
  /** The command that a profile names for the device's codes, as it is written. It may hold a secret. */
  readonly mfaProcess?: string;
  /** Present where the AWS CLI's cache is shared. */
  readonly awsCli?: AwsCliRole;
  readonly endpoint: EndpointSettings;
  readonly reason: string;
}

/** One step of a plan. */
export type PlanStep = BaseStep | SessionStep | RoleStep;

/** How the credentials of one profile come about. */
export interface CredentialPlan {
  /** The profile asked for. */
  readonly profile: string;
  /** Where the chain begins. */
  readonly base: BaseStep;
  /** The session token between the base keys and the first role, where one is wanted. */
  readonly session?: SessionStep;
  /** The roles, in the order in which they are assumed. Empty for a profile that is only a user. */
  readonly roles: readonly RoleStep[];
  /** What the user should know, such as a duration that AWS caps. Never a secret. */
  readonly notices: readonly string[];
}

/** The plan's steps in the order in which they are carried out. */
export function planSteps(plan: CredentialPlan): readonly PlanStep[] {
  return plan.session === undefined
    ? [plan.base, ...plan.roles]
    : [plan.base, plan.session, ...plan.roles];
}

/** Whether a plan begins with keys that can sign a call. */
export function isKeysStep(step: PlanStep): step is KeysStep {
  return step.kind === "static-keys" || step.kind === "environment";
}
