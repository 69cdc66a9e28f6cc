/**
 * `watch`, `serve`, `login` and `token` renew the answers that are kept, `status` shows them, and `logout` removes them.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Desk, type DeskOptions, role, user } from "../desk.ts";

const minute = 60_000;
const answers = "/home/kim/.aws/stsaval/answers";
const other = "CodeDeployRole-qa";

async function freshUntil(desk: Desk, profile = role): Promise<number | undefined> {
  const text = await desk.system.files.readText(`${answers}/${profile}`);
  return text === undefined ? undefined : Number(text.split("\n")[0]) * 1_000;
}

/** A desk whose login has left an answer for the role. */
async function deskWithAnswer(options: DeskOptions = {}): Promise<Desk> {
  const desk = new Desk({
    ...options,
    program: (words, { code }) => words[0] === "code" ? { stdout: `${code}\n`, exit: 0 } : {},
  });
  const login = await desk.run("login", role, "--mfa-code", desk.code);
  assertEquals([login.status, login.err], [0, ""]);
  assertEquals((await desk.run("process", role, "--keep-answer")).status, 0);
  assert(await freshUntil(desk) !== undefined);
  desk.system.terminal.stdout = "";
  return desk;
}

for (const command of ["watch", "serve"]) {
  Deno.test(`${command} keeps an answer fresh at every minute, and makes none that was not asked for`, async () => {
    const desk = await deskWithAnswer();
    const { clock } = desk.system;
    const running = desk.run(command, role, other, "--lifetime", "3h", "--mfa-command", "code");
    const seen = new Set<number>();
    await clock.advance(minute);
    for (let passed = 1; passed < 175; passed++) {
      await clock.advance(minute);
      const until = await freshUntil(desk) ?? 0;
      assert(until > clock.now(), `after ${passed} minutes`);
      seen.add(until);
    }
    assert(seen.size >= 4, `${seen.size} answers`);
    assertEquals(await freshUntil(desk, other), undefined);
    await clock.advance(10 * minute);
    assertEquals((await running).status, 0);
  });
}

Deno.test("watch of other files or another place renews nothing", async () => {
  for (const words of [["--config-file", "/home/kim/.aws/config"], ["--no-cache"]]) {
    const desk = await deskWithAnswer();
    const first = await freshUntil(desk);
    // A code is good for one call.
    desk.system.clock.jump(31_000);
    const line = ["watch", role, "--lifetime", "2h", "--mfa-command", "code", ...words];
    const running = desk.run(...line);
    await desk.system.clock.advance(100 * minute);
    assertEquals(await freshUntil(desk), first);
    await desk.system.clock.advance(60 * minute);
    assertEquals((await running).status, 0);
  }
});

Deno.test("login renews the answer, and makes none for a profile without one", async () => {
  const desk = await deskWithAnswer();
  const first = await freshUntil(desk) ?? 0;
  desk.system.clock.jump(20 * minute);
  assertEquals((await desk.run("login", role, "--mfa-code", desk.code)).status, 0);
  assertEquals((await freshUntil(desk) ?? 0) - first, 20 * minute);
  desk.system.clock.jump(minute);
  assertEquals((await desk.run("login", other, "--mfa-code", desk.code)).status, 0);
  assertEquals(await freshUntil(desk, other), undefined);
});

Deno.test("token renews the answer of its user, and makes none; without a cache it leaves it", async () => {
  const desk = await deskWithAnswer();
  assertEquals((await desk.run("process", user, "--keep-answer")).status, 0);
  const keyOf = async () =>
    JSON.parse((await desk.system.files.readText(`${answers}/${user}`))?.split("\n")[2] ?? "{}")
      .AccessKeyId;
  const [first, until] = [await keyOf(), await freshUntil(desk, user) ?? 0];
  const token = async (...words: readonly string[]) => {
    desk.system.clock.jump(20 * minute);
    const before = desk.system.terminal.stdout.length;
    const line = ["token", user, "--format", "json", "--lifetime", "20h", "--mfa-code", desk.code];
    const { status, out, err } = await desk.run(...line, ...words);
    assertEquals([status, err], [0, ""]);
    return out.slice(before);
  };
  await token("--no-cache");
  assertEquals(await keyOf(), first);
  const printed = await token();
  assertStringIncludes(printed, await keyOf());
  assert(await keyOf() !== first && (await freshUntil(desk, user) ?? 0) > until);
  assertEquals(await freshUntil(desk, other), undefined);
});

