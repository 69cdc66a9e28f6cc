import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ProgramError } from "../../../src/errors.ts";
import { ScriptedTerminal } from "../../fake_system.ts";
import { settle } from "../../settle.ts";
import { Desk, role, user } from "../desk.ts";

const done = () => ({ exit: 0 });

Deno.test("exec gives the program the credentials and the region of the profile", async () => {
  const desk = new Desk({ program: done });
  const { status, out, err } = await desk.run(
    ...["exec", "--profile", role, "--mfa-code", desk.code, "--", "aws", "s3", "ls"],
  );
  assertEquals([status, out, err], [0, "", ""]);
  const [child] = desk.system.processes.started;
  assertEquals(child?.words, ["aws", "s3", "ls"]);
  const identity = desk.emulator.identityOf(child?.env["AWS_ACCESS_KEY_ID"] ?? "");
  assertStringIncludes(identity?.arn ?? "", `assumed-role/${role}/`);
  assertEquals(child?.env["AWS_CREDENTIAL_EXPIRATION"], "2026-01-01T01:00:00.000Z");
  assertEquals(child?.env["AWS_REGION"], "us-east-1");
  assertEquals(child?.env["AWS_DEFAULT_REGION"], "us-east-1");
  assertEquals(child?.env["STSAVAL_PROFILE"], role);
  assert(child?.env["AWS_SECRET_ACCESS_KEY"]);
  assert(child?.env["AWS_SESSION_TOKEN"]);
  assertEquals(desk.system.signals.listening, 0);
});

Deno.test("exec gives the session token of a user, for as long as was asked", async () => {
  const desk = new Desk({ program: done });
  await desk.run(
    ...["exec", "--profile", user, "--mfa-code", desk.code, "--lifetime", "5h"],
    ...["--region", "eu-west-1", "--", "a"],
  );
  const [child] = desk.system.processes.started;
  assertEquals(child?.env["AWS_CREDENTIAL_EXPIRATION"], "2026-01-01T05:00:00.000Z");
  assertEquals(child?.env["AWS_REGION"], "eu-west-1");
  assertEquals(desk.system.clock.sleeping, 0);
});

Deno.test("exec sets no region where the profile has none", async () => {
  const desk = new Desk({
    program: done,
    edit: (config) => config.replaceAll("region = us-east-1\n", ""),
  });
  await desk.run("exec", "--profile", role, "--mfa-code", desk.code, "--", "a");
  const [child] = desk.system.processes.started;
  assertEquals(Object.keys(child?.env ?? {}).filter((name) => /REGION/.test(name)), []);
});

Deno.test("exec takes what follows -- as it is", async () => {
  const desk = new Desk({ program: done });
  const words = ["a b", "0123", "1e3", "--json", "-v", "--", "", "--profile=x", "$HOME", "'\n"];
  await desk.run("exec", "--profile", role, "--mfa-code", desk.code, "--", ...words);
  assertEquals(desk.system.processes.started[0]?.words, words);
});

Deno.test("exec uses the profile of AWS_PROFILE, and ends with the program's exit status", async () => {
  for (const [variable, exit] of [["AWS_PROFILE", 3], ["AWS_DEFAULT_PROFILE", 143]] as const) {
    const desk = new Desk({ program: () => ({ exit }), env: { [variable]: role } });
    const { status, err } = await desk.run("exec", "--mfa-code", desk.code, "--", "a");
    assertEquals([status, err], [exit, ""]);
    assertEquals(desk.system.processes.started[0]?.env["STSAVAL_PROFILE"], role);
  }
});

Deno.test("exec is rejected inside exec, unless --nested is given", async () => {
  const desk = new Desk({ program: done, env: { STSAVAL_PROFILE: "outer" } });
  const words = ["--profile", role, "--mfa-code", desk.code, "--", "a"];
  const { status, err } = await desk.run("exec", ...words);
  assertEquals(status, 2);
  assertStringIncludes(
    err,
    'Cannot run exec within exec: already running with the credentials of profile "outer"',
  );
  assertStringIncludes(err, "--nested");
  assertEquals(desk.emulator.calls.length, 0);
  assertEquals((await desk.run("exec", "--nested", ...words)).status, 0);
});

const refusals: readonly (readonly [string, string[], string])[] = [
  ["no program", ["--profile", role], "No program given: wanted one after --"],
  ["no program after --", ["--profile", role, "--"], "No program given: wanted one after --"],
  ["a program without --", [role, "ls", "x"], `type 'stsaval exec ${role} -- ls x'`],
  ["two profiles", [role, "qa", "--", "x"], `found "${role}", "qa", 'stsaval exec' takes one`],
  ["no profile", ["--", "ls"], "No profile given: wanted 'stsaval exec PROFILE -- COMMAND'"],
];

for (const [what, words, message] of refusals) {
  Deno.test(`exec refuses ${what} before any call`, async () => {
    const desk = new Desk({ program: done });
    const { status, err } = await desk.run("exec", ...words);
    assertEquals(status, 2);
    assertStringIncludes(err, message);
    assertStringIncludes(err, "hint: ");
    assertEquals(desk.system.processes.started, []);
  });
}

