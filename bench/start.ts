/**
 * How long the compiled program takes from start to exit, compared with an empty program and with the same code under
 * plain `deno compile`: `deno task bench:start`. They take turns, so that load on the machine slows all of them.
 *
 * @module
 */

import { compiledPermissions } from "../scripts/compile/arguments.ts";
import { targets, targetTable } from "../scripts/compile/targets.ts";
import { environmentNames } from "../src/cli/permissions/needs.ts";
import { createStsEmulator, formatSampleHome, sampleWorld } from "../src/testing/mod.ts";
import { findCompiler, makeProgram } from "../tests/compiled/program.ts";
import { median } from "./statistics.ts";
import { type Home, makeHome, runIn } from "../tests/peers/stsaval_process.ts";

const rounds = 25;
const folder = ".tmp/compiled/start";

interface Measured {
  readonly what: string;
  readonly words: readonly string[];
  readonly times: number[];
}

/** Compiles a file with plain `deno compile`, with nothing but the permissions. */
async function compilePlain(entry: string, name: string): Promise<string> {
  const [program = "", ...words] = await findCompiler();
  const own = targets.find((target) => target === Deno.build.target);
  const compiled = compiledPermissions({ hosts: [] }, own && targetTable[own].system);
  // The SDK as it is published reads variables when it is loaded.
  const flags = compiled.map((flag) =>
    flag.startsWith("--allow-env=") ? `--allow-env=${environmentNames().join(",")}` : flag
  );
  const output = `${folder}/${name}${Deno.build.os === "windows" ? ".exe" : ""}`;
  const { success, stderr } = await new Deno.Command(program, {
    args: [...words, "compile", "--quiet", "--no-check", ...flags, `--output=${output}`, entry],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return await Deno.realPath(output);
}

/** A home with roles that need no code, so that a command line can be run repeatedly. */
function homeWithRoles(): Promise<Home> {
  const { roles, ...rest } = sampleWorld();
  const world = { ...rest, roles: roles.map((role) => ({ ...role, requireMfa: false })) };
  const sts = createStsEmulator({ world });
  return makeHome(sts.handle, (url) => {
    const { config, credentials } = formatSampleHome(world, { url });
    const withoutMfa = config.replaceAll(/^mfa_serial.*\n/gm, "");
    return { ".aws/config": withoutMfa, ".aws/credentials": credentials };
  });
}

async function measure(home: Home, { words, times, what }: Measured): Promise<void> {
  const start = performance.now();
  const { code, stderr } = await runIn(home, words);
  times.push(performance.now() - start);
  if (code !== 0) throw new Error(`${what}: ${stderr}`);
}

async function megabytes(path: string): Promise<string> {
  return `${((await Deno.stat(path)).size / 1e6).toFixed(1)} MB`;
}

await Deno.mkdir(folder, { recursive: true });
const made = await makeProgram();
if ("missing" in made) {
  console.log(`Nothing to measure: ${made.missing}`);
  Deno.exit(0);
}
await Deno.writeTextFile(`${folder}/empty.ts`, "export {};\n");
const empty = await compilePlain(`${folder}/empty.ts`, "empty");
const plain = await compilePlain("cli.ts", "plain");
await using home = await homeWithRoles();
const creds = ["creds", "--profiles", "DynamoDBRole-dev", "--no-cache"];
const measured: readonly Measured[] = [
  { what: "empty program", words: [empty], times: [] },
  { what: "stsaval --version", words: [made.path, "--version"], times: [] },
  { what: "the same, plain", words: [plain, "--version"], times: [] },
  { what: "stsaval creds, one role", words: [made.path, ...creds], times: [] },
  { what: "the same, plain", words: [plain, ...creds], times: [] },
];
for (let round = -2; round < rounds; round++) {
  for (const each of measured) await measure(home, each);
  // The first rounds warm the page cache.
  if (round < 0) { for (const each of measured) each.times.length = 0; }
}

console.log(
  `empty ${await megabytes(empty)}, stsaval ${await megabytes(made.path)}, plain ${await megabytes(
    plain,
  )}`,
);
const nothing = measured[0]?.times ?? [];
for (const { what, times } of measured) {
  const [least, middle] = [Math.min(...times), median(times)];
  const ratio = (least / Math.min(...nothing)).toFixed(2);
  const beyond = (least - Math.min(...nothing)).toFixed(0);
  console.log(
    `${what.padEnd(24)} least ${least.toFixed(0).padStart(4)} ms, median ${
      middle.toFixed(0).padStart(4)
    } ms; ${ratio} times the empty program, ${beyond} ms beyond it`,
  );
}
