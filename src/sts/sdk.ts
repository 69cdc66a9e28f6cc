/**
 * One attempt of one call through `@aws-sdk/client-sts`. The SDK is loaded here, on the first call, and gets everything
 * that it would otherwise look up in files, in the environment and in the system.
 *
 * @module
 */

import type { STSClient } from "@aws-sdk/client-sts";
import { abortable } from "../abortable.ts";
import type { AccessKeys } from "../credentials.ts";
import { StsavalError } from "../errors.ts";
import type { Clock, Digests } from "../system.ts";
import { version } from "../version.ts";
import type { Endpoint } from "./endpoint.ts";
import { foreignFailure, readFailure } from "./failure.ts";
import type { Outcome } from "./retry.ts";
import { hashClass } from "./sha256.ts";
import { type SdkRequest, Transport, type TransportPorts } from "./transport.ts";

/** The SDK's module. */
export type Sdk = typeof import("@aws-sdk/client-sts");

/** One operation: how to send it, and how to read its response. */
export interface Operation<A, T> {
  /** The input of the SDK's command, of this call alone: the transport is found by it. */
  readonly input: object;
  /** Sends the command. */
  send(sdk: Sdk, client: STSClient): Promise<A>;
  /** Reads the response; undefined if it is incomplete. */
  read(response: A): T | undefined;
  /** Codes of rejections that another attempt may not meet. */
  readonly retried?: readonly string[];
}

/** By which transport the call with this input goes: one client serves many attempts. */
const transports = new WeakMap<object, Pick<Transport, "handle">>();

/** The endpoint and the signing parameters of an attempt. */
export interface Signing {
  readonly endpoint: Endpoint;
  /** Undefined for a call that is not signed. */
  readonly keys: AccessKeys | undefined;
  /** Milliseconds to add to the clock for the signing time. */
  readonly clockOffset: number;
}

/**
 * Makes one attempt. A failed call is an outcome, not a rejection; an aborted one rejects with the signal's reason.
 *
 * @throws {StsavalError} when the SDK cannot be loaded
 */
export async function attemptCall<A, T>(
  operation: Operation<A, T>,
  signing: Signing,
  { clients, ...ports }: TransportPorts & { readonly clients: SdkClients },
): Promise<Outcome<T>> {
  const transport = new Transport(ports);
  transports.set(operation.input, transport);
  try {
    const sdk = clients.sdk ??= await abortable(loadSdk, ports.signal);
    const client = clients.get(sdk, signing, ports.clock);
    const result = operation.read(await operation.send(sdk, client));
    if (result !== undefined) return { result };
    return { failure: foreignFailure("responded without the expected content", transport.seen) };
  } catch (error) {
    // What was aborted has failed by that, whatever it looks like.
    ports.signal?.throwIfAborted();
    if (error instanceof StsavalError) throw error;
    return { failure: readFailure(error, transport.seen) };
  } finally {
    transports.delete(operation.input);
  }
}

/** How many clients are kept: all roles of a session are assumed by one. */
const mostClients = 16;

/**
 * Clients of the SDK, which cost 3 to 5 ms each (facts of Deno, "Measured in November 2026"): one for an endpoint, keys and
 * a clock.
 */
export class SdkClients {
  /** By when they were used, the last one at the end. */
  readonly #clients: { readonly signing: Signing; readonly client: STSClient }[] = [];
  readonly #digests: Digests | undefined;
  /** Once it is loaded: the runtime takes 0.05 ms to tell that it is. */
  sdk: Sdk | undefined;

  /** Clients that sign with these digests, or with the SDK's own. */
  constructor(digests?: Digests) {
    this.#digests = digests;
  }

