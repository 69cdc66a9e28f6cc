import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { processFromCache } from "../../src/cli/cached_process.ts";
import { StsavalError } from "../../src/errors.ts";
import { importsOf } from "../import_graph.ts";
import { Desk, type DeskOptions, role, user } from "./desk.ts";

/** A desk whose cache holds the role's answer; the answer. */
async function deskWithAnswer(
  options: DeskOptions = {},
  ...words: readonly string[]
): Promise<readonly [Desk, string]> {
  const desk = new Desk(options);
  const { status, out, err } = await desk.run(
    ...["process", "--profile", role, "--mfa-code", desk.code, ...words],
  );
  assertEquals([status, err], [0, ""]);
  return [desk, out];
}

/** What the cache says, and what was printed for it. */
async function ask(desk: Desk, ...words: readonly string[]): Promise<readonly [boolean, string]> {
  const { terminal } = desk.system;
  const [before, errors] = [terminal.stdout.length, terminal.stderr];
  const calls = desk.emulator.calls.length;
  const answered = await processFromCache(words, desk.system) === 0;
  assertEquals(desk.emulator.calls.length, calls);
  assertEquals(terminal.stderr, errors);
  return [answered, terminal.stdout.slice(before)];
}

Deno.test("an answer in the cache is printed as the command itself prints it", async () => {
  const [desk, answer] = await deskWithAnswer();
  assertEquals(await ask(desk, "--profile", role), [true, answer]);
  assertEquals(JSON.parse(answer).Version, 1);
  for (const words of [[role], ["-p", role], ["--profiles", role], [role, "--no-input"]]) {
    assertEquals(await ask(desk, ...words), [true, answer]);
  }
  const again = await desk.run("process", "--profile", role);
  assertEquals(again.out, answer.repeat(7));
});

Deno.test("the session of a user, and the profile that the environment names, come from it too", async () => {
  const desk = new Desk({ env: { AWS_PROFILE: user } });
  const { out } = await desk.run("process", "--mfa-code", desk.code);
  assertEquals(await ask(desk), [true, out]);
  assertEquals(await ask(desk, "--profile", role), [false, ""]);
});

Deno.test("options that decide what is wanted decide what is found", async () => {
  const [desk, answer] = await deskWithAnswer({}, "--region", "eu-west-1", "--lifetime", "30m");
  const same = ["--profile", role, "--region", "eu-west-1", "--lifetime", "30m"];
  assertEquals(await ask(desk, ...same), [true, answer]);
  assertEquals(await ask(desk, ...same, "--quiet", "--timeout", "5"), [true, answer]);
  assertEquals(await ask(desk, ...same, "--mfa-command", "totp aws"), [true, answer]);
  assertEquals(await ask(desk, "--profile", role), [false, ""]);
  assertEquals(await ask(desk, ...same, "--endpoint-url", "http://127.0.0.1:1"), [false, ""]);
});

Deno.test("a cache hit drops every host before it is printed, and a miss none", async () => {
  const [desk] = await deskWithAnswer();
  const { permissions } = desk.system;
  assertEquals(await ask(desk, "--profile", "CodeDeployRole-qa"), [false, ""]);
  assertEquals(permissions.allows("net"), true);
  const { terminal } = desk.system;
  const print = terminal.out.bind(terminal);
  let allowed: boolean | undefined;
  terminal.out = (text) => {
    allowed = permissions.allows("net");
    print(text);
  };
  assertEquals((await ask(desk, "--profile", role))[0], true);
  assertEquals(allowed, false);
});

const others: Readonly<Record<string, readonly string[]>> = {
  "help": ["--help"],
  "a log": ["--verbose"],
  "a log of another form": ["--log-format", "json"],
  "no cache": ["--no-cache"],
  "a code to be sent": ["--mfa-code", "123456"],
  "a command that is none": ["--mfa-command", "'"],
  "roles of another file": ["--role-file", "/roles"],
  "a file that does not exist": ["--config-file", "/none"],
  "a word too many": ["more"],
  "a pattern": ["--profile", "Dynamo*"],
  "a list": ["--profile", "DynamoDBRole-dev,"],
  "a role of the command line": ["--role-arn", "arn:aws:iam::123456789012:role/a"],
  "an option that there is not": ["--nothing"],
  "a number that is none": ["--timeout", "soon"],
  "a number that is too large": ["--timeout", "9999999"],
  "a lifetime that is too long": ["--lifetime", "2d"],
  "a role that was not assumed yet": ["--profile", "CodeDeployRole-qa"],
};

for (const [what, words] of Object.entries(others)) {
  Deno.test(`the command itself has to run for ${what}`, async () => {
    const [desk] = await deskWithAnswer();
    const named = words.includes("--profile") ? words : ["--profile", role, ...words];
    assertEquals(await ask(desk, ...named), [false, ""]);
    assertEquals((await ask(desk, "--profile", role))[0], true);
  });
}

