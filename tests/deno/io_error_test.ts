/**
 * What is said of files that the program has no permission for.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { ioError } from "../../src/deno/io_error.ts";
import { fileHint } from "../../src/file_error.ts";

const compiled =
  "specify the required permissions during compilation using `deno compile --allow-x`";

Deno.test("a missing permission is told in stsaval's words where the program is compiled", () => {
  const unique = "1b4e28ba-2fa1-11d2-883f-0016d3cca427";
  const cases: readonly (readonly [message: string, said: string])[] = [
    [
      `Requires read access to "/h/.ssh/id_rsa", ${compiled}`,
      'this command has no permission to read "/h/.ssh/id_rsa"',
    ],
    [
      `Requires write access to "/h/a b.${unique}.tmp", ${compiled}`,
      'this command has no permission to write "/h/a b"',
    ],
    [
      `Requires write access to "/h/line\nend", ${compiled}`,
      'this command has no permission to write "/h/line\nend"',
    ],
    // Which programs may be run is decided by who compiles it.
    [
      `Requires run access to "sh", ${compiled}`,
      `Requires run access to "sh", ${compiled}`,
    ],
    [
      'Requires read access to "/h/x", run again with the --allow-read flag',
      'Requires read access to "/h/x", run again with the --allow-read flag',
    ],
  ];
  for (const [message, said] of cases) {
    const cause = new Deno.errors.NotCapable(message);
    const error = ioError(cause);
    assertEquals([error.message, error.cause], [said, cause]);
    assertEquals(fileHint(error) !== undefined, message !== said);
  }
});
