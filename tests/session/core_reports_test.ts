/**
 * What `StsCore` tells of a request beside its result, and what it does with the cache for it.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { StsCore, type StsCoreOptions, UsageError } from "../../mod.ts";
import { createSessionCache } from "../../src/cache/cache.ts";
import { type Logger, silentLogger } from "../../src/logger.ts";
import type { Progress } from "../../src/progress.ts";
import { createStsEmulator, formatSampleHome, sampleWorld } from "../../src/testing/mod.ts";
import { FakeKeeper } from "../cache/sealing/fake_keeper.ts";
import { fakeSystem, VirtualClock } from "../fake_system.ts";
import { settle } from "../settle.ts";

const names = ["DynamoDBRole-dev", "CodeDeployRole-qa"] as const;
const user = "IAM_USER1";
const folder = "/home/kim/.aws/stsaval";

function start(options: StsCoreOptions = {}, more = "") {
  const clock = new VirtualClock();
  const emulator = createStsEmulator({ clock, world: sampleWorld(5) });
  const home = formatSampleHome(emulator.world, { url: "http://127.0.0.1:4566" });
  const system = fakeSystem({
    clock,
    fetch: emulator.handle,
    files: {
      "/home/kim/.aws/config": `${home.config}${more}`,
      "/home/kim/.aws/credentials": home.credentials,
    },
  });
  const lines: string[] = [];
  const of = (module: string): Logger => {
    const at = (level: string) => (text: string) => void lines.push(`${level} ${module}: ${text}`);
    return {
      ...{ debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") },
      forModule: of,
    };
  };
  const serial = emulator.world.users[0]?.mfa?.serial ?? "";
  const mfaCode = () => {
    clock.jump(31_000);
    return emulator.mfaCode(serial);
  };
  const sts = new StsCore({ logger: of("-"), profileName: user, ...options, system });
  return { clock, emulator, system, mfaCode, lines, sts };
}

Deno.test("what is odd about the profile of a token is warned of, by the module that reads it", async () => {
  const { sts, mfaCode, lines } = start({}, `\n[profile ${user}]\nrole_arm = x\n`);
  await using _sts = sts;
  await sts.generateSessionToken({ mfaCode });
  const found = lines.filter((line) => line.includes("role_arm"));
  assertEquals(found.map((line) => line.slice(0, line.indexOf(":"))), ["warn config"]);
});

Deno.test("notices of one plan are logged as information, those of all of them as warnings", async () => {
  const chained = `
[profile Chained]
role_arn = arn:aws:iam::123456789012:role/CodeDeployRole-qa
source_profile = ${names[0]}
duration_seconds = 7200
[profile Several]
role_arn = arn:aws:iam::123456789012:role/CodeDeployRole-qa
source_profile = Keys
[profile Keys]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
sso_account_id = 123456789012
sso_role_name = Admin
`;
  const { sts, mfaCode, lines } = start({}, chained);
  await using _sts = sts;
  const { notices } = await sts.explain(["Chained"]);
  await sts.generateCredentials(["Chained"], { mfaCode, strict: false });
  assert(notices.length > 0);
  for (const notice of notices) assert(lines.includes(`warn core: validate: ${notice}`), notice);
  const odd = await sts.explain(["Several"]);
  await sts.generateCredentials(["Several"], { mfaCode, strict: false });
  const own = odd.plans.flatMap((plan) => plan.notices ?? []);
  assert(own.length > 0);
  for (const notice of own) assert(lines.includes(`info core: validate: ${notice}`), notice);
});

Deno.test("a callback of the progress that fails is logged by its name, and harms nothing", async () => {
  const seen: (Progress | undefined)[] = [];
  const { sts, mfaCode, lines } = start({
    onProgress: (progress) => {
      seen.push(progress);
      throw new Error("broken");
    },
  });
  await using _sts = sts;
  await sts.generateCredentials(names, { mfaCode });
  assertEquals(seen.at(-1), undefined);
  assertEquals(seen.find((one) => one !== undefined)?.total, names.length);
  assert(seen.some((one) => one?.waits.some(({ kind }) => kind === "call")));
  assert(lines.includes("error core: callback: onProgress failed: broken"));
  seen.length = 0;
  await sts.generateSessionToken({ mfaCode });
  assertEquals([seen[0]?.total, seen.at(-1)], [1, undefined]);
});

Deno.test("a callback of a wait that fails is logged by its name, and harms nothing", async () => {
  const told: string[] = [];
  const { sts, mfaCode, lines, system, clock, emulator } = start({
    cache: "disk",
    onWait: (holder) => {
      told.push(holder);
      throw new Error("broken");
    },
  });
  await using _sts = sts;
  const other = new StsCore({ system, profileName: user, cache: "disk" });
  await using _other = other;
  const gate = Promise.withResolvers<void>();
  const first = other.generateSessionToken({ mfaCode: () => gate.promise.then(mfaCode) });
  await settle();
  const second = sts.generateSessionToken({ mfaCode });
  await clock.advance(1_000);
  assertEquals(told.length, 1);
  assert(lines.includes("error core: callback: onWait failed: broken"));
  gate.resolve();
  const tokens = await clock.runUntil(Promise.all([first, second]));
  assertEquals(tokens[0].AccessKeyId, tokens[1].AccessKeyId);
  assertEquals(emulator.count("GetSessionToken"), 1);
});

Deno.test("numbers out of range are refused before anything is read", () => {
  assertThrows(() => new StsCore({ timeoutMs: 0 }), UsageError, "timeoutMs");
});

Deno.test("the cache is sealed before a token, or credentials, come into it", async () => {
  for (const request of ["token", "credentials"] as const) {
    const keeper = new FakeKeeper();
    const { sts, mfaCode, system } = start({
      ...{ cache: "disk", sealCache: true, cacheKeys: keeper },
    });
    await using _sts = sts;
    const { files } = system;
    const written: string[] = [];
    const replace = files.replaceText.bind(files);
    files.replaceText = async (path, text, options) => {
      written.push(path.replace(/.*\//, "").replace(/^[0-9a-f]{64}/, "entry"));
      await replace(path, text, options);
    };
    if (request === "token") await sts.generateSessionToken({ mfaCode });
    else await sts.generateCredentials(names, { mfaCode });
    assert(written.includes("entry.json"), request);
    assert(written.indexOf("seal.json") < written.indexOf("entry.json"), written.join());
    assertEquals(written.filter((name) => name === "seal.json").length, 1);
    const inTheClear = [...files.contents].filter(([path, text]) =>
      path.startsWith(folder) && /"SecretAccessKey"/.test(String(text))
    );
    assertEquals(inTheClear, []);
  }
});

Deno.test("a cache that is sealed stays so for profiles that say nothing of it", async () => {
  const keeper = new FakeKeeper();
  const { sts, mfaCode, system } = start({ cache: "disk", sealCache: true, cacheKeys: keeper });
  await using _sts = sts;
  await sts.generateCredentials(names, { mfaCode });
  const { clock, files } = system;
  const plain = new StsCore({ system, cache: "disk", cacheKeys: keeper });
  await using _plain = plain;
  const before = [...files.contents];
  await plain.generateCredentials(names);
  assertEquals([...files.contents], before);
  assertEquals(clock.sleeping, 0);
});

/** The folders of the caches that hold credentials. */
function cached({ files }: ReturnType<typeof start>["system"]): readonly string[] {
  const holds = (text: string | Error) => String(text).includes('"SessionToken"');
  const found = [...files.contents].filter(([, text]) => holds(text));
  return [...new Set(found.map(([path]) => path.replace(/^.*\/\.aws\/|\/[^/]*$/g, "")))];
}

