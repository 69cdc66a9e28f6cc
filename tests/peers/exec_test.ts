/**
 * `stsaval exec` with real programs: what they see of the environment, how they end, which signals reach them.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { quotePosix } from "../../src/output/shell.ts";
import { createStsEmulator, formatSampleHome, sampleWorld } from "../../src/testing/mod.ts";
import {
  type Home,
  isInstalled,
  makeHome,
  MarkReader,
  runIn,
  startIn,
  stsavalWords,
} from "./stsaval_process.ts";

const role = "DynamoDBRole-dev";

/** The sample home; its roles need no code. `more` is added to the config. */
function makeSampleHome(more: (code: string) => string = () => ""): Promise<Home> {
  const sample = sampleWorld();
  const world = { ...sample, roles: sample.roles.map((role) => ({ ...role, requireMfa: false })) };
  const emulator = createStsEmulator({ world });
  const serial = world.users[0]?.mfa?.serial ?? "";
  return makeHome(emulator.handle, (url) => {
    const { config, credentials } = formatSampleHome(world, { url });
    // With the user's device there would be a code to give, and the emulator takes each code once.
    const withoutDevice = config.replace(`mfa_serial = ${serial}\n`, "");
    return {
      ".aws/config": `${withoutDevice}\n${more(emulator.mfaCode(serial))}`,
      ".aws/credentials": credentials,
    };
  });
}

/** `exec` with a shell script in place of the program. */
const execSh = (script: string) =>
  stsavalWords(["exec", "--profile", role, "--", "sh", "-c", script]);

