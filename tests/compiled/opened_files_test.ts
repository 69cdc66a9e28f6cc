/**
 * Every file that the compiled program opens to read, by the kernel's own account (`strace`).
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { createStsEmulator, formatSampleHome } from "../../src/testing/mod.ts";
import { isInstalled, makeHome, runIn } from "../peers/stsaval_process.ts";
import { makeProgram, programTest } from "./program.ts";

/** What may be opened; `~` stands for the home, `PROGRAM` for the program itself. */
const expected: readonly (readonly [string, RegExp])[] = [
  ["the two files", /^~\/\.aws\/(?:config|credentials)$/],
  ["the cache", /^~\/\.aws\/(?:stsaval|cli\/cache)(?:\/[\w.-]+)?$/],
  ["the program itself", /^PROGRAM$/],
  ["the loader and its libraries", /^(?:\/etc\/ld\.so\.\w+|(?:\/usr)?\/lib\S*\/lib[\w.+-]+)$/],
  ["chance", /^\/dev\/u?random$/],
  ["memory, processors and their limits", /^\/(?:proc\/(?:self\/|meminfo)|sys\/(?:devices|fs))/],
  ["the time zone and the locale", /^(?:\/etc\/localtime|\/usr\/share\/zoneinfo|\/usr\/\S*locale)/],
  ["the resolver", /^\/etc\/(?:resolv|nsswitch|host|gai)\w*(?:\.conf)?$/],
  ["certificates", /^\/(?:etc|usr\/\S*)\/(?:ssl|pki|ca-certificates)\//],
];

const program = await makeProgram();
const haveStrace = Deno.build.os === "linux" && await isInstalled("strace");

/** The paths of calls that opened something, and not only to write it. */
function openedToRead(trace: string): string[] {
  return [...trace.matchAll(/open(?:at2?)?\((?:AT_FDCWD, )?"([^"]*)", ([^)]*)\) = \d/g)]
    .filter(([, , flags = ""]) => !flags.includes("O_WRONLY"))
    .map(([, path = ""]) => path);
}

programTest(
  haveStrace ? program : { missing: "strace is not installed" },
  "creds reads ~/.aws, the program itself and what every program reads, and nothing else",
  async (path) => {
    const sts = createStsEmulator();
    await using home = await makeHome(sts.handle, (url) => {
      const { config, credentials } = formatSampleHome(sts.world, { url });
      return { ".aws/config": config, ".aws/credentials": credentials };
    });
    const code = sts.mfaCode(sts.world.users[0]?.mfa?.serial ?? "");
    const trace = `${home.path}/trace`;
    const { code: status, stderr } = await runIn(home, [
      ...["strace", "-f", "-qq", "-e", "trace=open,openat,openat2", "-s", "4096", "-o", trace],
      ...[path, "creds", "--profiles", "DynamoDBRole-dev,CodeDeployRole-qa", "--mfa-code", code],
    ]);
    assertEquals(status, 0, stderr);
    const opened = openedToRead(await Deno.readTextFile(trace))
      .map((opened) => opened.replace(home.path, "~").replace(path, "PROGRAM"));
    assert(opened.includes("~/.aws/config") && opened.includes("PROGRAM"));
    const others = opened.filter((path) => !expected.some(([, pattern]) => pattern.test(path)));
    assertEquals([...new Set(others)], []);
  },
);
