/**
 * Puts an emulator together.
 *
 * @module
 */

import type { Clock, Random } from "../system.ts";
import { clock as systemClock } from "../web/clock.ts";
import { random as systemRandom } from "../web/random.ts";
import { type FaultRule, Faults } from "./http/faults.ts";
import { RequestHandler } from "./sts/handler.ts";
import type { EmulatorIdentity } from "./world/identity.ts";
import { CallLog, type EmulatorCall } from "./http/call_log.ts";
import { createService, type EmulatorService } from "./sts/service.ts";
import { StateMachine } from "./sts/state_machine.ts";
import { SsoHandler, type SsoSettings } from "./sso/handler.ts";
import { SignInHandler } from "./sign_in/handler.ts";
import { type IssuedLogin, SignInService, type SignInSettings } from "./sign_in/sign_in_service.ts";
import type { PolicyQuestion } from "./policy/evaluate.ts";
import type { TokenRequest } from "./world/identity_providers.ts";
import { ContainerHandler } from "./metadata/container_handler.ts";
import { InstanceHandler, type InstanceMetadataSettings } from "./metadata/instance_handler.ts";
import { FederationHandler } from "./console/federation_handler.ts";
import { IamHandler } from "./iam/handler.ts";
import type { IamSettings, ListedKey } from "./world/user_keys.ts";
import { encodeBase32 } from "./signing/totp.ts";
import { GithubHandler } from "./github/handler.ts";
import {
  type EmulatorAccessKey,
  type EmulatorSsoToken,
  type EmulatorUser,
  type EmulatorWorld,
  sampleWorld,
} from "./world/account_state.ts";

/** How an emulator is set up; everything is optional. */
export interface EmulatorOptions {
  /** Its clock. Default: the wall clock. With a virtual one, hours pass in no time. */
  readonly clock?: Pick<Clock, "now" | "sleep"> | undefined;
  /** Makes keys, secrets and request ids, and decides the shares of faults. Default: the system's. */
  readonly random?: Random | undefined;
  /** Its users and roles. Default: {@linkcode sampleWorld}. */
  readonly world?: EmulatorWorld | undefined;
  /** The shortest session duration that may be requested, in seconds. Default: 900, as with AWS. */
  readonly minimumSeconds?: number | undefined;
  /** How long session tokens last, in seconds, whatever was requested. Default: the requested duration. */
  readonly sessionSeconds?: number | undefined;
  /** How long role sessions last, in seconds, whatever was requested. Default: the requested duration. */
  readonly roleSeconds?: number | undefined;
  /** How its IAM Identity Center behaves, where its world has one. */
  readonly sso?: Partial<SsoSettings> | undefined;
  /** How its AWS Sign-In behaves, where its world has one. */
  readonly signIn?: Partial<SignInSettings> | undefined;
  /** How the metadata service of its instance behaves, where its world has one. */
  readonly instance?: Partial<InstanceMetadataSettings> | undefined;
  /** How soon its IAM and its STS know of a change to the keys of its users. Default: at once. */
  readonly iam?: Partial<IamSettings> | undefined;
  /** How many calls `calls` keeps. Default: 100,000; when it is full, the older half is dropped. */
  readonly callLimit?: number | undefined;
}

/** As AWS has it, with a person who approves at once. */
const usualSso: SsoSettings = {
  tokenSeconds: 3_600,
  detectsReuse: false,
  person: "approves",
  callsPerSecond: 20,
};

/** As AWS has it: 15 minutes, for up to twelve hours. */
const usualSignIn: SignInSettings = {
  credentialSeconds: 900,
  sessionSeconds: 43_200,
  detectsReuse: false,
};

/** As on a new instance, but that version 1 is allowed. */
const usualInstance: InstanceMetadataSettings = {
  requiresToken: false,
  isDisabled: false,
  losesTokens: false,
  hasNoRole: false,
  givesEnded: false,
};

