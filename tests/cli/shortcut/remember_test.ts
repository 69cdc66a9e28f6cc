import { assertEquals } from "@std/assert";
import { Desk, type DeskOptions, role, user } from "../desk.ts";
import { facts, lookups, rememberFor, takeShortWay } from "./short_desk.ts";

/** A desk that has the credentials of the profile; two seconds later, as the next program finds them. */
async function deskWith(profile: string, options: DeskOptions = {}): Promise<Desk> {
  const desk = new Desk(options);
  const { status, err } = await desk.run("process", profile, "--mfa-code", desk.code);
  assertEquals([status, err], [0, ""]);
  desk.system.clock.jump(2_000);
  return desk;
}

const kept = async ({ system: { files } }: Desk) => (await files.list(lookups)).length;

Deno.test("the first command that is answered by the cache keeps how, for all of them", async () => {
  for (const words of [["process", role], ["env", role], ["exec", role, "--", "make"]]) {
    const desk = await deskWith(role);
    await rememberFor(desk, role, words);
    assertEquals(await kept(desk), 1);
    assertEquals((await takeShortWay(desk, ["env", role]))[0], 0);
  }
});

Deno.test("what a run has fetched itself is for the next one to remember", async () => {
  const desk = await deskWith(role);
  for (const ms of [-1, -1_999, -1_999]) {
    desk.system.clock.jump(ms);
    await rememberFor(desk, role, ["process", role]);
    assertEquals(await kept(desk), 0);
  }
  // Ours may also be behind STS's clock, for as long as the credentials live.
  desk.system.clock.jump(-1);
  await rememberFor(desk, role, ["process", role]);
  assertEquals(await kept(desk), 1);
});

Deno.test("a lookup that is kept is not written again", async () => {
  const desk = await deskWith(role);
  await rememberFor(desk, role, ["process", role]);
  const { files } = desk.system;
  files.replaceText = () => Promise.reject(new Error("written"));
  await rememberFor(desk, role, ["env", role]);
  assertEquals((await takeShortWay(desk, ["process", role]))[0], 0);
});

Deno.test("nothing is kept from source", async () => {
  const desk = await deskWith(role);
  const { build } = await import("../../../src/build.ts");
  assertEquals(build, undefined);
  await desk.run("process", role);
  assertEquals(await kept(desk), 0);
});

const harmless: readonly (readonly string[])[] = [
  ["process", "--profiles", role],
  ["process", role, "--timeout", "5", "--max-attempts", "2", "--quiet"],
  ["process", role, "--mfa-command", "totp"],
  ["exec", role, "--nested", "--", "make"],
  ["env", role, "--format", "fish"],
];

for (const words of harmless) {
  Deno.test(`${words.join(" ")} keeps how it is found`, async () => {
    const desk = await deskWith(role);
    await rememberFor(desk, role, words);
    assertEquals(await kept(desk), 1);
  });
}

const others: readonly (readonly string[])[] = [
  ["process"],
  ["process", "Dynamo*"],
  ["process", role, "--region", "us-east-1"],
  ["process", role, "--lifetime", "1h"],
  ["process", role, "--no-cache"],
  ["process", role, "--share-aws-cache"],
  ["process", role, "--policy", "{}"],
  ["process", role, "--config-file", "/home/kim/.aws/config"],
  ["exec", role, "--serve", "--", "make"],
];

for (const words of others) {
  Deno.test(`${words.join(" ")} keeps nothing`, async () => {
    const desk = await deskWith(role);
    await rememberFor(desk, role, words);
    assertEquals(await kept(desk), 0);
  });
}

/** Plans that rest on something else, or come with a warning. */
const edits: Readonly<Record<string, (config: string) => string>> = {
  "shares the AWS CLI's cache": (config) =>
    config.replace(`[profile ${role}]`, `[profile ${role}]\nshare_aws_cache = true`),
  "has certificates of its own": (config) =>
    config.replace(`[profile ${role}]`, `[profile ${role}]\nca_bundle = /home/kim/ca.pem`),
  "has a setting that is ignored": (config) =>
    config.replace(`[profile ${role}]`, `[profile ${role}]\nduraton_seconds = 900`),
};

for (const [what, edit] of Object.entries(edits)) {
  Deno.test(`nothing is kept for a profile that ${what}`, async () => {
    const desk = await deskWith(role);
    const config = "/home/kim/.aws/config";
    const { files } = desk.system;
    files.contents.set(config, edit(String(files.contents.get(config))));
    await rememberFor(desk, role, ["process", role]);
    assertEquals(await kept(desk), 0);
  });
}

Deno.test("nothing is kept with a proxy that the program rejects", async () => {
  const desk = await deskWith(role);
  const { env } = desk.system;
  const get = (name: string) => name === "HTTPS_PROXY" ? "no proxy" : env.get(name);
  Object.assign(desk.system, { env: { get } });
  await rememberFor(desk, role, ["process", role]);
  assertEquals(await kept(desk), 0);
  Object.assign(desk.system, { env });
  await rememberFor(desk, role, ["process", role]);
  assertEquals(await kept(desk), 1);
});

Deno.test("nothing is kept where the cache would hand out other credentials", async () => {
  const desk = await deskWith(role);
  await rememberFor(desk, role, ["process", user]);
  assertEquals(await kept(desk), 0);
});

Deno.test("a logout removes what is kept", async () => {
  for (const words of [["logout"], ["logout", "--profiles", "CodeDeployRole-qa"]]) {
    const desk = await deskWith(role);
    await rememberFor(desk, role, ["process", role]);
    assertEquals(await kept(desk), 1);
    await desk.run(...words);
    assertEquals(await kept(desk), 0);
  }
});

Deno.test("another program resolves plans anew", async () => {
  const desk = await deskWith(role);
  await rememberFor(desk, role, ["process", role]);
  const built = { ...facts, commit: "another" };
  assertEquals(await takeShortWay(desk, ["process", role], {}, built), [undefined, ""]);
  await rememberFor(desk, role, ["process", role], built);
  assertEquals((await takeShortWay(desk, ["process", role], {}, built))[0], 0);
});
