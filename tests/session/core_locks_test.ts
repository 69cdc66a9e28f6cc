import { assertEquals, assertRejects } from "@std/assert";
import { StsCore, UsageError } from "../../mod.ts";
import { formatSampleHome, sampleWorld } from "../../src/testing/mod.ts";
import { fakeSystem } from "../fake_system.ts";

/** A machine whose files have locks or not; undefined says nothing, as Deno's do. */
function machine(hasLocks: boolean | undefined) {
  const home = formatSampleHome(sampleWorld(1), { url: "http://127.0.0.1:4566" });
  const system = fakeSystem({
    files: {
      "/home/kim/.aws/config": home.config,
      "/home/kim/.aws/credentials": home.credentials,
    },
  });
  if (hasLocks !== undefined) Object.assign(system.files, { hasLocks });
  return system;
}

Deno.test("a cache on disk needs locks, and says so before anything is read", async () => {
  for (const hasLocks of [true, undefined]) {
    await using sts = new StsCore({ system: machine(hasLocks), cache: "disk" });
    assertEquals((await sts.profiles()).length > 0, true, String(hasLocks));
  }
  for (const cache of ["memory", undefined] as const) {
    await using sts = new StsCore({ system: machine(false), ...(cache && { cache }) });
    assertEquals((await sts.profiles()).length > 0, true, String(cache));
  }
  const error = await assertRejects(
    async () => {
      await using sts = new StsCore({ system: machine(false), cache: "disk" });
      await sts.profiles();
    },
    UsageError,
    'Cannot use the cache "disk"',
  );
  assertEquals(error.hint, "leave 'cache' out, or run the program with Deno");
});
