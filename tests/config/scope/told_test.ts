/**
 * Whose value broke a rule; any other error stays what it is.
 *
 * @module
 */

import { assertRejects, assertStrictEquals } from "@std/assert";
import { Fault } from "../../../src/config/scope/fault.ts";
import { toldBy } from "../../../src/config/scope/told.ts";
import { UsageError } from "../../../src/errors.ts";

Deno.test("a fault names the value that was given", async () => {
  const work = () => Promise.reject(new Fault("is too long"));
  await assertRejects(
    () => toldBy({ given: "policy" }, work),
    UsageError,
    "Cannot use the given policy: it is too long",
  );
});

Deno.test("an error that is no fault is passed on as it is", async () => {
  const error = new RangeError("no fault");
  const told = await assertRejects(() => toldBy({ given: "policy" }, () => Promise.reject(error)));
  assertStrictEquals(told, error);
});
