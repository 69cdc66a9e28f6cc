/**
 * oathtool judges the codes of kept seeds.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { readSeed } from "../../src/store/seed/read_seed.ts";
import { codeOfStep, stepAt } from "../../src/store/seed/totp.ts";

const oathtool = await new Deno.Command("oathtool", { args: ["--version"] }).output()
  .then(({ success }) => success, () => false);
if (!oathtool) console.warn("skipped: oathtool is missing (Debian: oathtool)");

/** What oathtool says of a seed at a moment. */
async function judged(
  { secret, algorithm, digits, period }: ReturnType<typeof readSeed>["seed"],
  seconds: number,
): Promise<string> {
  const now = new Date(seconds * 1_000).toISOString().replace("T", " ").replace(/\..*/, " UTC");
  const { stdout } = await new Deno.Command("oathtool", {
    args: [
      ...["--base32", `--totp=${algorithm.replace("-", "")}`, `--digits=${digits}`],
      ...[`--time-step-size=${period}s`, `--now=${now}`, secret],
    ],
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

const moments = [0, 29, 30, 59, 1_111_111_109, 1_795_867_020, 4_102_444_799, 20_000_000_000];
const given = [
  "jbsw y3dp ehpk 3pxp",
  "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
  `${"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".repeat(2)}`,
  "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA256&digits=8&period=60",
  "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA512&period=45",
];

for (const text of given) {
  Deno.test({
    name: `oathtool gives the same codes for ${text}`,
    ignore: !oathtool,
    async fn() {
      const { seed } = readSeed(text);
      for (const seconds of moments) {
        const code = await codeOfStep(seed, stepAt(seed, seconds * 1_000));
        assertEquals(code, await judged(seed, seconds), String(seconds));
      }
    },
  });
}
