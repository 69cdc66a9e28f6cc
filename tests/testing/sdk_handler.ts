/**
 * The real AWS SDK in front of an emulator: its requests go to `handle()` and never over a socket.
 *
 * @module
 */

import { type Credentials, STSClient } from "@aws-sdk/client-sts";
import type { AccessKeys } from "../../src/credentials.ts";
import type { StsEmulator } from "../../src/testing/mod.ts";

/** What the SDK hands to a request handler. */
interface SdkRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A client of the SDK that talks to the emulator, once a call and without retries. */
export function sdkClient(emulator: StsEmulator, keys: AccessKeys): STSClient {
  const client = new STSClient({
    region: "us-east-1",
    endpoint: "https://sts.us-east-1.amazonaws.com",
    credentials: keys,
    maxAttempts: 1,
    disableClockSkewCorrection: true,
    retryMode: "standard",
    defaultsMode: "standard",
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    authSchemePreference: [],
    sigv4aSigningRegionSet: [],
    userAgentAppId: "",
    defaultUserAgentProvider: () => Promise.resolve([["stsaval-tests", "0"]]),
    requestHandler: { handle: (request: SdkRequest) => answer(emulator, request) },
  });
  // It looks for Lambda in the environment, which tests may not read.
  client.middlewareStack.remove("recursionDetectionMiddleware");
  return client;
}

async function answer(emulator: StsEmulator, request: SdkRequest) {
  const url = new URL(`${request.protocol}//${request.hostname}${request.path}`);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    url.searchParams.set(name, value);
  }
  const { method, headers, body = null } = request;
  const response = await emulator.handle(new Request(url, { method, headers, body }));
  return {
    response: {
      statusCode: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.bytes(),
    },
  };
}

/** The keys in what the SDK got. */
export function sdkKeys(credentials: Credentials | undefined): Required<AccessKeys> {
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = credentials ?? {};
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
}
