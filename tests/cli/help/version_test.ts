import { assertEquals } from "@std/assert";
import { describeVersion } from "../../../src/cli/help/version.ts";
import { version } from "../../../src/version.ts";

const facts = {
  commit: "0123abc",
  deno: "2.4.2",
  lock: "beef",
  hosts: ["sts.example.com"],
  programs: ["ykman"],
};

Deno.test({
  name: "describeVersion() is one line, and with --verbose what the program was made of",
  permissions: "none",
  fn() {
    const line = `stsaval ${version}\n`;
    assertEquals(describeVersion([], facts), line);
    assertEquals(describeVersion(["--verbose"], undefined), `${line}from source\n`);
    assertEquals(
      describeVersion(["-v"], facts),
      `${line}commit  0123abc\nDeno    2.4.2\nlock    sha256:beef\n` +
        "host    sts.example.com\nprogram ykman\n",
    );
  },
});
