/**
 * The session that the picture of `watch` shows, as the program runs it. As a program, it writes the transcript anew; then
 * `deno run scripts/picture.ts` draws it.
 *
 * @module
 */

import { main } from "../src/cli/main.ts";
import { createStsEmulator, formatSampleHome, sampleWorld, userArn } from "../src/testing/mod.ts";
import { fakeSystem, ScriptedTerminal, VirtualClock } from "./fake_system.ts";
import { coloredScreenOf } from "./screen.ts";

/** The transcript of the session. */
export const sessionFile = new URL("./pictures/watch.txt", import.meta.url);

const names = ["billing-dev", "billing-prod", "data-lake-prod", "search-qa", "web-prod"];
const columns = 80;
const minute = 60_000;

/** The screen after twenty minutes, with its colors. */
export async function watchSession(): Promise<string> {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1, 9));
  const world = sampleWorld();
  const roles = names.map((name) => ({
    arn: `arn:aws:iam::123456789012:role/${roleOf(name)}`,
    trusts: world.users.map(userArn),
  }));
  const emulator = createStsEmulator({ clock, world: { ...world, roles } });
  const home = formatSampleHome(world, { url: "http://127.0.0.1:4566" });
  const serial = world.users[0]?.mfa?.serial ?? "";
  const profiles = names.map((name) =>
    `[profile ${name}]\nrole_arn = arn:aws:iam::123456789012:role/${roleOf(name)}\n` +
    `source_profile = IAM_USER1\nmfa_serial = ${serial}\n` +
    "endpoint_url = http://127.0.0.1:4566\nregion = us-east-1\n"
  ).join("");
  const terminal = new ScriptedTerminal({
    keys: [() => `${emulator.mfaCode(serial)}\r`, () => new Promise<string>(() => {})],
  });
  terminal.width = columns;
  let written = "$ stsaval watch --all --lifetime 8h\n";
  terminal.out = terminal.err = (text) => void (written += text);
  const system = fakeSystem({
    ...{ clock, terminal, fetch: emulator.handle },
    files: { "/home/kim/.aws/config": profiles, "/home/kim/.aws/credentials": home.credentials },
  });
  const running = main(["watch", "--all", "--lifetime", "8h"], system);
  await clock.advance(20 * minute);
  const screen = coloredScreenOf(written).join("\n").trimEnd();
  system.signals.send("SIGTERM");
  await clock.advance(5_000);
  await running;
  return `${screen}\n`;
}

function roleOf(name: string): string {
  return name.endsWith("-prod") ? "ReadOnly" : "Developer";
}

// Not awaited: while the main module has not been evaluated, the event loop has work left, and the clock stands.
if (import.meta.main) {
  setTimeout(async () => await Deno.writeTextFile(sessionFile, await watchSession()));
}
