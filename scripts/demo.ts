/**
 * `stsaval creds` against the built-in STS: one MFA code, three roles. It uses no AWS account, none of your files and no
 * host but this machine.
 *
 * @module
 */

import { main } from "../src/cli/main.ts";
import { denoSystem } from "../src/deno/system.ts";
import { createStsEmulator, emulatorSystem } from "../src/testing/mod.ts";

const emulator = createStsEmulator();
const serial = emulator.world.users[0]?.mfa?.serial ?? "";

const system = { ...denoSystem, ...emulatorSystem(emulator) };
const names = ["DynamoDBRole-dev", "CodeDeployRole-qa", "S3ReadOnlyRole-prod"];
const words = ["creds", "--profiles", names.join(","), "--mfa-code", emulator.mfaCode(serial)];
console.log(`$ stsaval ${words.join(" ")}\n`);
const status = await main([...words, "--format", "table", "--no-cache"], system);
const [sessions, roles] = ["GetSessionToken", "AssumeRole"].map((name) =>
  emulator.count(name, "ok")
);
console.log(`\nSTS saw ${sessions} GetSessionToken with one MFA code, and ${roles} AssumeRole.`);
Deno.exit(status);
