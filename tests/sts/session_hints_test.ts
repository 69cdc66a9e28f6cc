/**
 * The hint on a refused policy names the profile, where one is known.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { sessionRows } from "../../src/sts/session_hints.ts";

Deno.test("the hint on a refused policy names the profile that shows it, where there is one", () => {
  const row = sessionRows.find(({ code }) => code.test("MalformedPolicyDocument"));
  const hintFor = (profile?: string) => row?.hint({ subject: { profile } } as never);
  const rest = "; 'aws accessanalyzer validate-policy' says where it is wrong";
  assertEquals(hintFor(), `IAM does not accept the policy${rest}`);
  assertEquals(
    hintFor("dev"),
    `IAM does not accept the policy that 'stsaval explain' shows for profile "dev"${rest}`,
  );
});
