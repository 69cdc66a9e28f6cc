/**
 * Plans: the steps that get the credentials of a profile, as plain data, each with its reason. `config/` resolves them,
 * `session/` executes them, `stsaval explain` prints them.
 *
 * @module
 */

import type { AccessKeys } from "./credentials.ts";
import type { FilePlace } from "./errors.ts";

/** What may be a region: it becomes part of a host name, so it must not be able to name another host. */
export const regionPattern = /^(?!\d+$)(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/;

/** Selects the STS endpoint of a call. Without a region, the default region of the partition is used. */
export interface EndpointSettings {
  /** Such as "eu-west-1". */
  readonly region?: string;
  /** The partition of the ARNs involved, such as "aws-us-gov": selects the region if none is set. */
  readonly partition?: string;
  /** A custom endpoint, such as "http://127.0.0.1:5000". */
  readonly endpointUrl?: string;
  /** True where the caller allows plain http to other machines; never set by a file or the environment. */
  readonly allowHttp?: boolean;
  /** Use the FIPS endpoint. */
  readonly useFips?: boolean;
  /** Use the dual-stack (IPv4 and IPv6) endpoint. */
  readonly useDualstack?: boolean;
  /** `sts_regional_endpoints = legacy`: use the global endpoint in the legacy regions. */
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
  /** The profile that names it; empty where the environment does. */
  readonly profile: string;
  /** What is fetched: equal settings give equal credentials. May hold a secret, such as a command line. */
  readonly settings: Readonly<Record<string, string>>;
  /** The same for people: the program, the file, the start URL. Never a secret. */
  readonly detail: string;
  /** True for a kind that stsaval recognizes and does not fetch. */
  readonly onlyNamed?: boolean;
  /** True where the long-term keys of a user are fetched, which get session tokens. */
  readonly isLongTerm?: boolean;
  readonly reason: string;
  /** Where the setting that names it stands. */
  readonly place?: FilePlace;
  /** What the user should know of how it is fetched. Never a secret. */
  readonly notices?: readonly string[];
  /** Present if the AWS CLI's cache is shared. */
  readonly awsCli?: AwsCliSsoRole;
}

/** What a plan can start from. */
export type BaseStep = KeysStep | SourceStep;

/** `sts:GetSessionToken`, signed with the base keys. */
export interface SessionStep {
  readonly kind: "get-session-token";
  /** The MFA device whose code is sent with the call; without one no code is needed. */
  readonly mfaSerial?: string;
  /** The profile's command for MFA codes of this device, verbatim. It may hold a secret. */
  readonly mfaProcess?: string;
  /** The user profile whose kept seed makes the codes. */
  readonly mfaStore?: string;
  /** Seconds, 900 to 129,600. */
  readonly durationSeconds: number;
  /** The lifetime that was given, in seconds: an existing session token that does not live that long is replaced. */
  readonly requiredSeconds?: number;
  readonly endpoint: EndpointSettings;
  readonly reason: string;
}

/** What names credentials in the AWS CLI's cache. */
export type AwsCliEntry = AwsCliRole | AwsCliSsoRole;

/** The settings from which the AWS CLI computes the cache key of a role of IAM Identity Center. */
export interface AwsCliSsoRole {
  readonly accountId: string;
  readonly roleName: string;
  /** The name of the section; where there is one, the start URL is left out. */
  readonly sessionName?: string;
  readonly startUrl?: string;
}

/** The settings from which the AWS CLI computes the cache key of a role that it assumes. */
export interface AwsCliRole {
  readonly roleArn: string;
  readonly roleSessionName?: string;
  readonly externalId?: string;
  readonly mfaSerial?: string;
  readonly durationSeconds?: number;
}

/** A tag of a session. */
export interface SessionTag {
  /** 1 to 128 characters; upper and lower case are the same. */
  readonly key: string;
  /** 0 to 256 characters. */
  readonly value: string;
}

/** What narrows the session of a role: it may do what both its role and these allow. */
export interface SessionPolicies {
  /** A policy as JSON. */
  readonly policy?: string;
  /** ARNs of managed policies. */
  readonly policyArns?: readonly string[];
}

/** What `sts:AssumeRole` is sent about the session itself. */
export interface SessionParameters extends SessionPolicies {
  readonly tags?: readonly SessionTag[];
  /** The keys of tags that sessions further down the chain keep. */
  readonly transitiveTagKeys?: readonly string[];
  /** Who is behind the session; no session further down the chain can change it. */
  readonly sourceIdentity?: string;
}

/** `sts:AssumeRole`, signed with the credentials of the previous step. */
export interface RoleStep {
  readonly kind: "assume-role";
  /** The profile that names the role. */
  readonly profile: string;
  readonly roleArn: string;
  readonly roleSessionName: string;
  readonly externalId?: string;
  /** Seconds, 900 to 43,200. */
  readonly durationSeconds: number;
  /** What is sent about the session; undefined if nothing is. */
  readonly parameters?: SessionParameters;
  /** The MFA device whose code is sent with this call, if no session token carries MFA. */
  readonly mfaSerial?: string;
  /** The profile's command for MFA codes of this device, verbatim. It may hold a secret. */
  readonly mfaProcess?: string;
  /** The user profile whose kept seed makes the codes. */
  readonly mfaStore?: string;
  /** Present if the AWS CLI's cache is shared. */
  readonly awsCli?: AwsCliRole;
  readonly endpoint: EndpointSettings;
  readonly reason: string;
}

/** `sts:GetScopedCredentials`, signed with what the other steps lead to: the same identity, allowed less. */
export interface ScopeStep {
  readonly kind: "get-scoped-credentials";
  /** The requested profile. */
  readonly profile: string;
  /** A policy as JSON; undefined where only the lifetime is shortened. */
  readonly policy?: string;
  /** Seconds, 1 to 129,600; undefined inherits the end of the session that is narrowed. */
  readonly durationSeconds?: number;
  /** For CloudTrail. */
  readonly description?: string;
  readonly endpoint: EndpointSettings;
  readonly reason: string;
}

/** One step of a plan. */
export type PlanStep = BaseStep | SessionStep | RoleStep | ScopeStep;

/** How the credentials of one profile are obtained. */
export interface CredentialPlan {
  /** The requested profile. */
  readonly profile: string;
  /** The start of the chain. */
  readonly base: BaseStep;
  /** The session token between the base keys and the first role, if the plan needs one. */
  readonly session?: SessionStep;
  /** Why this plan needs the session token, where it shares that of another plan. */
  readonly sessionReason?: string;
  /** The roles, in the order in which they are assumed. Empty for a profile that is only a user. */
  readonly roles: readonly RoleStep[];
  /** What narrows the result of the other steps, if anything does. */
  readonly scope?: ScopeStep;
  /** Whether the session cache is to be sealed; undefined leaves it as it is. */
  readonly sealCache?: boolean;
  /** What the user should know, such as a duration that AWS caps. Never a secret. */
  readonly notices: readonly string[];
}

/** The plan's steps in execution order. */
export function planSteps(plan: CredentialPlan): readonly PlanStep[] {
  const { base, session, roles, scope } = plan;
  return [base, session, ...roles, scope].filter((step) => step !== undefined);
}

/** The source in words: `container of profile "a"`, or only "container" where the environment names it. */
export function sourceName({ source, profile }: Pick<SourceStep, "source" | "profile">): string {
  return profile === "" ? source : `${source} of profile "${profile}"`;
}

/** Whether the step provides keys that can sign a call. */
export function isKeysStep(step: PlanStep): step is KeysStep {
  return step.kind === "static-keys" || step.kind === "environment";
}

/** Whether these are long-term keys, which can get a session token: as they stand in a file, or once they are opened. */
export function isLongTerm(base: BaseStep): boolean {
  return isKeysStep(base) ? base.keys.sessionToken === undefined : base.isLongTerm === true;
}

/** Whether a profile holds the keys, be they long-term ones or not, and wherever they are kept. */
export function holdsKeys(base: BaseStep): boolean {
  return isKeysStep(base) || base.isLongTerm === true;
}

/** Whether any step of the plan shares the AWS CLI's cache. */
export function sharesAwsCache({ base, roles }: Pick<CredentialPlan, "base" | "roles">): boolean {
  return (!isKeysStep(base) && base.awsCli !== undefined) ||
    roles.some(({ awsCli }) => awsCli !== undefined);
}
