/**
 * Narrowing one kind of permission.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { keepOnly } from "../../../src/cli/permissions/keep_only.ts";
import { FakePermissions } from "../../fake_system.ts";

const rows = [
  [["read:/a", "read:/b"], ["/a/file"], ["/a", "/b"], ["read:/a/file"]],
  // What was never granted is not asked for.
  [["read:/a"], ["/c", "/a"], [], ["read:/a"]],
  // Nothing to keep is nothing left, whatever was granted.
  [["read:/a", "read:/b", "net:x"], [], ["/a"], ["net:x"]],
  // What is as narrow as what is kept, and not named among the wider ones, stays.
  [["read:/a", "read:/b"], ["/a"], ["/b"], ["read:/a"]],
] as const;

Deno.test({
  name: "keepOnly() keeps what is granted of the names, and drops what is wider",
  permissions: "none",
  fn() {
    for (const [grants, kept, wider, left] of rows) {
      const permissions = new FakePermissions(grants);
      keepOnly(permissions, "read", kept, wider);
      assertEquals([...permissions.grants], [...left], kept.join());
    }
  },
});
