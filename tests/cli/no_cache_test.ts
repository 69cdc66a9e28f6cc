import { assert, assertEquals } from "@std/assert";
import { Desk, role } from "./desk.ts";

const shared = "/home/kim/.aws/cli/cache/";
const credsOf = ["creds", "--profiles", role, "--format", "json"];

/** A desk where the role is shared with the AWS CLI. */
function sharingDesk(): Desk {
  return new Desk({
    edit: (config) => config.replace(`[profile ${role}]\n`, "$&share_aws_cache = true\n"),
  });
}

function writtenBelow(desk: Desk, folder: string): readonly string[] {
  return [...desk.system.files.contents.keys()].filter((path) => path.startsWith(folder));
}

Deno.test("--no-cache writes nothing, though the profile shares its role with the AWS CLI", async () => {
  for (const words of [[], ["--share-aws-cache"]]) {
    const desk = sharingDesk();
    const before = [...desk.system.files.contents.keys()];
    const { status } = await desk.run(...credsOf, ...words, "--no-cache", "--mfa-code", desk.code);
    assertEquals(status, 0);
    assertEquals([...desk.system.files.contents.keys()], before);
  }
});

Deno.test("--no-cache takes nothing from the AWS CLI's cache", async () => {
  const desk = sharingDesk();
  assertEquals((await desk.run(...credsOf, "--mfa-code", desk.code)).status, 0);
  assertEquals(writtenBelow(desk, shared).length, 1);
  const calls = desk.emulator.calls.length;
  desk.system.clock.jump(31_000);
  await desk.run(...credsOf, "--no-cache", "--mfa-code", desk.code);
  assertEquals(desk.emulator.calls.length, calls + 2);
});

Deno.test("a command without --no-cache shares what the profile shares", async () => {
  const desk = sharingDesk();
  assertEquals((await desk.run("login", "--profile", role, "--mfa-code", desk.code)).status, 0);
  assert(writtenBelow(desk, shared).length > 0);
});

for (
  const [what, words, status] of [["no terminal", [], 3], ["a wrong name", ["nope"], 4]] as const
) {
  Deno.test(`a command that fails for ${what} leaves no folder behind`, async () => {
    const desk = new Desk();
    const before = [...desk.system.files.contents.keys()];
    assertEquals((await desk.run("creds", ...(words.length > 0 ? words : [role]))).status, status);
    assertEquals([...desk.system.files.contents.keys()], before);
  });
}

Deno.test("a folder that was there before a failure stays, and what is in it", async () => {
  const desk = new Desk();
  desk.system.files.contents.set("/home/kim/.aws/stsaval/x", "");
  assertEquals((await desk.run("creds", role)).status, 3);
  assertEquals(desk.system.files.contents.has("/home/kim/.aws/stsaval/x"), true);
});
