import { assert, assertEquals, assertRejects } from "@std/assert";
import { parseMfaCommand, runMfaCommand } from "../../../src/cli/mfa/command.ts";
import { InterruptedError, MfaError, ProgramError } from "../../../src/errors.ts";
import { type FakeProgram, type FakeSystem, fakeSystem } from "../../fake_system.ts";
import { settle } from "../../settle.ts";

const serial = "arn:aws:iam::123456789012:mfa/kim";
const never = new AbortController().signal;

function pure(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

function run(system: FakeSystem, signal = never): Promise<string> {
  const command = parseMfaCommand("pass 'my otp' s3cret", "--mfa-command");
  return runMfaCommand(system, command, serial, signal);
}

/** Prints nothing and holds its output open. */
const silent = () => new ReadableStream<Uint8Array>();

pure("runMfaCommand() takes the six digits, with blanks around them", async () => {
  for (const stdout of ["123456", "123456\n", " \t123456\r\n\n"]) {
    const system = fakeSystem({ program: () => ({ stdout, exit: 0 }) });
    assertEquals(await run(system), "123456");
    assertEquals(system.processes.started.map(({ words }) => words), [[
      "pass",
      "my otp",
      "s3cret",
    ]]);
    assertEquals(system.processes.started[0]?.signals, []);
    assertEquals(system.clock.sleeping, 0);
  }
});

const failures: readonly (readonly [string, FakeProgram, string])[] = [
  ["a code that is too short", { stdout: "98765\n", exit: 0 }, "is not a code, found 5 digits"],
  ["two codes", { stdout: "987654\n987654\n", exit: 0 }, "is not a code, found 13 characters"],
  ["nothing", { stdout: "", exit: 0 }, "is not a code, found 0 digits"],
  ["digits of another script", { stdout: "١٢٣٤٥٦", exit: 0 }, "is not a code, found 6 characters"],
  ["a failure", { stdout: "987654", exit: 3 }, '"pass" ended with exit code 3'],
];

for (const [what, program, why] of failures) {
  pure(`runMfaCommand() refuses ${what} and shows nothing of it`, async () => {
    const system = fakeSystem({ program: () => program });
    const { code, hint, message } = await assertRejects(() => run(system), MfaError);
    const beginning = `Cannot get an MFA code for "${serial}" from --mfa-command: `;
    assertEquals(code, "MFA_NEEDED");
    assertEquals(message.slice(0, beginning.length), beginning);
    assert(message.includes(why), message);
    assert(!/98765|s3cret|my otp/.test(`${message}${hint}`), message);
    assertEquals(system.clock.sleeping, 0);
  });
}

pure("runMfaCommand() kills what prints without end, and keeps little of it", async () => {
  let pulled = 0;
  const stdout = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(600).fill(49));
    },
  });
  const system = fakeSystem({ program: () => ({ stdout }) });
  await assertRejects(() => run(system), MfaError, 'the output of "pass" is too long');
  assertEquals(system.processes.started[0]?.signals, ["SIGKILL"]);
  assert(pulled < 5, `read ${pulled} times`);
});

pure("runMfaCommand() kills what takes more than 30 seconds", async () => {
  const system = fakeSystem({ program: () => ({ stdout: silent() }) });
  const code = run(system);
  code.catch(() => {});
  await system.clock.advance(29_999);
  assertEquals(system.processes.started[0]?.signals, []);
  await system.clock.advance(1);
  await assertRejects(() => code, MfaError, '"pass" took more than 30 seconds');
  assertEquals(system.processes.started[0]?.signals, ["SIGKILL"]);
});

pure("runMfaCommand() gives no more time to what has printed its code and stays", async () => {
  const system = fakeSystem({ program: () => ({ stdout: "123456\n" }) });
  const code = run(system);
  code.catch(() => {});
  await system.clock.advance(30_000);
  await assertRejects(() => code, MfaError, "took more than 30 seconds");
});

pure("runMfaCommand() kills the command when the code is no longer needed", async () => {
  const system = fakeSystem({ program: () => ({ stdout: silent() }) });
  const controller = new AbortController();
  const code = run(system, controller.signal);
  code.catch(() => {});
  await settle();
  controller.abort(new InterruptedError());
  await assertRejects(() => code, InterruptedError);
  assertEquals(system.processes.started[0]?.signals, ["SIGKILL"]);
  assertEquals(system.clock.sleeping, 0);
});

pure("runMfaCommand() starts nothing when the code is not wanted already", async () => {
  const system = fakeSystem({ program: () => ({ exit: 0 }) });
  await assertRejects(
    () => run(system, AbortSignal.abort(new InterruptedError())),
    InterruptedError,
  );
  assertEquals(system.processes.started, []);
});

pure(
  "runMfaCommand() says when the program does not exist, as an MFA code that is missing",
  async () => {
    const cause = new ProgramError("PROGRAM_NOT_FOUND", "pass", "there is no such program");
    const system = fakeSystem({
      program: () => {
        throw cause;
      },
    });
    const error = await assertRejects(() => run(system), MfaError);
    assertEquals(error.cause, cause);
    assert(error.message.endsWith(': cannot run "pass": there is no such program'), error.message);
  },
);

pure("runMfaCommand() hands on a fault that is not about the program", async () => {
  const system = fakeSystem();
  await assertRejects(() => run(system), Error, "no program in this test");
});

pure("runMfaCommand() tells of a program that a broker cannot start as of any other", async () => {
  const { clock } = fakeSystem();
  const processes = {
    startPiped: () => ({
      exit: Promise.reject<number>(
        new ProgramError("PROGRAM_NOT_FOUND", "pass", "there is no such program"),
      ),
      stdout: new Blob([]).stream() as ReadableStream<Uint8Array>,
      kill: () => true,
    }),
  };
  const command = parseMfaCommand("pass otp", "mfa_process");
  const { message } = await assertRejects(
    () => runMfaCommand({ clock, processes }, command, serial, never),
    MfaError,
  );
  assertEquals(
    message,
    `Cannot get an MFA code for "${serial}" from mfa_process: cannot run "pass": there is no such program`,
  );
});
