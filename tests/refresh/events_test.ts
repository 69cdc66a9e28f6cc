import { assertEquals } from "@std/assert";
import { StsError } from "../../src/errors.ts";
import { CredentialEvent } from "../../src/refresh/events.ts";

const error = new StsError("No", { operation: "AssumeRole", awsCode: "AccessDenied" });
const fields = { profile: "dev", attempt: 2, next: new Date(0), error, reason: "enough" };

Deno.test({
  name: "CredentialEvent holds what it was given, and is an event of its type",
  permissions: "none",
  fn() {
    const event = new CredentialEvent("retry", fields);
    const { type, profile, attempt, next, reason } = event;
    assertEquals({ profile, attempt, next, error: event.error, reason }, fields);
    assertEquals([type, event instanceof Event], ["retry", true]);
    const empty = new CredentialEvent("halt");
    assertEquals([empty.profile, empty.attempt, empty.next, empty.error, empty.reason], [
      ...[undefined, undefined, undefined, undefined, undefined],
    ]);
  },
});

Deno.test({
  name: "CredentialEvent shows only the fields that it has, and of an error the message",
  permissions: "none",
  fn() {
    assertEquals(
      Deno.inspect(new CredentialEvent("retry", fields)).replaceAll(/\s+/g, " "),
      'CredentialEvent { type: "retry", profile: "dev", attempt: 2, next: 1970-01-01T00:00:00.000Z, ' +
        'error: "No", reason: "enough" }',
    );
    assertEquals(
      Deno.inspect(new CredentialEvent("halt", { reason: "enough" })),
      'CredentialEvent { type: "halt", reason: "enough" }',
    );
  },
});
