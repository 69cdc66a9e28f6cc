/**
 * Profiles whose keys are sealed: in plans, in the caches, and in the module.
 *
 * @module
 */

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { resolvePlans, resolveSessionPlan } from "../../../src/config/plan/plan.ts";
import { defaultProfile } from "../../../src/config/names/default.ts";
import { ProfileError, StoreError } from "../../../src/errors.ts";
import { holdsKeys, isLongTerm } from "../../../src/plan.ts";
import { StsCore } from "../../../src/session/core.ts";
import { sealText } from "../../../src/store/age_file.ts";
import type { PassphraseRequest } from "../../../src/store/passphrase_port.ts";
import { formatSealedKeys } from "../../../src/store/sealed_keys.ts";
import { sealedKeys } from "../../../src/source/sealed/sealed_keys.ts";
import { createStsEmulator, formatSampleHome } from "../../../src/testing/mod.ts";
import { configOf, roleArn } from "../../config/in_memory.ts";
import { fakeSystem, VirtualClock } from "../../fake_system.ts";

const config = `[profile dev]
role_arn = ${roleArn("Dev")}
source_profile = kim
mfa_serial = arn:aws:iam::123456789012:mfa/kim
[profile kim]
role_arn = ${roleArn("Own")}
source_profile = kim
[profile plain]
sealed_keys = identity:~/key.txt
credential_process = stsaval process plain
`;

async function planOf(name: string, credentials = "[kim]\nsealed_keys = passphrase\n") {
  const { plans: [plan], problems } = resolvePlans(await configOf({ config, credentials }), [name]);
  if (plan === undefined) throw new ProfileError(problems);
  return plan;
}

Deno.test("sealed keys of a source profile are its keys, whatever role it names beside them", async () => {
  const { base, session, roles } = await planOf("dev");
  assertEquals([base.kind, base.profile, isLongTerm(base), holdsKeys(base)], [
    "source",
    "kim",
    true,
    true,
  ]);
  assertEquals(session?.mfaSerial, "arn:aws:iam::123456789012:mfa/kim");
  assertEquals(roles.map(({ roleArn }) => roleArn), [roleArn("Dev")]);
});

Deno.test("a profile that is its own source assumes its role with its sealed keys", async () => {
  const { base, roles, session } = await planOf("kim");
  assertEquals([base.profile, roles.length, session], ["kim", 1, undefined]);
  await assertRejects(
    () => planOf("kim", "[kim]\nregion = x\n"),
    ProfileError,
    "which has no keys",
  );
});

Deno.test("sealed keys come before a program, and a session token is issued for them", async () => {
  const plan = await planOf("plain");
  assertEquals([plan.base.kind === "source" && plan.base.source, plan.session?.kind], [
    "sealed-keys",
    "get-session-token",
  ]);
  const loaded = await configOf({ config, credentials: "" });
  assertEquals(resolveSessionPlan(loaded, "plain").base, plan.base);
  assertEquals(defaultProfile(loaded, { only: "user" }), undefined === plan ? undefined : "plain");
});

Deno.test("the step names file and opener, asks where a passphrase is needed, and runs the opener's programs alone", async () => {
  const env = { get: (name: string) => name === "HOME" ? "/home/kim" : undefined };
  const stepOf = async (opener: string) => {
    const { base } = await planOf("dev", `[kim]\nsealed_keys = ${opener}\n`);
    if (base.kind !== "source") throw new Error("no source");
    return base;
  };
  const step = await stepOf("passphrase");
  assertEquals(step.detail, "~/.aws/stsaval/sealed/kim.keys.age, opened by passphrase");
  assertEquals(sealedKeys.mayPrompt?.(step), true);
  assertEquals(sealedKeys.programs?.(step, env), []);
  const other = await stepOf("pass");
  assertEquals(sealedKeys.mayPrompt?.(other), false);
  assertEquals(sealedKeys.programs?.(other, env).map(({ words }) => words[1]), ["show", "insert"]);
  const filed = await stepOf("identity:~/key.txt");
  assertEquals(sealedKeys.files?.(filed, env), [
    "/home/kim/.aws/stsaval/sealed/kim.keys.age",
    "/home/kim/.aws/stsaval/sealed/kim.keys.json",
    "/home/kim/key.txt",
  ]);
  assertEquals(sealedKeys.files?.(filed, { get: () => undefined }), []);
  assertEquals(sealedKeys.mayPrompt?.(await stepOf("keyctl")), true);
});

