/**
 * What the compiled program must still be able to do after it dropped the rest: each command, with files where people
 * have them.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Ended, type Home, MarkReader, runIn, startIn } from "../peers/stsaval_process.ts";
import { openHome } from "./open_home.ts";
import { makeProgram, programTest } from "./program.ts";

const program = await makeProgram();
const dev = "DynamoDBRole-dev";

/** Moves a file of the home and leaves a link in its place. */
async function moveAndLink({ path }: Home, from: string, to: string): Promise<void> {
  await Deno.mkdir(`${path}/${to}`.replace(/[^/]*$/, ""), { recursive: true });
  await Deno.rename(`${path}/${from}`, `${path}/${to}`);
  await Deno.symlink(`${path}/${to}`, `${path}/${from}`);
}

function expectDone({ code, stdout, stderr }: Ended): string {
  assertEquals(code, 0, stderr);
  return stdout;
}

programTest(program, "every command that gets credentials does", async (path) => {
  const { home } = await openHome();
  await using _ = home;
  for (
    const [words, expected] of [
      [["creds", "--profiles", dev], /"SessionToken"/],
      [["creds", "--all", "--format", "table"], /CodeDeployRole-qa/],
      [["env", "--profile", dev], /AWS_ACCESS_KEY_ID/],
      [["process", "--profile", dev], /"Version": 1/],
      [["token", "--profile", "IAM_USER1"], /"sts-IAM_USER1"/],
      [["login", "--profile", dev], /./],
      [["status"], new RegExp(dev)],
      [["logout"], /./],
      [["profiles"], /CodeDeployRole-qa/],
      [["explain", dev], /AssumeRole|assume/i],
      [["refactor", ".aws/config"], /role_arn/],
      [["completion", "bash"], /complete/],
      [["permissions", "creds"], /--allow-read/],
      [["help", "creds"], /PERMISSIONS/],
    ] as const
  ) {
    const ended = await runIn(home, [path, ...words]);
    assertEquals(ended.code, 0, `${words.join(" ")}: ${ended.stderr}`);
    assertMatch(ended.stdout + ended.stderr, expected);
  }
});

programTest(
  program,
  "files and folders may be links, and stay links when written",
  async (path) => {
    const { home } = await openHome();
    await using _ = home;
    await moveAndLink(home, ".aws/config", "dotfiles/aws/config");
    await moveAndLink(home, ".aws/credentials", "secrets/keys");
    const before = await Deno.readTextFile(`${home.path}/secrets/keys`);
    expectDone(await runIn(home, [path, "write", "--profiles", dev]));
    assertStringIncludes(await Deno.readTextFile(`${home.path}/secrets/keys`), `[sts-${dev}]`);
    expectDone(await runIn(home, [path, "write", "--remove"]));
    assertEquals(await Deno.readTextFile(`${home.path}/secrets/keys`), before);
    assertEquals((await Deno.lstat(`${home.path}/.aws/credentials`)).isSymlink, true);
  },
);

programTest(program, "~/.aws itself may be a link", async (path) => {
  const { home } = await openHome();
  await using _ = home;
  await moveAndLink(home, ".aws", "dotfiles/aws");
  for (const _ of [1, 2]) {
    assertMatch(expectDone(await runIn(home, [path, "creds", "--profiles", dev])), /SecretAccess/);
  }
  assertMatch(expectDone(await runIn(home, [path, "status"])), new RegExp(dev));
  expectDone(await runIn(home, [path, "write", "--profiles", dev]));
  expectDone(await runIn(home, [path, "write", "--remove"]));
});

programTest(program, "files elsewhere are used where they are named", async (path) => {
  const { home } = await openHome();
  await using _ = home;
  await Deno.rename(`${home.path}/.aws/config`, `${home.path}/my config`);
  await Deno.rename(`${home.path}/.aws/credentials`, `${home.path}/keys`);
  const creds = ["creds", "--profiles", dev];
  const options = ["--config-file", "my config", "--credentials-file", "~/keys"];
  assertMatch(expectDone(await runIn(home, [path, ...creds, ...options])), /SecretAccessKey/);
  const env = {
    AWS_CONFIG_FILE: `${home.path}/my config`,
    AWS_SHARED_CREDENTIALS_FILE: `${home.path}/keys`,
    STSAVAL_CACHE_DIR: `${home.path}/cache`,
  };
  assertMatch(expectDone(await runIn(home, [path, ...creds], { env })), /SecretAccessKey/);
  assertEquals((await Deno.stat(`${home.path}/cache`)).isDirectory, true);
  const before = await Deno.readTextFile(`${home.path}/keys`);
  expectDone(await runIn(home, [path, "write", "--profiles", dev], { env }));
  expectDone(await runIn(home, [path, "write", "--remove"], { env }));
  assertEquals(await Deno.readTextFile(`${home.path}/keys`), before);
});

programTest(program, "roles are shared with the AWS CLI where that is asked for", async (path) => {
  const { home } = await openHome();
  await using _ = home;
  const words = [path, "creds", "--profiles", dev];
  const kept = () => Array.fromAsync(Deno.readDir(`${home.path}/.aws/cli/cache`));
  expectDone(await runIn(home, [...words, "--share-aws-cache"]));
  assertEquals((await kept()).length, 1);
  const config = `${home.path}/.aws/config`;
  const text = await Deno.readTextFile(config);
  await Deno.writeTextFile(config, text.replaceAll("role_arn", "share_aws_cache = true\nrole_arn"));
  const { stderr } = await runIn(home, [path, "creds", "--all", "--verbose"]);
  assertEquals(stderr.includes("is not used"), false, stderr);
  assertEquals((await kept()).length, 3);
});

