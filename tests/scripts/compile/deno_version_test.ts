import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  checkDenoVersion,
  isAtLeast,
  oldestCompiler,
} from "../../../scripts/compile/deno_version.ts";

Deno.test({
  name: "isAtLeast() compares versions by number, not by letter",
  permissions: "none",
  fn() {
    for (const later of ["2.9.6", "2.9.10", "2.10.0", "3.0.0", "2.9.7-rc.1"]) {
      assert(isAtLeast(later, "2.9.6"), later);
    }
    for (const earlier of ["2.9.5", "2.4.2", "1.99.99", "2.9", "", "deno"]) {
      assertEquals(isAtLeast(earlier, "2.9.6"), false, earlier);
    }
  },
});

Deno.test({
  name: "checkDenoVersion() names what was found and what is wanted",
  permissions: "none",
  fn() {
    checkDenoVersion(oldestCompiler, "bundle");
    assertThrows(
      () => checkDenoVersion("2.4.2", "bundle"),
      Error,
      `Cannot bundle with Deno 2.4.2: wanted ${oldestCompiler} or later`,
    );
  },
});