Deno.test("it has to run where no profile is named, or an unknown one, or a code is given", async () => {
  const [desk] = await deskWithAnswer();
  assertEquals(await ask(desk), [false, ""]);
  assertEquals(await ask(desk, "--profile", "nobody"), [false, ""]);
  const [withCode] = await deskWithAnswer({ env: { STSAVAL_MFA_CODE: "123456" } });
  assertEquals(await ask(withCode, "--profile", role), [false, ""]);
});

Deno.test("it has to run for a pipe, which is empty once it was read", async () => {
  const pipe = "/home/kim/pipe";
  const [desk] = await deskWithAnswer();
  const { files } = desk.system;
  files.said.set(pipe, { special: true });
  await files.replaceText(pipe, await files.readText("/home/kim/.aws/config") ?? "");
  assertEquals((await desk.run("process", "--profile", role, "--config-file", pipe)).status, 0);
  assertEquals(await ask(desk, "--profile", role, "--config-file", pipe), [false, ""]);
});

Deno.test("it has to run for a longer session than the one in the cache", async () => {
  const desk = new Desk();
  const words = ["--profile", user, "--lifetime"];
  await desk.run("process", ...words, "2h", "--mfa-code", desk.code);
  assertEquals((await ask(desk, ...words, "1h"))[0], true);
  assertEquals(await ask(desk, ...words, "3h"), [false, ""]);
});

Deno.test("it has to run once too little is left, and when the profile was edited", async () => {
  const [desk] = await deskWithAnswer();
  desk.system.clock.jump(44 * 60_000);
  assertEquals((await ask(desk, "--profile", role))[0], true);
  desk.system.clock.jump(2 * 60_000);
  assertEquals(await ask(desk, "--profile", role), [false, ""]);
  const [edited] = await deskWithAnswer();
  const config = "/home/kim/.aws/config";
  const text = await edited.system.files.readText(config) ?? "";
  await edited.system.files.replaceText(config, text.replace(`role/${role}`, "role/other"));
  assertEquals(await ask(edited, "--profile", role), [false, ""]);
});

Deno.test("it has to run where there is something to warn of", async () => {
  const [desk] = await deskWithAnswer();
  const folder = "/home/kim/.aws/stsaval";
  desk.system.files.said.set(folder, { mode: 0o755 });
  assertEquals(await ask(desk, "--profile", role), [false, ""]);
  const edit = (config: string) =>
    config.replace(/^role_arn/gm, "duration_seconds = 7200\nrole_arn");
  const capped = new Desk({ edit });
  const words = ["--profile", role, "--lifetime", "3h"];
  const { err } = await capped.run("process", ...words, "--mfa-code", capped.code);
  assertStringIncludes(err, "is capped at one hour");
  assertEquals(await ask(capped, ...words), [false, ""]);
});

Deno.test("an output that breaks off is not begun again, and the reason is told", async () => {
  const [desk] = await deskWithAnswer();
  const { terminal } = desk.system;
  const written: string[] = [];
  const out = (text: string) => {
    written.push(text.slice(0, 10));
    throw new StsavalError("FAILED", "Cannot write the result: no space left on device");
  };
  const system = { ...desk.system, terminal: Object.assign(terminal, { out }) };
  assertEquals(await processFromCache(["--profile", role], system), 1);
  assertEquals(written.length, 1);
  assertStringIncludes(terminal.stderr, "stsaval: Cannot write the result: no space left");
});

Deno.test("it has to run where the AWS CLI's cache is shared", async () => {
  const [desk] = await deskWithAnswer();
  assertEquals(await ask(desk, "--profile", role, "--share-aws-cache"), [false, ""]);
});

Deno.test("the files are read once, and unneeded permissions are dropped", async () => {
  const [desk] = await deskWithAnswer();
  const { files, permissions } = desk.system;
  const read: string[] = [];
  const readText = files.readText.bind(files);
  files.readText = (path) => {
    read.push(path);
    return readText(path);
  };
  assert((await ask(desk, "--profile", role))[0]);
  assertEquals(read.slice(0, 2).sort(), [
    "/home/kim/.aws/config",
    "/home/kim/.aws/credentials",
  ]);
  assertEquals(read.length, 3);
  for (const kind of ["run", "ffi"] as const) assertEquals(permissions.allows(kind), false);
});

Deno.test("nothing that it loads can use the network", async () => {
  const loaded = new Set<string>();
  const load = async (file: string) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    if (!file.startsWith("src/")) return;
    for (const { to, typeOnly } of importsOf(file, await Deno.readTextFile(file))) {
      if (!typeOnly) await load(to);
    }
  };
  await load("src/cli/cached_process.ts");
  const callers = ["src/session/core.ts", "src/sts/client.ts", "@aws-sdk/client-sts", "@std/log"];
  assertEquals(callers.filter((file) => loaded.has(file)), []);
  assert(loaded.has("src/cache/cache.ts"));
});
