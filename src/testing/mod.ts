/**
 * An STS to test programs with: it checks signatures, has users, MFA devices and roles, and issues credentials, all
 * in this process. It can be made slow, rejecting or unreachable, on a clock of your own.
 *
 * @example A program that calls STS, tested without AWS
 * ```ts
 * import { createStsEmulator, sampleWorld } from "./mod.ts";
 *
 * const world = sampleWorld();
 * const emulator = createStsEmulator({ world });
 * const [user] = world.users;
 * const [role] = world.roles;
 * if (user?.mfa === undefined || role === undefined) throw new Error("the sample world is empty");
 *
 * const { serial } = user.mfa;
 * const session = await emulator.service.getSessionToken({
 *   keys: user,
 *   mfa: { serial, code: emulator.mfaCode(serial) },
 * });
 * if (!session.AccessKeyId.startsWith("ASIA")) throw new Error("no temporary key");
 * if (emulator.count("GetSessionToken", "ok") !== 1) throw new Error("not counted");
 *
 * // Every third AssumeRole from now on is throttled.
 * emulator.faults.push({
 *   when: { operation: "AssumeRole", every: 3 },
 *   effect: { kind: "throttle" },
 * });
 * ```
 *
 * @module
 */

export { createStsEmulator } from "./emulator.ts";
export type { EmulatorOptions, StsEmulator } from "./emulator.ts";
export {
  sampleLoginWorld,
  sampleMachineWorld,
  sampleSsoWorld,
  sampleWorld,
  ssoRoleArn,
  userArn,
} from "./world/account_state.ts";
export type {
  EmulatorAccessKey,
  EmulatorContainer,
  EmulatorGithub,
  EmulatorIdentityProvider,
  EmulatorMachine,
  EmulatorManagedPolicy,
  EmulatorMfaDevice,
  EmulatorRole,
  EmulatorSignIn,
  EmulatorSso,
  EmulatorSsoAccount,
  EmulatorSsoRole,
  EmulatorSsoToken,
  EmulatorTokenTrust,
  EmulatorUser,
  EmulatorWorld,
} from "./world/account_state.ts";
export { formatSampleLogin } from "./sign_in/sample_login.ts";
export { formatSampleHome, formatSampleToken, sampleSession } from "./world/sample_home.ts";
export { emulatorSystem } from "./emulator_system.ts";
export type { SampleHome, SampleHomeOptions, SampleToken } from "./world/sample_home.ts";
export type { EmulatorCaller, EmulatorService } from "./sts/service.ts";
export { containerPath } from "./metadata/container_handler.ts";
export type { InstanceMetadataSettings } from "./metadata/instance_handler.ts";
export { githubIssuer, githubTokenPath } from "./github/handler.ts";
export type { IamSettings } from "./world/user_keys.ts";
export type { TokenRequest } from "./world/identity_providers.ts";
export type {
  AssumeRoleInput,
  ScopedCredentialsInput,
  SessionTokenInput,
  WebIdentityInput,
} from "./sts/input.ts";
export type { SessionParameters } from "./sts/session_parameters.ts";
export type { PolicyQuestion } from "./policy/evaluate.ts";
export type { MfaInput } from "./world/mfa_devices.ts";
export type {
  CallerIdentity,
  EmulatorIdentity,
  SessionContext,
  SessionPolicies,
} from "./world/identity.ts";
export type { EmulatorCall, SentSession, SessionTag } from "./http/call_log.ts";
export type { FaultCondition, FaultEffect, FaultRule } from "./http/faults.ts";
export { ConnectionDroppedError, EmulatorError } from "./http/error.ts";
export { totpCode } from "./signing/totp.ts";
export type { Clock, Random, SleepOptions } from "../system.ts";
export type { AccessKeys, Credentials, CredentialsFields } from "../credentials.ts";
export type { IssuedLogin, SignInSettings } from "./sign_in/sign_in_service.ts";
export type { SsoSettings } from "./sso/handler.ts";
export type { OidcSettings } from "./sso/oidc.ts";