programTest(
  program,
  "--output replaces a file, follows a link, and makes no folder",
  async (path) => {
    const { home } = await openHome();
    await using _ = home;
    await Deno.mkdir(`${home.path}/elsewhere`);
    await Deno.symlink("elsewhere/file", `${home.path}/link`);
    for (const output of ["out.json", "out.json", "link"]) {
      expectDone(await runIn(home, [path, "creds", "--profiles", dev, "--output", output]));
      assertMatch(await Deno.readTextFile(`${home.path}/${output}`), /SecretAccessKey/);
    }
    assertEquals((await Deno.lstat(`${home.path}/link`)).isSymlink, true);
    const astray = await runIn(home, [path, "creds", "--profiles", dev, "--output", "new/out"]);
    assertEquals(astray.code, 1);
    assertStringIncludes(astray.stderr, 'Cannot write "new/out": no such file or folder');
  },
);

programTest(
  program,
  "exec runs a program with the credentials, and ends as shells do",
  async (path) => {
    const { home } = await openHome();
    await using _ = home;
    const exec = [path, "exec", "--profile", dev, "--"];
    const env = { AWS_PROFILE: dev, AWS_ROLE_ARN: "another" };
    const variables = expectDone(await runIn(home, [...exec, "env"], { env }));
    assertMatch(variables, /^AWS_ACCESS_KEY_ID=ASIA/m);
    assertEquals(/^AWS_(PROFILE|ROLE_ARN)=/m.test(variables), false);
    assertEquals((await runIn(home, [...exec, "sh", "-c", "exit 7"])).code, 7);
    assertEquals((await runIn(home, [...exec, "no-such-program"])).code, 127);
    assertEquals((await runIn(home, [...exec, "/etc/hostname"])).code, 126);
  },
);

programTest(
  program,
  "exec does not hold the lock of the session that it has asked for",
  async (path) => {
    const { home, sts } = await openHome();
    await using _ = home;
    const serial = sts.world.users[0]?.mfa?.serial ?? "";
    const options = ["--profile", dev, "--mfa-serial", serial, "--mfa-code"];
    const another = [path, "login", ...options, "000000", "--lock-timeout", "2"];
    const { stderr } = await runIn(
      home,
      [path, "exec", ...options, sts.mfaCode(serial), "--", ...another],
    );
    assertStringIncludes(stderr, "MultiFactorAuthentication failed");
    assertEquals(/waiting for|waited/.test(stderr), false, stderr);
  },
);

programTest(
  program,
  "a link that leads to nothing is nothing yet, and is followed to it",
  async (path) => {
    const { home } = await openHome();
    await using _ = home;
    await Deno.symlink("../kept", `${home.path}/.aws/stsaval`);
    expectDone(await runIn(home, [path, "creds", "--profiles", dev]));
    const kept = await Array.fromAsync(Deno.readDir(`${home.path}/kept`), ({ name }) => name);
    assertEquals(kept.some((name) => name.endsWith(".json")), true);
    await Deno.remove(`${home.path}/.aws/credentials`);
    await Deno.symlink("../gone", `${home.path}/.aws/credentials`);
    assertStringIncludes(expectDone(await runIn(home, [path, "profiles"])), dev);
  },
);

programTest(program, "--mfa-command and mfa_process are run for a code", async (path) => {
  const { home, sts } = await openHome();
  await using _ = home;
  const serial = sts.world.users[0]?.mfa?.serial ?? "";
  const token = [path, "token", "--profile", "IAM_USER1", "--mfa-serial", serial, "--no-cache"];
  const command = `echo ${sts.mfaCode(serial)}`;
  assertMatch(expectDone(await runIn(home, [...token, "--mfa-command", command])), /SessionToken/);
  const config = await Deno.readTextFile(`${home.path}/.aws/config`);
  await Deno.writeTextFile(
    `${home.path}/.aws/config`,
    config.replace(
      "[profile IAM_USER1]\n",
      `$&mfa_serial = ${serial}\nmfa_process = sh -c 'echo x'\n`,
    ),
  );
  const { code, stderr } = await runIn(home, [path, "token", "--profile", "IAM_USER1"]);
  assertEquals(code, 3);
  assertStringIncludes(stderr, "is not a code");
});

programTest(program, "watch keeps a file fresh and removes it at the end", async (path) => {
  const { home } = await openHome();
  await using _ = home;
  const words = ["watch", "--profiles", dev, "--write", "live.json", "--ephemeral", "--json"];
  const child = startIn(home, [path, ...words]);
  const live = `${home.path}/live.json`;
  while (!await Deno.stat(live).then(() => true, () => false)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill("SIGINT");
  const { code, stderr } = await child.output();
  await child.stdin.close();
  assertEquals(code, 130, new TextDecoder().decode(stderr));
  assertEquals(await Deno.stat(live).then(() => true, () => false), false);
});

programTest(program, "emulator serves STS and writes a home that works", async (path) => {
  const { home } = await openHome();
  await using _ = home;
  const child = startIn(home, [path, "emulator", "--write-home", "sample"]);
  await using out = new MarkReader(child.stdout);
  const url = /http:\S+/.exec(await out.until("MFA code"))?.[0] ?? "";
  const code = (await (await fetch(`${url}/mfa-code`)).text()).trim();
  const ended = await runIn(home, [path, "creds", "--profiles", dev, "--mfa-code", code], {
    env: { HOME: `${home.path}/sample` },
  });
  assertMatch(expectDone(ended), /SecretAccessKey/);
  child.kill("SIGINT");
  assertEquals((await child.status).code, 130);
  await Promise.all([child.stdin.close(), child.stderr.cancel()]);
});
