/**
 * The main job against the built-in STS: one MFA code, three roles. No AWS account, no file of yours and no host but
 * this machine is used.
 *
 * @module
 */

import { main } from "../src/cli/main.ts";
import { denoSystem } from "../src/deno_system.ts";
import { createStsEmulator, formatSampleHome } from "../src/testing/mod.ts";

const emulator = createStsEmulator();
const stopped = new AbortController();
const server = await denoSystem.network.serve(emulator.handle, { port: 0, signal: stopped.signal });
const home = formatSampleHome(emulator.world, { url: `http://127.0.0.1:${server.port}` });
const serial = emulator.world.users[0]?.mfa?.serial ?? "";

const files: Record<string, string> = {
  "/demo/.aws/config": home.config,
  "/demo/.aws/credentials": home.credentials,
};
const system = {
  ...denoSystem,
  env: { get: (name: string) => name === "HOME" ? "/demo" : undefined },
  files: { ...denoSystem.files, readText: (path: string) => Promise.resolve(files[path]) },
};

const names = ["DynamoDBRole-dev", "CodeDeployRole-qa", "S3ReadOnlyRole-prod"];
const words = ["creds", "--profiles", names.join(","), "--mfa-code", emulator.mfaCode(serial)];
console.log(`$ stsaval ${words.join(" ")}\n`);
const status = await main([...words, "--format", "table"], system);
const [sessions, roles] = ["GetSessionToken", "AssumeRole"].map((name) =>
  emulator.count(name, "ok")
);
console.log(`\nSTS saw ${sessions} GetSessionToken with one MFA code, and ${roles} AssumeRole.`);
stopped.abort();
await server.finished;
Deno.exit(status);
