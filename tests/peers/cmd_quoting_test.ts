/**
 * Wine's `cmd` reads what `--format cmd` writes, and must see the same characters. It stands in for that of Windows.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { UsageError } from "../../src/errors.ts";
import { findFormat } from "../../src/output/format.ts";
import { hostileTexts } from "../output/hostile_texts.ts";
import { isInstalled } from "./stsaval_process.ts";

const missing = !await isInstalled("wine");
const names = [
  "AWS_ACCESS_KEY_ID",
  "AWS_CREDENTIAL_EXPIRATION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
];

/** Lines that set the variables; undefined where the format refuses the text. */
function scriptOf(text: string): string | undefined {
  try {
    return findFormat("cmd").format({
      "sts-a": {
        AccessKeyId: "ASIAEXAMPLE",
        SecretAccessKey: text,
        SessionToken: `${text}'`,
        StartTime: new Date(0),
        Expiration: new Date(0),
      },
    }, { now: 0 });
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** A batch file reads the code page of the machine, so that only ASCII is the same everywhere. */
const texts = [
  ...hostileTexts(400).filter((text) => /^[\x20-\x7e]+$/.test(text)),
  ...["a&b|c>d<e", "(x)", "a=b", " blanks ", "'quoted'", "~`@#$*[]{};:,.?/\\+-_"],
].filter((text) => scriptOf(text) !== undefined);

/** What `set` prints of our variables after each part of a batch file. */
async function runBatch(parts: readonly string[]): Promise<readonly (readonly string[])[]> {
  const folder = await Deno.makeTempDir({ prefix: "stsaval-wine-" });
  try {
    const lines = parts.map((part) => `${part.trimEnd()}\nset AWS_\necho.----\n`);
    const batch = `@echo off\n${lines.join("")}`.replaceAll("\n", "\r\n");
    await Deno.writeTextFile(`${folder}/run.cmd`, batch);
    const { stdout, success } = await new Deno.Command("wine", {
      args: ["cmd", "/c", "run.cmd"],
      cwd: folder,
      env: { WINEPREFIX: `${folder}/prefix`, WINEDEBUG: "-all", DISPLAY: "" },
      stdin: "null",
      stderr: "null",
    }).output();
    assert(success);
    const printed = new TextDecoder().decode(stdout).replaceAll("\r\n", "\n");
    return printed.split("----\n").slice(0, -1).map((part) => part.split("\n").slice(0, -1));
  } finally {
    await new Deno.Command("wineserver", {
      args: ["-k"],
      env: { WINEPREFIX: `${folder}/prefix` },
    }).output().catch(() => {});
    await Deno.remove(folder, { recursive: true });
  }
}

/** The lines of the variables that the format sets; the machine may have others. */
function ours(lines: readonly string[] = []): readonly string[] {
  return lines.filter((line) => names.some((name) => line.startsWith(`${name}=`)));
}

Deno.test({
  name: "Wine's cmd reads --format cmd as the same characters, and takes it away again" +
    (missing ? ", skipped: wine is not installed" : ""),
  ignore: missing,
  async fn() {
    assert(texts.length > 20, `${texts.length} texts`);
    const unset = findFormat("cmd").formatUnset?.(["sts-a"]) ?? "";
    const printed = await runBatch([...texts.map((text) => scriptOf(text) ?? ""), unset]);
    assertEquals(printed.length, texts.length + 1);
    texts.forEach((text, index) => {
      const values = ["ASIAEXAMPLE", "1970-01-01T00:00:00.000Z", text, `${text}'`];
      assertEquals(ours(printed[index]), names.map((name, place) => `${name}=${values[place]}`));
    });
    assertEquals(ours(printed.at(-1)), []);
  },
});
