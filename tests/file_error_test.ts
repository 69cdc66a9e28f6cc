import { assert, assertEquals, assertInstanceOf, assertStringIncludes } from "@std/assert";
import { ioError } from "../src/deno/io_error.ts";
import { FileError, fileError, fileHint, hasNoLocks } from "../src/file_error.ts";

Deno.test({
  name: "each error number has its own reason and hint, and only one has a hint about modes",
  permissions: "none",
  fn() {
    const codes = [
      ...["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "ENAMETOOLONG", "EMFILE", "ENFILE"],
      ...["ENOTDIR", "EISDIR", "ELOOP", "EIO", "EBUSY"],
    ];
    const hints = codes.map((code) => {
      const error = ioError(Object.assign(new Error(`Oops (os error 1): ${code}`), { code }));
      assertInstanceOf(error, FileError);
      assert(!error.message.includes("os error"), error.message);
      return error.hint ?? "";
    });
    assertEquals(new Set(hints).size, codes.length);
    const ofModes = codes.filter((_code, index) => hints[index]?.includes("mode"));
    assertEquals(ofModes, ["EACCES"]);
    assertStringIncludes(hints[0] ?? "", "free some space");
  },
});

Deno.test({
  name:
    "what has no number is told as Deno tells it, and what Deno tells by a class alone in our words",
  permissions: "none",
  fn() {
    assertEquals(ioError(new Error("odd")).message, "odd");
    assertEquals(fileHint(ioError(new Error("odd"))), undefined);
    assertEquals(ioError("odd").message, "odd");
    assertEquals(ioError(new Deno.errors.PermissionDenied("x")).message, "permission denied");
    assertEquals(ioError(new Deno.errors.InvalidData("x")).message, "it is not UTF-8 text");
  },
});

Deno.test({
  name: "hasNoLocks() knows the numbers of file systems without locks, and no others",
  permissions: "none",
  fn() {
    for (const code of ["ENOLCK", "EOPNOTSUPP", "ENOTSUP", "ENOSYS"] as const) {
      assert(hasNoLocks(fileError(code)), code);
    }
    assert(!hasNoLocks(fileError("EACCES")));
    assert(!hasNoLocks(new Error("the file system has no locks")));
    assert(hasNoLocks(ioError(new Deno.errors.NotSupported("x"))));
  },
});
