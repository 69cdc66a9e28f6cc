/**
 * `serve` and `exec --serve`, over days, on a clock that the tests move.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { FakeProgram } from "../../fake_system.ts";
import { Desk, type DeskOptions, role } from "../desk.ts";

const minute = 60_000;
const hour = 60 * minute;

/** A program that prints the code that the device shows; any other runs until the test ends it. */
const programs = ([name]: readonly string[], desk: Desk): FakeProgram =>
  name === "code" ? { stdout: `${desk.code}\n`, exit: 0 } : {};

async function until(desk: Desk, isThere: () => boolean, most = 2_000): Promise<void> {
  for (let turn = 0; turn < most && !isThere(); turn++) await desk.system.clock.advance(0);
  assert(isThere(), desk.system.terminal.stderr);
}

/** The variables that were printed or given to the program. */
type Variables = Readonly<Record<string, string | undefined>>;

async function ask(desk: Desk, variables: Variables) {
  const response = await desk.system.servers.ask(
    variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "",
    { headers: { authorization: variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] ?? "" } },
  );
  return { status: response.status, body: await response.json() };
}

async function startServe(desk: Desk, ...words: string[]) {
  const ended = desk.run("serve", "--format", "json", ...words);
  await until(desk, () => desk.system.terminal.stdout.includes("\n"));
  const [line = ""] = desk.system.terminal.stdout.split("\n");
  const servers: readonly { profile: string; set: Variables; unset: string[] }[] =
    JSON.parse(line).servers;
  return { ended, servers };
}

async function startExec(options: DeskOptions, ...words: string[]) {
  const desk = new Desk({ program: programs, ...options });
  const ended = desk.run("exec", role, "--serve", ...words, "--", "job");
  const job = () => desk.system.processes.started.find(({ words }) => words[0] === "job");
  await until(desk, () => job() !== undefined);
  const child = job();
  if (child === undefined) throw new Error("no child");
  return { desk, ended, child };
}

/** What is served is valid at each five minutes of that time. */
async function checkFor(desk: Desk, variables: Variables, ms: number): Promise<Set<string>> {
  const ids = new Set<string>();
  for (let passed = 0; passed < ms; passed += 5 * minute) {
    await desk.system.clock.advance(5 * minute);
    const { status, body } = await ask(desk, variables);
    assertEquals(status, 200, `after ${passed / minute} minutes: ${JSON.stringify(body)}`);
    assert(Date.parse(body.Expiration) > desk.system.clock.now(), `${passed / minute} minutes`);
    ids.add(body.AccessKeyId);
  }
  return ids;
}

Deno.test("serve keeps each profile fresh beyond its session token, with the codes of a command", async () => {
  const desk = new Desk({ program: programs });
  const { ended, servers } = await startServe(
    desk,
    role,
    "CodeDeployRole-qa",
    "--mfa-command",
    "code",
  );
  assertEquals(servers.map(({ profile }) => profile), [role, "CodeDeployRole-qa"]);
  assert(servers[0]?.unset.includes("AWS_ACCESS_KEY_ID"));
  for (const { set } of servers) {
    const ids = await checkFor(desk, set, 20 * hour);
    assert(ids.size >= 20, `${ids.size} renewals`);
  }
  assertEquals(desk.emulator.count("GetSessionToken", "ok"), 6);
  desk.system.signals.send("SIGINT");
  assertEquals((await ended).status, 130);
  assertEquals([desk.system.clock.sleeping, desk.system.servers.ports.length], [0, 0]);
});

