/**
 * What a credential server needs.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { ParsedArguments } from "../../../src/cli/parse/arguments.ts";
import { servedAddresses, servesChild, tokenFolder } from "../../../src/cli/permissions/served.ts";
import { UsageError } from "../../../src/errors.ts";

const given = (values: Readonly<Record<string, unknown>>) => new ParsedArguments(values, [], []);
const env = (variables: Readonly<Record<string, string>>) => ({
  get: (name: string) => variables[name],
});

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("the tokens lie below the folder of the cache", () => {
  const rows = [
    [{ HOME: "/home/kim" }, "/home/kim/.aws/stsaval/servers"],
    [{ HOME: "/home/kim", STSAVAL_CACHE_DIR: "/c//" }, "/c/servers"],
    [{ STSAVAL_CACHE_DIR: "/" }, "//servers"],
    [{}, undefined],
  ] as const;
  for (const [variables, folder] of rows) assertEquals(tokenFolder(env(variables)), folder);
});

pure("exec serves its program where it is told to, or for which profiles", () => {
  const rows = [
    [{}, false],
    [{ serve: true }, true],
    [{ "serve-profiles": [] }, false],
    [{ "serve-profiles": ["dev"] }, true],
  ] as const;
  for (const [values, serves] of rows) assertEquals(servesChild(given(values)), serves);
});

pure("a server listens on its port, and that of the instance metadata is the next", () => {
  const rows = [
    [{}, ["127.0.0.1:0"]],
    [{ port: "8080" }, ["127.0.0.1:8080"]],
    [{ imds: true }, ["127.0.0.1:0", "127.0.0.1:0"]],
    [{ port: "0", imds: true }, ["127.0.0.1:0", "127.0.0.1:0"]],
    [{ port: "8080", imds: true }, ["127.0.0.1:8080", "127.0.0.1:8081"]],
  ] as const;
  for (const [values, addresses] of rows) {
    assertEquals(servedAddresses(given(values)), [...addresses]);
  }
  assertThrows(() => servedAddresses(given({ port: "-1" })), UsageError, "0 to 65535");
  // The last port has none after it.
  assertEquals(servedAddresses(given({ port: "65535" })), ["127.0.0.1:65535"]);
  assertThrows(() => servedAddresses(given({ port: "65536" })), UsageError, "0 to 65535");
  assertEquals(servedAddresses(given({ port: "65534", imds: true }))[1], "127.0.0.1:65535");
  assertThrows(
    () => servedAddresses(given({ port: "65535", imds: true })),
    UsageError,
    "0 to 65534",
  );
});
