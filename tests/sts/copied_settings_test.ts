/**
 * The settings that the SDK finds in the copy which it makes for each call to resolve the endpoint: the others are left out.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { attemptCall, type Operation, SdkClients, type Signing } from "../../src/sts/sdk.ts";
import { VirtualClock } from "../fake_system.ts";
import { sdkVariables } from "./sdk_variables.ts";

const keys = { accessKeyId: "AKIAEXAMPLEEXAMPLE00", secretAccessKey: "secret", sessionToken: "t" };
const endpoint = { url: "https://sts.eu-west-1.amazonaws.com", signingRegion: "eu-west-1" };
const signing = { endpoint, keys, clockOffset: 0 } as Signing;
const clock = new VirtualClock();

const answer = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/kim</Arn></GetCallerIdentityResult>
</GetCallerIdentityResponse>`;
const refusal = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error>
</ErrorResponse>`;

/** Answers that are read in different ways. */
const answers: Readonly<Record<string, () => Response>> = {
  answer: () => new Response(answer, { headers: { "content-type": "text/xml" } }),
  refusal: () => new Response(refusal, { status: 403, headers: { "content-type": "text/xml" } }),
  "no XML": () => new Response("busy", { status: 503 }),
  nothing: () => new Response(null, { status: 500 }),
};

const role = { RoleArn: "arn:aws:iam::123456789012:role/dev", RoleSessionName: "kim" };
const more = {
  Tags: [{ Key: "team", Value: "blue" }],
  PolicyArns: [{ arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
};

/** An operation whose command is made of its input, by which its transport is found. */
function operationOf<Input extends object>(
  input: Input,
  send: (input: Input, ...given: Parameters<Operation<unknown, true>["send"]>) => Promise<unknown>,
): Operation<unknown, true> {
  return { input, send: (...given) => send(input, ...given), read: () => true };
}

/** What the SDK is asked to do, with keys. */
const signed: readonly (() => Operation<unknown, true>)[] = [
  () =>
    operationOf({}, (input, sdk, client) => client.send(new sdk.GetCallerIdentityCommand(input))),
  () => operationOf({}, (input, sdk, client) => client.send(new sdk.GetSessionTokenCommand(input))),
  () =>
    operationOf(
      { ...role, ...more },
      (input, sdk, client) => client.send(new sdk.AssumeRoleCommand(input)),
    ),
];

/** The same without. */
const unsigned = () =>
  operationOf(
    { ...role, WebIdentityToken: "token" },
    (input, sdk, client) => client.send(new sdk.AssumeRoleWithWebIdentityCommand(input)),
  );

/** What a copy of settings has, and no other object. */
const marks = ["endpointProvider", "isCustomEndpoint"];

/** The names among these that are asked of an object which is a copy of settings, and has none of that name. */
function watchCopies(names: readonly string[]): { readonly asked: Set<string> } & Disposable {
  const asked = new Set<string>();
  for (const name of names) {
    Object.defineProperty(Object.prototype, name, {
      configurable: true,
      get(this: object) {
        if (marks.some((mark) => Object.hasOwn(this, mark))) asked.add(name);
        return undefined;
      },
      set(this: object, value: unknown) {
        Object.defineProperty(this, name, {
          value,
          ...{ configurable: true, enumerable: true, writable: true },
        });
      },
    });
  }
  return {
    asked,
    [Symbol.dispose]() {
      for (const name of names) delete (Object.prototype as Record<string, unknown>)[name];
    },
  };
}

Deno.test({
  name: "the SDK asks its copies of the settings for nothing that they lack",
  permissions: {
    env: sdkVariables,
  },
  async fn() {
    const clients = new SdkClients();
    const call = (operation: Operation<unknown, true>, answer: () => Response, own: Signing) =>
      attemptCall(operation, own, {
        network: { fetch: () => Promise.resolve(answer()) },
        ...{ clock, clients, timeoutMs: 1_000 },
      });
    const callAll = async () => {
      for (const answer of Object.values(answers)) {
        for (const make of signed) await call(make(), answer, signing);
        await call(unsigned(), answer, { ...signing, keys: undefined });
      }
    };
    await callAll();
    assert(clients.sdk !== undefined);
    const { config } = clients.get(clients.sdk, signing, clock);
    const inherited = Object.keys(Object.getPrototypeOf(config));
    const lacking = inherited.filter((name) => !Object.hasOwn(config, name));
    assert(lacking.length > 20, `${lacking}`);
    using watched = watchCopies(lacking);
    await callAll();
    assertEquals([...watched.asked], []);
  },
});
