/**
 * The picker and the prompt on a real terminal: looked at in several widths, killed, resized and suspended. However they
 * end, the terminal's settings are as before.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { unicodeWidth } from "@std/cli/unicode-width";
import { type Desk, ended, names, onTerminal, signalTo, start } from "./terminal_desk.ts";

const picking = "Profiles:";
const asking = "IAM_USER1:";

for (const columns of [40, 80, 120]) {
  onTerminal(`the picker and the prompt at ${columns} columns`, async (desk) => {
    const { terminal } = desk;
    const screen = await start(desk, "creds", picking);
    const lines = screen.trimEnd().split("\n");
    assertEquals(lines.filter((line) => /^[> ] ?\S/.test(line)).length, names.length + 2);
    assert(lines.every((line) => unicodeWidth(line) < columns), screen);
    assertEquals(/ACCOUNT/.test(screen), columns > 40);
    // The role of all four is found by it too; those that are named so come first, the shortest before.
    await terminal.type("dev");
    await terminal.until((text) => /^4 of 5 profiles/m.test(text));
    await terminal.press("Tab", "Tab", "Enter");
    const asked = await terminal.until((text) =>
      text.includes(asking) || /MFA code for/.test(text)
    );
    assert(!asked.includes("PROFILE"), "the picker is gone");
    assertStringIncludes(asked.replaceAll("\n", ""), "日本語サービス-dev, billing-api-dev");
    await terminal.type("111111");
    await terminal.press("Enter");
    await terminal.until((text) => text.includes("AWS refused this code: 2 tries left"));
    await terminal.type(desk.code());
    await terminal.press("Enter");
    await terminal.until((text) => text.includes("TIME LEFT") || text.includes("ASIA"));
    assertEquals(await ended(desk), "0");
  }, columns);
}

const endings:
  readonly (readonly [what: string, end: (desk: Desk) => Promise<unknown>, status: string])[] = [
    ["ctrl+c", ({ terminal }) => terminal.press("C-c"), "130"],
    ["SIGTERM", ({ home }) => signalTo(home, "SIGTERM"), "143"],
    ["SIGHUP", ({ home }) => signalTo(home, "SIGHUP"), "129"],
  ];

for (const [what, end, status] of endings) {
  onTerminal(
    `${what} ends the picker and the prompt, and the terminal is as before`,
    async (desk) => {
      await start(desk, "creds", picking);
      await end(desk);
      assertEquals(await ended(desk), status);
      await start(desk, "creds billing-api-dev", asking);
      await desk.terminal.type("12");
      await end(desk);
      assertEquals(await ended(desk), status);
    },
  );
}

onTerminal("Esc ends the picker, and what is typed then is for the shell", async (desk) => {
  await start(desk, "creds", picking);
  await desk.terminal.press("Escape");
  assertEquals(await ended(desk), "130");
});

onTerminal(
  "the picker and the prompt are suspended and go on, and the shell has its terminal meanwhile",
  async (desk) => {
    const { terminal } = desk;
    const suspend = async () => {
      await terminal.press("C-z");
      await terminal.until((text) => /Stopped/.test(text));
      await terminal.type('clear; stty -a | cmp - "$HOME/before" && echo "as before"');
      await terminal.press("Enter");
      await terminal.until((text) => /^as before/m.test(text));
      await terminal.type("clear; fg");
      await terminal.press("Enter");
    };
    await start(desk, "env", "Profile:");
    await terminal.type("bill");
    await terminal.until((text) => text.includes("Profile: bill"));
    await suspend();
    await terminal.until((text) =>
      text.includes("Profile: bill") && text.includes("billing-api-prod")
    );
    await terminal.type("prod");
    await terminal.press("Enter");
    await terminal.until((text) => text.includes(asking));
    await terminal.type("123");
    await terminal.until((text) => text.includes("***"));
    await suspend();
    await terminal.until((text) => text.includes(`${asking} ***`));
    await terminal.press("C-u");
    await terminal.type(desk.code());
    await terminal.press("Enter");
    await terminal.until((text) => text.includes("AWS_SESSION_TOKEN"));
    assertEquals(await ended(desk), "0");
  },
);

onTerminal("a terminal that is resized shows the picker once", async (desk) => {
  const { terminal } = desk;
  await start(desk, "creds", picking);
  for (const columns of [120, 50, 30, 80]) {
    await terminal.resize(columns);
    const wanted = columns >= 50;
    const once = (text: string, part: string) => text.split(part).length === 2;
    await terminal.until((text) =>
      once(text, picking) && once(text, "PROFILE") && /ROLE/.test(text) === wanted
    );
  }
  await terminal.press("Escape");
  assertEquals(await ended(desk), "130");
});
