import { assertEquals } from "@std/assert";
import { Desk } from "../../desk.ts";

const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const config = `[profile prod]\nrole arn = ${secret}\nregion = eu-west-1\n  key = ${secret}\n`;

async function profilesOf(path: string): Promise<readonly string[]> {
  const desk = new Desk();
  desk.system.files.contents.set(path, config);
  const { err } = await desk.run("profiles", "--config-file", path, "--verbose");
  return err.split("\n").filter((line) => line.startsWith("warning: "));
}

Deno.test("profiles warns of what does not count, and shows none of its values", async () => {
  assertEquals(await profilesOf("/home/kim/config"), [
    'warning: "/home/kim/config", line 2: setting ignored: a key may contain only letters, digits and -_/.%@:+',
    'warning: "/home/kim/config", line 4: line is part of the value of "region", since it is indented',
  ]);
});

Deno.test("profiles warns of what a shell gives for a file too, which can be read once", async () => {
  const warnings = await profilesOf("/dev/fd/63");
  assertEquals(warnings.map((line) => line.replace(/ignored.*|since.*/, "")), [
    'warning: "/dev/fd/63", line 2: setting ',
    'warning: "/dev/fd/63", line 4: line is part of the value of "region", ',
  ]);
});