Deno.test("exec ends with 127 and 126 as shells do, and says why", async () => {
  for (
    const [code, status] of [["PROGRAM_NOT_FOUND", 127], ["PROGRAM_NOT_EXECUTABLE", 126]] as const
  ) {
    const desk = new Desk({
      program: () => {
        throw new ProgramError(code, "nope", "so it is");
      },
    });
    const ended = await desk.run(
      ...["exec", "--profile", role, "--mfa-code", desk.code, "--", "nope", "--json"],
    );
    assertEquals(ended.status, status);
    assertEquals(ended.err, 'stsaval: Cannot run "nope": so it is\n');
    assertEquals(desk.system.signals.listening, 0);
  }
});

Deno.test("exec starts nothing where the profile does not exist", async () => {
  const desk = new Desk({ program: done });
  const { status } = await desk.run("exec", "--profile", "nobody", "--", "a");
  assertEquals(status, 4);
  assertEquals(desk.system.processes.started, []);
});

Deno.test("exec at an interrupt waits for the program, whose exit status counts", async () => {
  const desk = new Desk({ program: () => ({}) });
  const ending = desk.run("exec", "--profile", role, "--mfa-code", desk.code, "--", "a");
  await settle();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const) {
    desk.system.signals.send(signal);
  }
  await settle();
  const [child] = desk.system.processes.started;
  assertEquals(
    child?.signals,
    ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"],
  );
  child?.end(7);
  assertEquals(await ending, { status: 7, out: "", err: "" });
});

Deno.test("exec at a terminal leaves the signals of its keys to the terminal", async () => {
  const terminal = new ScriptedTerminal({ isTerminal: true });
  const desk = new Desk({ program: () => ({}), terminal });
  const ending = desk.run("exec", "--profile", role, "--mfa-code", desk.code, "--", "a");
  await settle();
  for (const signal of ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP"] as const) {
    desk.system.signals.send(signal);
  }
  const [child] = desk.system.processes.started;
  assertEquals(child?.signals, ["SIGTERM", "SIGHUP"]);
  child?.end(130);
  assertEquals((await ending).status, 130);
});

Deno.test("exec stops with its program, and continues it when it is continued itself", async () => {
  const desk = new Desk({ program: () => ({}) });
  const { processes, signals } = desk.system;
  const ending = desk.run("exec", "--profile", role, "--mfa-code", desk.code, "--", "a");
  await settle();
  const [child] = processes.started;
  for (const times of [1, 2]) {
    child?.stop();
    await settle();
    assertEquals(signals.stops, times);
    assertEquals(child?.signals.length, 2 * (times - 1), "it is not continued before stsaval is");
    signals.send("SIGCONT");
    // Once as every signal, and once since it was stopped; to be continued twice does no harm.
    await settle();
    assertEquals(child?.signals.length, 2 * times);
  }
  assertEquals([...new Set(child?.signals)], ["SIGCONT"]);
  child?.end(0);
  assertEquals(await ending, { status: 0, out: "", err: "" });
});

Deno.test("exec at a terminal continues the program once, as the shell does not", async () => {
  const terminal = new ScriptedTerminal({ isTerminal: true });
  const desk = new Desk({ program: () => ({}), terminal });
  const ending = desk.run("exec", "--profile", role, "--mfa-code", desk.code, "--", "a");
  await settle();
  const [child] = desk.system.processes.started;
  child?.stop();
  await settle();
  assertEquals(desk.system.signals.stops, 1);
  desk.system.signals.send("SIGCONT");
  await settle();
  assertEquals(child?.signals.length, 1);
  assertEquals(child?.signals, ["SIGCONT"]);
  child?.end(0);
  await ending;
});

Deno.test("exec warns of a signal that a program of another user cannot be sent, and waits", async () => {
  const desk = new Desk({ program: () => ({}) });
  const ending = desk.run("exec", "--profile", role, "--mfa-code", desk.code, "--", "sudo", "a");
  await settle();
  const [child] = desk.system.processes.started;
  if (child !== undefined) child.foreign = true;
  desk.system.signals.send("SIGTERM");
  await desk.system.clock.advance(60_000);
  child?.end(5);
  const why = 'cannot forward SIGTERM to "sudo": it runs as another user, and continues';
  assertEquals(await ending, { status: 5, out: "", err: `warning: ${why}\n` });
});

Deno.test("a signal before the program has started ends exec within the grace period", async () => {
  const desk = new Desk({ program: done });
  desk.system.files.said.set("/home/kim/pipe", { special: true });
  desk.system.files.readText = () => new Promise(() => {});
  const ending = desk.run("exec", "--profile", role, "--config-file", "/home/kim/pipe", "--", "a");
  await settle();
  desk.system.signals.send("SIGHUP");
  assertEquals((await ending).status, 129);
});

Deno.test("exec that is interrupted before the program has started does not start it", async () => {
  const desk = new Desk({ program: done });
  const ending = desk.run("exec", "--profile", role, "--mfa-code", desk.code, "--", "a");
  desk.system.signals.send("SIGTERM");
  assertEquals((await ending).status, 143);
  assertEquals(desk.system.processes.started, []);
});
