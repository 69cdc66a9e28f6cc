/**
 * stsaval: one MFA code, the credentials of all your AWS roles, kept fresh in the background.
 *
 * @example Five hours of two roles with one code. Without `system`, it reads your ~/.aws and calls AWS.
 * ```ts
 * import { StsCore } from "@x/stsaval";
 * import { createStsEmulator, emulatorSystem } from "@x/stsaval/testing";
 *
 * const emulator = createStsEmulator();
 * const system = emulatorSystem(emulator);
 * const mfaCode = (serial: string) => emulator.mfaCode(serial);
 *
 * await using sts = new StsCore({ profileName: "IAM_USER1", system });
 * await sts.generateSessionToken({ lifetime: 5, mfaCode });
 * const credentials = await sts.generateCredentials(["DynamoDBRole-dev", "CodeDeployRole-qa"], {
 *   lifetime: 5,
 * });
 * const { AccessKeyId } = credentials["sts-DynamoDBRole-dev"];
 * if (!AccessKeyId.startsWith("ASIA")) throw new Error("no temporary key");
 * ```
 *
 * @module
 */

export { StsCore } from "./src/session/core.ts";
export type {
  CredentialsOptions,
  Explanation,
  ProfileSummary,
  RoleDefinitions,
  SessionTokenOptions,
  StsCoreOptions,
} from "./src/session/core_options.ts";
export type { CacheKeyKeeper, CacheKeyKeepers } from "./src/cache/sealing/port.ts";
export type { AskPassphrase, PassphraseRequest } from "./src/store/passphrase_port.ts";
export type { NarrowingOptions } from "./src/session/scope/narrowing_options.ts";
export type { Progress, Wait } from "./src/progress.ts";
export type { PlanDescription, StepDescription } from "./src/output/plan_description.ts";
export type { SessionTag } from "./src/plan.ts";
export type {
  MfaCodeFunction,
  MfaCodeOption,
  MfaCodeOptions,
  TypedMfaCode,
} from "./src/session/mfa.ts";

export { Credentials, type CredentialsFields } from "./src/credentials.ts";
export { LiveToken } from "./src/session/token.ts";
export {
  type CredentialListener,
  CredentialSet,
  type CredentialStatus,
  type LiveCredentials,
} from "./src/refresh/live.ts";
export type { SdkCredentialProvider, SdkCredentials } from "./src/refresh/sdk_provider.ts";
export {
  createCredentialServer,
  type CredentialServer,
  type CredentialServerOptions,
} from "./src/server/credential_server.ts";
export {
  CredentialEvent,
  type CredentialEventFields,
  type CredentialEventType,
} from "./src/refresh/events.ts";

export {
  ConfigError,
  type ErrorCode,
  type ErrorDetails,
  ExpiredError,
  type FilePlace,
  MfaError,
  ProfileError,
  type ProfileProblem,
  StsavalError,
  StsError,
  type StsErrorDetails,
  StsUnreachableError,
  type TerminationSignal,
  UsageError,
} from "./src/errors.ts";
export type { Logger } from "./src/logger.ts";
export type {
  ChildProcess,
  Clock,
  Digest,
  Digests,
  Environment,
  FetchOptions,
  FileFacts,
  Files,
  ForegroundProcess,
  ForwardedSignal,
  Listener,
  Network,
  PipedOptions,
  PipedProcess,
  Processes,
  PromptPlace,
  Random,
  Signals,
  SleepOptions,
  System,
  Terminal,
} from "./src/system.ts";
