/**
 * What a program waits for where the credentials are in the cache: `stsaval process`, and `stsaval exec` with a command
 * that does nothing, against an empty program and against the AWS CLI with the same role in its own cache.
 *
 * @module
 */

import { sourceArgs } from "../../tests/peers/source_program.ts";
import { type CommandLine, emptyProgram, openHome, run, stsaval, timeOfRun } from "../programs.ts";
import type { Measured, Row } from "../row.ts";
import { once, ratioOfPairs } from "../statistics.ts";

const profile = "DynamoDBRole-dev";
const asked = ["process", "--profile", profile];
const pairs = 31;

function fromSource(...words: string[]): CommandLine {
  return [Deno.execPath(), ...sourceArgs(words)];
}

/** Puts the role into stsaval's cache and the AWS CLI's. */
const fill = once(async () => {
  const [, code] = (await openHome()).freshMfa();
  await run(fromSource(...asked, "--mfa-code", code, "--share-aws-cache"));
});

/** Compares two command lines, and checks that neither called STS. */
async function compare(one: CommandLine, other: CommandLine): Promise<Measured> {
  await fill();
  const { emulator } = await openHome();
  const calls = emulator.calls.length;
  const ratio = await ratioOfPairs(timeOfRun(one), timeOfRun(other), pairs);
  if (emulator.calls.length === calls) return ratio;
  throw new Error("the credentials did not come from the cache");
}

async function compareCompiled(...words: string[]): Promise<Measured> {
  const [made, empty] = [await stsaval(), await emptyProgram()];
  if ("missing" in made) return made;
  if ("missing" in empty) return empty;
  return await compare([empty.path], [made.path, ...words]);
}

async function compareSource(): Promise<Measured> {
  const empty = `${(await openHome()).home}/empty.ts`;
  await Deno.writeTextFile(empty, "");
  return await compare([Deno.execPath(), "run", "--no-lock", empty], fromSource(...asked));
}

async function compareAws(line: CommandLine): Promise<Measured> {
  await fill();
  const aws = await findAwsLine();
  return aws === undefined ? { missing: "there is no AWS CLI" } : compare(aws, line);
}

async function compareCompiledAws(): Promise<Measured> {
  const made = await stsaval();
  return "missing" in made ? made : await compareAws([made.path, ...asked]);
}

/** The AWS CLI's command that resolves a profile to credentials; version 1 has no `export-credentials`. */
async function findAwsLine(): Promise<CommandLine | undefined> {
  for (const action of ["export-credentials", "list"]) {
    const line: CommandLine = ["aws", "configure", action, "--profile", profile];
    const shown = await run(line).catch(() => "");
    if (shown.includes("ASIA") || shown.includes("assume-role")) return line;
  }
  return undefined;
}

/** Seals the cache with a key that the kernel's keyring keeps, and measures a cached answer of both. */
async function compareSealed(): Promise<Measured> {
  const made = await stsaval();
  if ("missing" in made) return made;
  const home = await openHome();
  await fill();
  const folder = await Deno.makeTempDir({ prefix: "stsaval-sealed-" });
  const withFolder = (line: CommandLine): CommandLine => [
    "env",
    ...["-u", "DBUS_SESSION_BUS_ADDRESS", "-u", "DISPLAY", `STSAVAL_CACHE_DIR=${folder}`],
    ...line,
  ];
  try {
    const [, code] = home.freshMfa();
    await run(withFolder([made.path, ...asked, "--mfa-code", code, "--seal-cache"]));
    const seal = await Deno.readTextFile(`${folder}/seal.json`).catch(() => "");
    if (!seal.includes('"keyctl"')) return { missing: "there is no keyring of the kernel" };
    const calls = home.emulator.calls.length;
    const sealed = withFolder([made.path, ...asked]);
    const plain: CommandLine = ["env", "-u", "DISPLAY", made.path, ...asked];
    const ratio = await ratioOfPairs(timeOfRun(plain), timeOfRun(sealed), pairs);
    if (home.emulator.calls.length === calls) return ratio;
    throw new Error("the credentials did not come from the cache");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The rows. */
export const cachedRows: readonly Row[] = [
  {
    what: "cached process, of an empty compiled program",
    limit: { atMost: 1.35 },
    measure: () => compareCompiled(...asked),
  },
  {
    what: "cached exec -- true, of an empty compiled program",
    limit: { atMost: 1.6 },
    measure: () => compareCompiled("exec", "--profile", profile, "--", "true"),
  },
  {
    what: "cached process of a sealed cache (keyctl), of one in the clear",
    limit: { atMost: 1.6 },
    measure: compareSealed,
  },
  {
    what: "cached process, of the AWS CLI",
    limit: { atMost: 0.2 },
    measure: compareCompiledAws,
  },
  { what: "cached process from source, of an empty program", measure: compareSource },
  {
    what: "cached process from source, of the AWS CLI",
    limit: { atMost: 0.2 },
    measure: () => compareAws(fromSource(...asked)),
  },
];
