import { assertEquals, assertRejects } from "@std/assert";
import { StsCore } from "../../mod.ts";
import { createStsEmulator, emulatorSystem } from "../../src/testing/mod.ts";

Deno.test("emulatorSystem() is a home with the emulator's profiles, and nothing else", async () => {
  const emulator = createStsEmulator();
  const system = emulatorSystem(emulator);
  await using sts = new StsCore({ system, cache: "disk" });
  const names = (await sts.profiles()).map(({ name }) => name);
  assertEquals(names, [
    "IAM_USER1",
    "DynamoDBRole-dev",
    "CodeDeployRole-qa",
    "S3ReadOnlyRole-prod",
  ]);
  const set = await sts.generateCredentials(["CodeDeployRole-qa"], {
    mfaCode: (serial) => emulator.mfaCode(serial),
  });
  assertEquals(Object.keys(set), ["sts-CodeDeployRole-qa"]);
  assertEquals(system.env.get("AWS_PROFILE"), undefined);
  assertEquals(await system.files.readText("/etc/passwd"), undefined);
  await assertRejects(() => system.files.replaceText("/home/emulator/x", "x"), Error);
});
