/**
 * The STS adapter over `@aws-sdk/client-sts`, which is loaded on the first call.
 *
 * @module
 */

import type { Credentials as SdkCredentials } from "@aws-sdk/client-sts";
import { Credentials } from "../credentials.ts";
import { type Logger, loggerFor, silentLogger } from "../logger.ts";
import type { WaitPort } from "../progress.ts";
import type { Clock, Digests, Network, Random } from "../system.ts";
import type { SessionParameters } from "../plan.ts";
import { ClockOffsets } from "./clock_offsets.ts";
import { type Endpoint, resolveEndpoint } from "./endpoint.ts";
import type { CallSubject } from "./failed_call.ts";
import { callWithRetries } from "./retry.ts";
import { attemptCall, type Operation, SdkClients } from "./sdk.ts";
import type {
  AssumeRoleCall,
  CallerIdentity,
  ClockedSts,
  GetSessionTokenCall,
  MfaCode,
  ScopedCredentialsCall,
  StsCall,
  UnsignedCall,
  WebIdentityCall,
} from "./sts.ts";

/** The ports of {@linkcode createSts}. */
export interface StsPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Pick<Network, "fetch">;
  /** Digests to sign with. Default: the SDK's own. */
  readonly digests?: Digests | undefined;
  /** Silent by default. */
  readonly logger?: Logger | undefined;
  /** Where waits for responses, and for the next attempt, are noted. */
  readonly waits?: WaitPort | undefined;
}

/** Timeout and retries of the calls. */
export interface StsOptions {
  /** The timeout of one attempt, in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number | undefined;
  /** The maximum number of attempts. Default: 3. */
  readonly maxAttempts?: number | undefined;
}

/**
 * The Security Token Service over the network. Requires `--allow-net` for the endpoint's host, and `--allow-env` for
 * the variables that the SDK reads when it is loaded: `AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA`,
 * `AWS_LAMBDA_BENCHMARK_MODE`, `AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED` and
 * `AWS_ENABLE_DEFAULT_SOCKET_TIMEOUT_2026`.
 */
export function createSts(ports: StsPorts, options: StsOptions = {}): ClockedSts {
  return new SdkSts(ports, options);
}

class SdkSts implements ClockedSts {
  readonly #ports: StsPorts;
  readonly #logger: Logger;
  readonly #timeoutMs: number;
  readonly #maxAttempts: number;
  readonly #clockOffsets: ClockOffsets;
  readonly #clients: SdkClients;
  /** The URLs of the endpoints, which many roles share. */
  readonly #urls = new Map<string, URL>();

  constructor(ports: StsPorts, { timeoutMs = 10_000, maxAttempts = 3 }: StsOptions) {
    this.#ports = ports;
    this.#clients = new SdkClients(ports.digests);
    this.#logger = loggerFor(ports.logger ?? silentLogger, "sts");
    this.#timeoutMs = timeoutMs;
    this.#maxAttempts = maxAttempts;
    this.#clockOffsets = new ClockOffsets(this.#logger);
  }

