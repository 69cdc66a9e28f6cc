/**
 * What docs/permissions.md says of the module: each function of the module, in a program of its own, with the flags of its
 * row and no others; and with one flag fewer, which must end in an error of ours.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { StsCore } from "../../mod.ts";
import { denoFolder } from "./source_program.ts";
import { type PeerBench, startEmulator } from "./emulator_bench.ts";

const root = new URL("../../", import.meta.url);
const profile = "DynamoDBRole-dev";
/** The variables that the AWS SDK asks for when it is loaded. */
const sdkVariables = [
  "AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA",
  "AWS_LAMBDA_BENCHMARK_MODE",
  "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED",
  "AWS_ENABLE_DEFAULT_SOCKET_TIMEOUT_2026",
];

/** What a program allows itself, by the names of Deno's flags. */
type Flags = Readonly<Partial<Record<"read" | "write" | "env" | "net", string>>>;

/** Runs the statements with a StsCore `sts`; the program tells what `result` is, or which error came. */
async function runProgram(bench: PeerBench, flags: Flags, statements: string) {
  const program = `
    import { StsavalError, StsCore } from ${JSON.stringify(new URL("mod.ts", root).href)};
    const mfaCode = Deno.args[0];
    try {
      const result = await (async () => { ${statements} })();
      console.log(JSON.stringify({ result }));
    } catch (error) {
      const { code, message } = error;
      console.log(JSON.stringify({ ours: error instanceof StsavalError, code, message }));
    }
  `;
  const file = `${bench.home}/program.ts`;
  await Deno.writeTextFile(file, program);
  const allowed = Object.entries(flags).map(([kind, names]) => `--allow-${kind}=${names}`);
  const config = `--config=${new URL("deno.json", root).pathname}`;
  const [, code] = bench.freshMfa();
  const { stdout, stderr } = await bench.run(Deno.execPath(), [
    ...["run", "--quiet", "--no-prompt", "--no-check", config],
    ...allowed,
    file,
    code,
  ], { DENO_DIR: denoFolder() });
  assertEquals(stderr, "");
  return JSON.parse(stdout);
}

/** A row of the table. */
interface Row {
  readonly name: string;
  readonly statements: string;
  readonly flags: (bench: PeerBench) => Flags;
  readonly result: unknown;
  /** What comes of it without one of the flags: an error's code, and a part of its message. */
  readonly without: Partial<Record<keyof Flags, readonly [code: string, message: string]>>;
}

const core = "await using sts = new StsCore();";
const files = ({ home }: PeerBench): Flags => ({ read: `${home}/.aws`, env: "HOME" });
const calls = (bench: PeerBench): Flags => ({
  ...files(bench),
  env: ["HOME", ...sdkVariables].join(","),
  net: new URL(bench.url).host,
});
const unread = {
  read: ["CONFIG", "Requires read access to"],
  env: ["CONFIG", 'Cannot find "~/.aws/config": HOME is not set'],
} as const;
const notCalled = {
  ...unread,
  net: ["STS_UNREACHABLE", 'Requires net access to "127.0.0.1:'],
} as const;

const rows: readonly Row[] = [
  {
    name: "new StsCore() and halt()",
    statements: "const sts = new StsCore(); sts.halt(); return sts.currentCredentials ?? null;",
    flags: () => ({}),
    result: null,
    without: {},
  },
  {
    name: "profiles()",
    statements: `${core} return (await sts.profiles()).map(({ name }) => name).slice(0, 2);`,
    flags: files,
    result: ["IAM_USER1", profile],
    without: unread,
  },
  {
    name: "explain()",
    statements: `${core} return (await sts.explain(["${profile}"])).plans[0].profile;`,
    flags: files,
    result: profile,
    without: unread,
  },
  {
    name: "refactor()",
    statements: `${core} return Object.keys(await sts.refactor("~/roles"));`,
    flags: ({ home }) => ({ read: `${home}/roles`, env: "HOME" }),
    result: ["acme"],
    without: {
      read: ["CONFIG", "Requires read access to"],
      env: ["CONFIG", 'Cannot read "~/roles": Requires read access to "~/roles"'],
    },
  },
  {
    name: "generateSessionToken()",
    statements: `await using sts = new StsCore({ profileName: "IAM_USER1" });
      return (await sts.generateSessionToken({ mfaCode })).AccessKeyId.slice(0, 4);`,
    flags: calls,
    result: "ASIA",
    without: notCalled,
  },
  {
    name: "generateCredentials()",
    statements: `${core} const set = await sts.generateCredentials(["${profile}"], { mfaCode });
      return set["sts-${profile}"].AccessKeyId.slice(0, 4);`,
    flags: calls,
    result: "ASIA",
    without: notCalled,
  },
];

