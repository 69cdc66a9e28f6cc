/**
 * Options that narrow: which of two count, and that none is lost because it is empty.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/errors.ts";
import {
  type NarrowingOptions,
  narrowingRequest,
} from "../../../src/session/scope/narrowing_options.ts";

function pure(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pure(
  "narrowingRequest() is undefined where nothing is said, and gives each option its place",
  () => {
    assertEquals(narrowingRequest({}), undefined);
    assertEquals(narrowingRequest({ policyArns: [], sessionTags: {} }, {}), undefined);
    assertEquals(
      narrowingRequest({
        ...{ policy: " {} ", policyArns: ["arn:a"], sessionTags: { a: "1", b: 2 as never } },
        ...{ sourceIdentity: "kim", scope: { Statement: [] }, scopeFor: "10m" },
        scopeDescription: "for a build",
      }),
      {
        ...{ policy: " {} ", policyArns: ["arn:a"], sourceIdentity: "kim" },
        tags: [{ key: "a", value: "1" }, { key: "b", value: "2" }],
        ...{ scope: '{"Statement":[]}', scopeSeconds: 600, scopeDescription: "for a build" },
      },
    );
  },
);

pure(
  "narrowingRequest() takes the later options first: policies as a whole, tags one by one",
  () => {
    const options: NarrowingOptions = {
      ...{ policy: "a", policyArns: ["arn:a"], sessionTags: { a: "1", b: "1" }, scope: "x" },
      ...{ sourceIdentity: "kim", scopeFor: 1, scopeDescription: "early" },
    };
    assertEquals(narrowingRequest(options, { policyArns: ["arn:b"] })?.policy, undefined);
    assertEquals(narrowingRequest(options, { policy: "b" })?.policyArns, undefined);
    assertEquals(narrowingRequest(options, { sessionTags: { b: "2" } })?.tags, [
      { key: "a", value: "1" },
      { key: "b", value: "2" },
    ]);
    const later = { sourceIdentity: "ann", scope: "y", scopeFor: 2, scopeDescription: "late" };
    const { sourceIdentity, scope, scopeSeconds, scopeDescription } =
      narrowingRequest(options, later) ?? {};
    assertEquals([sourceIdentity, scope, scopeSeconds, scopeDescription], [
      ...["ann", "y", 7_200, "late"],
    ]);
  },
);

pure(
  "an empty text and a value of another kind are refused by their option: neither may make wider",
  () => {
    const wanted = "wanted JSON, the path of a file, or the name of a scope";
    const rows: readonly (readonly [NarrowingOptions, string])[] = [
      [{ policy: "" }, "policy: found an empty text"],
      [{ policy: " \n" }, "policy: found an empty text"],
      [{ scope: "\t" }, "scope: found an empty text"],
      [{ scope: 1 as never }, "scope: found a value of type number"],
      [{ policy: true as never }, "policy: found a value of type boolean"],
    ];
    for (const [options, found] of rows) {
      const error = assertThrows(() => narrowingRequest(options), UsageError);
      assertEquals(error.message, `Cannot use the given ${found}, ${wanted}`);
      assertEquals(error.hint, "'stsaval scopes' lists the scopes that have names");
    }
  },
);
