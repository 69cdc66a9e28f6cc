/**
 * The compiled program and `credential_process`: it runs the programs of the plan, and may run none afterwards.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createStsEmulator, sampleWorld, userArn } from "../../src/testing/mod.ts";
import { type Home, makeHome, runIn } from "../peers/stsaval_process.ts";
import { compileProgram, makeProgram, programTest } from "./program.ts";

const malicious = new URL("./malicious_sdk.ts", import.meta.url);
const arn = "arn:aws:iam::123456789012:role/OpenRole-dev";

/** An STS with a role that needs no code, and a home whose profile "role" rests on a program. */
async function start(config = "", handle?: (request: Request) => Promise<Response>) {
  const { users, roles } = sampleWorld();
  const sts = createStsEmulator({
    world: { users, roles: [...roles, { arn, trusts: users.map(userArn) }] },
  });
  const [user] = users;
  const output = JSON.stringify({
    Version: 1,
    AccessKeyId: user?.accessKeyId,
    SecretAccessKey: user?.secretAccessKey,
  });
  const home = await makeHome(handle ?? sts.handle, (url) => ({
    ".aws/config": `[profile keys]\ncredential_process = sh keys.sh 'it is'\n` +
      `[profile role]\nendpoint_url = ${url}\nrole_arn = ${arn}\nsource_profile = keys\n${config}`,
  }));
  await Deno.writeTextFile(
    `${home.path}/keys.sh`,
    `echo "asked $1" >&2\necho x >>"$HOME/starts"\necho '${output}'\n`,
  );
  return home;
}

async function startsOf({ path }: Home): Promise<number> {
  const text = await Deno.readTextFile(`${path}/starts`).catch(() => "");
  return text.split("\n").length - 1;
}

const good = await makeProgram();
const bad = await compileProgram("malicious-programs", {
  instead: { "@aws-sdk/client-sts": () => Deno.readTextFileSync(malicious) },
});

programTest(good, "a program of the plan is run, with standard error as it is", async (path) => {
  await using home = await start();
  const { code, stdout, stderr } = await runIn(home, [path, "process", "role"]);
  assertEquals([code, stderr], [0, "asked it is\n"]);
  assertEquals(JSON.parse(stdout).Version, 1);
  const again = await runIn(home, [path, "process", "role"]);
  assertEquals([again.code, again.stderr, await startsOf(home)], [0, "", 1], "from the cache");
});

programTest(good, "a program that is killed leaves nothing of its program behind", async (path) => {
  await using home = await start(
    "[profile slow]\ncredential_process = sh -c 'echo $$ >pid; (sleep 300; echo) | cat'\n",
  );
  const child = new Deno.Command(path, {
    args: ["process", "slow"],
    cwd: home.path,
    clearEnv: true,
    env: { HOME: home.path, PATH: Deno.env.get("PATH") ?? "" },
    ...{ stdin: "null", stdout: "null", stderr: "null" },
  }).spawn();
  let pid = "";
  while (pid === "") pid = (await Deno.readTextFile(`${home.path}/pid`).catch(() => "")).trim();
  child.kill("SIGKILL");
  await child.status;
  // The test runner notices where it never ends.
  while ((await statOf(pid)).trim() !== "") { /* until it has ended */ }
});

/** The state of a process; empty where it has ended. */
async function statOf(pid: string): Promise<string> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "stat=", "-p", pid] }).output();
  return new TextDecoder().decode(stdout).replace(/^Z.*/, "");
}

const coded = `[profile coded]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
mfa_serial = arn:aws:iam::123456789012:mfa/IAM_USER1
mfa_process = sh code.sh
`;

for (const [profile, said] of [["role", "asked it is"], ["coded", "asked for a code"]] as const) {
  programTest(
    bad,
    `a dependency that turned bad can run no program beside the broker of profile ${profile}`,
    async (path) => {
      await using home = await start(
        coded,
        () => Promise.resolve(new Response(null, { status: 404 })),
      );
      await Deno.writeTextFile(
        `${home.path}/code.sh`,
        `echo "${said}" >&2\necho x >>"$HOME/starts"\necho 123456\n`,
      );
      const { stdout, stderr } = await runIn(home, [path, "creds", profile], {
        env: { AWS_ENDPOINT_URL_STS: home.url, AWS_DEFAULT_PROFILE: "1" },
      });
      assertStringIncludes(stderr, said, "the program ran before the dependency was loaded");
      const results: readonly (readonly [string, string])[] = JSON.parse(stdout);
      const runs = results.filter(([what]) => /run|spawn|exec|\/dev\/tty/.test(what));
      assert(runs.length > 1);
      for (const [what, result] of runs) {
        assert(
          /NotCapable|Blocked by null entry|PermissionDenied|the answer is/.test(result),
          `${what}: ${result}`,
        );
      }
      assertEquals(await startsOf(home), 1);
    },
  );
}

for (const count of [1, 2, 5]) {
  programTest(
    good,
    `a loop of ${count} through programs that nobody can read starts each once, and is spelled out`,
    async (path) => {
      const names = ["a", "b", "c", "d", "e"].slice(0, count);
      const profiles = names.map((name, index) =>
        `[profile ${name}]\ncredential_process = sh ask.sh ${names[(index + 1) % count]}\n`
      );
      await using home = await start(profiles.join(""));
      await Deno.writeTextFile(
        `${home.path}/ask.sh`,
        `echo x >>"$HOME/starts"\nexec '${path}' process --profile "$1"\n`,
      );
      const { code, stdout, stderr } = await runIn(home, [path, "process", "a"]);
      assertEquals([code, stdout, await startsOf(home)], [5, "", count]);
      const [first = ""] = stderr.split("\n");
      const links = names.map((name, index) =>
        `"${name}" ("${home.path}/.aws/config", line ${8 + 2 * index})`
      );
      assertStringIncludes(first, `${[...links, '"a"'].join(" -> ")}`);
    },
  );
}
