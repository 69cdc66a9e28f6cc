/**
 * Progress, `watch`, `serve` and `status` on a real terminal: looked at in several widths, with their keys, a log, a
 * suspension and signals. However they end, the terminal's settings are as before.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { unicodeWidth } from "@std/cli/unicode-width";
import { type Desk, ended, onTerminal, signalTo, start } from "./terminal_desk.ts";

const profiles = "'*-dev'";
const totals = "live, 0 failing";

/** The screen once it shows a line of progress. */
async function startSlowly(desk: Desk, line: string, shows: string): Promise<string> {
  desk.sts.faults.push({ effect: { kind: "delay", ms: 4_000 } });
  const screen = await start(desk, `${line} --mfa-code ${desk.code()}`, shows);
  desk.sts.faults.length = 0;
  return screen;
}

for (const columns of [40, 80, 120]) {
  onTerminal(`progress, watch and status at ${columns} columns`, async (desk) => {
    const { terminal } = desk;
    const progress = await startSlowly(desk, `watch ${profiles}`, "0 of 2");
    const line = progress.split("\n").find((one) => one.includes("0 of 2")) ?? "";
    assert(unicodeWidth(line) < columns, progress);
    assertEquals(line.includes("░"), columns >= 60);
    const watched = await terminal.until((screen) => screen.includes("PROFILE"));
    assert(!watched.includes("0 of 2"), watched);
    for (const one of watched.split("\n")) assert(unicodeWidth(one) <= columns, watched);
    assertStringIncludes(await terminal.colors(), "\x1b[32m█");
    await terminal.press("q");
    assertEquals(await ended(desk), "0");
    const status = await start(desk, "status", "PROFILE");
    const shown = await terminal.until((screen) => screen.includes("IAM_USER1"));
    for (const one of shown.split("\n").slice(1)) assert(unicodeWidth(one) <= columns, status);
    assertStringIncludes(shown, "billing-api-dev ");
    assertStringIncludes(shown, "日本語サービス-dev ");
    assertEquals(shown.includes("123456789012"), columns > 40);
    assertEquals(await ended(desk), "0");
  }, columns);
}

onTerminal("the log stands above the line of progress and above the table", async (desk) => {
  const { terminal } = desk;
  await startSlowly(desk, `watch -v ${profiles}`, "0 of 2");
  await terminal.until((screen) => screen.includes(totals));
  const before = desk.sts.calls.length;
  await terminal.press("r");
  await terminal.until((screen) => (screen.match(/executing event/g) ?? []).length >= 2);
  const screen = await terminal.until((text) =>
    desk.sts.calls.length >= before + 2 && text.includes(totals)
  );
  assertEquals(screen.split("PROFILE").length, 2, screen);
  assertEquals(screen.split(totals).length, 2, screen);
  assert(!screen.includes("0 of 2"), screen);
  await terminal.press("q");
  assertEquals(await ended(desk), "0");
});

for (const command of ["watch", "serve"]) {
  onTerminal(`keys of ${command}: l asks for a code, and q ends`, async (desk) => {
    const { terminal } = desk;
    await start(desk, `${command} billing-api-dev --mfa-code ${desk.code()}`, totals);
    await terminal.press("l");
    await terminal.until((screen) => screen.includes("IAM_USER1:"));
    await terminal.press("C-d");
    await terminal.until((screen) => /the input ended/.test(screen) && screen.includes("q ends"));
    await terminal.press("q");
    assertEquals(await ended(desk), "0");
  });

  for (
    const [signal, status] of [["SIGTERM", "143"], ["SIGHUP", "129"], ["SIGINT", "130"]] as const
  ) {
    onTerminal(`${signal} ends ${command} while keys are read`, async (desk) => {
      await start(desk, `${command} billing-api-dev --mfa-code ${desk.code()}`, totals);
      await signalTo(desk.home, signal);
      assertEquals(await ended(desk), status);
    });
  }
}

onTerminal(
  "watch is suspended and goes on, and the shell has its terminal meanwhile",
  async (desk) => {
    const { terminal } = desk;
    await start(desk, `watch billing-api-dev --mfa-code ${desk.code()}`, totals);
    await terminal.press("C-z");
    await terminal.until((text) => /Stopped/.test(text));
    await terminal.type('clear; stty -a | cmp - "$HOME/before" && echo "as before"');
    await terminal.press("Enter");
    await terminal.until((text) => /^as before/m.test(text));
    await terminal.type("clear; fg");
    await terminal.press("Enter");
    await terminal.until((text) => text.includes(totals));
    await terminal.press("q");
    assertEquals(await ended(desk), "0");
  },
);

onTerminal("a program that asks for the code has the terminal to itself", async (desk) => {
  const { terminal, home } = desk;
  const script = `${home.path}/bin/ask`;
  const text =
    `#!/bin/sh\nprintf 'touch the key' >&2\nsleep 2\nprintf ' touched\\n' >&2\necho ${desk.code()}\n`;
  await Deno.writeTextFile(script, text, { mode: 0o755 });
  await start(desk, `creds ${profiles} --format table --mfa-command ${script}`, "touch the key");
  const screen = await terminal.until((shown) => shown.includes("TIME LEFT"));
  assertMatch(screen, /^touch the key touched$/m);
  assertEquals(await ended(desk), "0");
});

onTerminal("a terminal that is resized shows the table once", async (desk) => {
  const { terminal } = desk;
  await start(desk, `watch ${profiles} --mfa-code ${desk.code()}`, totals);
  for (const columns of [120, 50, 30, 80]) {
    await terminal.resize(columns);
    const wanted = columns >= 60;
    await terminal.until((screen) =>
      screen.split("PROFILE").length === 2 && screen.split(" live").length === 2 &&
      /ROLE/.test(screen.replaceAll(/.*stsaval watch.*/g, "")) === wanted
    );
  }
  await terminal.press("q");
  assertEquals(await ended(desk), "0");
});
