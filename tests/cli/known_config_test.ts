import { assertEquals } from "@std/assert";
import { Desk, role } from "./desk.ts";

/** How often the text was parsed while the work went on: each time, all its line ends are made alike first. */
async function timesParsed(text: string, work: () => Promise<unknown>): Promise<number> {
  const { replaceAll } = String.prototype;
  let times = 0;
  String.prototype.replaceAll = function (this: string, found: string | RegExp, by: unknown) {
    if (String(this) === text && by === "\n") times++;
    return Reflect.apply(replaceAll, this, [found, by]);
  };
  try {
    await work();
  } finally {
    String.prototype.replaceAll = replaceAll;
  }
  return times;
}

for (const [command, ...words] of [["profiles"], ["explain", role], ["process", role]] as const) {
  Deno.test(`'stsaval ${command}' parses the configuration once`, async () => {
    const desk = new Desk();
    const code = command === "process" ? ["--mfa-code", desk.code, "--no-cache"] : [];
    const path = "/home/kim/.aws/config";
    // A text that was not read before: what the last one came to is remembered.
    const config = `${await desk.system.files.readText(path)}# ${command}\n`;
    await desk.system.files.replaceText(path, config);
    const times = await timesParsed(config, async () => {
      const { status, err } = await desk.run(command, ...words, ...code);
      assertEquals([status, err], [0, ""]);
    });
    assertEquals(times, 1);
  });
}
