/**
 * One thousand cores in one process with a cache on disk: `many_cores.ts FOLDER`. They want the same role behind one MFA
 * code, then 40 roles. Prints how many calls of each kind STS got first, and how many of the second kind in all.
 *
 * @module
 */

import { StsCore } from "../../mod.ts";
import { denoSystem } from "../../src/deno/system.ts";
import { createStsEmulator, formatSampleHome, sampleWorld } from "../../src/testing/mod.ts";

const [folder = ""] = Deno.args;
const coreCount = 1_000;
const roleCount = 40;
const { users, roles } = sampleWorld();
const [first] = roles;
if (first === undefined) throw new Error("the sample has no role");
const many = Array.from(
  { length: roleCount },
  (_, index) => ({ ...first, arn: `${first.arn}${index}` }),
);
const emulator = createStsEmulator({ world: { users, roles: many } });
const home = formatSampleHome(emulator.world, { url: "http://127.0.0.1:4566" });
await denoSystem.files.replaceText(`${folder}/.aws/config`, home.config);
await denoSystem.files.replaceText(`${folder}/.aws/credentials`, home.credentials);
const env = { get: (name: string) => name === "HOME" ? folder : undefined };
const network = { ...denoSystem.network, fetch: emulator.handle };
const profiles = await new StsCore({ system: { env, network } }).profiles();
const names = profiles.filter(({ roleArn }) => roleArn).map(({ name }) => name);

async function run(nameOf: (index: number) => string): Promise<void> {
  await Promise.all(Array.from({ length: coreCount }, async (_, index) => {
    const core = new StsCore({ cache: "disk", system: { env, network } });
    await using _core = core;
    await core.generateCredentials([nameOf(index)], {
      mfaCode: (serial) => emulator.mfaCode(serial),
    });
  }));
}

await run(() => names[0] ?? "");
const shared = [emulator.count("GetSessionToken", "ok"), emulator.count("AssumeRole", "ok")];
await run((index) => names[index % roleCount] ?? "");
denoSystem.terminal.out(`${shared.join(" ")} ${emulator.count("AssumeRole", "ok")}\n`);
