/**
 * `stsaval init`: from nothing to credentials, by questions or options; nothing overwritten, nothing half-written.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import { createStsEmulator, type EmulatorUser, sampleWorld } from "../../../src/testing/mod.ts";
import { type FakeSystem, fakeSystem, ScriptedTerminal, VirtualClock } from "../../fake_system.ts";

const configPath = "/home/kim/.aws/config";
const credentialsPath = "/home/kim/.aws/credentials";
const url = "http://127.0.0.1:4566";
const [sample] = sampleWorld().users;
if (sample === undefined) throw new Error("the sample has a user");
const { accessKeyId, secretAccessKey: secret } = sample;
const serial = sample.mfa?.serial ?? "";
const role = "arn:aws:iam::123456789012:role/DynamoDBRole-dev";

interface Setup {
  readonly files?: Readonly<Record<string, string | Error>>;
  readonly keys?: readonly string[];
  readonly input?: string;
  readonly user?: Partial<EmulatorUser>;
  readonly fetch?: (request: Request) => Promise<Response>;
}

function start({ files = {}, keys = [], input = "", user = {}, fetch }: Setup = {}) {
  const clock = new VirtualClock();
  const world = sampleWorld();
  const emulator = createStsEmulator({
    clock: { now: () => clock.now(), sleep: () => Promise.resolve() },
    world: { ...world, users: world.users.map((one) => ({ ...one, ...user })) },
  });
  const system = fakeSystem({
    clock,
    files,
    terminal: new ScriptedTerminal({ keys, input, isTerminal: keys.length > 0 }),
    fetch: fetch ?? emulator.handle,
  });
  const run = (...words: readonly string[]) => main(["init", ...words], system);
  return { emulator, run, system };
}

const type = (...lines: readonly string[]) => lines.flatMap((line) => [...line, "\r"]);
const textOf = ({ files }: FakeSystem, path: string) => files.contents.get(path);
const options = ["--access-key-id", accessKeyId, "--secret-stdin", "--endpoint-url", url];

const wantedConfig = `[default]
region = eu-west-1
endpoint_url = ${url}
mfa_serial = ${serial}

[profile dev]
role_arn = ${role}
source_profile = default
mfa_serial = ${serial}
region = eu-west-1
endpoint_url = ${url}
`;
const wantedCredentials =
  `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secret}\n`;

Deno.test("init: by questions alone, and the credentials work", async () => {
  const { emulator, run, system } = start({
    keys: type("", accessKeyId, secret, role, "dev", "", "eu-west-1", "y"),
  });
  assertEquals(await run("--endpoint-url", url), 0);
  assertEquals(textOf(system, configPath), wantedConfig);
  assertEquals(textOf(system, credentialsPath), wantedCredentials);
  assertEquals(system.files.modes.get(credentialsPath), 0o600);
  assertEquals(emulator.count("ListMFADevices", "ok"), 1);
  assertEquals(system.terminal.stderr.includes(secret), false, "the secret is not shown");
  assertStringIncludes(system.terminal.stderr, "aws_secret_access_key = ********");
  const code = emulator.mfaCode(serial);
  assertEquals(await main(["creds", "dev", "--mfa-code", code, "--format", "json"], system), 0);
});

Deno.test("init: by options alone, without a terminal", async () => {
  const { run, system } = start({ input: `${secret}\n` });
  const words = [...options, "--role", `dev=${role}`, "--region", "eu-west-1", "--yes", "--json"];
  assertEquals(await run(...words), 0, system.terminal.stderr);
  assertEquals(textOf(system, configPath), wantedConfig);
  assertEquals(textOf(system, credentialsPath), wantedCredentials);
  assertEquals(JSON.parse(system.terminal.stdout).profiles, ["default", "dev"]);
});

Deno.test("init: without the right to list devices it says so, and asks", async () => {
  const { run, system } = start({
    user: { deniesListMfaDevices: true },
    keys: type("", accessKeyId, secret, serial, "", "", "y"),
  });
  assertEquals(await run("--endpoint-url", url), 0);
  assertStringIncludes(system.terminal.stderr, "AccessDenied");
  assertStringIncludes(String(textOf(system, configPath)), `mfa_serial = ${serial}`);
});

Deno.test("init: roles on top of keys that are there, byte for byte", async () => {
  const config = "# mine\r\n[default]\r\nregion = eu-west-1\r\n[profile x]\r\nregion = a";
  const files = { [configPath]: config, [credentialsPath]: wantedCredentials };
  const { run, system } = start({ files });
  const words = ["--role", role, "--no-mfa", "--offline", "--yes"];
  assertEquals(await run(...words), 0, system.terminal.stderr);
  assertEquals(
    textOf(system, configPath),
    `${config}\r\n\r\n[profile DynamoDBRole-dev]\r\nrole_arn = ${role}\r\nsource_profile = default\r\n`,
  );
  assertEquals(textOf(system, credentialsPath), wantedCredentials);
});

for (
  const [what, config, credentials, words] of [
    ["a role's profile", `[profile dev]\nregion = a\n`, "", ["--role", `dev=${role}`]],
    ["a broken header", `[profile dev\n`, "", ["--role", `dev=${role}`]],
    ["the user's keys", "", wantedCredentials, []],
  ] as const
) {
  Deno.test(`init: never overwrites ${what}`, async () => {
    const files = { [configPath]: config, [credentialsPath]: credentials };
    const { run, system } = start({ files, input: secret });
    assertEquals(await run(...options, "--offline", "--yes", ...words), 2);
    assertStringIncludes(system.terminal.stderr, "never overwritten");
    assertEquals(textOf(system, configPath), config);
    assertEquals(textOf(system, credentialsPath), credentials);
  });
}

Deno.test("init: where one file cannot be written, the other becomes what it was", async () => {
  for (const config of [undefined, "# mine\n"]) {
    const { run, system } = start({
      files: config === undefined ? {} : { [configPath]: config },
      input: secret,
    });
    const { files } = system;
    const replaceText = files.replaceText.bind(files);
    files.replaceText = (path, ...rest) =>
      path === credentialsPath
        ? Promise.reject(new Error("no space left"))
        : replaceText(path, ...rest);
    assertEquals(await run(...options, "--role", `dev=${role}`, "--yes"), 1);
    assertStringIncludes(system.terminal.stderr, "no space left");
    assertEquals(textOf(system, configPath), config);
    assertEquals(textOf(system, credentialsPath), undefined);
  }
});

Deno.test("init: --dry-run and no write nothing, and show no secret", async () => {
  const dry = start({ input: secret });
  assertEquals(await dry.run(...options, "--dry-run"), 0);
  assertStringIncludes(dry.system.terminal.stdout, "+[default]");
  assertEquals(dry.system.terminal.stdout.includes(secret), false);
  const no = start({ keys: type("", accessKeyId, secret, "", "", "n") });
  assertEquals(await no.run("--endpoint-url", url), 0);
  for (const { system } of [dry, no]) {
    assertEquals([textOf(system, configPath), textOf(system, credentialsPath)], [
      undefined,
      undefined,
    ]);
  }
});

Deno.test("init: what cannot be used is said, and asked again", async () => {
  const { run, system } = start({
    keys: type("a b", "", accessKeyId, secret, "role/x", role, "", "", "EU!", "", "n"),
  });
  assertEquals(await run("--endpoint-url", url), 0);
  for (const wrong of ["a b", "role/x", "EU!"]) {
    assertStringIncludes(
      system.terminal.stderr,
      `Cannot use ${wrong === "EU!" ? "region " : ""}"${wrong}"`,
    );
  }
});

for (
  const [words, wrong] of [
    [["--access-key-id", secret], "holds a secret access key"],
    [["--access-key-id", accessKeyId, "--mfa-serial", "123"], "MFA serial"],
    [["--access-key-id", accessKeyId, "--role", "dev=x"], "for a role"],
    [["--access-key-id", accessKeyId, "--user", "a]b"], "name of a profile"],
    [["--access-key-id", accessKeyId, "--region", "x/y"], "region"],
    [["--access-key-id", accessKeyId, "--role", role, "--role", role], "two profiles"],
  ] as const
) {
  Deno.test(`init: rejects ${words.slice(2).join(" ") || "a secret in place of an id"}`, async () => {
    const { run, system } = start({ input: secret });
    assertEquals(await run(...words, "--secret-stdin", "--offline", "--yes"), 2);
    assertStringIncludes(system.terminal.stderr, wrong);
    assertEquals(system.terminal.stderr.includes(secret), false);
    assertEquals(textOf(system, configPath), undefined);
  });
}

Deno.test("init: a user without a device gets none", async () => {
  const { run, system } = start({ input: secret, user: { mfa: undefined as never } });
  assertEquals(await run(...options, "--yes"), 0, system.terminal.stderr);
  assertEquals(String(textOf(system, configPath)).includes("mfa_serial"), false);
});

Deno.test("init: nothing is chosen among two devices without a person", async () => {
  const other = "arn:aws:iam::123456789012:mfa/other";
  const fetch = () =>
    Promise.resolve(
      new Response(
        `<ListMFADevicesResult><SerialNumber>${serial}</SerialNumber>` +
          `<SerialNumber>${other}</SerialNumber></ListMFADevicesResult>`,
      ),
    );
  const { run, system } = start({ input: secret, fetch });
  assertEquals(await run(...options, "--yes"), 2);
  assertStringIncludes(system.terminal.stderr, other);
  const asked = start({ fetch, keys: type("", accessKeyId, secret, other, "", "", "y") });
  assertEquals(await asked.run("--endpoint-url", url), 0);
  assertStringIncludes(String(textOf(asked.system, configPath)), `mfa_serial = ${other}`);
});
