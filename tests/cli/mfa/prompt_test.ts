import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  askMfaCode as ask,
  type AskOptions,
  pressKey,
  renderPrompt,
  startPrompt,
} from "../../../src/cli/mfa/prompt.ts";
import { InterruptedError, MfaError } from "../../../src/errors.ts";
import { ScriptedTerminal, VirtualClock } from "../../fake_system.ts";

const serial = "arn:aws:iam::123456789012:mfa/kim";
const question = `MFA code for ${serial}: `;

function askMfaCode(terminal: ScriptedTerminal, device: string, options?: AskOptions) {
  return ask({ terminal, clock: new VirtualClock() }, device, options);
}

function pure(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

/** What the terminal shows after all backspaces. */
function shown(text: string): string {
  let screen = text;
  while (screen.includes("\b \b")) {
    const at = screen.indexOf("\b \b");
    screen = screen.slice(0, at - 1) + screen.slice(at + 3);
  }
  return screen;
}

pure("askMfaCode() reads six digits without echo, on standard error only", async () => {
  const terminal = new ScriptedTerminal({ keys: [..."123456", "\r"] });
  assertEquals(await askMfaCode(terminal, serial), "123456");
  assertEquals(terminal.stderr, `${question}******\n`);
  assertEquals(terminal.stdout, "");
  assertEquals(terminal.raw, false);
});

pure("askMfaCode() takes a code that is pasted with a blank and its line end at once", async () => {
  for (const paste of ["123 456\n", "123 456\r\n", "\x1b[200~123456\x1b[201~\r", " 123456\t\r"]) {
    assertEquals(await askMfaCode(new ScriptedTerminal({ keys: [paste] }), serial), "123456");
  }
});

pure("askMfaCode() knows backspace and ctrl+u, and redraws", async () => {
  const terminal = new ScriptedTerminal({
    keys: ["\x7f", ..."99", "\x15", ..."12345", "7", "\x7f", "x", "\b", "6", "\r"],
  });
  assertEquals(await askMfaCode(terminal, serial), "123456");
  assertEquals(shown(terminal.stderr), `${question}******\n`);
});

pure("askMfaCode() ignores arrows, function keys and other control keys", async () => {
  const keys = ["\x1b[A", "1", "\x1bOP", "\x1b", "\x1a", "\x00", ..."23456", "\x1b[15~", "\r"];
  assertEquals(await askMfaCode(new ScriptedTerminal({ keys }), serial), "123456");
});

pure(
  "askMfaCode() asks again after a malformed answer, which it describes as a count",
  async () => {
    const terminal = new ScriptedTerminal({
      keys: [..."54321", "\r", ..."12345x", "\r", "7", "\r", ..."123456", "\r"],
    });
    assertEquals(await askMfaCode(terminal, serial), "123456");
    assertEquals(
      terminal.stderr,
      `${question}*****\n5 characters, wanted 6 digits\n` +
        `${question}******\n6 characters that are not all digits, wanted 6 digits\n` +
        `${question}*\n1 character, wanted 6 digits\n` +
        `${question}******\n`,
    );
  },
);

pure("askMfaCode() takes ASCII digits only", async () => {
  const terminal = new ScriptedTerminal({ keys: ["١٢٣٤٥٦", "\r", ..."123456", "\r"] });
  assertEquals(await askMfaCode(terminal, serial), "123456");
  assertStringIncludes(terminal.stderr, "not all digits");
});

pure(
  "askMfaCode() fails after three retries, and never echoes what was typed",
  async () => {
    const terminal = new ScriptedTerminal({ keys: ["98765\r", "98765\r", "98765\r", "98765\r"] });
    const error = await assertRejects(() => askMfaCode(terminal, serial), MfaError);
    assertEquals(
      error.message,
      `Cannot read an MFA code for "${serial}": 5 characters, wanted 6 digits`,
    );
    assertStringIncludes(error.hint ?? "", "--mfa-code 123456");
    assertEquals(terminal.stderr.split(question).length, 5);
    assert(!`${terminal.stderr}${error.message}`.includes("98765"));
    assertEquals(terminal.raw, false);
  },
);

pure("askMfaCode() asks as often as it is told", async () => {
  const terminal = new ScriptedTerminal({ keys: ["1\r", "123456\r"] });
  await assertRejects(() => askMfaCode(terminal, serial, { retries: 0 }), MfaError);
});

pure("askMfaCode() ends at ctrl+c on a clean line", async () => {
  const terminal = new ScriptedTerminal({ keys: ["12", "\x03", "3456\r"] });
  await assertRejects(() => askMfaCode(terminal, serial), InterruptedError, "Interrupted");
  assertEquals(terminal.stderr, `${question}**\n`);
  assertEquals(terminal.raw, false);
});

pure("askMfaCode() ends at ctrl+d and at the end of the input", async () => {
  for (const keys of [["12", "\x04"], ["12"]]) {
    const terminal = new ScriptedTerminal({ keys });
    await assertRejects(() => askMfaCode(terminal, serial), MfaError, "the input ended");
    assertEquals(terminal.stderr, `${question}**\n`);
    assertEquals(terminal.raw, false);
  }
});

pure("askMfaCode() ends with the signal's reason, before and while it asks", async () => {
  const reason = new Error("halted");
  const early = new ScriptedTerminal({ keys: ["1"] });
  const aborted = AbortSignal.abort(reason);
  await assertRejects(() => askMfaCode(early, serial, { signal: aborted }), Error, "halted");
  assertEquals(early.stderr, "");

  const controller = new AbortController();
  const late = new ScriptedTerminal({ keys: ["1", "2", "3"] });
  const asking = askMfaCode(late, serial, { signal: controller.signal });
  controller.abort(reason);
  await assertRejects(() => asking, Error, "halted");
  assert(late.stderr.endsWith("\n"));
  assertEquals(late.raw, false);
});

pure("askMfaCode() says how to pass the code when there is no terminal to prompt on", async () => {
  const terminal = new ScriptedTerminal();
  const error = await assertRejects(() => askMfaCode(terminal, serial), MfaError, "no terminal");
  assertStringIncludes(error.hint ?? "", "'--mfa-code 123456'");
  assertEquals(terminal.stderr, "");
});

pure("renderPrompt() shows no control character of a serial", () => {
  assertEquals(renderPrompt(startPrompt("a\x1b[2J")), "MFA code for a\\x1b[2J: ");
});

pure("pressKey() changes nothing once the prompt has ended", () => {
  const ended = pressKey(startPrompt(serial), "\x04");
  assertEquals(pressKey(ended, "1"), ended);
});