Deno.test("the token lies in a file of mode 0600, without a newline, until the server ends", async () => {
  const desk = new Desk();
  const { ended, servers } = await startServe(desk, role, "--mfa-code", desk.code);
  const { set = {} } = servers[0] ?? {};
  const path = set["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] ?? "";
  const { files } = desk.system;
  assertEquals(await files.readText(path), set["AWS_CONTAINER_AUTHORIZATION_TOKEN"]);
  assertEquals(files.modes.get(path), 0o600);
  desk.system.signals.send("SIGTERM");
  assertEquals((await ended).status, 143);
  assertEquals(await files.readText(path), undefined);
});

Deno.test("a token file whose path depends on the folder is none: SDKs take it before the variable", async () => {
  for (const folder of ["cache", "./cache", "../cache"]) {
    const desk = new Desk({ env: { STSAVAL_CACHE_DIR: folder } });
    const { ended, servers } = await startServe(desk, role, "--mfa-code", desk.code);
    const { set = {} } = servers[0] ?? {};
    assert(!Object.hasOwn(set, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"), folder);
    assertEquals((await ask(desk, set)).status, 200);
    desk.system.signals.send("SIGINT");
    await ended;
  }
});

Deno.test("while a code is awaited the old credentials are served until they end, then 503 tells where", async () => {
  const desk = new Desk();
  const { ended, servers } = await startServe(desk, role, "--mfa-code", desk.code);
  const { set = {} } = servers[0] ?? {};
  await checkFor(desk, set, 8 * hour);
  await desk.system.clock.advance(hour);
  const { status, body } = await ask(desk, set);
  assertEquals([status, body.Code], [503, "ServiceUnavailable"]);
  assertStringIncludes(body.Message, `The credentials of profile "${role}" have expired`);
  assertStringIncludes(body.Message, `run 'stsaval login ${role}' in a terminal`);
  assertStringIncludes(
    desk.system.terminal.stderr,
    "the next credentials are awaited, type it where 'stsaval serve' runs, or",
  );
  // A login in another terminal is enough.
  assertEquals((await desk.run("login", role, "--mfa-code", desk.code)).status, 0);
  await desk.system.clock.advance(minute);
  assertEquals((await ask(desk, set)).status, 200);
  desk.system.signals.send("SIGINT");
  await ended;
  assertEquals(desk.system.clock.sleeping, 0);
});

Deno.test("serve with a lifetime ends with it", async () => {
  const desk = new Desk();
  const { ended } = await startServe(desk, role, "--mfa-code", desk.code, "--lifetime", "2h");
  await desk.system.clock.advance(2 * hour + minute);
  assertEquals((await ended).status, 0);
  assertEquals([desk.system.clock.sleeping, desk.system.servers.ports.length], [0, 0]);
});

Deno.test("the program of exec --serve gets no keys, and nothing that SDKs take before the server", async () => {
  const { desk, ended, child } = await startExec({}, "--mfa-command", "code");
  const names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"];
  names.push("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_WEB_IDENTITY_TOKEN_FILE");
  for (const name of names) {
    assert(Object.hasOwn(child.env, name), name);
    assertEquals(child.env[name], undefined);
  }
  assertEquals(child.env["STSAVAL_PROFILE"], role);
  assertEquals((await ask(desk, child.env)).status, 200);
  child.end(7);
  assertEquals((await ended).status, 7);
  assertEquals(desk.system.servers.ports, []);
  assertEquals([desk.system.clock.sleeping, desk.system.signals.listening], [0, 0]);
});

Deno.test("a job of a day outlives its role and its session token, and five minutes without STS", async () => {
  const { desk, ended, child } = await startExec({}, "--mfa-command", "code");
  for (let renewal = 0; renewal < 3; renewal++) {
    await checkFor(desk, child.env, 40 * minute);
    desk.emulator.faults.push({ effect: { kind: "drop" } });
    await checkFor(desk, child.env, 5 * minute);
    desk.emulator.faults.pop();
  }
  assert((await checkFor(desk, child.env, 24 * hour)).size >= 24);
  child.end(0);
  assertEquals((await ended).status, 0);
  assertEquals([desk.system.clock.sleeping, desk.system.servers.ports.length], [0, 0]);
});

Deno.test("a signal to exec --serve reaches the program, and the server lives for as long as it does", async () => {
  const { desk, ended, child } = await startExec({}, "--mfa-command", "code");
  desk.system.signals.send("SIGTERM");
  assertEquals(child.signals, ["SIGTERM"]);
  await checkFor(desk, child.env, 3 * hour);
  child.end(143);
  assertEquals((await ended).status, 143);
  assertEquals(desk.system.servers.ports, []);
});

Deno.test("of several profiles, each has variables with a prefix, and the first is the program's own", async () => {
  const { desk, ended, child } = await startExec(
    {},
    ...["--serve-profiles", "CodeDeployRole-qa", "--mfa-command", "code"],
  );
  const { env } = child;
  const own = env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "";
  assertEquals(env["STS_DYNAMODBROLE_DEV_AWS_CONTAINER_CREDENTIALS_FULL_URI"], own);
  const other = env["STS_CODEDEPLOYROLE_QA_AWS_CONTAINER_CREDENTIALS_FULL_URI"] ?? "";
  const { body } = await ask(desk, { ...env, AWS_CONTAINER_CREDENTIALS_FULL_URI: other });
  const { AccessKeyId } = body;
  assertStringIncludes(desk.emulator.identityOf(AccessKeyId)?.arn ?? "", "CodeDeployRole-qa");
  child.end(0);
  await ended;
});

Deno.test("serve without input tells where a person can sign in, not to type where nothing can be typed", async () => {
  const desk = new Desk();
  const words = [role, "--mfa-code", desk.code, "--no-input"];
  const { ended, servers } = await startServe(desk, ...words);
  await desk.system.clock.advance(9 * hour);
  const { body } = await ask(desk, servers[0]?.set ?? {});
  assertStringIncludes(body.Message, `awaited; run 'stsaval login ${role}' in a terminal`);
  assertStringIncludes(desk.system.terminal.stderr, `awaited, run 'stsaval login ${role}' in a`);
  desk.system.signals.send("SIGINT");
  await ended;
});

Deno.test("standard output of serve holds the variables alone, and with --json events as JSON too", async () => {
  for (const words of [["--format", "json"], ["--format", "env"], ["--json"]]) {
    const desk = new Desk({ program: programs });
    const ended = desk.run("serve", role, "--mfa-command", "code", ...words);
    const { clock, signals, terminal } = desk.system;
    await until(desk, () => terminal.stdout.includes("\n"));
    const { stdout } = terminal;
    await clock.advance(2 * hour);
    signals.send("SIGINT");
    await ended;
    if (words[0] === "--json") {
      const lines = terminal.stdout.trim().split("\n").map((line) => JSON.parse(line));
      assert(lines.length > 1, terminal.stdout);
    } else {
      // What makes the shell fail that evaluates it may follow.
      assertEquals(terminal.stdout.replace("(exit 130)\n", ""), stdout);
      assertStringIncludes(terminal.stderr, ` refresh "${role}", next at `);
    }
  }
});

Deno.test("with --imds, both entries of the JSON have the name of the profile", async () => {
  const desk = new Desk();
  const { ended, servers } = await startServe(desk, role, "--imds", "--mfa-code", desk.code);
  assertEquals(servers.map(({ profile }) => profile), [role, role]);
  assertEquals(servers.map(({ set }) => Object.keys(set)[0]), [
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
  ]);
  desk.system.signals.send("SIGINT");
  await ended;
});

const renamed = (first: string, second: string) => (config: string) =>
  config.replaceAll(`[profile ${role}]`, `[profile ${first}]`)
    .replaceAll("[profile CodeDeployRole-qa]", `[profile ${second}]`);

const odd = { STSAVAL_CACHE_DIR: "/100%/cache" };
type BeforeCode = readonly [string, readonly string[], string, Readonly<Record<string, string>>?];
const beforeCodes: readonly BeforeCode[] = [
  [
    "a path that a shell cannot represent",
    ["serve", "BackupRole-prod", "--format", "cmd"],
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    odd,
  ],
  ["a port that is in use", ["serve", "a b", "--port", "9911"], "hint: leave --port out"],
  [
    "a port for instance metadata that is in use",
    ["serve", "a b", "--port", "9910", "--imds"],
    "--imds takes the port after that of --port",
  ],
  ["a name that a shell cannot represent", ["serve", "a b", "--format", "cmd"], "cmd"],
  [
    "names whose variables cannot be told apart",
    ["exec", "--serve-profiles", "a b,a+b", "--", "job"],
    "hint: run it for one of them",
  ],
];
for (const [what, words, wanted, env = {}] of beforeCodes) {
  Deno.test(`${what} is reported before a code is spent`, async () => {
    const desk = new Desk({ env, program: programs, edit: renamed("a b", "a+b") });
    const stop = new AbortController();
    const { signal } = stop;
    await desk.system.servers.serve(() => new Response(null), { port: 9911, signal });
    const end = words.indexOf("--");
    const own = end < 0 ? words : words.slice(0, end);
    const rest = end < 0 ? [] : words.slice(end);
    const { status, err } = await desk.run(...own, "--mfa-code", desk.code, ...rest);
    assert(status !== 0, err);
    assertStringIncludes(err, wanted);
    assertEquals(desk.emulator.count("GetSessionToken", "ok"), 0);
    stop.abort();
    assertEquals([desk.system.clock.sleeping, desk.system.servers.ports.length], [0, 0]);
  });
}

const keysOfDefault =
  "[default]\naws_access_key_id = AKIAIOSFODNN7DEFAULT\naws_secret_access_key = x\n";

Deno.test("a profile default is warned of where programs read it, whatever files stsaval was told to read", async () => {
  const env = { AWS_SHARED_CREDENTIALS_FILE: "/home/kim/theirs" };
  const own = ["--credentials-file", "/home/kim/.aws/credentials"];
  for (const [text, isWarned] of [[keysOfDefault, true], ["", false]] as const) {
    const desk = new Desk({ program: programs, env });
    await desk.system.files.replaceText("/home/kim/theirs", text, { mode: 0o600 });
    const { ended } = await startServe(desk, role, "--mfa-command", "code", ...own);
    desk.system.signals.send("SIGINT");
    const { err } = await ended;
    assertEquals(err.includes('SDKs take the profile "default"'), isWarned, err);
  }
});

for (const name of ["constructor", "toString", "__proto__"]) {
  Deno.test(`a profile named ${name} is served like any other`, async () => {
    const edit = (config: string) => config.replaceAll(`[profile ${role}]`, `[profile ${name}]`);
    const desk = new Desk({ edit });
    const { ended, servers } = await startServe(desk, name, "--mfa-code", desk.code);
    assertEquals((await ask(desk, servers[0]?.set ?? {})).status, 200);
    desk.system.signals.send("SIGINT");
    await ended;
  });
}

const badPorts = [
  ["serve", role, "--port", "65536"],
  ["serve", role, "--port", "99999999999999999999"],
  ["serve", role, "--port", "65535", "--imds"],
  ["emulator", "--port", "65536"],
];
for (const words of badPorts) {
  Deno.test(`${words.join(" ")} is wrong usage: there is no such port`, async () => {
    const { status, err } = await new Desk().run(...words);
    assertEquals(status, 2, err);
    const most = words.includes("--imds") ? 65_534 : 65_535;
    assertStringIncludes(err, `for --port: wanted a whole number, 0 to ${most}`);
  });
}