Deno.test("exec gives its own environment, byte for byte, without what leads to other credentials", async () => {
  await using home = await makeSampleHome();
  const hostile = "a'b\"c\n$(touch x)`id`;\\ \u{1f511}";
  const kept = { KEPT: hostile, AWS_PAGER: "less", AWS_CA_BUNDLE: "", EMPTY: "" };
  const removed = {
    AWS_PROFILE: "other",
    AWS_DEFAULT_PROFILE: "other",
    AWS_SECURITY_TOKEN: "other",
    AWS_ROLE_ARN: "other",
    AWS_WEB_IDENTITY_TOKEN_FILE: "/other",
    AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1/other",
    AWS_CONTAINER_AUTHORIZATION_TOKEN: "other",
    AWS_ACCESS_KEY_ID: "AKIAOTHER",
    AWS_SECRET_ACCESS_KEY: "other",
    STSAVAL_MFA_CODE: "123456",
  };
  const words = stsavalWords(["exec", "--profile", role, "--", "env", "-0"]);
  const { code, stdout, stderr } = await runIn(home, words, { env: { ...kept, ...removed } });
  assertEquals([code, stderr], [0, ""]);
  const seen = Object.fromEntries(
    stdout.split("\0").filter((line) => line !== "").map((line) => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
  assertMatch(seen["AWS_ACCESS_KEY_ID"] ?? "", /^ASIA/);
  assertMatch(seen["AWS_CREDENTIAL_EXPIRATION"] ?? "", /^20.*Z$/);
  const set = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
  for (const name of [...set, "AWS_CREDENTIAL_EXPIRATION"]) delete seen[name];
  assertEquals(seen, {
    ...home.env,
    ...kept,
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    STSAVAL_PROFILE: role,
  });
});

Deno.test("exec hands its arguments and its standard input on as they are", async () => {
  await using home = await makeSampleHome();
  const args = ["a b", "", "'\"$(id)`id`;\n\\", "--help", "--", "-v", "\u{1f511}"];
  const words = ["exec", "--profile", role, "--", "sh", "-c", 'printf "%s\\0" "$@"; cat', "sh"];
  const { code, stdout } = await runIn(home, stsavalWords([...words, ...args]), { input: "in\n" });
  assertEquals([code, stdout], [0, [...args, "in\n"].join("\0")]);
});

const endings = [
  ["exit 0", 0],
  ["exit 3", 3],
  ["exit 255", 255],
  ["kill -KILL $$", 137],
  ["kill -TERM $$", 143],
  ["kill -SEGV $$", 139],
  ["kill -40 $$", 168],
] as const;

Deno.test("exec ends with the program's exit code, or with 128 and the signal that ended it", async () => {
  await using home = await makeSampleHome();
  for (const [script, status] of endings) {
    assertEquals(await runIn(home, execSh(script)), { code: status, stdout: "", stderr: "" });
  }
});

Deno.test("exec ends with 127 and 126 where the program cannot be started", async () => {
  await using home = await makeSampleHome();
  await Deno.mkdir(`${home.path}/bin`);
  await Deno.writeTextFile(`${home.path}/bin/plain-file`, "no program\n", { mode: 0o644 });
  const cases = [
    ["no-such-program", 127, 'Cannot run "no-such-program": there is no such program'],
    ["./no-such-program", 127, 'Cannot run "./no-such-program": there is no such program'],
    ["", 127, 'Cannot run "": there is no such program'],
    ["./bin/plain-file", 126, 'Cannot run "./bin/plain-file": permission denied'],
    ["plain-file", 126, 'Cannot run "plain-file": permission denied'],
    ["./bin", 126, 'Cannot run "./bin": permission denied'],
  ] as const;
  const PATH = `${home.env["PATH"]}:${home.path}/bin`;
  for (const [program, status, message] of cases) {
    const words = stsavalWords(["exec", "--profile", role, "--", program]);
    const { code, stderr } = await runIn(home, words, { env: { PATH } });
    assertEquals([code, stderr], [status, `stsaval: ${message}\n`]);
  }
});

Deno.test("exec starts nothing where it may not take a variable away, and names the permission", async () => {
  await using home = await makeSampleHome();
  const words = stsavalWords(["exec", "--profile", role, "--", "env"]).flatMap((word) =>
    word === "--no-prompt" ? [word, "--deny-env=AWS_SECURITY_TOKEN"] : [word]
  );
  const { code, stdout, stderr } = await runIn(home, words);
  assertEquals([code, stdout], [126, ""]);
  assertStringIncludes(stderr, 'Cannot run "env": Requires env access to "AWS_SECURITY_TOKEN"');
});

Deno.test("exec names the permission where it may not run programs", async () => {
  await using home = await makeSampleHome();
  const words = stsavalWords(["exec", "--profile", role, "--", "env"]);
  const { code, stderr } = await runIn(home, words.filter((word) => word !== "--allow-run"));
  assertEquals(code, 126);
  assertStringIncludes(stderr, 'Cannot run "env": Requires run access');
});

Deno.test("exec waits for a program that ignores SIGTERM", async () => {
  await using home = await makeSampleHome();
  const child = startIn(home, execSh("trap '' TERM; echo ready; read line; echo $line; exit 6"));
  await using stdout = new MarkReader(child.stdout);
  await stdout.until("ready\n");
  child.kill("SIGTERM");
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode("still here\n"));
  await writer.close();
  assertEquals(await stdout.until(), "ready\nstill here\n");
  assertEquals((await child.status).code, 6);
  assertEquals(await new Response(child.stderr).text(), "");
});

Deno.test("exec passes each signal on, once", async () => {
  await using home = await makeSampleHome();
  for (const name of ["INT", "TERM", "HUP", "QUIT", "USR1", "USR2"] as const) {
    const child = startIn(
      home,
      execSh(`trap 'echo ${name}' ${name}; echo ready; while ! read line; do :; done; exit 9`),
    );
    await using stdout = new MarkReader(child.stdout);
    await stdout.until("ready\n");
    child.kill(`SIG${name}`);
    await stdout.until(`${name}\n`);
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode("end\n"));
    await writer.close();
    assertEquals(await stdout.until(), `ready\n${name}\n`);
    assertEquals((await child.status).code, 9);
    await child.stderr.cancel();
  }
});

Deno.test("exec ends with 143 when SIGTERM ends the program", async () => {
  await using home = await makeSampleHome();
  const child = startIn(home, execSh("echo ready; exec sleep 600"));
  await using stdout = new MarkReader(child.stdout);
  await stdout.until("ready\n");
  child.kill("SIGTERM");
  assertEquals((await child.status).code, 143);
  await child.stdin.close();
  await child.stderr.cancel();
});

Deno.test("exec lets a gigabyte through a pipe without holding any of it", async () => {
  await using home = await makeSampleHome();
  const peak = 'awk "/^VmHWM/ { print \\$2 }" /proc/$PPID/status >&2';
  const child = startIn(home, execSh(`${peak}; head -c 1073741824 /dev/zero; ${peak}`));
  const stderr = new Response(child.stderr).text();
  let bytes = 0;
  for await (const chunk of child.stdout) bytes += chunk.length;
  assertEquals(bytes, 2 ** 30);
  assertEquals((await child.status).code, 0);
  await child.stdin.close();
  const [before = NaN, after = NaN] = (await stderr).trim().split("\n").map(Number);
  assert(after - before < 20_000, `stsaval grew from ${before} to ${after} kB`);
});