const roleFile = `[acme]
role_arn = arn:aws:iam::123456789012:role/${profile}
source_profile = IAM_USER1
`;

for (const { name, statements, flags, result, without } of rows) {
  Deno.test(`${name} works with the flags of its row, and says so when one is missing`, async () => {
    await using bench = await startEmulator();
    await Deno.writeTextFile(`${bench.home}/roles`, roleFile);
    const all = flags(bench);
    assertEquals(await runProgram(bench, all, statements), { result });
    assertEquals(Object.keys(without).sort(), Object.keys(all).sort(), "each flag is taken away");
    for (const [kind, [code, message]] of Object.entries(without)) {
      const { [kind as keyof Flags]: _taken, ...fewer } = all;
      const ended = await runProgram(bench, fewer, statements);
      assertEquals([ended.ours, ended.code], [true, code], ended.message);
      assertStringIncludes(ended.message, message);
    }
  });
}

const keep = `await using sts = new StsCore({ cache: "disk" });
  const set = await sts.generateCredentials(["${profile}"], { mfaCode });
  return set["sts-${profile}"].AccessKeyId.slice(0, 4);`;

Deno.test('cache: "disk" needs to write its folder; without that, nothing is kept and all else works', async () => {
  await using bench = await startEmulator();
  const flags = calls(bench);
  const cache = `${bench.home}/.aws/stsaval`;
  assertEquals(await runProgram(bench, flags, keep), { result: "ASIA" });
  assertEquals(await names(cache), []);
  assertEquals(await runProgram(bench, { ...flags, write: cache }, keep), { result: "ASIA" });
  const kept = await names(cache);
  assertEquals(kept.filter((name) => name.endsWith(".json")).length, 2, kept.join(", "));
  const before = bench.emulator.calls.length;
  assertEquals(await runProgram(bench, { ...flags, write: cache }, keep), { result: "ASIA" });
  assertEquals(bench.emulator.calls.length, before, "the kept credentials were not used");
});

async function names(folder: string): Promise<string[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

Deno.test("the SDK's variables are missed one by one, and each by its name; --allow-env='AWS_*' covers them", async () => {
  await using bench = await startEmulator();
  const { statements = "" } = rows.find((row) => row.name === "generateCredentials()") ?? {};
  for (const missing of sdkVariables) {
    const env = ["HOME", ...sdkVariables.filter((name) => name !== missing)].join(",");
    const ended = await runProgram(bench, { ...calls(bench), env }, statements);
    assertEquals(ended.ours, true, ended.message);
    assertStringIncludes(ended.message, `Requires env access to "${missing}"`);
  }
  const flags = { ...calls(bench), env: "HOME,AWS_*" };
  assertEquals(await runProgram(bench, flags, statements), { result: "ASIA" });
});

/** Runs a command with every permission but to read the SDK's variables, without which the SDK does not load. */
async function runWithoutSdk(bench: PeerBench, words: readonly string[]) {
  const permissions = ["--allow-read", "--allow-write", "--allow-env", "--allow-net=127.0.0.1"];
  return await bench.run(Deno.execPath(), [
    ...["run", "--quiet", "--no-prompt", ...permissions],
    `--deny-env=${sdkVariables.join(",")}`,
    new URL("cli.ts", root).pathname,
    ...words,
  ], { DENO_DIR: denoFolder() });
}

Deno.test("commands that make no call do not load the SDK, and neither does a cache hit", async () => {
  await using bench = await startEmulator();
  const process = ["process", "--profile", profile];
  for (
    const words of [
      ["--version"],
      ["--help"],
      ["help", "creds"],
      ["profiles"],
      ["explain", profile],
      ["status"],
      ["refactor", `${bench.home}/.aws/config`],
    ]
  ) {
    const { code, stderr } = await runWithoutSdk(bench, words);
    assertEquals([code, stderr], [0, ""], words.join(" "));
  }
  const [, mfaCode] = bench.freshMfa();
  const refused = await runWithoutSdk(bench, [...process, "--mfa-code", mfaCode]);
  assertEquals([refused.code, refused.stdout], [6, ""]);
  assertStringIncludes(refused.stderr, "Requires env access to");

  await using sts = new StsCore({ cache: "disk", system: systemOf(bench) });
  await sts.generateCredentials([profile], { mfaCode: bench.freshMfa()[1] });
  const { code, stdout, stderr } = await runWithoutSdk(bench, process);
  assertEquals([code, stderr], [0, ""]);
  assertEquals(JSON.parse(stdout).Version, 1);
});

/** The real outside world with the home of the bench. */
function systemOf({ home }: PeerBench) {
  return { env: { get: (name: string) => name === "HOME" ? home : undefined } };
}
