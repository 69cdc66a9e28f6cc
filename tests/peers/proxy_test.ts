/**
 * `HTTPS_PROXY` and `NO_PROXY`: a proxy on loopback records where stsaval connects to, and lets nothing through.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { containerPath, sampleMachineWorld } from "../../src/testing/mod.ts";
import { startEmulator } from "./emulator_bench.ts";
import { startProxy } from "./recording_proxy.ts";
import { denoFolder } from "./source_program.ts";

const cli = new URL("../../cli.ts", import.meta.url).pathname;

const role = `[profile role]
role_arn = arn:aws:iam::123456789012:role/Role
source_profile = IAM_USER1
region = eu-west-1
`;

function run(home: string, env: Record<string, string>, name = "role") {
  const permissions = ["--allow-read", "--allow-write", "--allow-env", "--allow-net"];
  const words = ["creds", "--profiles", name, "--max-attempts", "1", "--no-cache"];
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...permissions, cli, ...words],
    clearEnv: true,
    env: { HOME: home, DENO_DIR: denoFolder(), NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
    stdin: "null",
  }).output();
}

Deno.test("calls go through HTTPS_PROXY", async () => {
  await using bench = await startEmulator();
  await using proxy = startProxy();
  await Deno.writeTextFile(`${bench.home}/.aws/config`, role);
  const { code, stderr } = await run(bench.home, { HTTPS_PROXY: proxy.url });
  assertEquals(proxy.asked, ["CONNECT sts.eu-west-1.amazonaws.com:443 HTTP/1.1"]);
  assertEquals(code, 6);
  assertStringIncludes(
    new TextDecoder().decode(stderr),
    "hint: check the network, and HTTPS_PROXY",
  );
});

Deno.test("hosts of NO_PROXY are called without the proxy", async () => {
  await using bench = await startEmulator();
  await using proxy = startProxy();
  const free = `${role.replace("role/Role", "role/Next")}endpoint_url = ${bench.url}\n`;
  await Deno.writeTextFile(
    `${bench.home}/.aws/config`,
    free.replace("123456789012", "210987654321"),
  );
  const { code } = await run(bench.home, {
    HTTPS_PROXY: proxy.url,
    HTTP_PROXY: proxy.url,
    NO_PROXY: "127.0.0.1",
  });
  assertEquals([code, proxy.asked], [0, []]);
});

for (const kind of ["container", "instance"] as const) {
  Deno.test(`the credentials of the ${kind} are fetched around every proxy`, async () => {
    await using bench = await startEmulator({ world: sampleMachineWorld(kind) });
    await using proxy = startProxy();
    const { code, stderr } = await run(bench.home, {
      HTTP_PROXY: proxy.url,
      http_proxy: proxy.url,
      ALL_PROXY: proxy.url,
      ...(kind === "container"
        ? { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${bench.url}${containerPath}` }
        : { AWS_EC2_METADATA_SERVICE_ENDPOINT: bench.url }),
    }, kind === "container" ? "container" : "instance-metadata");
    assertEquals([code, new TextDecoder().decode(stderr), proxy.asked], [0, "", []]);
  });
}