Deno.test("a logout keeps out of the caches what was asked for before it", async () => {
  const shared = `
[profile Shared]
role_arn = arn:aws:iam::123456789012:role/CodeDeployRole-qa
source_profile = ${user}
mfa_serial = arn:aws:iam::123456789012:mfa/${user}
share_aws_cache = true
`;
  const requests = [
    [
      "disk",
      (sts: StsCore, mfaCode: () => Promise<string>) => sts.generateSessionToken({ mfaCode }),
    ],
    [
      "disk",
      (sts: StsCore, mfaCode: () => Promise<string>) => sts.generateCredentials(names, { mfaCode }),
    ],
    [
      "memory",
      (sts: StsCore, mfaCode: () => Promise<string>) =>
        sts.generateCredentials([names[0], "Shared"], { mfaCode }),
    ],
  ] as const;
  for (const [cache, request] of requests) {
    for (const isLoggedOut of [false, true]) {
      const { sts, mfaCode, system } = start({ cache }, shared);
      await using _sts = sts;
      await request(sts, async () => {
        const logouts = createSessionCache({ ...system, logger: silentLogger });
        if (isLoggedOut) await logouts?.logOut("all");
        return mfaCode();
      });
      const found = cached(system);
      const wanted = cache === "disk" ? "stsaval" : "cli/cache";
      assertEquals(found.includes(wanted), !isLoggedOut, `${cache} ${found}`);
    }
  }
});

Deno.test("where nothing is kept on disk, nothing is read there", async () => {
  const { sts, mfaCode, system } = start();
  await using _sts = sts;
  const read: string[] = [];
  const readText = system.files.readText.bind(system.files);
  system.files.readText = (path) => {
    read.push(path);
    return readText(path);
  };
  await sts.generateCredentials(names, { mfaCode });
  assertEquals(read.filter((path) => path.startsWith(folder)), []);
});
