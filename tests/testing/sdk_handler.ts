/**
 * The real AWS SDK in front of an emulator: its requests go to `handle()` and never over a socket.
 *
 * @module
 */

import { STSClient } from "@aws-sdk/client-sts";
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
  return new STSClient({
    region: "us-east-1",
    endpoint: "https://sts.us-east-1.amazonaws.com",
    credentials: keys,
    maxAttempts: 1,
    retryMode: "standard",
    defaultsMode: "standard",
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    authSchemePreference: ["aws.auth#sigv4"],
    defaultUserAgentProvider: () => Promise.resolve([["stsaval-tests", "0"]]),
    requestHandler: { handle: (request: SdkRequest) => answer(emulator, request) },
  });
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
