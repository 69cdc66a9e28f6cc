/**
 * One role with a code, nothing in the cache: against an empty program, and against the same two calls made by bare
 * `fetch` and WebCrypto in an otherwise empty program.
 *
 * @module
 */

import { createStsEmulator, formatSampleHome, sampleWorld } from "../../src/testing/mod.ts";
import { type Home, makeHome, runIn } from "../../tests/peers/stsaval_process.ts";
import {
  compileScript,
  emptyProgram,
  homesFolder,
  keepUntilEnd,
  moveCache,
  stsaval,
} from "../programs.ts";
import type { Measured, Row } from "../row.ts";
import { once, ratioOfPairs, timeOf } from "../statistics.ts";

const pairs = 25;
const profile = "DynamoDBRole-dev";
const world = sampleWorld();

/** A home, and the programs that are run in it. */
interface Cold {
  readonly home: Home;
  /** Forgets what was asked before, so that the same code is good again; returns it. */
  reset(): Promise<string>;
}

async function openCold(): Promise<Cold & AsyncDisposable> {
  let emulator = createStsEmulator({ world });
  const home = await makeHome((request) => emulator.handle(request), (url) => {
    const { config, credentials } = formatSampleHome(world, { url });
    return { ".aws/config": config, ".aws/credentials": credentials };
  }, { dir: await homesFolder() });
  const serial = world.users[0]?.mfa?.serial ?? "";
  return {
    home,
    async reset() {
      await moveCache(home);
      emulator = createStsEmulator({ world });
      return emulator.mfaCode(serial);
    },
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

type Words = (code: string, url: string) => readonly string[];

/** Milliseconds of a run after which nothing is cached. */
function timeOfCold({ home, reset }: Cold, words: Words): () => Promise<number> {
  return async () => {
    const line = words(await reset(), home.url);
    return await timeOf(async () => {
      const { code, stderr } = await runIn(home, line);
      if (code !== 0) throw new Error(stderr.trim().slice(0, 300));
    });
  };
}

const bareCalls = once(() =>
  compileScript("bare_calls", new URL("../programs/bare_calls.ts", import.meta.url), [
    "--allow-net=127.0.0.1",
  ])
);

function bareWords(path: string): Words {
  const [user] = world.users;
  const role = world.roles.find(({ arn }) => arn.endsWith(`/${profile}`));
  const { accessKeyId = "", secretAccessKey = "", mfa } = user ?? {};
  return (code, url) => [
    path,
    url,
    accessKeyId,
    secretAccessKey,
    mfa?.serial ?? "",
    code,
    role?.arn ?? "",
  ];
}

async function compare(kind: "empty" | "bare"): Promise<Measured> {
  const made = await stsaval();
  const other = await (kind === "empty" ? emptyProgram() : bareCalls());
  if ("missing" in made) return made;
  if ("missing" in other) return other;
  const cold = keepUntilEnd(await openCold());
  const words: Words = kind === "empty" ? () => [other.path] : bareWords(other.path);
  const whole: Words = (code) => [made.path, "process", "--profile", profile, "--mfa-code", code];
  return await ratioOfPairs(timeOfCold(cold, words), timeOfCold(cold, whole), pairs);
}

/** The rows. */
export const coldRows: readonly Row[] = [
  {
    what: "cold process, one role with a code, of an empty program",
    limit: { atMost: 2.8 },
    measure: () => compare("empty"),
  },
  {
    what: "cold process, one role with a code, of bare fetch",
    limit: { atMost: 2 },
    measure: () => compare("bare"),
  },
];
