import { assertEquals } from "@std/assert";
import { loadConfig } from "../../../src/config/load.ts";
import {
  defaultProfile,
  hasDefault,
  roleNames,
  usableProfiles,
} from "../../../src/config/names/default.ts";
import { fakeSystem } from "../../fake_system.ts";

const user = "[profile kim]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n";
const role = "[profile dev]\nrole_arn = arn:aws:iam::123456789012:role/Dev\nsource_profile = kim\n";
const process = "[profile other]\ncredential_process = /bin/keys\n";
const region = "[default]\nregion = eu-west-1\nmfa_serial = arn:aws:iam::1:mfa/kim\n";
const half = "[default]\naws_access_key_id = AKIAEXAMPLE\n";

type Row = readonly [
  what: string,
  config: string,
  env: Readonly<Record<string, string>>,
  profile: string | undefined,
  user: string | undefined,
];

const rows: readonly Row[] = [
  ["nothing", "", {}, undefined, undefined],
  ["one user", user, {}, "kim", "kim"],
  ["one user and its role", user + role, {}, undefined, "kim"],
  ["one role", role, {}, "dev", undefined],
  ["one profile with a command", process, {}, "other", undefined],
  ["a default that is only a region", region + user + role, {}, undefined, "kim"],
  [
    "a default with a region and half a key",
    half + "region = eu-west-1\n" + user,
    {},
    "default",
    "default",
  ],
  ["a default that is broken", half + user, {}, "default", "default"],
  ["the environment", user, { AWS_PROFILE: "dev", AWS_DEFAULT_PROFILE: "x" }, "dev", "dev"],
  ["the older variable", half, { AWS_DEFAULT_PROFILE: "dev" }, "dev", "dev"],
];

for (const [what, config, env, profile, onlyUser] of rows) {
  Deno.test(`defaultProfile() finds "${profile}" and the user "${onlyUser}" for ${what}`, async () => {
    const system = fakeSystem({ files: { "/home/kim/.aws/config": config }, env });
    const loaded = await loadConfig(system);
    assertEquals(defaultProfile(loaded, { only: "profile" }), profile);
    assertEquals(defaultProfile(loaded, { only: "user" }), onlyUser);
  });
}

const texts:
  readonly (readonly [string, readonly string[], readonly string[], readonly string[]])[] = [
    ["", [], [], []],
    [user, ["kim"], ["kim"], []],
    [user + role, ["kim", "dev"], ["kim"], ["dev"]],
    [role + process, ["dev", "other"], ["dev", "other"], ["dev"]],
    [region + role, ["dev"], ["dev"], ["dev"]],
    [user + half, ["kim", "default"], ["kim", "default"], []],
    ["[profile s]\nsso_role_name = Dev\n", ["s"], ["s"], ["s"]],
    ["[profile x]\naws_secret_access_key = x\n" + role, ["x", "dev"], ["x"], ["dev"]],
  ];

for (const [config, all, users, roles] of texts) {
  Deno.test(`usableProfiles() and roleNames() of ${JSON.stringify(config)}`, async () => {
    const loaded = await loadConfig(fakeSystem({ files: { "/home/kim/.aws/config": config } }));
    const usable = (only: "profile" | "user") =>
      usableProfiles(loaded, { only }).map(({ name }) => name);
    assertEquals([usable("profile").toSorted(), usable("user").toSorted(), roleNames(loaded)], [
      ...[all.toSorted(), users.toSorted(), roles],
    ]);
    assertEquals(hasDefault(loaded), all.includes("default"));
  });
}

const manners = [
  "region = eu-west-1",
  "endpoint_url = http://127.0.0.1:4566",
  "services = local",
  "ignore_configured_endpoint_urls = true",
  "sts_regional_endpoints = regional",
  "use_fips_endpoint = true",
  "use_dualstack_endpoint = true",
  "mfa_serial = arn:aws:iam::123456789012:mfa/kim",
  "mfa_process = totp",
  "duration_seconds = 900",
  "role_session_name = kim",
  "ec2_metadata_service_endpoint = http://127.0.0.1",
  "ec2_metadata_service_endpoint_mode = IPv6",
  "ec2_metadata_v1_disabled = true",
];

for (const line of manners) {
  Deno.test(`defaultProfile() takes no profile that only says how: ${line}`, async () => {
    const text = `[default]\n${line}\n${user}`;
    const loaded = await loadConfig(fakeSystem({ files: { "/home/kim/.aws/config": text } }));
    assertEquals(Object.keys(loaded.profiles.get("default")?.places ?? {}).length, 1);
    assertEquals(hasDefault(loaded), false);
    assertEquals(defaultProfile(loaded, { only: "profile" }), "kim");
  });
}
