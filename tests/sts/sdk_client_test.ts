/**
 * What a client of the SDK is given, so that it looks nothing up by itself; and how the SDK's faults are told.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { StsavalError } from "../../src/errors.ts";
import {
  attemptCall,
  loadSdk,
  type Operation,
  type Sdk,
  SdkClients,
  type Signing,
} from "../../src/sts/sdk.ts";
import { version } from "../../src/version.ts";
import { VirtualClock } from "../fake_system.ts";
import { sdkVariables } from "./sdk_variables.ts";

const keys = { accessKeyId: "AKIAEXAMPLEEXAMPLE00", secretAccessKey: "secret", sessionToken: "t" };
const endpoint = { url: "https://sts.eu-west-1.amazonaws.com", signingRegion: "eu-west-1" };
const signing = { endpoint, keys, clockOffset: 0 } as Signing;
const clock = new VirtualClock();

/** What the client's constructor was given. */
interface Given {
  readonly credentials: unknown;
  readonly cacheMiddleware: boolean;
  readonly defaultUserAgentProvider: () => Promise<unknown>;
  readonly requestHandler: {
    readonly metadata: unknown;
    readonly handle: (request: unknown, options?: unknown) => unknown;
  };
}

/** What the client of a call is given. */
function givenFor(other: Partial<Signing> = {}): Given {
  const found: Given[] = [];
  class STSClient {
    readonly config = { signer: () => Promise.resolve({}) };
    readonly middlewareStack = { add() {}, remove() {} };
    constructor(options: Given) {
      found.push(options);
    }
  }
  new SdkClients().get({ STSClient } as never as Sdk, { ...signing, ...other }, clock);
  const [given] = found;
  assert(given !== undefined);
  return given;
}

Deno.test({
  name: "a client is given everything that it would look up in files, variables and the system",
  permissions: "none",
  async fn() {
    const { defaultUserAgentProvider, requestHandler, ...plain } = givenFor();
    assertEquals(plain, {
      endpoint: endpoint.url,
      region: endpoint.signingRegion,
      credentials: keys,
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
      maxAttempts: 1,
      retryMode: "standard",
      defaultsMode: "standard",
      authSchemePreference: [],
      sigv4aSigningRegionSet: [],
      disableClockSkewCorrection: true,
      userAgentAppId: "",
      cacheMiddleware: true,
    } as never);
    assertEquals(await defaultUserAgentProvider(), [["stsaval", version]]);
    assertEquals(requestHandler.metadata, { handlerProtocol: "http/1.1" });
  },
});

Deno.test({
  name: "a client for calls that are not signed has no keys, and looks for none",
  permissions: "none",
  async fn() {
    const { credentials, cacheMiddleware } = givenFor({ keys: undefined });
    // It would keep the first call's token.
    assertEquals(cacheMiddleware, false);
    assert(typeof credentials === "function");
    const error = await assertRejects(() => credentials(), StsavalError);
    assertEquals([error.code, error.message], ["FAILED", "Cannot sign a call without keys"]);
  },
});

const identity = (name: string) =>
  `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/${name}</Arn><UserId>A</UserId>
  </GetCallerIdentityResult>
</GetCallerIdentityResponse>`;

