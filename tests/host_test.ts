/**
 * Which adapter is chosen, and that none is loaded where it is not needed.
 *
 * @module
 */

import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { createStsEmulator, emulatorSystem } from "../src/testing/mod.ts";
import { StsavalError } from "../src/errors.ts";
import { type RuntimeGlobals, runtimeOf, systemWith } from "../src/host.ts";
import { StsCore } from "../src/session/core.ts";
import { fakeSystem } from "./fake_system.ts";

const nowhere = "Cannot read profiles and call AWS here: this is neither Deno nor Node nor Bun";

Deno.test({
  name: "runtimeOf() tells Deno from Node and Bun",
  permissions: "none",
  fn() {
    const node = (version: string) => ({ process: { versions: { node: version } } });
    const rows: readonly (readonly [globals: RuntimeGlobals, runtime: string])[] = [
      [{ Deno: {} }, "deno"],
      // Deno has a `process` too.
      [{ Deno: {}, ...node("24.1.0") }, "deno"],
      [node("22.0.0"), "node"],
      [{ ...node("26.3.0"), navigator: { userAgent: "Bun/1.4.5" } }, "node"],
    ];
    for (const [globals, runtime] of rows) assertEquals(runtimeOf(globals), runtime);
  },
});

Deno.test({
  name: "where no adapter fits, the error is a sentence with what to do",
  permissions: "none",
  async fn() {
    const rows: readonly (readonly [globals: RuntimeGlobals, message: string])[] = [
      [{ navigator: { userAgent: "Mozilla/5.0" } }, nowhere],
      // What bundlers put in the place of Node's.
      [{ process: {} }, nowhere],
      [{ process: { versions: {} } }, nowhere],
      [
        {
          process: { versions: { node: "22.19.0" } },
          navigator: { userAgent: "Cloudflare-Workers" },
        },
        nowhere,
      ],
      [
        { process: { versions: { node: "20.20.2" } } },
        "Cannot read profiles and call AWS here: this is Node 20.20.2, wanted Node 22 or later",
      ],
    ];
    for (const [globals, message] of rows) {
      const error = await assertRejects(() => systemWith({}, globals), StsavalError);
      assertEquals(error.message, message);
      assertEquals(
        error.hint,
        "run it with Deno, with Node 22 or later or with Bun, or give all of its ports as 'system': " +
          "clock, random, env, files, network, processes, terminal",
      );
    }
  },
});

Deno.test({
  name: "systemWith() takes what is given, and loads no adapter if that is everything",
  permissions: "none",
  async fn() {
    const whole = fakeSystem();
    assertStrictEquals(await systemWith(whole, {}), whole);
    for (const name of ["clock", "terminal"] as const) {
      const { [name]: _, ...partial } = whole;
      await assertRejects(() => systemWith(partial, {}), StsavalError, nowhere);
    }
  },
});

Deno.test("systemWith() takes the rest from the adapter of the runtime", async () => {
  const { env } = fakeSystem();
  const system = await systemWith({ env });
  assertStrictEquals(system.env, env);
  assertEquals(system.files.hasLocks ?? true, "Deno" in globalThis);
  const start = system.clock.now();
  await system.clock.sleep(0);
  assertEquals(system.clock.now() >= start, true);
});

Deno.test("a StsCore is made without an adapter, and loads it when it is used", async () => {
  const emulator = createStsEmulator();
  const core = new StsCore({ system: emulatorSystem(emulator) });
  assertEquals((await core.profiles()).length, 4);
  await core[Symbol.asyncDispose]();
  const unused = new StsCore();
  unused.halt();
  await unused[Symbol.asyncDispose]();
});

Deno.test({
  name: 'the cache "disk" is rejected where there are no locks of the kernel',
  permissions: "none",
  async fn() {
    const fake = fakeSystem({ files: { "/home/kim/.aws/config": "[default]\n" } });
    const system = { ...fake, files: Object.assign(fake.files, { hasLocks: false }) };
    await using core = new StsCore({ system, cache: "disk" });
    await assertRejects(
      () => core.generateCredentials(["default"]),
      StsavalError,
      'Cannot use the cache "disk": Node and Bun have no locks of the kernel, wanted "memory"',
    );
    await using inMemory = new StsCore({ system });
    assertEquals((await inMemory.profiles()).length, 1);
  },
});
