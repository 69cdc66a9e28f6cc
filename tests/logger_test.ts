/**
 * The library's logger: silent, or under the name of the part that speaks.
 *
 * @module
 */

import { assertEquals, assertStrictEquals } from "@std/assert";
import {
  type Logger,
  loggerFor,
  nonThrowing,
  nonThrowingLogger,
  silentLogger,
} from "../src/logger.ts";

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

Deno.test({
  name: "nonThrowing() reports what a callback throws, at once or in a promise",
  permissions: "none",
  async fn() {
    const reported: string[] = [];
    const report = (why: string, value: number) => void reported.push(`${value}: ${why}`);
    nonThrowing((value: number) => value, report)(1);
    nonThrowing(() => {
      throw new Error("at once");
    }, report)(2);
    nonThrowing(() => Promise.reject("later"), report)(3);
    await Promise.resolve();
    await Promise.resolve();
    assertEquals(reported, ["2: at once", "3: later"]);
  },
});

Deno.test({
  name: "nonThrowingLogger() swallows what a logger throws, those for modules included",
  permissions: "none",
  async fn() {
    const broken: Logger = {
      ...silentLogger,
      info: () => {
        throw new Error("full");
      },
      // Declared to return nothing, which a function may all the same.
      warn: () => Promise.reject(new Error("full")) as unknown as undefined,
      forModule: () => broken,
    };
    const logger = nonThrowingLogger(broken);
    logger.info("a");
    logger.warn("b");
    logger.forModule?.("core").info("c");
    await Promise.resolve();
  },
});
