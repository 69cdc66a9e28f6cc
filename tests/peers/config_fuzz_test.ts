/**
 * Two thousand pairs of files, read by stsaval, by botocore and by the AWS SDK for JavaScript.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { loadSharedConfigFiles } from "@smithy/core/config";
import { loadConfig } from "../../src/config/load.ts";
import { parseIni } from "../../src/config/file/ini.ts";
import { profileSources } from "../../src/config/profile_source.ts";
import { ConfigError } from "../../src/errors.ts";
import { configPath, credentialsPath, portsOf } from "../config/in_memory.ts";
import { type ConfigPair, configPairs, oddities } from "./config_pairs.ts";

const seed = 20_261_128;
const count = 2_000;

/** Profiles with their settings; undefined where a reader refuses one of the files as a whole. */
type Reading = Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;

/** What botocore's session makes of each folder that is named on standard input. */
const botocoreScript = `
import json, sys
from botocore.configloader import load_config, raw_config_parse

def read(folder):
    try:
        profiles = load_config(folder + "/config")["profiles"]
        for name, values in raw_config_parse(folder + "/credentials").items():
            profiles.setdefault(name, {}).update(values)
        return profiles
    except Exception:
        return None

json.dump([read(line.strip()) for line in sys.stdin], sys.stdout)
`;

async function readWithBotocore(folders: readonly string[]): Promise<readonly Reading[]> {
  const child = new Deno.Command("python3", {
    args: ["-c", botocoreScript],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = child.output();
  await new Blob([folders.join("\n")]).stream().pipeTo(child.stdin);
  const { stdout, success } = await output;
  assert(success, "botocore could not be run");
  const readings: Reading[] = JSON.parse(new TextDecoder().decode(stdout));
  return readings.map((reading) => reading ?? undefined);
}

async function readWithJs(folder: string): Promise<Reading> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({
    configFilepath: `${folder}/config`,
    filepath: `${folder}/credentials`,
    ignoreCache: true,
  });
  return merged([configFile, credentialsFile] as NonNullable<Reading>[]);
}

function merged(files: readonly NonNullable<Reading>[]): Reading {
  const all: Record<string, Record<string, string>> = {};
  for (const [name, values] of files.flatMap((file) => Object.entries(file))) {
    all[name] = { ...all[name], ...values };
  }
  return all;
}

async function readWithStsaval({ config, credentials }: ConfigPair): Promise<Reading> {
  try {
    await loadConfig(portsOf({ config, credentials }));
  } catch (error) {
    assert(error instanceof ConfigError, String(error));
    return undefined;
  }
  const files = [
    parseIni(config, { file: configPath, kind: "config" }),
    parseIni(credentials, { file: credentialsPath, kind: "credentials" }),
  ];
  return Object.fromEntries([...profileSources(files, [])].map(({ name, settings }) => [
    name,
    Object.fromEntries([...settings].map(([key, { value }]) => [key, value])),
  ]));
}

/** One text for what a reader found: settings of one level, with keys in one case, of profiles that have any. */
function normal(reading: NonNullable<Reading>): string {
  const profiles = Object.entries(reading).flatMap(([name, values]) => {
    const settings = Object.entries(values).flatMap(([key, value]) => {
      const isOwn = !/^sso-session[. ]|^services[. ]|^plugins$/.test(name) &&
        /^[a-z_]+$/i.test(key);
      const isPlain = isOwn && typeof value === "string" && value !== "" && !value.startsWith("\n");
      return isPlain ? [[key.toLowerCase(), value] as const] : [];
    });
    return settings.length === 0 ? [] : [[name, settings.sort()] as const];
  });
  return JSON.stringify(profiles.sort());
}

async function isInstalled(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("python3", {
      args: ["-c", "import botocore"],
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}

const missing = !await isInstalled();

Deno.test({
  name:
    `no file that botocore and the JavaScript SDK read is refused, and each difference has a reason${
      missing ? ", skipped: botocore is not installed" : ""
    }`,
  ignore: missing,
  async fn() {
    const root = await Deno.makeTempDir({ prefix: "stsaval-fuzz-" });
    try {
      await compareAll([...configPairs(seed, count)], root);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

async function compareAll(pairs: readonly ConfigPair[], root: string): Promise<void> {
  const folders = pairs.map((pair, index) => writePair(pair, `${root}/${index}`));
  const [botocore, js] = await Promise.all([
    readWithBotocore(folders),
    Promise.all(folders.map(readWithJs)),
  ]);
  const seen = { botocore: new Set<string>(), js: new Set<string>() };
  let read = 0;
  for (const [index, pair] of pairs.entries()) {
    const ours = await readWithStsaval(pair);
    const peers = { botocore: botocore[index], js: js[index] };
    const texts = JSON.stringify([pair.config, pair.credentials]);
    if (peers.botocore !== undefined) {
      assert(ours !== undefined, `both read what stsaval refuses: ${texts}`);
      read++;
    }
    for (const peer of ["botocore", "js"] as const) {
      const theirs = peers[peer];
      if (ours === undefined || theirs === undefined || normal(ours) === normal(theirs)) continue;
      const reasons = pair.oddities.filter((oddity) => oddity[peer] !== undefined);
      assert(reasons.length > 0, `${peer} differs:\n${normal(theirs)}\n${normal(ours)}\n${texts}`);
      if (pair.oddities.length === 1) seen[peer].add(pair.oddities[0]?.name ?? "");
    }
  }
  assert(read > count / 2, `only ${read} pairs were read by both`);
  for (const peer of ["botocore", "js"] as const) {
    const told = oddities.filter((oddity) => oddity[peer] !== undefined).map(({ name }) => name);
    assertEquals([...seen[peer]].sort(), told.sort(), `rows of ${peer} that no file shows`);
  }
}

function writePair({ config, credentials }: ConfigPair, folder: string): string {
  Deno.mkdirSync(folder);
  Deno.writeTextFileSync(`${folder}/config`, config);
  Deno.writeTextFileSync(`${folder}/credentials`, credentials);
  return folder;
}
