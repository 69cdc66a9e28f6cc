import { assertEquals } from "@std/assert";
import { permissions } from "../../../src/deno/permissions.ts";
import { rootFolders } from "../../../src/deno/platform/roots.ts";

Deno.test({
  name: "rootFolders() has one root, and on Windows that of every drive",
  permissions: "none",
  fn() {
    assertEquals([rootFolders("linux"), rootFolders("darwin")], [["/"], ["/"]]);
    const drives = rootFolders("windows");
    assertEquals([drives.length, drives[0], drives[25]], [26, "A:\\", "Z:\\"]);
    assertEquals(permissions.roots, rootFolders(Deno.build.os));
  },
});
