/**
 * What a chain hands on from role to role: tags that are transitive, and the source identity.
 *
 * @module
 */

import { assertEquals, assertThrows } from "@std/assert";
import { Inherited } from "../../../src/config/scope/inherited.ts";
import { ProfileError } from "../../../src/errors.ts";

const tag = (key: string) => ({ key, value: "1" });

function failure(work: () => void): readonly [string, string | undefined] {
  const { message, hint } = assertThrows(work, ProfileError);
  return [message, hint];
}

Deno.test("a later role sets no tag that is transitive, in any case of its key", () => {
  const chain = new Inherited("asked");
  chain.pass("first", { tags: [tag("Team"), tag("city")], transitiveTagKeys: ["Team"] });
  chain.pass("second", { tags: [tag("city")] });
  assertEquals(failure(() => chain.pass("third", { tags: [tag("city"), tag("tEAM")] })), [
    'Cannot use profile "asked": the role of profile "third" sets the tag "tEAM", which is transitive from the role of ' +
    'profile "first", and AWS lets no later role set it',
    'remove it from session_tags of one, or from transitive_session_tags of profile "first"',
  ]);
});

Deno.test("the role that makes a tag transitive sets it itself", () => {
  const chain = new Inherited("asked");
  chain.pass("first", { tags: [tag("team")], transitiveTagKeys: ["TEAM"] });
  chain.pass("second", {});
  assertThrows(() => chain.pass("third", { tags: [tag("team")] }), ProfileError, '"first"');
});

Deno.test("a later role may repeat the source identity, and not change it", () => {
  const chain = new Inherited("asked");
  chain.pass("first", {});
  chain.pass("second", { sourceIdentity: "kim" });
  chain.pass("third", {});
  chain.pass("fourth", { sourceIdentity: "kim" });
  assertEquals(failure(() => chain.pass("fifth", { sourceIdentity: "ann" })), [
    'Cannot use profile "asked": the role of profile "fifth" sets the source identity "ann", but that of profile ' +
    '"fourth" has set "kim", and AWS lets no later role change it',
    "set source_identity for the first role of the chain alone",
  ]);
});
