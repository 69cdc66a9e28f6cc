import { assertEquals } from "@std/assert";
import type { PlanRequest } from "../../../src/config/plan/request.ts";
import { chooseSessionName } from "../../../src/config/plan/session_name.ts";
import { createSessionStep } from "../../../src/config/plan/session_step.ts";
import { configOf, roleArn, serialOf } from "../in_memory.ts";

const config = `[profile a]\nrole_arn = ${roleArn("A").replace("aws", "aws-cn")}\n` +
  "source_profile = b\nregion = r\n[profile b]\nregion = s\n";

async function step(request: PlanRequest, serial?: string, names: readonly string[] = ["b", "a"]) {
  const loaded = await configOf({ config });
  const profiles = names.flatMap((name) => loaded.profiles.get(name) ?? []);
  const mfa = serial === undefined ? undefined : { serial, command: "code", reason: "a device" };
  return createSessionStep(loaded, request, { asked: "a", mfa, reason: "no device", profiles });
}

Deno.test({
  name:
    "createSessionStep() is an hour long, within what STS allows, and requires what was asked for",
  permissions: "none",
  async fn() {
    const rows: readonly (readonly [PlanRequest, number, number | undefined])[] = [
      [{}, 3_600, undefined],
      [{ lifetimeSeconds: 899 }, 900, 900],
      [{ lifetimeSeconds: 900 }, 900, 900],
      [{ lifetimeSeconds: 7_200 }, 7_200, 7_200],
      [{ lifetimeSeconds: 7_200, lifetimeIsDefault: false }, 7_200, 7_200],
      [{ lifetimeSeconds: 7_200, lifetimeIsDefault: true }, 7_200, undefined],
      [{ lifetimeSeconds: 129_600 }, 129_600, 129_600],
      [{ lifetimeSeconds: 129_601 }, 129_600, 129_600],
      [{ lifetimeSeconds: Infinity }, 129_600, undefined],
    ];
    for (const [request, seconds, required] of rows) {
      const { durationSeconds, requiredSeconds } = await step(request);
      assertEquals(
        [durationSeconds, requiredSeconds],
        [seconds, required],
        JSON.stringify(request),
      );
    }
  },
});

Deno.test({
  name: "createSessionStep() takes the partition from the device's ARN, else from the first role's",
  permissions: "none",
  async fn() {
    const partition = async (serial?: string, names?: readonly string[]) =>
      (await step({}, serial, names)).endpoint.partition;
    assertEquals(await partition(serialOf("kim").replace("aws", "aws-us-gov")), "aws-us-gov");
    assertEquals(await partition("GAHT12345678"), "aws-cn");
    assertEquals(await partition(), "aws-cn");
    assertEquals(await partition("GAHT12345678", ["b"]), undefined);
    assertEquals((await step({})).endpoint.region, "s");
  },
});

Deno.test({
  name: "createSessionStep() names the device, its command and the reason, as far as there are any",
  permissions: "none",
  async fn() {
    const { mfaSerial, mfaProcess, reason } = await step({}, serialOf("kim"));
    assertEquals([mfaSerial, mfaProcess, reason], [serialOf("kim"), "code", "a device"]);
    const plain = await step({});
    assertEquals(["mfaSerial" in plain, "mfaProcess" in plain, plain.reason], [
      ...[false, false, "no device"],
    ]);
  },
});

Deno.test({
  name: "chooseSessionName() is what the profile sets, or its name, as far as STS allows",
  permissions: "none",
  async fn() {
    const nameOf = async (name: string, more = "") => {
      const { profiles } = await configOf({ config: `[profile "${name}"]\nregion = r\n${more}` });
      const [profile] = profiles.values();
      if (profile === undefined) throw new Error("no profile");
      return chooseSessionName(profile);
    };
    assertEquals(await nameOf("a", "role_session_name = mine\n"), { name: "mine" });
    assertEquals(await nameOf("a.b_c-D=e,f@g+h"), { name: "sts-a.b_c-D=e,f@g+h" });
    assertEquals(await nameOf("a b/ü"), {
      name: "sts-a-b--",
      notice:
        'Session name for profile "a b/ü" is "sts-a-b--": STS allows 2 to 64 letters, digits and ' +
        '"_+=,.@-"',
    });
    assertEquals(await nameOf("x".repeat(60)), { name: `sts-${"x".repeat(60)}` });
    assertEquals((await nameOf("x".repeat(61))).name, `sts-${"x".repeat(60)}`);
    assertEquals((await nameOf("😀")).name, "sts--");
  },
});
