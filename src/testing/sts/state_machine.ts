/**
 * STS's behaviour without HTTP and without waiting: each call is one synchronous step from the old state to the new.
 *
 * @module
 */

import type { AccessKeys } from "../../credentials.ts";
import type { Random } from "../../system.ts";
import { accessDenied, signatureDoesNotMatch, validationError } from "../http/error.ts";
import type { Circumstances } from "../http/request_intake.ts";
import {
  type CallerIdentity,
  type EmulatorIdentity,
  type RoleParts,
  roleParts,
  roleSessionIdentity,
  userSessionIdentity,
} from "../world/identity.ts";
import { type KeyRecord, KeyStore } from "../world/key_store.ts";
import { ManagedPolicies } from "../policy/managed.ts";
import { SessionPolicyReader } from "../policy/session_policies.ts";
import { codeRejected, MfaDevices, type MfaInput } from "../world/mfa_devices.ts";
import { type CheckedToken, IdentityProviders } from "../world/identity_providers.ts";
import { isTrusted, isTrustedToken } from "../world/trust.ts";
import type {
  AssumeRoleInput,
  ScopedCredentialsInput,
  SessionTokenInput,
  WebIdentityInput,
} from "./input.ts";
import { scopedContext } from "./scoped_session.ts";
import {
  checkSessionParameters,
  packedSize,
  roleContext,
  type SessionParameters,
} from "./session_parameters.ts";
import { checkDuration, checkText, rejectViolations, TEXT_RULES } from "./validate.ts";
import type { EmulatorRole, EmulatorUser, EmulatorWorld } from "../world/account_state.ts";
import type { IamSettings, UserKey, UserKeys } from "../world/user_keys.ts";

/** The limits of session durations, in seconds. */
export interface SessionLimits {
  /** The shortest duration that may be requested. */
  readonly minimumSeconds: number;
  /** The duration of a session token, whatever was requested. */
  readonly sessionSeconds?: number | undefined;
  /** The duration of a role session, whatever was requested. */
  readonly roleSeconds?: number | undefined;
}

/** Issued keys and their identity. */
export interface Issued {
  readonly keys: Required<AccessKeys>;
  readonly identity: EmulatorIdentity;
  /** When they expire, in milliseconds since 1970; whole seconds, as STS returns it. */
  readonly expiration: number;
}

/** The session of a role, with how much of the space its policies and tags take. */
export interface IssuedRole extends Issued {
  /** In per cent; undefined where none are given. */
  readonly packedPercent?: number;
}

interface KnownRole extends RoleParts {
  readonly role: EmulatorRole;
}

const HOUR = 3600;
const CHAINING =
  "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
const OVER_MAXIMUM =
  "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";

/** The state of an STS and its operations. */
export class StateMachine {
  readonly #store: KeyStore;
  readonly #roles: ReadonlyMap<string, KnownRole>;
  readonly #limits: SessionLimits;
  /** The MFA devices of the users. */
  readonly devices: MfaDevices;
  /** Who signs the tokens of programs. */
  readonly providers: IdentityProviders;
  /** What sessions may do at most. */
  readonly policies: SessionPolicyReader;

  /** Starts with the keys, devices and roles of a world. */
  constructor(world: EmulatorWorld, random: Random, limits: SessionLimits, iam: IamSettings) {
    this.#store = new KeyStore(world.users, random, iam);
    this.#limits = limits;
    this.devices = new MfaDevices(world.users);
    this.providers = new IdentityProviders(world.identityProviders ?? []);
    this.policies = new SessionPolicyReader(new ManagedPolicies(world.managedPolicies ?? []));
    this.#roles = new Map(world.roles.map((role) => [role.arn, { role, ...roleParts(role) }]));
  }

  /** The identity that owns these keys, expired or not. */
  identityOf(accessKeyId: string): EmulatorIdentity | undefined {
    return this.#store.find(accessKeyId)?.identity;
  }

  /** The long-term keys of the users. */
  get userKeys(): UserKeys {
    return this.#store.userKeys;
  }

  /**
   * `iam:CreateAccessKey`.
   *
   * @throws {EmulatorError} LimitExceeded for a third key
   */
  createUserKey(user: EmulatorUser, now: number): UserKey {
    return this.#store.createUserKey(user, now);
  }

