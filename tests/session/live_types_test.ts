/**
 * The types of sets, as programs use them. `deno check` is the test: a line that must not compile is marked.
 *
 * @module
 */

import { type Credentials, CredentialSet, type LiveCredentials, StsCore } from "../../mod.ts";
import { createStsEmulator, emulatorSystem } from "../../src/testing/mod.ts";
import { assertEquals } from "@std/assert";

/** Compiles where `Actual` and `Wanted` are the same type. */
type Same<Actual, Wanted> = (<T>() => T extends Actual ? 1 : 2) extends
  (<T>() => T extends Wanted ? 1 : 2) ? true : false;

function isTrue<Fact extends true>(..._: readonly Fact[]): void {}

async function setOf<const Names extends readonly string[]>(names: Names) {
  const emulator = createStsEmulator();
  const sts = new StsCore({ system: emulatorSystem(emulator) });
  const mfaCode = (serial: string) => emulator.mfaCode(serial);
  return { sts, set: await sts.generateCredentials(names, { mfaCode }) };
}

Deno.test("a set of known names is a set of any names, and the newest one", async () => {
  const { sts, set } = await setOf(["DynamoDBRole-dev"]);
  await using _sts = sts;
  const any: LiveCredentials = set;
  const plain: CredentialSet = set;
  const either: LiveCredentials<"DynamoDBRole-dev" | "other"> | LiveCredentials = set;
  const newest: LiveCredentials | undefined = sts.currentCredentials;
  assertEquals([sts.currentCredentials === set, set === sts.currentCredentials], [true, true]);
  assertEquals([newest === set, any === set, plain === set, either === set], Array(4).fill(true));
  assertEquals(any["sts-DynamoDBRole-dev"]?.AccessKeyId, set["sts-DynamoDBRole-dev"].AccessKeyId);
  const known = set["sts-DynamoDBRole-dev"];
  isTrue<Same<typeof known, Credentials>>();
  // @ts-expect-error: that profile was not asked for
  assertEquals(set["sts-DynamoDBRole-dve"]?.AccessKeyId, undefined);
  // @ts-expect-error: a set of any names may be without this one
  const missing: Credentials = any["sts-DynamoDBRole-dve"];
  assertEquals(missing, undefined);
});

Deno.test("a set of names that are known at run time only is a set of any names", async () => {
  const names: string[] = ["DynamoDBRole-dev"];
  const { sts, set } = await setOf(names);
  await using _sts = sts;
  const any: LiveCredentials = set;
  assertEquals(sts.currentCredentials === set && any === set, true);
  let held: LiveCredentials | undefined;
  held = set;
  held = (await setOf(["CodeDeployRole-qa"])).set;
  assertEquals(held instanceof CredentialSet, true);
  sts.halt();
  for await (const changed of set.changes()) {
    const same: LiveCredentials = changed;
    assertEquals(same, set);
  }
});
