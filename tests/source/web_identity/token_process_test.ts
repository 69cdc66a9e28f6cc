import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { StsCore } from "../../../mod.ts";
import { ProfileError, SourceError, StsError } from "../../../src/errors.ts";
import type { FakeProgram } from "../../fake_system.ts";
import { configFor, names, startCluster, tokenFile } from "./fixtures.ts";

const command = '/opt/ci token --secret hunter2 "a b"';

/** The profiles, with a program in place of the token file. */
function configWith(line: string): string {
  return configFor().replace(
    `web_identity_token_file = ${tokenFile}`,
    `web_identity_token_process = ${line}`,
  );
}

/** A cluster whose tokens a program prints: those that are in the file. */
async function start(print: (token: string) => FakeProgram, line = command) {
  const ran: (readonly string[])[] = [];
  const cluster = await startCluster({
    config: configWith(line),
    program(words, token) {
      ran.push(words);
      return print(token);
    },
  });
  return { ...cluster, ran };
}

const printed = (token: string): FakeProgram => ({ stdout: `${token}\n`, exit: 0 });

Deno.test("three roles on top of a program's token: one run, without a shell, one AssumeRoleWithWebIdentity", async () => {
  const { emulator, system, ran } = await start(printed);
  await using core = new StsCore({ system });
  await core.generateCredentials(names);
  assertEquals(ran, [["/opt/ci", "token", "--secret", "hunter2", "a b"]]);
  assertEquals(emulator.count("AssumeRoleWithWebIdentity", "ok"), 1);
  assertEquals(emulator.count("AssumeRole", "ok"), 3);
});

Deno.test("a command for a shell is run by one, and explain says so without what may be a secret", async () => {
  const { system, ran } = await start(printed, "ci hunter2 | cat");
  await using core = new StsCore({ system });
  const { plans } = await core.explain(["app"]);
  const text = JSON.stringify(plans);
  assertStringIncludes(text, "run by sh -c");
  assertEquals(text.includes("hunter2"), false);
  await core.generateCredentials(["app"]);
  assertEquals(ran, [["/bin/sh", "-c", "ci hunter2 | cat"]]);
});

Deno.test("the program is run anew at each renewal, and once more where STS calls its token expired", async () => {
  const { emulator, system, ran, rotate } = await start(printed);
  await using core = new StsCore({ system });
  const set = await core.generateCredentials(["app"], { lifetime: Infinity });
  for (let minute = 0; minute < 110; minute++) {
    if (minute % 30 === 0) await rotate();
    await system.clock.advance(60_000);
    assert(set["sts-app"].Expiration.getTime() - system.clock.now() > 600_000);
  }
  const used = emulator.count("AssumeRoleWithWebIdentity", "ok");
  assert(used >= 3);
  assertEquals(ran.length, used);
});

Deno.test("the same expired token is not sent twice", async () => {
  const { emulator, system, ran } = await start(printed);
  system.clock.jump(3_601_000);
  await using core = new StsCore({ system });
  await assertRejects(() => core.generateCredentials(["app"]), StsError, "ExpiredTokenException");
  assertEquals(ran.length, 2);
  assertEquals(emulator.count("AssumeRoleWithWebIdentity"), 1);
});

const place = 'profile "app" sets web_identity_token_process at "/home/kim/.aws/config", line 3';
const faults: readonly (readonly [what: string, program: FakeProgram, why: string])[] = [
  ["fails", { stdout: "secret-of-ci", exit: 2 }, "ended with exit code 2"],
  ["prints nothing", { exit: 0 }, "printed no token: it is empty"],
  [
    "prints something else",
    { stdout: "secret-of-ci", exit: 0 },
    "printed no token: what it holds is no JSON Web Token, wanted three parts with dots between them, in base64url",
  ],
  ["prints too much", { stdout: "x".repeat(70_000), exit: 0 }, "printed more than 65,536 bytes"],
];
for (const [what, program, why] of faults) {
  Deno.test(`a program that ${what} is told of without its arguments and its output`, async () => {
    const { emulator, system } = await start(() => program);
    await using core = new StsCore({ system });
    const error = await assertRejects(() => core.generateCredentials(["One"]), SourceError);
    assertEquals(
      error.message,
      `Cannot get the web identity token of profile "app": "/opt/ci" ${why} (${place})`,
    );
    assert(!JSON.stringify([error.message, error.hint]).includes("secret"));
    assertEquals(emulator.calls.length, 0);
  });
}

Deno.test("a program without a role, or that cannot be split into words, is told of with its line", async () => {
  const bare = await startCluster({
    config: "[profile app]\nweb_identity_token_process = /opt/ci\n",
  });
  await using first = new StsCore({ system: bare.system });
  await assertRejects(
    () => first.generateCredentials(["app"]),
    ProfileError,
    "line 2 needs role_arn",
  );
  const open = await startCluster({ config: configWith('/opt/ci "x') });
  await using second = new StsCore({ system: open.system });
  await assertRejects(() => second.generateCredentials(["app"]), ProfileError, "line 3 has a");
});
