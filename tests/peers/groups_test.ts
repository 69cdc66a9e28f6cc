/**
 * AWS's own tools find the same profiles in a config file, be there groups of stsaval in it or not.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { groupMembers } from "../../src/config/names/choose.ts";
import { loadConfig } from "../../src/config/load.ts";
import { fakeSystem } from "../fake_system.ts";
import { isInstalled } from "./stsaval_process.ts";

const plain = `[default]
region = eu-west-1
[profile dev]
role_arn = arn:aws:iam::123456789012:role/Dev
source_profile = default
[sso-session work]
sso_region = eu-west-1
sso_start_url = https://example.com/start
[profile qa]
region = eu-west-2
`;
const groups = `[stsaval-group backend]
profiles = dev, qa
[stsaval-group "with space"]
profiles = dev,
  q*
`;

const botocore = `
import json, sys
from botocore import configloader
print(json.dumps(configloader.load_config(sys.argv[1]).get("profiles")))
`;

const javaScript = `
import { loadSharedConfigFiles } from "npm:@smithy/core@3.41.1/config";
const files = await loadSharedConfigFiles({ filepath: "/dev/null", configFilepath: Deno.args[0] });
console.log(JSON.stringify(files.configFile));
`;

async function run(command: string, args: readonly string[], env = {}): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(command, { args: [...args], env })
    .output();
  const text = new TextDecoder();
  assertEquals(code, 0, text.decode(stderr));
  return text.decode(stdout);
}

/** What a program says of the file without groups, and of the one with them. */
async function bothOf(read: (path: string) => Promise<unknown>): Promise<readonly unknown[]> {
  const folder = await Deno.makeTempDir({ prefix: "stsaval-groups-" });
  const [without, between, after] = ["without", "between", "after"].map((name) =>
    `${folder}/${name}`
  );
  await Deno.writeTextFile(without ?? "", plain);
  await Deno.writeTextFile(between ?? "", plain.replace("[profile dev]", `${groups}[profile dev]`));
  await Deno.writeTextFile(after ?? "", plain + groups);
  const found = [await read(without ?? ""), await read(between ?? ""), await read(after ?? "")];
  await Deno.remove(folder, { recursive: true });
  return found;
}

const readers: readonly {
  readonly name: string;
  readonly command: string;
  readonly read: (path: string) => Promise<unknown>;
}[] = [
  {
    name: "botocore",
    command: "python3",
    read: async (path) => JSON.parse(await run("python3", ["-c", botocore, path])),
  },
  {
    name: "the AWS SDK for JavaScript",
    command: "npx",
    read: async (path) => {
      const script = `${path}.mjs`;
      await Deno.writeTextFile(script, javaScript);
      return JSON.parse(
        await run(Deno.execPath(), ["run", "--allow-all", "--no-config", script, path]),
      );
    },
  },
  {
    name: "the AWS CLI",
    command: "aws",
    read: (path) => {
      const env = { AWS_CONFIG_FILE: path };
      const get = (profile: string, setting: string) =>
        run("aws", ["configure", "get", setting, "--profile", profile], env);
      return Promise.all([get("qa", "region"), get("dev", "source_profile")]);
    },
  },
];

for (const { name, command, read } of readers) {
  const missing = !await isInstalled(command);
  Deno.test({
    name: `${name} finds the same profiles beside groups${
      missing ? `, skipped: no ${command}` : ""
    }`,
    ignore: missing,
    async fn() {
      const [without, between, after] = await bothOf(read);
      assertEquals(between, without);
      assertEquals(after, without);
    },
  });
}

Deno.test("stsaval finds the groups in the file that the others read", async () => {
  const config = await loadConfig(
    fakeSystem({ files: { "/home/kim/.aws/config": plain + groups } }),
  );
  assertEquals(groupMembers(config, "backend"), ["dev", "qa"]);
  assertEquals(groupMembers(config, "with space"), ["dev", "qa"]);
});