  /**
   * The record of a key whose signature is not yet checked.
   *
   * @throws {EmulatorError} InvalidClientTokenId or ExpiredToken
   */
  lookUp(accessKeyId: string, sessionToken: string | undefined, now: number): KeyRecord {
    return this.#store.live(accessKeyId, sessionToken, now);
  }

  /**
   * The record of keys that are presented with their secret.
   *
   * @throws {EmulatorError} InvalidClientTokenId, ExpiredToken or SignatureDoesNotMatch
   */
  authenticate(keys: AccessKeys, now: number): KeyRecord {
    const record = this.lookUp(keys.accessKeyId, keys.sessionToken, now);
    if (record.keys.secretAccessKey !== keys.secretAccessKey) throw signatureDoesNotMatch();
    this.userKeys.noteUse(keys.accessKeyId, { at: now, service: "sts", region: "us-east-1" });
    return record;
  }

  /**
   * `sts:GetSessionToken`.
   *
   * @throws {EmulatorError}
   */
  getSessionToken(caller: KeyRecord, input: SessionTokenInput, at: Circumstances): Issued {
    if (caller.identity.expiration !== undefined) {
      throw accessDenied("Cannot call GetSessionToken with session credentials");
    }
    rejectViolations([
      ...checkDuration(input.durationSeconds, this.#limits.minimumSeconds, 36 * HOUR),
      ...checkMfa(input.mfa),
    ]);
    const mfaPresent = this.#verify(caller, input.mfa, at);
    const requested = input.durationSeconds ?? 12 * HOUR;
    // The session of a root user is silently cut to one hour (AWS STS API reference, GetSessionToken).
    const allowed = caller.user?.isRoot ? Math.min(requested, HOUR) : requested;
    const expiration = endOf(at.now, this.#limits.sessionSeconds ?? allowed);
    const identity = userSessionIdentity(caller.identity, { mfaPresent, expiration });
    return this.#issue(identity, caller, at.now, expiration);
  }

  /**
   * `sts:AssumeRole`.
   *
   * @throws {EmulatorError}
   */
  assumeRole(caller: KeyRecord, input: AssumeRoleInput, at: Circumstances): IssuedRole {
    const { roleArn, sessionName } = this.#checkAssumeRole(input);
    if (caller.user?.isRoot) {
      throw accessDenied("Roles may not be assumed by root accounts.");
    }
    const verified = this.#verify(caller, input.mfa, at);
    const known = this.#roles.get(roleArn);
    const mfaPresent = verified || caller.identity.mfaPresent;
    const facts = { caller: caller.identity, mfaPresent, externalId: input.externalId };
    const question = { action: "sts:AssumeRole", resource: roleArn };
    const mayAsk = this.policies.mayAllow(caller.identity, question);
    if (known === undefined || at.forbid || !mayAsk || !isTrusted(known.role, facts)) {
      throw accessDenied(
        `User: ${caller.identity.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      );
    }
    const requested = input.durationSeconds ?? HOUR;
    rejectLong(requested, known.role, caller.identity);
    return this.#startRoleSession("AssumeRole", input, {
      ...{ known, sessionName, caller: caller.identity, now: at.now },
      seconds: requested,
    });
  }

  /**
   * `sts:AssumeRoleWithWebIdentity`: it is unsigned, and the token is checked instead.
   *
   * @throws {EmulatorError}
   */
  async assumeRoleWithWebIdentity(
    input: WebIdentityInput,
    at: Circumstances,
  ): Promise<IssuedRole & { readonly token: CheckedToken }> {
    const { webIdentityToken = "", durationSeconds = HOUR } = input;
    const violations = checkText(input.webIdentityToken, TEXT_RULES.webIdentityToken);
    const { roleArn, sessionName } = this.#checkAssumeRole(input, violations);
    const token = await this.providers.check(webIdentityToken, at.now);
    const known = this.#roles.get(roleArn);
    if (known === undefined || at.forbid || !isTrustedToken(known.role, token)) {
      throw accessDenied("Not authorized to perform sts:AssumeRoleWithWebIdentity");
    }
    if (durationSeconds > (known.role.maxSessionDuration ?? HOUR)) {
      throw validationError(OVER_MAXIMUM);
    }
    const issued = this.#startRoleSession("AssumeRoleWithWebIdentity", input, {
      ...{ known, sessionName, caller: undefined, now: at.now, seconds: durationSeconds },
    });
    return { ...issued, token };
  }

  /**
   * `sts:GetScopedCredentials`: the same identity, with less.
   *
   * @throws {EmulatorError}
   */
  getScopedCredentials(
    { identity, user }: KeyRecord,
    input: ScopedCredentialsInput,
    at: Circumstances,
  ): Issued {
    const { session, expiration } = scopedContext(identity, input, at.now);
    this.policies.check(input, identity.account);
    const scoped = { ...identity, session, expiration };
    return { keys: this.#store.issue(scoped, user, at.now), identity: scoped, expiration };
  }

  /** The session of a role that another service gives out, such as IAM Identity Center. */
  issueRoleSession(
    role: EmulatorRole,
    { sessionName, seconds, now }: {
      readonly sessionName: string;
      readonly seconds: number;
      readonly now: number;
    },
  ): Issued {
    const expiration = endOf(now, seconds);
    const identity = roleSessionIdentity(role, roleParts(role), { sessionName, expiration });
    return this.#issue(identity, undefined, now, expiration);
  }

  /** `sts:GetCallerIdentity`: needs no permission. */
  getCallerIdentity({ identity: { account, arn, userId } }: KeyRecord): CallerIdentity {
    return { account, arn, userId };
  }

  #checkAssumeRole(
    input: AssumeRoleInput,
    violations: readonly string[] = [],
  ): { roleArn: string; sessionName: string } {
    const { roleArn = "", roleSessionName: sessionName = "" } = input;
    rejectViolations([
      ...checkText(input.roleArn, TEXT_RULES.roleArn),
      ...checkText(input.roleSessionName, TEXT_RULES.roleSessionName),
      ...checkText(input.externalId, TEXT_RULES.externalId),
      ...checkSessionParameters(input),
      ...checkDuration(input.durationSeconds, this.#limits.minimumSeconds, 12 * HOUR),
      ...checkMfa(input.mfa),
      ...violations,
    ]);
    if (!roleArn.startsWith("arn:")) throw validationError(`${roleArn} is invalid`);
    return { roleArn, sessionName };
  }

  #startRoleSession(
    operation: string,
    input: SessionParameters,
    { known, sessionName, caller, now, seconds }: {
      readonly known: KnownRole;
      readonly sessionName: string;
      /** Undefined where a token takes its place. */
      readonly caller: EmulatorIdentity | undefined;
      readonly now: number;
      readonly seconds: number;
    },
  ): IssuedRole {
    this.policies.check(input, known.account);
    const session = roleContext(operation, input, {
      ...{ role: known.role, caller: caller?.session, arn: caller?.arn ?? "anonymous" },
    });
    const expiration = endOf(now, this.#limits.roleSeconds ?? seconds);
    const isChained = caller !== undefined && caller.kind !== "user";
    const plain = {
      ...roleSessionIdentity(known.role, known, { sessionName, expiration }),
      ...(isChained ? { isChained } : {}),
    };
    const identity = session === undefined ? plain : { ...plain, session };
    const issued = this.#issue(identity, undefined, now, expiration);
    const narrows = input.policy ?? input.policyArns ?? input.tags;
    return narrows === undefined ? issued : { ...issued, packedPercent: packedSize(input) };
  }

  #verify({ user }: KeyRecord, mfa: MfaInput = {}, { now, refuseCodes }: Circumstances): boolean {
    if (refuseCodes && mfa.code !== undefined) throw codeRejected();
    return this.devices.verify(user, mfa, now);
  }

  #issue(
    identity: EmulatorIdentity,
    caller: KeyRecord | undefined,
    now: number,
    expiration: number,
  ) {
    const keys = this.#store.issue(identity, caller?.user, now);
    return { keys, identity, expiration };
  }
}

function checkMfa({ serial, code }: MfaInput = {}): string[] {
  return [...checkText(serial, TEXT_RULES.serial), ...checkText(code, TEXT_RULES.code)];
}

/** Rejects a duration that the role, or role chaining, does not allow. */
function rejectLong(seconds: number, role: EmulatorRole, caller: EmulatorIdentity): void {
  if (seconds > HOUR && caller.expiration !== undefined) throw validationError(CHAINING);
  if (seconds > (role.maxSessionDuration ?? HOUR)) throw validationError(OVER_MAXIMUM);
}

function endOf(now: number, seconds: number): number {
  return (Math.floor(now / 1000) + seconds) * 1000;
}
