/**
 * How the program is made: twice the same bytes, sums that are true, and what it tells of itself.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { version } from "../../src/version.ts";
import { startProxy } from "../peers/recording_proxy.ts";
import { makeHome, runIn } from "../peers/stsaval_process.ts";
import { compileProgram, programTest } from "./program.ts";

const first = await compileProgram("once");
const second = await compileProgram("again");
const named = await compileProgram("named", { hosts: ["sts.example.com"], programs: ["true"] });

programTest(first, "two builds give the same bytes", async (path) => {
  assert("path" in second);
  const sums = [path, second.path].map((file) => file.replace(/[^/]*$/, "SHA256SUMS"));
  const [one, other] = await Promise.all(sums.map((file) => Deno.readTextFile(file)));
  assertEquals(one, other);
});

programTest(first, "SHA256SUMS holds for the program and its bill of materials", async (path) => {
  const { success, stdout } = await new Deno.Command("sha256sum", {
    args: ["--check", "SHA256SUMS"],
    cwd: path.replace(/[^/]*$/, ""),
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert(success, text);
  assertEquals(text.match(/: OK$/gm)?.length, 2);
});

programTest(first, "--version --verbose tells of what the program was made", async (path) => {
  await using home = await makeHome(() => new Response(), () => ({}));
  assertEquals((await runIn(home, [path, "--version"])).stdout, `stsaval ${version}\n`);
  const { stdout } = await runIn(home, [path, "--version", "--verbose"]);
  assertMatch(stdout, /^commit {2}[0-9a-f]{40}\+?$/m);
  assertMatch(stdout, /^Deno {4}\d+\.\d+\.\d+$/m);
  assertMatch(stdout, /^lock {4}sha256:[0-9a-f]{64}$/m);
});

const config = "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n" +
  "mfa_serial = arn:aws:iam::123456789012:mfa/kim\n";

programTest(named, "a program compiled with names runs no other program", async (path) => {
  await using home = await makeHome(() => new Response(), () => ({
    ".aws/config": `${config}mfa_process = sh -c 'touch reached'\n`,
  }));
  const refused = await runIn(home, [path, "token"]);
  assertEquals(refused.code, 3, refused.stderr);
  assertStringIncludes(refused.stderr, 'Requires run access to "sh"');
  const allowed = await runIn(home, [path, "token", "--mfa-command", "true"]);
  // It may be run, and prints no code.
  assertStringIncludes(allowed.stderr, "is not a code, found 0 digits");
});

programTest(named, "a program compiled for a host calls it", async (path) => {
  await using home = await makeHome(() => new Response(), () => ({
    ".aws/config": `${config}endpoint_url = https://sts.example.com\n`,
  }));
  const words = ["token", "--mfa-code", "123456", "--max-attempts", "1", "--timeout", "3"];
  const { stderr } = await runIn(home, [path, ...words], {
    // No server listens there, so that nothing leaves this machine.
    env: { HTTPS_PROXY: "http://127.0.0.1:1" },
  });
  assertStringIncludes(stderr, '"sts.example.com" cannot be reached');
});

const ownEndpoints = {
  "AWS's private endpoint": "vpce-0a1b2c3d4e5f60718-abcdefgh.sts.eu-west-1.vpce.amazonaws.com",
  "a zone's private endpoint": "vpce-0a1b-cd-cn-north-1a.sts.cn-north-1.vpce.amazonaws.com.cn",
  "a region that is newer than the program": "sts.eu-west-77.amazonaws.com",
};

for (const [what, host] of Object.entries(ownEndpoints)) {
  programTest(first, `the released program calls ${what}`, async (path) => {
    await using proxy = startProxy();
    await using home = await makeHome(() => new Response(), () => ({
      ".aws/config": `${config}endpoint_url = https://${host}\n`,
    }));
    const words = ["token", "--mfa-code", "123456", "--max-attempts", "1", "--timeout", "9"];
    const { code, stderr } = await runIn(home, [path, ...words], {
      env: { HTTPS_PROXY: proxy.url },
    });
    assertStringIncludes(stderr, `"${host}" cannot be reached`);
    assertEquals([code, proxy.asked], [6, [`CONNECT ${host}:443 HTTP/1.1`]]);
  });
}