  /** The client for these parameters. */
  get(sdk: Sdk, signing: Signing, clock: Clock): STSClient {
    const index = this.#clients.findLastIndex((known) => isSameSigning(known.signing, signing));
    const [known] = index < 0 ? [] : this.#clients.splice(index, 1);
    const client = known?.client ?? createClient(sdk, signing, clock, this.#digests);
    this.#clients.push({ signing, client });
    if (this.#clients.length > mostClients) this.#clients.shift();
    return client;
  }
}

function isSameSigning(one: Signing, other: Signing): boolean {
  const { endpoint, keys } = other;
  return one.endpoint.url === endpoint.url &&
    one.endpoint.signingRegion === endpoint.signingRegion &&
    one.clockOffset === other.clockOffset &&
    (one.keys === undefined) === (keys === undefined) &&
    one.keys?.accessKeyId === keys?.accessKeyId &&
    one.keys?.secretAccessKey === keys?.secretAccessKey &&
    one.keys?.sessionToken === keys?.sessionToken;
}

/**
 * Loads the SDK.
 *
 * @throws {StsavalError} when that fails, but for a permission that is lacking: it is reported like one that a call lacks
 */
export async function loadSdk(
  load: () => Promise<Sdk> = () => import("@aws-sdk/client-sts"),
): Promise<Sdk> {
  try {
    return await load();
  } catch (error) {
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
  digests: Digests | undefined,
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
    ...digests && { sha256: hashClass(digests) },
    defaultUserAgentProvider: () => Promise.resolve([["stsaval", version]]),
    // What calls go through is put together once for an operation. It keeps the first input: of a signed call a code that
    // was used, at most, but of an unsigned one a token.
    cacheMiddleware: keys !== undefined,
    requestHandler: { metadata: { handlerProtocol: "http/1.1" }, handle: withoutTransport },
  });
  // The first would log session tokens, the second reads Lambda variables from the environment, and the third sets a header
  // that `fetch` sets by itself.
  client.middlewareStack.remove("loggerMiddleware");
  client.middlewareStack.remove("recursionDetectionMiddleware");
  client.middlewareStack.remove("contentLengthMiddleware");
  // One attempt is made here, so that nothing has to count them. What signs looks for its place after this one.
  client.middlewareStack.add((next) => next, {
    name: "retryMiddleware",
    step: "finalizeRequest",
    priority: "high",
    override: true,
  });
  client.middlewareStack.add(
    (next) => (args) =>
      transports.get(args.input)?.handle(args.request as SdkRequest) ?? next(args),
    { name: "transport", step: "deserialize", priority: "low" },
  );
  signWithClock(client, () => clock.now() + clockOffset);
  copyLess(client);
  return client;
}

/** The settings that the SDK reads from the copy that it makes for each call to resolve the endpoint. */
const copied = [
  ...["endpoint", "endpointProvider", "isCustomEndpoint", "region", "serviceId"],
  ...["useDualstackEndpoint", "useFipsEndpoint", "useGlobalEndpoint"],
] as const;

/** It would copy all of them, sixty; what is inherited is not copied. */
function copyLess(client: STSClient): void {
  const all: Readonly<Record<string, unknown>> = { ...client.config };
  const own = Object.fromEntries(copied.map((name) => [name, all[name]]));
  Object.assign(client, { config: Object.assign(Object.create(client.config), own) });
}

/** All calls end in the transport before they come here. */
function withoutTransport(): Promise<never> {
  return Promise.reject(new StsavalError("FAILED", "Cannot send a call without a transport"));
}

/** Without it the SDK would look for keys by itself; an unsigned call asks for none. */
function noKeys(): Promise<never> {
  return Promise.reject(new StsavalError("FAILED", "Cannot sign a call without keys"));
}

/** The SDK would sign with the time of the global clock, and make a signer for each call. */
function signWithClock(client: STSClient, now: () => number): void {
  const signerFor = client.config.signer;
  const make = async (scheme: Parameters<typeof signerFor>[0]) => {
    const signer = await signerFor(scheme);
    const signWithTime: typeof signer.sign = (request, options) =>
      signer.sign(request, { ...options, signingDate: new Date(now()) });
    return { sign: signWithTime };
  };
  const signers = new Map<string, ReturnType<typeof make>>();
  client.config.signer = (scheme) => {
    const key = JSON.stringify(scheme);
    const signer = signers.get(key) ?? make(scheme);
    signers.set(key, signer);
    return signer;
  };
}