/** An emulated STS. */
export interface StsEmulator {
  /** The users and roles that it knows. */
  readonly world: EmulatorWorld;
  /**
   * The whole STS over HTTP: the signature is checked, the parameters are parsed, the response is XML.
   *
   * @throws {ConnectionDroppedError} a `TypeError`, like a failed `fetch`, when a fault drops the connection
   */
  readonly handle: (request: Request) => Promise<Response>;
  /** The same STS without HTTP and signatures; it takes the same calls as stsaval's own STS client. */
  readonly service: EmulatorService;
  /** The most recent calls, oldest first. */
  readonly calls: readonly EmulatorCall[];
  /** The number of calls of an operation, with one outcome ("ok", "AccessDenied", …) or with any. */
  count(operation: string, outcome?: string): number;
  /**
   * The current code of an MFA device.
   *
   * @throws {TypeError} if there is no such device
   */
  mfaCode(serial: string): string;
  /** The identity that owns a key, expired or not; undefined for an unknown key. */
  identityOf(accessKeyId: string): EmulatorIdentity | undefined;
  /** The access keys that a user has now, oldest first, whatever lists show. */
  accessKeysOf(user: EmulatorUser): readonly EmulatorAccessKey[];
  /**
   * True if the policies of a session allow an action. What its role or user may is not looked at, so a session without
   * policies is allowed everything.
   *
   * @throws {TypeError} for an unknown key, and for a managed policy or a condition's operator that it does not know
   */
  isAllowed(accessKeyId: string, question: PolicyQuestion): boolean;
  /**
   * The person decides about a sign-in on another device, by the code that the person was shown.
   *
   * @throws {TypeError} if its world has no IAM Identity Center
   */
  decideSignIn(userCode: string, decision: "approved" | "refused"): void;
  /**
   * The person signs in as with `aws login`: what is kept of it, but for the key, which the first refresh binds.
   *
   * @throws {TypeError} if its world has no AWS Sign-In
   */
  startLogin(): IssuedLogin & { readonly clientId: string };
  /**
   * Ends the newest `aws login`: it is not refreshed again.
   *
   * @throws {TypeError} if its world has no AWS Sign-In
   */
  endLogin(reason: "TOKEN_EXPIRED" | "USER_CREDENTIALS_CHANGED"): void;
  /**
   * The person of its IAM Identity Center has signed in: what a program would keep of it.
   *
   * @throws {TypeError} if its world has no IAM Identity Center
   */
  signInToSso(): EmulatorSsoToken;
  /**
   * A token of one of its identity providers, signed by it.
   *
   * @throws {TypeError} if its world has no such provider
   */
  webIdentityToken(request: TokenRequest): Promise<string>;
  /** How the metadata service of its instance behaves; it may be changed at any time. */
  readonly instanceMetadata: InstanceMetadataSettings;
  /** The metadata service of its instance forgets the tokens that it gave. */
  forgetMetadataTokens(): void;
  /** The rules for faults; they can be added and removed at any time. */
  readonly faults: FaultRule[];
}

/**
 * Creates an STS that serves the AWS SDKs, the AWS CLI and boto3, with its own state and no network.
 *
 * @throws {TypeError} if the secret of an MFA device is not base32
 */
export function createStsEmulator(options: EmulatorOptions = {}): StsEmulator {
  const { clock = systemClock, random = systemRandom, world = sampleWorld() } = options;
  const { minimumSeconds = 900, sessionSeconds, roleSeconds, callLimit = 100_000 } = options;
  const limits = { minimumSeconds, sessionSeconds, roleSeconds };
  const iam = { keyDelayMs: 0, listDelayMs: 0, ...options.iam };
  const machine = new StateMachine(world, random, limits, iam);
  const faults = new Faults(() => random.number());
  const callLog = new CallLog(callLimit);
  const intake = { clock, faults, callLog };
  const handler = new RequestHandler(machine, intake, random);
  const sso = world.sso &&
    new SsoHandler(world.sso, machine, intake, random, { ...usualSso, ...options.sso });
  const signIn = world.signIn &&
    new SignInService(world.signIn, machine, random, { ...usualSignIn, ...options.signIn });
  const instanceMetadata = { ...usualInstance, ...options.instance };
  const newToken = () => encodeBase32(random.bytes(35));
  const instance = world.instance &&
    new InstanceHandler(world.instance, machine, intake, instanceMetadata, newToken);
  const handlers = [
    ...instance === undefined ? [] : [instance],
    ...world.container === undefined
      ? []
      : [new ContainerHandler(world.container, machine, intake)],
    ...sso === undefined ? [] : [sso],
    ...signIn === undefined ? [] : [new SignInHandler(signIn, intake)],
    ...world.github === undefined
      ? []
      : [new GithubHandler(world.github, machine.providers, intake)],
    new FederationHandler(machine, intake, random),
    new IamHandler(machine, intake, random),
  ];
  const known = () => {
    if (signIn === undefined) throw new TypeError("this emulator has no AWS Sign-In");
    return signIn;
  };
  const knownSso = () => {
    if (sso === undefined) throw new TypeError("this emulator has no IAM Identity Center");
    return sso;
  };
  return {
    world,
    handle: (request) =>
      (handlers.find((candidate) => candidate.serves(request)) ?? handler).handle(request),
    service: createService(machine, intake),
    calls: callLog.calls,
    count: (operation, outcome) => callLog.count(operation, outcome),
    mfaCode: (serial) => machine.devices.codeOf(serial, clock.now()),
    identityOf: (accessKeyId) => machine.identityOf(accessKeyId),
    accessKeysOf: (user) => machine.userKeys.of(user, clock.now()).map(asAccessKey),
    isAllowed: (accessKeyId, question) => {
      const identity = machine.identityOf(accessKeyId);
      if (identity === undefined) throw new TypeError(`no key ${accessKeyId} was issued`);
      return machine.policies.allows(identity, question);
    },
    startLogin: () => known().start(clock.now()),
    endLogin: (reason) => known().end(reason),
    decideSignIn: (userCode, decision) => knownSso().oidc.decide(userCode, decision),
    signInToSso: () => knownSso().oidc.signIn(clock.now()),
    webIdentityToken: (request) => machine.providers.issue(request, clock.now()),
    instanceMetadata,
    forgetMetadataTokens: () => instance?.forgetTokens(),
    faults: faults.rules,
  };
}

function asAccessKey(
  { accessKeyId, secretAccessKey, created, status }: ListedKey,
): EmulatorAccessKey {
  const isInactive = status === "Inactive";
  return { accessKeyId, secretAccessKey, created: new Date(created).toISOString(), isInactive };
}