Deno.test("an answer whose profile is gone is removed by the next login", async () => {
  const desk = await deskWithAnswer();
  const { files } = desk.system;
  await files.replaceText(`${answers}/gone`, await files.readText(`${answers}/${role}`) ?? "");
  desk.system.clock.jump(minute);
  assertEquals((await desk.run("login", role, "--mfa-code", desk.code)).status, 0);
  assertEquals(await freshUntil(desk, "gone"), undefined);
  assert(await freshUntil(desk) !== undefined);
});

Deno.test("logout removes answers: all, or those of what it logs out", async () => {
  const desk = await deskWithAnswer();
  await desk.run("process", other, "--keep-answer");
  assert(await freshUntil(desk, other) !== undefined);
  assertEquals((await desk.run("logout", role)).status, 0);
  assertEquals(await freshUntil(desk), undefined);
  assert(await freshUntil(desk, other) !== undefined);
  assertEquals((await desk.run("logout", user)).status, 0);
  assert(await freshUntil(desk, other) !== undefined);
  assertEquals((await desk.run("logout")).status, 0);
  assertEquals(await freshUntil(desk, other), undefined);
});

Deno.test("logout of one profile removes the answer of another with the same role", async () => {
  const desk = await deskWithAnswer({
    edit: (config) =>
      `${config}\n[profile twin]\n${/(?<=DynamoDBRole-dev\]\n)[^[]*/.exec(config)?.[0]}`,
  });
  assertEquals((await desk.run("process", "twin", "--keep-answer")).status, 0);
  const { files } = desk.system;
  const config = await files.readText("/home/kim/.aws/config");
  assertStringIncludes(config ?? "", "[profile twin]");
  assert(await freshUntil(desk, "twin") !== undefined);
  await files.replaceText(`${answers}/twin`, await files.readText(`${answers}/${role}`) ?? "");
  assertEquals((await desk.run("logout", role)).status, 0);
  assertEquals(await freshUntil(desk, "twin"), undefined);
});

Deno.test("an answer that cannot be removed fails the logout", async () => {
  const desk = await deskWithAnswer();
  const { files } = desk.system;
  const remove = files.remove.bind(files);
  files.remove = (path) =>
    path.startsWith(answers) ? Promise.reject(new Error("permission denied")) : remove(path);
  const { status, err } = await desk.run("logout");
  assertEquals(status, 1);
  assertStringIncludes(err, `stsaval: Cannot remove 1 credential from "/home/kim/.aws/stsaval"`);
});

Deno.test("status shows answers, with the time until which they are fresh, and never what they hold", async () => {
  const desk = await deskWithAnswer();
  const { out } = await desk.run("status");
  const row = out.split("\n").find((line) => line.includes("answer")) ?? "";
  assertMatch(row, /^DynamoDBRole-dev +answer +44m59s +\S+ \S+Z/);
  desk.system.terminal.stdout = "";
  const json = JSON.parse((await desk.run("status", "--format", "json")).out);
  assertEquals(json.answers, [{
    profile: role,
    freshUntil: new Date(await freshUntil(desk) ?? 0).toISOString(),
    secondsLeft: Math.floor(((await freshUntil(desk) ?? 0) - desk.system.clock.now()) / 1_000),
  }]);
  const secret = JSON.parse(
    (await desk.system.files.readText(`${answers}/${role}`))?.split("\n")[2] ?? "",
  );
  for (const text of [out, JSON.stringify(json)]) {
    assertEquals(
      text.includes(secret.SecretAccessKey) || text.includes(secret.SessionToken),
      false,
    );
  }
});