Deno.test("exec leaves a closed pipe to the program", async () => {
  await using home = await makeSampleHome();
  const words = stsavalWords(["exec", "--profile", role, "--", "yes"]);
  const script = '("$@"; echo $? >&2) | head -n 1';
  const { stdout, stderr } = await runIn(home, ["sh", "-c", script, "sh", ...words]);
  assertEquals([stdout, stderr], ["y\n", "141\n"]);
});

const hasScript = await isInstalled("script");

Deno.test({
  name: "ctrl+c at a terminal reaches the program once" +
    (hasScript ? "" : ", skipped: script is not installed"),
  ignore: !hasScript,
  async fn() {
    await using home = await makeSampleHome();
    const loop = "trap 'echo got INT' INT; echo ready; " +
      "while ! read line; do :; done; sleep 0.3; echo ended; exit 9";
    const quoted = execSh(loop).map((word) => quotePosix(word)).join(" ");
    const child = startIn(home, ["script", "-qefc", `exec ${quoted}`, "/dev/null"], {
      SHELL: "/bin/sh",
    });
    await using stdout = new MarkReader(child.stdout);
    const writer = child.stdin.getWriter();
    await stdout.until("ready");
    await writer.write(new Uint8Array([3]));
    await stdout.until("got INT");
    await writer.write(new TextEncoder().encode("end\n"));
    await stdout.until("ended");
    assertEquals(stdout.text.split("got INT").length - 1, 1);
    assertEquals((await child.status).code, 9);
    await writer.close().catch(() => {});
    await child.stderr.cancel();
  },
});

Deno.test("exec inside exec is rejected, unless --nested is given", async () => {
  await using home = await makeSampleHome();
  const inner = (nested: string[]) =>
    stsavalWords(["exec", ...nested, "--profile", "CodeDeployRole-qa", "--", "env"]);
  const outer = ["exec", "--profile", role, "--"];
  const refused = await runIn(home, stsavalWords([...outer, ...inner([])]));
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.stderr, `already running with the credentials of profile "${role}"`);
  const nested = await runIn(home, stsavalWords([...outer, ...inner(["--nested"])]));
  assertEquals(nested.code, 0);
  assertStringIncludes(nested.stdout, "STSAVAL_PROFILE=CodeDeployRole-qa\n");
});

/** A role profile with the user's device and a command for its codes. */
const coded = (command: string) =>
  `[profile coded]\nrole_arn = arn:aws:iam::123456789012:role/${role}\nsource_profile = IAM_USER1\n` +
  `mfa_serial = arn:aws:iam::123456789012:mfa/IAM_USER1\nendpoint_url = URL\nmfa_process = ${command}\n`;

Deno.test("a profile's own command gives the code, and its standard error is seen", async () => {
  await using home = await makeSampleHome((code) =>
    coded(`sh -c 'echo "touch the key" >&2; echo " $0 "' ${code}`)
  );
  const words = stsavalWords(["exec", "--endpoint-url", home.url, "--profile", "coded", "--"]);
  const { code, stdout, stderr } = await runIn(home, [...words, "echo", "done"]);
  assertEquals([code, stdout, stderr], [0, "done\n", "touch the key\n"]);
});

Deno.test("a command for codes that does not exist ends with status 3", async () => {
  await using home = await makeSampleHome(() => coded("no-such-program s3cret"));
  const words = stsavalWords(["exec", "--endpoint-url", home.url, "--profile", "coded", "--"]);
  const { code, stderr } = await runIn(home, [...words, "echo", "done"]);
  assertEquals(code, 3);
  assertStringIncludes(stderr, 'from mfa_process: cannot run "no-such-program"');
  assert(!stderr.includes("s3cret"));
});

Deno.test("an interrupt ends a command for codes, and what it leaves behind is not waited for", async () => {
  await using home = await makeSampleHome(() => coded("sh -c 'sleep 5 & echo ready >&2; wait'"));
  const words = stsavalWords(["exec", "--endpoint-url", home.url, "--profile", "coded", "--"]);
  const child = startIn(home, [...words, "echo", "done"]);
  await using stderr = new MarkReader(child.stderr);
  await stderr.until("ready\n");
  child.kill("SIGINT");
  assertEquals((await child.status).code, 130);
  assertEquals(await new Response(child.stdout).text(), "");
  await child.stdin.close();
});
