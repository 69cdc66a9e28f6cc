/**
 * 100 roles with one code: wall and processor time of the compiled program, against those of an earlier commit of it,
 * which is compiled beside it; and how the number of calls at once that is the default compares with others.
 *
 * @module
 */

import { createStsEmulator, formatSampleHome, sampleWorld } from "../../src/testing/mod.ts";
import { findCompiler } from "../../tests/compiled/program.ts";
import { type Home, makeHome } from "../../tests/peers/stsaval_process.ts";
import { homesFolder, keepUntilEnd, moveCache, type Program, stsaval } from "../programs.ts";
import type { Measured, Row } from "../row.ts";
import { measurePairs, once, ratioOfPairs, summarize } from "../statistics.ts";
import { type Usage, usageOf } from "../usage.ts";

const profiles = 100;
const pairs = 15;
const commit = "ce92343";

async function succeed(words: readonly string[], cwd = "."): Promise<boolean> {
  const [program = "", ...args] = words;
  const { success } = await new Deno.Command(program, {
    args,
    cwd,
    stdout: "null",
    stderr: "null",
  })
    .output();
  return success;
}

/** The program of the earlier commit, compiled by its own script; made once. */
const earlier = once(async (): Promise<Program> => {
  const folder = `.tmp/compiled/${commit}`;
  const output = `${folder}/dist/stsaval-${Deno.build.target}`;
  const made = await stsaval();
  if ("missing" in made) return made;
  if (await Deno.stat(output).then(() => true, () => false)) {
    return { path: await Deno.realPath(output) };
  }
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  if (!await succeed(["git", "clone", "--quiet", "--shared", "--no-checkout", ".", folder])) {
    return { missing: "Git cannot clone the repository" };
  }
  if (!await succeed(["git", "checkout", "--quiet", commit], folder)) {
    return { missing: `commit ${commit} is not in this clone` };
  }
  const compiler = (await findCompiler()).join(" ");
  const task = ["task", "compile", "--target", Deno.build.target, "--compiler", compiler];
  if (!await succeed([Deno.execPath(), ...task], folder)) {
    return { missing: `commit ${commit} cannot be compiled here` };
  }
  return { path: await Deno.realPath(output) };
});

/** A home, and an STS that forgets before each run what was asked before; it takes so many milliseconds for each call. */
async function openRoles(ms: number) {
  const world = sampleWorld(profiles);
  const renew = () => {
    const emulator = createStsEmulator({ world });
    emulator.faults.push({ effect: { kind: "delay", ms } });
    return emulator;
  };
  let emulator = renew();
  const home = await makeHome((request) => emulator.handle(request), (url) => {
    const { config, credentials } = formatSampleHome(world, { url });
    return { ".aws/config": config, ".aws/credentials": credentials };
  }, { dir: await homesFolder() });
  const names = world.roles.map(({ arn }) => arn.slice(arn.lastIndexOf("/") + 1));
  const serial = world.users[0]?.mfa?.serial ?? "";
  return {
    home,
    async run(path: string, ...options: readonly string[]): Promise<Usage> {
      await moveCache(home);
      emulator = renew();
      const words = [
        "creds",
        "--profiles",
        names.join(","),
        "--mfa-code",
        emulator.mfaCode(serial),
        ...options,
      ];
      const usage = await usageOf([path, ...words], home);
      const calls = emulator.count("AssumeRole", "ok");
      if (calls !== profiles) throw new Error(`${calls} calls, wanted ${profiles}`);
      return usage;
    },
    [Symbol.asyncDispose]: () => (home satisfies Home)[Symbol.asyncDispose](),
  };
}

/** Both programs, run by turns; made once, for all that is compared. */
const runs = once(async () => {
  const [old, made] = [await earlier(), await stsaval()];
  if ("missing" in old) return old;
  if ("missing" in made) return made;
  const roles = keepUntilEnd(await openRoles(50));
  const run = (path: string) => () => roles.run(path);
  return await measurePairs(run(old.path), run(made.path), pairs);
});

async function compare(value: (usage: Usage) => number): Promise<Measured> {
  const measured = await runs();
  if ("missing" in measured) return measured;
  return summarize(measured.map(([old, made]) => value(made) / value(old)));
}

/** The time with the default, as a multiple of that with another number of calls at once. */
async function compareAtOnce(others: number, ms: number): Promise<Measured> {
  const made = await stsaval();
  if ("missing" in made) return made;
  const roles = keepUntilEnd(await openRoles(ms));
  const wall = (...options: readonly string[]) => async () =>
    (await roles.run(made.path, ...options)).wall;
  return await ratioOfPairs(wall("--concurrency", `${others}`), wall(), pairs);
}

/** The rows. */
export const manyRolesRows: readonly Row[] = [
  {
    what: `${profiles} roles, one code, 50 ms a call: wall, of ${commit}`,
    limit: { atMost: 0.5 },
    measure: () => compare(({ wall }) => wall),
  },
  {
    what: `${profiles} roles, one code, 50 ms a call: CPU, of ${commit}`,
    limit: { atMost: 0.5 },
    measure: () => compare(({ cpu }) => cpu),
  },
  ...[32, 64].flatMap((others) =>
    [20, 150].map((ms) => ({
      what: `${profiles} roles, ${ms} ms a call: 100 calls at once, of ${others}`,
      measure: () => compareAtOnce(others, ms),
    }))
  ),
];
