import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { ExpiredError, StsError } from "../../src/errors.ts";
import { createRenewalSlot, readSlot } from "../../src/refresh/renewal_slot.ts";
import { base, credentialsFor, role, start } from "../session/fixtures.ts";

const end = start + 3_600_000;
const lastError = new StsError("No", { operation: "AssumeRole", awsCode: "X", hint: "ask kim" });

function createSlot() {
  return createRenewalSlot({
    plan: { profile: "deploy", base, roles: [role], notices: [] },
    credentials: credentialsFor(3_600),
    endsAt: Infinity,
    endReason: "",
    endsWithCode: false,
    phase: 0,
  });
}

Deno.test({
  name: "createRenewalSlot() holds the first credentials, without a failure or a renewal",
  permissions: "none",
  fn() {
    const { profile, nextRefresh, failures, expiryReported, executions, ...slot } = createSlot();
    assertEquals([profile, nextRefresh, slot.lastError], ["deploy", undefined, undefined]);
    assertEquals([failures, expiryReported, executions], [0, false, 0]);
  },
});

Deno.test({
  name: "readSlot() gives what is valid, and says why what has expired was not renewed",
  permissions: "none",
  fn() {
    const slot = createSlot();
    assertStrictEquals(readSlot(slot, end - 1, "enough"), slot.credentials);
    const rows = [
      [undefined, undefined, "renewal is off", undefined],
      [undefined, "enough", "enough", undefined],
      [lastError, "enough", "No", "ask kim"],
    ] as const;
    for (const [error, haltReason, why, hint] of rows) {
      slot.lastError = error;
      const thrown = assertThrows(() => readSlot(slot, end, haltReason), ExpiredError);
      assertEquals(
        thrown.message,
        'Cannot read "sts-deploy": the credentials expired at 2026-01-01T01:00:00.000Z and were ' +
          `not renewed: ${why}`,
      );
      const usual = "call generateCredentials again; a longer lifetime renews them";
      assertEquals([thrown.hint, thrown.cause], [hint ?? usual, error]);
    }
  },
});
