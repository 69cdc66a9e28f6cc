import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileError } from "../../../src/file_error.ts";
import { main } from "../../../src/cli/main.ts";
import {
  createStsEmulator,
  formatSampleHome,
  sampleWorld,
  type StsEmulator,
} from "../../../src/testing/mod.ts";
import { type FakeSystem, fakeSystem, ScriptedTerminal, VirtualClock } from "../../fake_system.ts";

const config = "/home/kim/.aws/config";
const path = "/home/kim/.aws/credentials";
const [dev, qa] = ["DynamoDBRole-dev", "CodeDeployRole-qa"];

/** A home with the emulator behind it; commands run in it one after the other. */
class Desk {
  readonly emulator: StsEmulator;
  readonly system: FakeSystem;
  readonly before: string;
  readonly #clock = new VirtualClock();

  constructor({ env = {}, edit = (text: string) => text, options = {} }: {
    env?: Readonly<Record<string, string>>;
    edit?: (credentials: string) => string;
    options?: { readonly credentials?: string };
  } = {}) {
    const clock = { now: () => this.#clock.now(), sleep: () => Promise.resolve() };
    this.emulator = createStsEmulator({ clock, world: sampleWorld() });
    const home = formatSampleHome(this.emulator.world, { url: "http://127.0.0.1:4566" });
    this.before = edit(home.credentials);
    this.system = fakeSystem({
      clock: this.#clock,
      env,
      terminal: new ScriptedTerminal(),
      files: { [config]: home.config, [options.credentials ?? path]: this.before },
      fetch: this.emulator.handle,
    });
  }

  /** Runs `stsaval write`; what it said is in `out` and `err`. */
  async write(...words: readonly string[]) {
    const { terminal } = this.system;
    terminal.stdout = terminal.stderr = "";
    const status = await main(["write", ...words], this.system);
    return { status, out: terminal.stdout, err: terminal.stderr };
  }

  /** With the code that the device shows now. */
  writeWithCode(...words: readonly string[]) {
    this.#clock.jump(31_000);
    const serial = this.emulator.world.users[0]?.mfa?.serial ?? "";
    return this.write(...words, "--no-cache", "--mfa-code", this.emulator.mfaCode(serial));
  }

  get text(): string | undefined {
    const text = this.system.files.contents.get(path);
    return typeof text === "string" ? text : undefined;
  }
}

Deno.test("write puts a section a profile into the file, and --remove restores it", async () => {
  const desk = new Desk();
  const written = await desk.writeWithCode("--profiles", `${dev},${qa}`);
  assertEquals(written.status, 0);
  assertEquals(written.out, "");
  assertMatch(
    written.err,
    /^Wrote \[sts-DynamoDBRole-dev\] to "\/home\/kim\/\.aws\/credentials", until 20\S+Z\nWrote \[sts-C.*\n$/,
  );
  assert(desk.text?.startsWith(desk.before));
  assertMatch(
    desk.text ?? "",
    /\n\[sts-CodeDeployRole-qa\]\n# ends \S+\naws_access_key_id = ASIA\w+\naws_secret_access_key = \S+\naws_session_token = \S+\nregion = us-east-1\n/,
  );
  assertEquals(desk.system.files.modes.get(path), 0o600);

  const removed = await desk.write("--remove");
  assertEquals(removed.status, 0);
  assertMatch(removed.err, /^Removed \[sts-DynamoDBRole-dev\] from .*\nRemoved \[sts-C.*\n$/);
  assertEquals(desk.text, desk.before);
});

Deno.test("write says nothing that is secret", async () => {
  const desk = new Desk();
  const { out, err } = await desk.writeWithCode("--profiles", dev, "--verbose");
  const secrets = [...desk.text?.matchAll(/(?:secret_access_key|session_token) = (\S+)/g) ?? []];
  assertEquals(secrets.length, 3);
  for (const [, secret = ""] of secrets) assert(!(out + err).includes(secret));
});

Deno.test("write replaces its own sections and keeps the others", async () => {
  const desk = new Desk();
  await desk.writeWithCode("--profiles", `${dev},${qa}`);
  const first = desk.text ?? "";
  await desk.writeWithCode("--profiles", dev);
  const [, older] = first.split("\n\n");
  assertStringIncludes(desk.text ?? "", older ?? "missing");
  assertEquals(desk.text?.match(/^\[.*\]$/gm), first.match(/^\[.*\]$/gm));
  assert(desk.text !== first);
});

Deno.test("write --remove --profiles takes out the sections of these", async () => {
  const desk = new Desk();
  await desk.writeWithCode("--profiles", `${dev},${qa}`);
  const { err } = await desk.write("--remove", "--profiles", `${qa},IAM_USER1`);
  assertEquals(err, `Removed [sts-${qa}] from "${path}"\n`);
  assertEquals(desk.text?.match(/^\[sts-.*\]$/gm), [`[sts-${dev}]`]);
  await desk.write("--remove", "--all");
  assertEquals(desk.text, desk.before);
});

Deno.test("write --remove needs neither STS nor a file that can be read as configuration", async () => {
  const desk = new Desk({ edit: () => "not INI at all" });
  const { status, err } = await desk.write("--remove");
  assertEquals(status, 0);
  assertEquals(err, `Nothing to remove from "${path}": no such section was written by stsaval\n`);
  assertEquals(desk.text, desk.before);
  assertEquals(desk.emulator.calls.length, 0);
  assertEquals([...desk.system.files.contents.keys()], [config, path]);
});

Deno.test("write tells in JSON on standard output what it did", async () => {
  const desk = new Desk();
  const written = await desk.writeWithCode("--profiles", dev, "--json");
  assertEquals(JSON.parse(written.out), {
    file: path,
    written: [{ name: `sts-${dev}`, expiration: "2026-01-01T01:00:31.000Z" }],
  });
  const removed = await desk.write("--remove", "--json");
  assertEquals(JSON.parse(removed.out), { file: path, removed: [`sts-${dev}`] });
  assertEquals(written.err + removed.err, "");
});

Deno.test("write --quiet says nothing", async () => {
  const desk = new Desk();
  const { out, err } = await desk.writeWithCode("--profiles", dev, "--quiet");
  assertEquals(out + err, "");
});

Deno.test("write makes the file where there is none, and --remove removes it", async () => {
  const desk = new Desk();
  const { contents } = desk.system.files;
  // The user's keys are in the config file.
  contents.set(config, `${contents.get(config)}\n${desk.before.replace("[", "[profile ")}`);
  contents.delete(path);
  const { status, err } = await desk.writeWithCode("--profiles", dev);
  assertEquals(status, 0, err);
  assertStringIncludes(desk.text ?? "", `[sts-${dev}]`);
  await desk.write("--remove");
  assertEquals(desk.text, undefined);
});

Deno.test("write uses the file that the environment or the option names", async () => {
  const other = "/home/kim/other";
  const env = { AWS_SHARED_CREDENTIALS_FILE: "~/other" };
  const options = { credentials: other };
  for (
    const [desk, words] of [
      [new Desk({ env, options }), []],
      [new Desk({ options }), ["--credentials-file", other]],
      [new Desk({ env: { AWS_SHARED_CREDENTIALS_FILE: path }, options }), [
        "--credentials-file",
        "~/other",
      ]],
    ] as const
  ) {
    assertEquals((await desk.writeWithCode("--profiles", dev, ...words)).status, 0);
    assertStringIncludes(String(desk.system.files.contents.get(other)), `[sts-${dev}]`);
    assertEquals(desk.text, undefined);
    await desk.write("--remove", ...words);
    assertEquals(desk.system.files.contents.get(other), desk.before);
  }
});

Deno.test("write refuses a section that is not its own, before a code is spent", async () => {
  const desk = new Desk({ edit: (text) => `${text}[sts-${qa}]\nregion = x\n` });
  const { status, err } = await desk.writeWithCode("--profiles", `${dev},${qa}`);
  assertEquals(status, 2);
  const line = desk.before.split("\n").length - 2;
  assertStringIncludes(err, `Cannot write "${path}", line ${line}: found a section [sts-${qa}]`);
  assertEquals(desk.emulator.calls.length, 0);
  assertEquals(desk.text, desk.before);
});

Deno.test("write refuses names that not every reader takes for the same, before a code is spent", async () => {
  const desk = new Desk();
  const { status, err } = await desk.writeWithCode("--profiles", "my #role");
  assertEquals(status, 2);
  assertStringIncludes(err, 'Cannot write "sts-my #role" as a section name');
  assertEquals(desk.emulator.calls.length, 0);
});

Deno.test("write waits for another process that changes the file, and says so", async () => {
  const desk = new Desk();
  await desk.writeWithCode("--profiles", dev);
  const lock = await desk.system.files.lock(`${path}.lock`, "changes the credentials file");
  const removing = desk.write("--remove");
  await desk.system.clock.advance(1_000);
  assertEquals(
    desk.system.terminal.stderr,
    "stsaval: waiting for process 4711, which changes the credentials file\n",
  );
  desk.system.files.contents.set(path, `${desk.text}# theirs\n`);
  lock[Symbol.dispose]();
  assertEquals((await removing).status, 0);
  assertEquals(desk.text, `${desk.before}# theirs\n`);
  assertEquals(desk.system.clock.sleeping, 0);
});

Deno.test("write times out on a lock that is never free", async () => {
  const desk = new Desk();
  await desk.writeWithCode("--profiles", dev);
  const before = desk.text;
  using _lock = await desk.system.files.lock(`${path}.lock`, "hangs");
  const removing = desk.write("--remove");
  await desk.system.clock.advance(121_000);
  const { status, err } = await removing;
  assertEquals(status, 1);
  assertStringIncludes(err, `Cannot change "${path}": waited 2m for process 4711, which hangs`);
  assertEquals(desk.text, before);
});

Deno.test("write waits no longer for the file's lock than --lock-timeout says", async () => {
  const desk = new Desk();
  await desk.writeWithCode("--profiles", dev);
  using _lock = await desk.system.files.lock(`${path}.lock`, "hangs");
  const removing = desk.write("--remove", "--lock-timeout", "1");
  await desk.system.clock.advance(1_500);
  assertEquals(desk.system.clock.sleeping, 0);
  const { status, err } = await removing;
  assertEquals(status, 1);
  assertStringIncludes(err, `Cannot change "${path}": waited 1s for process 4711, which hangs`);
});

Deno.test("write where files have no locks warns once and goes on", async () => {
  const desk = new Desk();
  desk.system.files.lock = () => Promise.reject(fileError("EOPNOTSUPP"));
  const { status, err } = await desk.writeWithCode("--profiles", dev);
  assertEquals(status, 0, err);
  assertEquals(err.match(/cannot be locked/g)?.length, 1, err);
  assertStringIncludes(desk.text ?? "", `[sts-${dev}]`);
  assertEquals((await desk.write("--remove")).status, 0);
  assertEquals(desk.text, desk.before);
});

Deno.test("write whose lock may not be made is refused with the hint for that", async () => {
  const desk = new Desk();
  const lock = desk.system.files.lock.bind(desk.system.files);
  desk.system.files.lock = (file, ...rest) =>
    file === `${path}.lock` ? Promise.reject(fileError("EROFS")) : lock(file, ...rest);
  const { status, err } = await desk.writeWithCode("--profiles", dev);
  assertEquals(status, 1);
  assertStringIncludes(
    err,
    `Cannot write "${path}": the file system is read-only\nhint: use a folder`,
  );
});

Deno.test("write leaves the file alone when STS refuses", async () => {
  const desk = new Desk();
  const { status } = await desk.write("--profiles", dev, "--mfa-code", "000000", "--no-cache");
  assertEquals(status, 5);
  assertEquals(desk.text, desk.before);
  assertEquals(desk.system.files.modes.size, 0);
});

Deno.test("write --remove refuses what it has no use for", async () => {
  const { status, err } = await new Desk().write("--remove", "--lifetime", "2h");
  assertEquals(status, 2);
  assertStringIncludes(err, "Cannot use --lifetime with --remove: STS is not called");
});

Deno.test("write does not write to a folder named ~ where the home folder is not known", async () => {
  const { system } = new Desk();
  const status = await main(["write", "--remove"], { ...system, env: { get: () => undefined } });
  assertEquals(status, 2);
  assertStringIncludes(
    system.terminal.stderr,
    'Cannot find "~/.aws/credentials": the home folder is not known',
  );
});

Deno.test("write without a profile is wrong usage", async () => {
  const { status, err } = await new Desk().write();
  assertEquals(status, 2);
  assertStringIncludes(err, "No profile given");
});
