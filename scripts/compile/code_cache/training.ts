/**
 * Training: a program does what most starts do, so that V8 compiles what these need, and hands that out.
 *
 * @module
 */

import { createStsEmulator, formatSampleHome, sampleWorld } from "../../../src/testing/mod.ts";
import { laterName, type ScriptName, scriptNames, type StartName } from "./parts.ts";
import type { TrainingReport } from "./training_output.ts";

/** What a start handed out. */
export interface TrainedStart extends TrainingReport {
  /** The code that V8 has made of each script that was loaded. */
  readonly code: ReadonlyMap<ScriptName, Uint8Array>;
}

/** What the starts handed out. */
export type TrainedStarts = Readonly<Record<StartName, TrainedStart>>;

/**
 * Starts the program in a home of its own, with an STS in this process.
 *
 * @param path a program whose first file was made with `training_output.ts`
 * @param later whether its functions get other numbers than usual
 * @throws {Error} when a start fails
 */
export async function train(path: string, { later = false } = {}): Promise<TrainedStarts> {
  const world = sampleWorld();
  const emulator = createStsEmulator({ world });
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  await using server = Deno.serve(options, (request) => emulator.handle(request));
  const home = await Deno.makeTempDir({ dir: await Deno.realPath(".tmp"), prefix: "training_" });
  try {
    const url = `http://127.0.0.1:${server.addr.port}`;
    const serial = world.users[0]?.mfa?.serial ?? "";
    const words = ["process", "--profile", "DynamoDBRole-dev"];
    await Deno.mkdir(`${home}/training`);
    if (later) await Deno.writeTextFile(`${home}/training/${laterName}`, "");
    await writeHome(home, url);
    const list = await start(path, home, ["profiles"]);
    const cold = await start(path, home, [...words, "--mfa-code", emulator.mfaCode(serial)]);
    // Files that were written again are others: the plan is no longer known.
    await writeHome(home, url);
    const cached = await start(path, home, words);
    return { list, cold, cached, known: await start(path, home, words) };
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

async function writeHome(home: string, url: string): Promise<void> {
  const { config, credentials } = formatSampleHome(sampleWorld(), { url });
  await Deno.mkdir(`${home}/.aws`, { recursive: true });
  for (const [name, text] of Object.entries({ config, credentials })) {
    await Deno.writeTextFile(`${home}/.aws/${name}.new`, text, { mode: 0o600 });
    await Deno.rename(`${home}/.aws/${name}.new`, `${home}/.aws/${name}`);
  }
}

/** A start takes a fraction of a second. */
const longestMs = 60_000;

async function start(path: string, home: string, words: readonly string[]): Promise<TrainedStart> {
  const folder = `${home}/training`;
  const { success, stderr } = await new Deno.Command(path, {
    args: [...words],
    clearEnv: true,
    env: { HOME: home, PATH: "/usr/local/bin:/usr/bin:/bin", ...systemVariables() },
    stdin: "null",
    signal: AbortSignal.timeout(longestMs),
  }).output();
  const said = new TextDecoder().decode(stderr).trim();
  if (!success) throw new Error(`Cannot train the program: "${words[0]}" failed: ${said}`);
  const code = new Map<ScriptName, Uint8Array>();
  for (const name of scriptNames) {
    const bytes = await Deno.readFile(`${folder}/${name}.code`);
    if (bytes.length > 0) code.set(name, bytes);
  }
  return { ...JSON.parse(await Deno.readTextFile(`${folder}/report.json`)), code };
}

/** What no program of Windows starts without. */
function systemVariables(): Readonly<Record<string, string>> {
  if (Deno.build.os !== "windows") return {};
  const { SystemRoot = "", TEMP = "" } = Deno.env.toObject();
  return { SystemRoot, TEMP };
}
