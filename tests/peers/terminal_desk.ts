/**
 * A shell on a terminal of its own, in which `stsaval` runs the program in a home with several profiles.
 *
 * @module
 */

import { assertStringIncludes } from "@std/assert";
import { createStsEmulator, type StsEmulator } from "../../src/testing/mod.ts";
import { type Home, makeHome, stsavalWords } from "./stsaval_process.ts";
import { hasTmux, Multiplexer } from "./terminal_multiplexer.ts";

const serial = "arn:aws:iam::123456789012:mfa/IAM_USER1";
/** The profiles. */
export const names = ["billing-api-dev", "billing-api-prod", "日本語サービス-dev", "search-db-qa"];

/** The home, its terminal and the STS behind them. */
export interface Desk extends AsyncDisposable {
  readonly home: Home;
  readonly terminal: Multiplexer;
  readonly sts: StsEmulator;
  readonly code: () => string;
}

/** A home with several profiles, and a shell in which `stsaval` runs the program. */
async function makeDesk(columns?: number): Promise<Desk> {
  const sts = createStsEmulator();
  const home = await makeHome(sts.handle, (url) => ({
    ".aws/config": names.map((name) =>
      `[profile ${name}]\nmfa_serial = ${serial}\nsource_profile = IAM_USER1\n` +
      `role_arn = arn:aws:iam::123456789012:role/DynamoDBRole-dev\nendpoint_url = ${url}\n` +
      "region = eu-west-1\n"
    ).join(""),
    ".aws/credentials": "[IAM_USER1]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n" +
      "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
  }));
  const words = stsavalWords([]).map((word) => `'${word}'`).join(" ");
  await Deno.mkdir(`${home.path}/bin`);
  await Deno.writeTextFile(
    `${home.path}/bin/stsaval`,
    `#!/bin/sh\necho $$ >"$HOME/pid"\nexec ${words} "$@"\n`,
    {
      mode: 0o755,
    },
  );
  const env = { ...home.env, PATH: `${home.path}/bin:${home.env.PATH}` };
  const terminal = await Multiplexer.start(env, columns === undefined ? {} : { columns });
  return {
    ...{ home, terminal, sts, code: () => sts.mfaCode(serial) },
    async [Symbol.asyncDispose]() {
      await terminal[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    },
  };
}

/** Starts a command line, with the terminal's settings noted before. */
export async function start({ terminal }: Desk, line: string, shows: string): Promise<string> {
  await terminal.type(`stty -a >"$HOME/before"; clear; stsaval ${line}`);
  await terminal.press("Enter");
  return await terminal.until((screen) => screen.includes(shows));
}

/** Checks, once the shell is there again, that the settings are as before, and gives the exit status. */
export async function ended({ terminal }: Desk): Promise<string> {
  await terminal.until((screen) => /^ready> *$/m.test(screen.split("\n").slice(1).join("\n")));
  await terminal.type('echo "status $?"; stty -a | cmp - "$HOME/before" && echo "as before"');
  await terminal.press("Enter");
  const screen = await terminal.until((text) => /^(?:as before|.*differ)/m.test(text));
  assertStringIncludes(screen, "\nas before\n");
  return /^status (\d+)/m.exec(screen)?.[1] ?? screen;
}

/** A test on a terminal, which is skipped where tmux is missing. */
export function onTerminal(
  name: string,
  fn: (desk: Desk) => Promise<void>,
  columns?: number,
): void {
  Deno.test({
    name: `${name}${hasTmux ? "" : ", skipped: tmux is not installed"}`,
    ignore: !hasTmux,
    async fn() {
      await using desk = await makeDesk(columns);
      await fn(desk);
    },
  });
}

/** Sends a signal to the program in this home. */
export async function signalTo({ path }: Home, signal: Deno.Signal): Promise<void> {
  Deno.kill(Number(await Deno.readTextFile(`${path}/pid`)), signal);
}
