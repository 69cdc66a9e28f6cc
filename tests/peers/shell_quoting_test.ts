/**
 * Real shells read what `--format env` and `--format fish` write, and must see the same bytes.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { findFormat } from "../../src/output/format.ts";
import { hostileTexts } from "../output/hostile_texts.ts";

const shells = [
  { command: "sh", format: "env" },
  { command: "bash", format: "env" },
  { command: "dash", format: "env" },
  { command: "zsh", format: "env" },
  { command: "fish", format: "fish" },
];
const names = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
];

for (const { command, format } of shells) {
  const missing = !await isInstalled(command);
  Deno.test({
    name: `${command} reads --format ${format} as the same bytes` +
      (missing ? `, skipped: ${command} is not installed` : ""),
    ignore: missing,
    permissions: { run: [command] },
    async fn() {
      const texts = hostileTexts(200);
      const scripts = texts.map((text) => script(format, text));
      const { stdout, stderr } = await run(command, scripts.join(""));
      assertEquals(stderr, "");
      assertEquals(stdout.split("\0"), [...texts.flatMap(valuesOf), ""]);
    },
  });

  Deno.test({
    name: `${command} takes away with formatUnset() what format() has set` +
      (missing ? `, skipped: ${command} is not installed` : ""),
    ignore: missing,
    permissions: { run: [command] },
    async fn() {
      const unset = findFormat(format).formatUnset?.(["sts-a"]) ?? "";
      const { stdout } = await run(command, `${script(format, "x")}${unset}env\n`);
      assertEquals(names.filter((name) => stdout.includes(`${name}=`)), []);
    },
  });
}

/** What the variables must hold, in the order of `names`. */
function valuesOf(text: string): readonly string[] {
  return ["ASIAEXAMPLE", text, `${text}'`, "1970-01-01T00:00:00.000Z"];
}

/** Sets the variables as a user's shell would, and prints them. */
function script(format: string, text: string): string {
  const assignments = findFormat(format).format({
    "sts-a": {
      AccessKeyId: "ASIAEXAMPLE",
      SecretAccessKey: text,
      SessionToken: `${text}'`,
      StartTime: new Date(0),
      Expiration: new Date(0),
    },
  }, { now: 0 });
  return `${assignments}printf '%s\\0' ${names.map((name) => `"$${name}"`).join(" ")}\n`;
}

async function run(command: string, input: string): Promise<{ stdout: string; stderr: string }> {
  const child = new Deno.Command(command, {
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { stdout, stderr } = await output;
  const decoder = new TextDecoder();
  return { stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

async function isInstalled(command: string): Promise<boolean> {
  try {
    await new Deno.Command(command, { args: ["-c", "exit 0"], stdout: "null", stderr: "null" })
      .output();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
