/**
 * `keys rotate` with the compiled program, which may call STS and IAM and nothing else.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { rotationHome } from "../crash/rotation_home.ts";
import { makeProgram, programTest } from "./program.ts";

const made = await makeProgram();

programTest(
  made,
  "keys rotate works within the permissions of the compiled program",
  async (program) => {
    await using bench = await rotationHome({ keyDelayMs: 1_000 });
    const { emulator, user } = bench;
    const env = { STSAVAL_MFA_CODE: emulator.mfaCode(user.mfa?.serial ?? "") };
    const first = await bench.rotate({ program, env, words: ["--delete-after", "1h"] });
    assert(first !== "killed");
    assertEquals(first.code, 0, first.stderr);
    const second = await bench.rotate({ program, words: ["--delete-after", "0"] });
    assert(second !== "killed");
    assertEquals(second.code, 0, second.stderr);
    const [key] = (await bench.sealed()).keys;
    assertEquals(emulator.accessKeysOf(user).map(({ accessKeyId }) => accessKeyId), [
      key?.accessKeyId ?? "none",
    ]);
    assertEquals(emulator.calls.filter(({ serial }) => serial !== undefined).length, 1);
  },
);

programTest(
  made,
  "keys rotate sends nothing to a host that only looks like IAM",
  async (program) => {
    await using bench = await rotationHome();
    const { emulator, home, user } = bench;
    const path = `${home.path}/.aws/config`;
    const config = await Deno.readTextFile(path);
    const services = `\n[services own]\nsts =\n  endpoint_url = ${home.url}\n`;
    const hostile = config.replace(
      /endpoint_url = .*\n/,
      "services = own\nendpoint_url = https://iam.amazonaws.com.example.com\n",
    );
    await Deno.writeTextFile(path, hostile + services);
    const env = { STSAVAL_MFA_CODE: emulator.mfaCode(user.mfa?.serial ?? "") };
    const ended = await bench.rotate({ program, env });
    assert(ended !== "killed");
    assertEquals(ended.code, 2, ended.stderr);
    assertStringIncludes(ended.stderr, 'Cannot call "iam.amazonaws.com.example.com"');
    assertEquals((await bench.sealed()).rotation, undefined);
  },
);
