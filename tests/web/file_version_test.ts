/**
 * The word that says which file is at a path, and in which state.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { fileVersion } from "../../src/web/file_version.ts";

const file = { dev: 65_024, ino: 12, size: 34, changed: 5_999.9, modified: 7_008.9 };

Deno.test("a version is device, inode, size, the second of the last change, and when it was written", () => {
  assertEquals(fileVersion(file), "65024:12:34:5:7.008");
  assertEquals(fileVersion({ ...file, changed: 0, modified: 0 }), "65024:12:34:0:0.000");
  assertEquals(
    fileVersion({ ...file, modified: 1_795_945_563_623 })?.split(":").at(-1),
    "1795945563.623",
  );
});

Deno.test("a file has no version where the system does not tell files apart, or when they changed", () => {
  assertEquals(fileVersion({ ...file, ino: null }), undefined);
  assertEquals(fileVersion({ ...file, changed: undefined }), undefined);
  assertEquals(fileVersion({ ...file, modified: undefined }), undefined);
});
