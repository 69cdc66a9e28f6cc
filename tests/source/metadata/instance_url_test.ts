import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/errors.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { resolveChain } from "../../../src/config/plan/chain.ts";
import { instanceUrl } from "../../../src/source/metadata/instance_url.ts";
import { sources } from "../../../src/source/sources.ts";
import { fakeSystem } from "../../fake_system.ts";

const role =
  "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/A\ncredential_source = Ec2InstanceMetadata\n";
const endpoint = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
const mode = `${endpoint}_MODE`;

type Row = readonly [what: string, env: Record<string, string>, profile: string, url: string];

/** Smithy's imds-endpoint-tests.json. */
const rows: readonly Row[] = [
  ["nothing", {}, "", "http://169.254.169.254/"],
  ["an address of the environment", { [endpoint]: "http://[::1]" }, "", "http://[::1]/"],
  ["an address of the profile", {}, "endpoint = http://[::1]", "http://[::1]/"],
  [
    "both",
    { [endpoint]: "http://127.0.0.1" },
    "endpoint = http://[::1]",
    "http://127.0.0.1/",
  ],
  ["mode IPv6", { [mode]: "IPv6" }, "", "http://[fd00:ec2::254]/"],
  ["mode ipv4, in small letters", { [mode]: "ipv4" }, "", "http://169.254.169.254/"],
  ["mode of the profile", {}, "endpoint_mode = IPv6", "http://[fd00:ec2::254]/"],
  ["both modes", { [mode]: "IPv4" }, "endpoint_mode = IPv6", "http://169.254.169.254/"],
  [
    "an address beside a mode",
    { [endpoint]: "http://127.0.0.1", [mode]: "IPv6" },
    "",
    "http://127.0.0.1/",
  ],
  ["an address with a path", { [endpoint]: "http://127.0.0.1:8/a" }, "", "http://127.0.0.1:8/a/"],
  [
    "an address of the profile beside a mode of the environment",
    { [mode]: "IPv6" },
    "endpoint = http://127.0.0.1",
    "http://127.0.0.1/",
  ],
];

for (const [what, env, profile, url] of rows) {
  Deno.test(`the metadata service is at ${url} with ${what}`, async () => {
    const settings = profile === "" ? "" : `ec2_metadata_service_${profile}\n`;
    const system = fakeSystem({ env, files: { "/home/kim/.aws/config": role + settings } });
    const config = await loadConfig(system, { kinds: sources });
    const { base } = resolveChain(config, "a");
    assertEquals(base.kind === "source" && instanceUrl(base.settings).href, url);
  });
}

const wrong: readonly (readonly [what: string, settings: Record<string, string>])[] = [
  ["another mode", { mode: "error" }],
  ["no URL", { endpoint: "hello" }],
  ["another host", { endpoint: "http://10.0.0.1" }],
  ["the container's host", { endpoint: "http://169.254.170.2" }],
  ["a user", { endpoint: "http://127.0.0.1@example.com" }],
];

for (const [what, settings] of wrong) {
  Deno.test(`instanceUrl() refuses ${what}`, () => {
    assertThrows(() => instanceUrl(settings), UsageError, "Cannot use");
  });
}
