/**
 * Holds `resolveEndpoint()` to botocore's reading of the rules that AWS publishes, for every region and every flag.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { EndpointSettings } from "../../src/plan.ts";
import { resolveEndpoint } from "../../src/sts/endpoint.ts";

interface Expected {
  readonly region: string;
  readonly partition: string;
  readonly useFips: boolean;
  readonly useDualstack: boolean;
  readonly legacyGlobal: boolean;
  readonly url: string;
  readonly signingRegion: string;
}

const program = `
import json, sys
try:
    from botocore.endpoint_provider import EndpointProvider
    from botocore.loaders import create_loader
except ImportError:
    sys.exit(3)
loader = create_loader()
rules = loader.load_service_model("sts", "endpoint-rule-set-1")
partitions = loader.load_data("partitions")
provider = EndpointProvider(rules, partitions)
found = []
for partition in partitions["partitions"]:
    regions = [name for name in partition["regions"] if not name.endswith("-global")]
    future = regions[0].rsplit("-", 1)[0] + "-99"
    for region in regions + [future]:
        for flags in range(8):
            fips, dual, legacy = (bool(flags & bit) for bit in (1, 2, 4))
            endpoint = provider.resolve_endpoint(
                Region=region, UseFIPS=fips, UseDualStack=dual, UseGlobalEndpoint=legacy)
            schemes = endpoint.properties.get("authSchemes", [])
            found.append({
                "region": region, "partition": partition["id"], "useFips": fips,
                "useDualstack": dual, "legacyGlobal": legacy, "url": endpoint.url,
                "signingRegion": schemes[0]["signingRegion"] if schemes else region})
json.dump(found, sys.stdout)
`;

/** What botocore says, or undefined where there is no botocore. */
async function askBotocore(): Promise<readonly Expected[] | undefined> {
  const command = new Deno.Command("python3", { args: ["-c", program], stderr: "inherit" });
  const output = await command.output().catch(() => undefined);
  if (output === undefined || output.code === 3) return undefined;
  assert(output.success, "the question to botocore failed");
  return JSON.parse(new TextDecoder().decode(output.stdout));
}

Deno.test("resolveEndpoint() gives what botocore gives, in every region with every flag", async () => {
  const all = await askBotocore();
  if (all === undefined) {
    assert(Deno.env.get("CI") === undefined, "python3 with botocore is missing");
    console.log("skipped: python3 with botocore is missing");
    return;
  }
  assert(all.length > 8 * 40);
  for (const { url, signingRegion, partition, ...settings } of all) {
    const found = resolveEndpoint(settings satisfies EndpointSettings);
    assertEquals(found, { url, signingRegion, partition }, JSON.stringify(settings));
  }
});
