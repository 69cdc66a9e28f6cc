/**
 * The library's logger: silent, or under the name of the part that speaks.
 *
 * @module
 */

import { assertEquals, assertStrictEquals } from "@std/assert";
import { type Logger, loggerFor, silentLogger } from "../src/logger.ts";

Deno.test({
  name: "silentLogger says nothing, whatever it is told",
  permissions: "none",
  fn() {
    for (const level of ["debug", "info", "warn", "error"] as const) {
      assertEquals(silentLogger[level]("hello"), undefined);
    }
  },
});

Deno.test({
  name: "loggerFor() asks for the part's logger, and falls back on the logger itself",
  permissions: "none",
  fn() {
    const core: Logger = { ...silentLogger };
    const named: Logger = { ...silentLogger, forModule: (name) => name === "core" ? core : named };
    assertStrictEquals(loggerFor(named, "core"), core);
    assertStrictEquals(loggerFor(silentLogger, "core"), silentLogger);
  },
});
