/**
 * SIGKILL at each call of a rotation, before AWS has seen it and after: nothing is lost, there is no third key, and one code
 * does for all.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type KillPoint, type RotationHome, rotationHome } from "./rotation_home.ts";

const { state } = await Deno.permissions.query({ name: "run" });
const skipped = state !== "granted" || Deno.build.os === "windows";
const why = skipped ? ", skipped: no other program may be run" : "";

/** Until STS's last host knows a new key: polls meet hosts that do not. */
const iam = { keyDelayMs: 1_500 };

/**
 * The calls of a rotation, the first try of the new key as the third one of its operation. The call before them spends the
 * code: what it returns is kept by nobody else.
 */
const points: readonly KillPoint[] = [
  ...[["GetCallerIdentity", 0], ["ListAccessKeys", 0], ["CreateAccessKey", 0]] as const,
  ...[["GetCallerIdentity", 2], ["UpdateAccessKey", 0], ["DeleteAccessKey", 0]] as const,
].flatMap(([operation, call]) => [
  { operation, call, when: "before" },
  { operation, call, when: "after" },
]);

async function rotateWith(kill: KillPoint): Promise<void> {
  await using bench = await rotationHome(iam);
  const { emulator, user } = bench;
  const env = { STSAVAL_MFA_CODE: emulator.mfaCode(user.mfa?.serial ?? "") };
  assertEquals(await bench.rotate({ kill, env }), "killed");
  await assertUsable(bench);
  // Without a code: the session is kept.
  const second = await bench.rotate({ words: ["--no-input"] });
  assert(second !== "killed");
  assertEquals(second.code, 0, second.stderr);
  await assertRotated(bench);
  const wasLost = kill.operation === "CreateAccessKey" && kill.when === "after";
  assertEquals(second.stderr.includes("its secret is lost"), wasLost);
  assertEquals(emulator.count("CreateAccessKey", "ok"), wasLost ? 2 : 1);
}

/** The key that is sealed as the one in use works, and there are no more than two. */
async function assertUsable({ emulator, sealed, user }: RotationHome): Promise<void> {
  const current = (await sealed()).keys.find((key) => key.state === "current");
  assert(current !== undefined);
  await emulator.service.getCallerIdentity({ keys: current });
  assert(emulator.accessKeysOf(user).length <= 2);
}

async function assertRotated(bench: RotationHome): Promise<void> {
  const { emulator, home, user } = bench;
  await assertUsable(bench);
  const { keys: [key, ...others] } = await bench.sealed();
  assertEquals(others, []);
  assert(key !== undefined && key.accessKeyId !== user.accessKeyId);
  assertEquals(emulator.accessKeysOf(user).map(({ accessKeyId }) => accessKeyId), [
    key.accessKeyId,
  ]);
  assertEquals(emulator.calls.filter(({ serial }) => serial !== undefined).length, 1);
  assertEquals(emulator.count("CreateAccessKey", "LimitExceeded"), 0);
  const secrets = [user.secretAccessKey, key.secretAccessKey, user.accessKeyId, key.accessKeyId];
  assertEquals(await filesWith(home.path, secrets), []);
}

/** The files below a folder that hold one of these texts. */
async function filesWith(folder: string, texts: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await filesWith(path, texts));
    if (!isFile) continue;
    const text = new TextDecoder().decode(await Deno.readFile(path));
    if (texts.some((one) => text.includes(one))) found.push(path);
  }
  return found;
}

Deno.test({
  name: `a rotation survives SIGKILL at each of its calls${why}`,
  ignore: skipped,
  async fn() {
    const left = points.values();
    const work = async () => {
      for (const point of left) await rotateWith(point);
    };
    await Promise.all([work(), work()]);
  },
});

Deno.test({
  name: `of two rotations at once one goes on, and the other says which process is at it${why}`,
  ignore: skipped,
  async fn() {
    await using bench = await rotationHome({ keyDelayMs: 6_000 });
    const { emulator, user } = bench;
    const env = { STSAVAL_MFA_CODE: emulator.mfaCode(user.mfa?.serial ?? "") };
    const both = await Promise.all([bench.rotate({ env }), bench.rotate({ env })]);
    const ended = both.map((one) => one === "killed" ? undefined : one);
    assertEquals(ended.map((one) => one?.code).sort(), [0, 1]);
    assertStringIncludes(ended.find((one) => one?.code === 1)?.stderr ?? "", "rotates the keys");
    await assertRotated(bench);
  },
});
