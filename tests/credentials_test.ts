/**
 * The Credentials value: whole in JSON, masked wherever people look.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  asAccessKeys,
  Credentials,
  type CredentialsFields,
  keyTail,
  maskCredentials,
  setKey,
} from "../src/credentials.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const fields: CredentialsFields = {
  AccessKeyId: "ASIAEXAMPLEEXAMPLE7QRS",
  SecretAccessKey: "a-secret-that-nobody-sees",
  SessionToken: "a-token-that-nobody-sees",
  StartTime: new Date("2026-01-01T00:00:00Z"),
  Expiration: new Date("2026-01-01T01:00:00Z"),
};

pure("Credentials survive JSON in full", () => {
  const parsed = JSON.parse(JSON.stringify(new Credentials(fields)));
  assertEquals(Object.keys(parsed), Object.keys(fields));
  assertEquals(
    { ...parsed, StartTime: new Date(parsed.StartTime), Expiration: new Date(parsed.Expiration) },
    fields,
  );
});

pure("Credentials stay as they are, whatever is done to what they hand out or were made of", () => {
  const given = { ...fields, Expiration: new Date(fields.Expiration) };
  const credentials = new Credentials(given);
  for (const date of [given.Expiration, credentials.Expiration, credentials.StartTime]) {
    date.setHours(date.getHours() + 1);
  }
  for (const name of Object.keys(fields)) {
    assert(!Reflect.set(credentials, name, new Date(0)), name);
    assert(!Reflect.deleteProperty(credentials, name), name);
  }
  assertEquals({ ...credentials }, { ...fields });
  assertEquals(Object.keys(credentials), Object.keys(fields));
  assertEquals(credentials, new Credentials(fields));
});

pure("Credentials show no secret when they are inspected, at any depth", () => {
  const credentials = new Credentials(fields);
  for (
    const value of [
      credentials,
      [credentials],
      { a: { b: credentials } },
      new Map([[1, credentials]]),
    ]
  ) {
    const shown = Deno.inspect(value, { depth: 9 });
    assert(!shown.includes("nobody-sees"), shown);
    assertStringIncludes(shown, "ASIAEXAMPLEEXAMPLE7QRS");
    assertStringIncludes(shown, "2026-01-01T01:00:00.000Z");
  }
});

pure("Credentials show no secret to Node's inspect either", () => {
  const credentials: object = new Credentials(fields);
  const inspect: unknown = Reflect.get(credentials, Symbol.for("nodejs.util.inspect.custom"));
  assert(typeof inspect === "function");
  const shown = inspect.call(credentials, 2, {}, (value: unknown) => JSON.stringify(value));
  assert(!shown.includes("nobody-sees"));
  assertStringIncludes(shown, "7QRS");
});

pure("maskCredentials() replaces the two secrets and nothing else", () => {
  assertEquals(maskCredentials(fields), {
    ...fields,
    SecretAccessKey: "********",
    SessionToken: "********",
  });
  assertEquals(fields.SecretAccessKey, "a-secret-that-nobody-sees");
});

pure("asAccessKeys() gives what the next call is signed with", () => {
  assertEquals(asAccessKeys(fields), {
    accessKeyId: fields.AccessKeyId,
    secretAccessKey: fields.SecretAccessKey,
    sessionToken: fields.SessionToken,
  });
});

pure("keyTail() shows the last four characters at most", () => {
  assertEquals(keyTail(fields.AccessKeyId), "…7QRS");
  assertEquals(keyTail("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), "…");
});

pure("setKey() puts sts- before a profile's name, in the type too", () => {
  const key: "sts-dev" = setKey("dev");
  assertEquals(key, "sts-dev");
});