Deno.test("what identifies the keys is the note's id, else the sealed file", async () => {
  const { base } = await planOf("dev");
  if (base.kind !== "source") throw new Error("no source");
  const at = "/home/kim/.aws/stsaval/sealed/kim.keys";
  const note = {
    version: 1,
    id: "0".repeat(32),
    accessKey: "MPLE",
    sealed: "2026-01-01T00:00:00Z",
  };
  const identify = (files: Readonly<Record<string, string>>) =>
    sealedKeys.identify?.(base, { system: fakeSystem({ files }) });
  assertEquals(await identify({ [`${at}.json`]: JSON.stringify(note) }), note.id);
  const [one, two] = [
    await identify({ [`${at}.age`]: "one" }),
    await identify({ [`${at}.age`]: "two" }),
  ];
  assertEquals([one?.length, one === two], [64, false]);
  for (const broken of ["", "{}", "null", JSON.stringify({ ...note, id: "../x" })]) {
    assertEquals(await identify({ [`${at}.json`]: broken, [`${at}.age`]: "one" }), one);
  }
  assertEquals(await identify({}), undefined);
});

async function startModule() {
  const clock = new VirtualClock();
  const emulator = createStsEmulator({
    clock: { now: () => clock.now(), sleep: () => Promise.resolve() },
  });
  const [user] = emulator.world.users;
  if (user === undefined) throw new Error("the sample has a user");
  const home = formatSampleHome(emulator.world, { url: "http://127.0.0.1:4566" });
  const { accessKeyId, secretAccessKey } = user;
  const content = formatSealedKeys({
    version: 1,
    keys: [
      { accessKeyId: "AKIAOLD", secretAccessKey: "old", state: "previous" },
      { accessKeyId, secretAccessKey, state: "current" },
    ],
  });
  const system = fakeSystem({
    ...{ clock, fetch: emulator.handle },
    files: {
      "/home/kim/.aws/config": home.config,
      "/home/kim/.aws/credentials": "[IAM_USER1]\nsealed_keys = passphrase\n",
      "/home/kim/.aws/stsaval/sealed/IAM_USER1.keys.age": await sealText(
        content,
        { kind: "passphrase", passphrase: "p" },
        2,
      ),
    },
  });
  return { emulator, system };
}

Deno.test("the module asks for a passphrase once, and takes the key that is current", async () => {
  const { emulator, system } = await startModule();
  const asked: PassphraseRequest[] = [];
  await using sts = new StsCore({
    system,
    passphrase: (request) => {
      asked.push(request);
      return Promise.resolve("p");
    },
  });
  const mfaCode = (serial: string) => emulator.mfaCode(serial);
  await sts.generateCredentials(["DynamoDBRole-dev", "CodeDeployRole-qa"], { mfaCode });
  await sts.generateCredentials(["S3ReadOnlyRole-prod"], {
    renew: true,
    mfaCode: (serial) => {
      system.clock.jump(31_000);
      return emulator.mfaCode(serial);
    },
  });
  assertEquals(asked.map(({ isNew, refused }) => [isNew, refused]), [[false, 0]]);
  assertEquals(emulator.calls.filter(({ operation }) => operation === "GetSessionToken").length, 2);
});

Deno.test("without a function that asks, the module says what is missing", async () => {
  const { emulator, system } = await startModule();
  await using sts = new StsCore({ system });
  const error = await assertRejects(
    () =>
      sts.generateCredentials(["DynamoDBRole-dev"], {
        mfaCode: (serial) => emulator.mfaCode(serial),
      }),
    StoreError,
    "there is no terminal to ask for its passphrase",
  );
  assertEquals(error.code, "STORE_LOCKED");
  assertThrows(() => {
    throw error;
  }, StoreError);
});