Deno.test({
  name:
    "calls of one client at once each go by the transport of their attempt, all in the same words",
  permissions: { env: sdkVariables },
  async fn() {
    const clients = new SdkClients();
    const sent: Record<string, string>[] = [];
    const waiting: (() => void)[] = [];
    const arnBy = (name: string) => {
      const input = {};
      const operation: Operation<{ Arn?: string | undefined }, string> = {
        input,
        send: (sdk, client) => client.send(new sdk.GetCallerIdentityCommand(input)),
        read: ({ Arn }) => Arn,
      };
      const fetch = async ({ headers }: Request) => {
        sent.push(Object.fromEntries(headers));
        await new Promise<void>((resolve) => waiting.push(resolve));
        return new Response(identity(name), { headers: { "content-type": "text/xml" } });
      };
      return attemptCall(operation, signing, {
        ...{ clock, clients, network: { fetch }, timeoutMs: 1_000 },
      });
    };
    const names = ["kim", "lee", "max"];
    const results = Promise.all(names.map(arnBy));
    while (waiting.length < names.length) await new Promise((resolve) => setTimeout(resolve));
    for (const goOn of waiting.toReversed()) goOn();
    assertEquals(
      await results,
      names.map((name) => ({ result: `arn:aws:iam::123456789012:user/${name}` })),
    );
    for (const headers of sent) assertEquals(headers, sent[0]);
    // No attempt has said how this one goes.
    const { sdk } = clients;
    assert(sdk !== undefined);
    const client = clients.get(sdk, signing, clock);
    const error = await assertRejects(
      () => client.send(new sdk.GetCallerIdentityCommand({})),
      StsavalError,
    );
    assertEquals([error.code, error.message], [
      "FAILED",
      "Cannot send a call without a transport",
    ]);
  },
});

Deno.test({
  name: "a client of the real SDK logs nothing and reads no variables of Lambda",
  permissions: { env: sdkVariables },
  async fn() {
    const sdk = await loadSdk();
    let steps = "";
    class STSClient extends sdk.STSClient {
      constructor(...options: ConstructorParameters<typeof sdk.STSClient>) {
        super(...options);
        steps = this.middlewareStack.identify().join("\n");
      }
    }
    const client = new SdkClients().get({ ...sdk, STSClient }, signing, clock);
    const own = client.middlewareStack.identify().join("\n");
    const unused = ["loggerMiddleware", "recursionDetectionMiddleware", "contentLengthMiddleware"];
    for (const name of unused) {
      assert(steps.includes(name), "the SDK has it by this name");
      assert(!own.includes(name), name);
    }
    // What signs comes after it.
    assert(steps.includes("retryMiddleware") && own.includes("retryMiddleware"));
  },
});

/** An operation that ends like this. */
function ending(send: () => Promise<unknown>, read = (response: unknown) => response) {
  const operation: Operation<unknown, unknown> = { input: {}, send, read };
  const network = { fetch: () => Promise.reject(new Error("no call is made")) };
  const ports = { clock, network, timeoutMs: 1_000, clients: new SdkClients() };
  return attemptCall(operation, signing, ports);
}

Deno.test({
  name:
    "an attempt gives what was read, a failure for what the SDK throws, and throws our own errors",
  permissions: { env: sdkVariables },
  async fn() {
    assertEquals(await ending(() => Promise.resolve(7)), { result: 7 });
    const empty = await ending(() => Promise.resolve(7), () => undefined);
    assertEquals("failure" in empty && [empty.failure.kind, empty.failure.text], [
      "foreign",
      "responded without the expected content",
    ]);
    const broken = await ending(() => Promise.reject(new TypeError("connection reset")));
    assert("failure" in broken);
    assertEquals(broken.failure.kind, "unreachable");
    const own = new StsavalError("FAILED", "Cannot do it");
    assertStrictEquals(await assertRejects(() => ending(() => Promise.reject(own))), own);
  },
});

Deno.test({
  name:
    "an SDK that cannot be loaded is an error with a hint; a permission that it lacks stays one",
  permissions: "none",
  async fn() {
    for (const [why, cause] of [["no such module", new Error("no such module")], ["odd", "odd"]]) {
      const error = await assertRejects(() => loadSdk(() => Promise.reject(cause)), StsavalError);
      assertEquals(
        [error.code, error.message, error.hint, error.cause],
        [
          "FAILED",
          `Cannot load the AWS SDK: ${why}`,
          "Deno downloads it on first use; 'deno cache cli.ts' does so ahead of time",
          cause,
        ],
      );
    }
    const denied = new Deno.errors.NotCapable('Requires env access to "AWS_REGION"');
    assertStrictEquals(await assertRejects(() => loadSdk(() => Promise.reject(denied))), denied);
    const other = { name: "NotCapable", toString: () => "only its name" };
    await assertRejects(() => loadSdk(() => Promise.reject(other)), StsavalError, "only its name");
  },
});
