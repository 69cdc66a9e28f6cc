/**
 * `stsaval watch` of a profile whose credentials a program prints, on a virtual clock.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { main } from "../../../src/cli/main.ts";
import type { FakeProgram } from "../../fake_system.ts";
import { fakeSystem, ScriptedTerminal, VirtualClock } from "../../fake_system.ts";

const minute = 60_000;
const path = "/home/kim/live.json";

function startWatch(program: (run: number, now: number) => FakeProgram) {
  const clock = new VirtualClock();
  const terminal = new ScriptedTerminal();
  let runs = 0;
  const system = fakeSystem({
    ...{ clock, terminal },
    files: { "/home/kim/.aws/config": "[profile keys]\ncredential_process = keys topsecret\n" },
    program: () => program(++runs, clock.now()),
  });
  const words = ["watch", "keys", "--lifetime", "3h", "--write", path];
  return { clock, terminal, system, running: main(words, system) };
}

function output(run: number, end: number): string {
  return JSON.stringify({
    ...{ Version: 1, SecretAccessKey: "topsecret", SessionToken: "toptoken" },
    AccessKeyId: `ASIAEXAMPLEEXAMPLE0${run}`,
    Expiration: new Date(end),
  });
}

Deno.test("watch runs the program again before its credentials end, twice and more", async () => {
  const { clock, terminal, system, running } = startWatch((run, now) => ({
    stdout: output(run, now + 60 * minute),
    exit: 0,
  }));
  await clock.advance(1);
  const keys = new Set<string>();
  for (let passed = 0; passed < 179; passed++) {
    const { "sts-keys": kept } = JSON.parse(await system.files.readText(path) ?? "");
    assert(Date.parse(kept.Expiration) - clock.now() >= 14 * minute, `${passed} minutes`);
    keys.add(kept.AccessKeyId);
    await clock.advance(minute);
  }
  await clock.advance(2 * minute);
  assertEquals(await running, 0);
  assertEquals(system.processes.started.length >= 3, true);
  assertEquals(keys.size, system.processes.started.length);
  assertEquals((terminal.stdout.match(/ refresh "keys"/g) ?? []).length, keys.size - 1);
  assertEquals(/top(secret|token)/.test(`${terminal.stdout}${terminal.stderr}`), false);
  assertEquals([clock.sleeping, system.signals.listening], [0, 0]);
});

Deno.test("watch goes on with what it has where the program fails, and asks it again", async () => {
  const { clock, terminal, system, running } = startWatch((run, now) =>
    run === 2
      ? { stdout: "topsecret", exit: 1 }
      : { stdout: output(run, now + 60 * minute), exit: 0 }
  );
  await clock.advance(181 * minute);
  assertEquals(await running, 0);
  assertEquals(system.processes.started.length >= 4, true);
  assertStringIncludes(terminal.stdout, 'retry "keys"');
  assertStringIncludes(terminal.stderr, '"keys" ended with exit code 1');
  assertEquals(terminal.stderr.includes("topsecret"), false);
});

Deno.test("watch of keys that do not end runs the program once", async () => {
  const { clock, system, running } = startWatch(() => ({
    stdout: '{"Version":1,"AccessKeyId":"AKIAEXAMPLEEXAMPLE00","SecretAccessKey":"topsecret"}',
    exit: 0,
  }));
  await clock.advance(181 * minute);
  assertEquals(await running, 0);
  assertEquals(system.processes.started.length, 1);
  assertEquals(
    JSON.parse(await system.files.readText(path) ?? "")["sts-keys"].Expiration,
    undefined,
  );
});
