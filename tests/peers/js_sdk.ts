/**
 * AWS's SDK for JavaScript, run by Node: what its providers give in a home folder.
 *
 * The packages are looked for where `NODE_PATH` says, as `.ci/run` installs them.
 *
 * @module
 */

import { isInstalled } from "./stsaval_process.ts";
import type { Finished, PeerBench } from "./emulator_bench.ts";

const packages = [
  "@aws-sdk/credential-provider-sso",
  "@aws-sdk/credential-provider-ini",
  "@aws-sdk/credential-provider-process",
  "@aws-sdk/token-providers",
];

/** Why the SDK cannot be run here; undefined where it can. */
export async function missingJsSdk(): Promise<string | undefined> {
  if (!await isInstalled("node")) return "Node is not installed";
  const script = `for (const name of ${JSON.stringify(packages)}) require.resolve(name)`;
  const { success } = await new Deno.Command("node", { args: ["-e", script], stderr: "null" })
    .output();
  return success ? undefined : `NODE_PATH leads to no ${packages.join(", ")}`;
}

/** Which functions give something, by the package that they are in. */
const providers = {
  fromSSO: "@aws-sdk/credential-provider-sso",
  fromIni: "@aws-sdk/credential-provider-ini",
  fromSso: "@aws-sdk/token-providers",
} as const;

/** What a provider gives, as JSON on standard output. */
export async function runProvider(
  bench: Pick<PeerBench, "run" | "url">,
  provider: keyof typeof providers,
  profile: string,
): Promise<Finished> {
  const script = `const { ${provider} } = require("${providers[provider]}");
${provider}({ profile: process.argv[1] })().then(
  (given) => console.log(JSON.stringify(given)),
  (error) => { console.error(String(error)); process.exitCode = 1; },
);`;
  return await bench.run("node", ["-e", script, profile], {
    // It warns of an old Node on standard error.
    NODE_NO_WARNINGS: "1",
    NODE_PATH: Deno.env.get("NODE_PATH") ?? "",
    AWS_REGION: "us-east-1",
    // The SDK takes endpoint_url from the profile that AWS_PROFILE names alone.
    AWS_ENDPOINT_URL: bench.url,
  });
}