  getSessionToken(call: GetSessionTokenCall): Promise<Credentials> {
    const subject = { operation: "GetSessionToken", mfa: call.mfa } as const;
    const input = { DurationSeconds: call.durationSeconds, ...mfaInput(call.mfa) };
    return this.#call(subject, call, {
      input,
      send: (sdk, client) => client.send(new sdk.GetSessionTokenCommand(input)),
      read: (response) => this.#readCredentials(response.Credentials),
    });
  }

  assumeRole(call: AssumeRoleCall): Promise<Credentials> {
    const { roleArn, profile, mfa } = call;
    const input = {
      RoleArn: roleArn,
      RoleSessionName: call.roleSessionName,
      DurationSeconds: call.durationSeconds,
      ...(call.externalId === undefined ? {} : { ExternalId: call.externalId }),
      ...sessionInput(call),
      ...mfaInput(mfa),
    };
    return this.#call({ operation: "AssumeRole", roleArn, profile, mfa }, call, {
      input,
      send: (sdk, client) => client.send(new sdk.AssumeRoleCommand(input)),
      read: (response) => this.#readCredentials(response.Credentials),
    });
  }

  assumeRoleWithWebIdentity(call: WebIdentityCall): Promise<Credentials> {
    const { roleArn, profile, webIdentityToken, durationSeconds } = call;
    const input = {
      RoleArn: roleArn,
      RoleSessionName: call.roleSessionName,
      WebIdentityToken: webIdentityToken,
      ...(durationSeconds === undefined ? {} : { DurationSeconds: durationSeconds }),
      ...sessionInput(call),
    };
    const subject = {
      operation: "AssumeRoleWithWebIdentity",
      ...{ roleArn, profile, webIdentityToken },
    } as const;
    return this.#call(subject, call, {
      input,
      send: (sdk, client) => client.send(new sdk.AssumeRoleWithWebIdentityCommand(input)),
      read: (response) => this.#readCredentials(response.Credentials),
      // The keys of a provider that was just created reach STS's hosts one after another.
      retried: ["InvalidIdentityToken"],
    });
  }

  getScopedCredentials(call: ScopedCredentialsCall): Promise<Credentials> {
    const { policy, durationSeconds, description, profile } = call;
    const input = {
      ...(policy === undefined ? {} : { Policy: policy }),
      ...(durationSeconds === undefined ? {} : { DurationSeconds: durationSeconds }),
      ...(description === undefined ? {} : { ScopedSessionDescription: description }),
    };
    return this.#call({ operation: "GetScopedCredentials", profile }, call, {
      input,
      send: (sdk, client) => client.send(new sdk.GetScopedCredentialsCommand(input)),
      read: (response) => this.#readCredentials(response.Credentials),
    });
  }

  getCallerIdentity(call: StsCall): Promise<CallerIdentity> {
    const input = {};
    return this.#call({ operation: "GetCallerIdentity" }, call, {
      input,
      send: (sdk, client) => client.send(new sdk.GetCallerIdentityCommand(input)),
      read: ({ Account: account, Arn: arn, UserId: userId }) =>
        account && arn && userId ? { account, arn, userId } : undefined,
    });
  }

  skewMs(): number {
    return this.#clockOffsets.newest ?? 0;
  }

  measuredSkewMs(): number | undefined {
    return this.#clockOffsets.newest;
  }

  async #call<A, T>(
    subject: CallSubject,
    { endpoint: settings, keys, signal }: UnsignedCall & Partial<StsCall>,
    operation: Operation<A, T>,
  ): Promise<T> {
    const { clock, random, network } = this.#ports;
    const endpoint = resolveEndpoint(settings);
    const { host, origin } = this.#urlOf(endpoint);
    const { waits } = this.#ports;
    let clockOffset = 0;
    let pause: Disposable | undefined;
    const tried = await callWithRetries(async () => {
      pause?.[Symbol.dispose]();
      using _wait = waits?.wait({ kind: "call", host, since: clock.now() });
      clockOffset = this.#clockOffsets.get(endpoint.url);
      return await attemptCall(operation, { endpoint, keys, clockOffset }, {
        clock,
        network,
        clients: this.#clients,
        origin,
        signal,
        timeoutMs: this.#timeoutMs,
        onResponse: (seen) => this.#clockOffsets.observe(seen),
      });
    }, {
      clock,
      random,
      signal,
      maxAttempts: this.#maxAttempts,
      retried: operation.retried,
      correctClock: (failure) => this.#clockOffsets.correct(endpoint.url, failure, clockOffset),
      onWait: ({ code, kind }, ms) => {
        this.#logger.debug(`carryOut: ${subject.operation} again in ${ms} ms: ${code}`);
        pause = waits?.wait({
          kind: "retry",
          code,
          isThrottled: kind === "throttled",
          until: clock.now() + ms,
        });
      },
    }).finally(() => pause?.[Symbol.dispose]());
    if ("result" in tried) return tried.result;
    // Loaded lazily, only when a call fails.
    const { stsErrorOf } = await import("./error.ts");
    throw stsErrorOf({ subject, endpoint, keys, ...tried });
  }

  #urlOf({ url: text }: Endpoint): URL {
    const url = this.#urls.get(text) ?? new URL(text);
    this.#urls.set(text, url);
    return url;
  }

  #readCredentials(credentials: SdkCredentials | undefined): Credentials | undefined {
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) return undefined;
    const StartTime = new Date(this.#ports.clock.now() + this.skewMs());
    return new Credentials({ AccessKeyId, SecretAccessKey, SessionToken, StartTime, Expiration });
  }
}

/** What is sent about the session of a role. */
function sessionInput(
  { policy, policyArns, tags, transitiveTagKeys, sourceIdentity }: SessionParameters,
) {
  return {
    ...(policy === undefined ? {} : { Policy: policy }),
    ...(policyArns === undefined ? {} : { PolicyArns: policyArns.map((arn) => ({ arn })) }),
    ...(tags === undefined
      ? {}
      : { Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) }),
    ...(transitiveTagKeys === undefined ? {} : { TransitiveTagKeys: [...transitiveTagKeys] }),
    ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
  };
}

function mfaInput(mfa: MfaCode | undefined): { SerialNumber?: string; TokenCode?: string } {
  return mfa === undefined ? {} : { SerialNumber: mfa.serial, TokenCode: mfa.code };
}
