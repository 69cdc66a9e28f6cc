/**
 * One attempt of one call through `@aws-sdk/client-sts`. The SDK is loaded here, on the first call, and gets everything
 * that it would otherwise look up in files, in the environment and in the system.
 *
 * @module
 */

import type { STSClient } from "@aws-sdk/client-sts";
import type { AccessKeys } from "../credentials.ts";
import { StsavalError } from "../errors.ts";
import type { Clock } from "../system.ts";
import { version } from "../version.ts";
import type { Endpoint } from "./endpoint.ts";
import { foreignFailure, readFailure } from "./failure.ts";
import type { Outcome } from "./retry.ts";
import { Transport, type TransportPorts } from "./transport.ts";

/** The SDK's module. */
export type Sdk = typeof import("@aws-sdk/client-sts");

/** One operation: how to send it, and how to read its response. */
export interface Operation<A, T> {
  /** Sends the call. */
  send(sdk: Sdk, client: STSClient): Promise<A>;
  /** Reads the response; undefined if it is incomplete. */
  read(response: A): T | undefined;
  /** Codes of rejections that another attempt may not meet. */
  readonly retried?: readonly string[];
}

/** The endpoint and the signing parameters of an attempt. */
export interface Signing {
  readonly endpoint: Endpoint;
  /** Undefined for a call that is not signed. */
  readonly keys: AccessKeys | undefined;
  /** Milliseconds to add to the clock for the signing time. */
  readonly clockOffset: number;
}

/**
 * Makes one attempt. A failed call is an outcome, not a rejection.
 *
 * @throws {StsavalError} when the SDK cannot be loaded
 */
export async function attemptCall<A, T>(
  operation: Operation<A, T>,
  signing: Signing,
  ports: TransportPorts,
): Promise<Outcome<T>> {
  const transport = new Transport(ports);
  try {
    const sdk = await loadSdk();
    const client = createClient(sdk, signing, ports.clock, transport);
    const result = operation.read(await operation.send(sdk, client));
    if (result !== undefined) return { result };
    return { failure: foreignFailure("responded without the expected content", transport.seen) };
  } catch (error) {
    if (error instanceof StsavalError) throw error;
    return { failure: readFailure(error, transport.seen) };
  }
}

async function loadSdk(): Promise<Sdk> {
  try {
    return await import("@aws-sdk/client-sts");
  } catch (error) {
    // A permission that the SDK lacks is reported like one that a call lacks.
    if (error instanceof Error && error.name === "NotCapable") throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new StsavalError("FAILED", `Cannot load the AWS SDK: ${why}`, {
      hint: "Deno downloads it on first use; 'deno cache cli.ts' does so ahead of time",
      cause: error,
    });
  }
}

function createClient(
  sdk: Sdk,
  { endpoint, keys, clockOffset }: Signing,
  clock: Clock,
  transport: Transport,
): STSClient {
  const client = new sdk.STSClient({
    endpoint: endpoint.url,
    region: endpoint.signingRegion,
    credentials: keys ?? noKeys,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    maxAttempts: 1,
    retryMode: "standard",
    defaultsMode: "standard",
    authSchemePreference: [],
    sigv4aSigningRegionSet: [],
    disableClockSkewCorrection: true,
    userAgentAppId: "",
    defaultUserAgentProvider: () => Promise.resolve([["stsaval", version]]),
    requestHandler: transport,
  });
  // The first would log session tokens, the second reads Lambda variables from the environment.
  client.middlewareStack.remove("loggerMiddleware");
  client.middlewareStack.remove("recursionDetectionMiddleware");
  signWithClock(client, () => clock.now() + clockOffset);
  return client;
}

/** Without it the SDK would look for keys by itself; an unsigned call asks for none. */
function noKeys(): Promise<never> {
  return Promise.reject(new StsavalError("FAILED", "Cannot sign a call without keys"));
}

/** The SDK would sign with the time of the global clock. */
function signWithClock(client: STSClient, now: () => number): void {
  const signerFor = client.config.signer;
  client.config.signer = async (scheme) => {
    const signer = await signerFor(scheme);
    return {
      sign: (request, options) =>
        signer.sign(request, { ...options, signingDate: new Date(now()) }),
    };
  };
}
