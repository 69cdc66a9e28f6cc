/**
 * What is dropped whatever a command needs, what is kept by name, and what a command line holds on to.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { commands } from "../../../src/cli/commands.ts";
import { parseArguments } from "../../../src/cli/parse/parse.ts";
import { permissionFlags } from "../../../src/cli/permissions/flags.ts";
import { UsageError } from "../../../src/errors.ts";
import type { NeedContext } from "../../../src/cli/permissions/needs.ts";
import { narrowAllButHosts } from "../../../src/cli/permissions/sandbox.ts";
import { FakePermissions, fakeSystem, ScriptedTerminal } from "../../fake_system.ts";
import { compiled, narrowed, released } from "./narrowed.ts";

function pure(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

pure("native code is dropped always, imports where the program is compiled", async () => {
  const grants = [...compiled, "ffi", "import"];
  for (const [facts, left] of [[released, []], [undefined, ["import"]]] as const) {
    const { grants: found } = await narrowed(["profiles"], { grants, ...(facts && { facts }) });
    assertEquals([...found].filter((name) => /^(?:ffi|import)/.test(name)), [...left]);
  }
});

pure("variables are kept by name, those that a command does not read are dropped", async () => {
  const { left } = await narrowed(["profiles"], { facts: released });
  const names = left("env");
  for (const name of ["HOME", "AWS_CONFIG_FILE", "AWS_PROFILE"]) {
    assert(names.includes(name), name);
  }
  for (const name of ["STSAVAL_MFA_CODE", "HTTPS_PROXY", "SSH_TTY"]) {
    assert(!names.includes(name), name);
  }
  assertEquals((await narrowed(["help"], { facts: released })).left("env"), [
    "FORCE_COLOR",
    "NO_COLOR",
    "TERM",
  ]);
});

/** What a line holds on to until its programs have been started. */
async function held(line: readonly string[], { canAsk = true, config = "", env = {} } = {}) {
  const permissions = new FakePermissions(compiled, {});
  const { command, rest } = await commands.resolve(line);
  assert(command !== undefined);
  const system = fakeSystem({
    permissions,
    env,
    files: { "/home/kim/.aws/config": config },
    terminal: new ScriptedTerminal({ isTerminal: canAsk }),
  });
  const given = parseArguments(command, rest);
  return await narrowAllButHosts(command, given, system, released);
}

pure("an --mfa-command that cannot be split is an error before anything is run", async () => {
  const error = await assertRejects(
    () => held(["creds", "--profiles", "dev", "--mfa-command", "op 'item"]),
    UsageError,
  );
  assertStringIncludes(error.message, "--mfa-command");
});

pure("a shell is held only where a person may be asked elsewhere", async () => {
  const creds = ["creds", "--profiles", "dev"];
  assertEquals(await held(creds), undefined);
  assertEquals((await held(creds, { canAsk: false }))?.promptsElsewhere, true);
  for (const more of [["--no-input"], ["--mfa-code", "123456"], ["--mfa-command", "op item"]]) {
    const found = await held([...creds, ...more], { canAsk: false });
    assertEquals(found?.promptsElsewhere ?? false, false, more.join(" "));
  }
  const env = { STSAVAL_MFA_CODE: "123456" };
  assertEquals(await held(creds, { canAsk: false, env }), undefined);
  assertEquals(await held(["profiles"], { canAsk: false }), undefined);
});

/** The flags of one line, with nothing but what it names. */
async function flagsOf(line: readonly string[], hosts: readonly string[] = []) {
  const { command, rest } = await commands.resolve(line);
  assert(command !== undefined);
  const context = {
    arguments: parseArguments(command, rest),
    env: { get: (name: string) => name === "HOME" ? "/home/kim" : undefined },
    files: { target: (path: string) => Promise.resolve(path), list: () => Promise.resolve([]) },
    ...{
      mfaPrograms: [],
      sharesAwsCache: false,
      sources: new Set(),
      sourceSteps: [],
      programs: [],
      mfaCommands: [],
    },
  } as unknown as NeedContext;
  return await permissionFlags(command.needs, context, hosts);
}

pure(
  "a flag names folders for what is replaced, doubles each comma, and names nothing twice",
  async () => {
    const creds = ["creds", "--profiles", "dev", "--no-cache"];
    const writeOf = async (path: string) =>
      (await flagsOf([...creds, "--output", path])).find((flag) =>
        flag.startsWith("--allow-write=")
      );
    assertEquals(await writeOf("/out/a.json"), "--allow-write=/out");
    assertEquals(await writeOf("/a.json"), "--allow-write=/");
    assertEquals(await writeOf("a.json"), "--allow-write=.");
    assertEquals(await writeOf("/a,b,c/d.json"), "--allow-write=/a,,b,,c");
    const flags = await flagsOf(creds, ["sts.example.com:443", "sts.example.com:443"]);
    const net = flags.find((flag) => flag.startsWith("--allow-net="));
    assertEquals(net?.split("sts.example.com:443").length, 2);
    assertEquals(await flagsOf(["help"]), ["--allow-env=NO_COLOR,FORCE_COLOR,TERM"]);
  },
);
