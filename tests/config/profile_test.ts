import { assert, assertEquals, assertExists } from "@std/assert";
import { formatRole, type Profile } from "../../src/config/profile.ts";
import { configOf, configPath, keys, roleArn, serialOf, type Texts } from "./in_memory.ts";

async function profileOf(settings: string, texts: Texts = {}): Promise<Profile> {
  const { profiles } = await configOf({ config: `[profile a]\n${settings}`, ...texts });
  const profile = profiles.get("a");
  assertExists(profile);
  return profile;
}

Deno.test({
  name: "createProfile() types every setting that is known",
  permissions: "none",
  async fn() {
    const profile = await profileOf(
      `role_arn = ${roleArn("A")}
mfa_serial = ${serialOf("kim")}
source_profile = user
credential_source = ec2instancemetadata
external_id = a/b:c
duration_seconds = 7200
role_session_name = kim@laptop
region = eu-west-1
${keys}aws_session_token = t
endpoint_url = http://a
services = local
ignore_configured_endpoint_urls = TRUE
sts_regional_endpoints = Legacy
use_fips_endpoint = false
use_dualstack_endpoint = true
credential_process = p
web_identity_token_file = /t
sso_session = s
sso_start_url = https://s
sso_region = eu-west-1
sso_account_id = 012345678901
sso_role_name = R
mfa_process = code
share_aws_cache = true
[services local]
s3 =
  endpoint_url = http://s3
sts =
  endpoint_url = http://sts
`,
    );
    const { name, place, places, problems, ...fields } = profile;
    assertEquals({ name, place, problems }, {
      name: "a",
      place: { file: configPath, line: 1 },
      problems: [],
    });
    assertEquals(places.region, { file: configPath, line: 9 });
    assertEquals(fields, {
      roleArn: roleArn("A"),
      mfaSerial: serialOf("kim"),
      sourceProfile: "user",
      credentialSource: "Ec2InstanceMetadata",
      externalId: "a/b:c",
      durationSeconds: 7200,
      roleSessionName: "kim@laptop",
      region: "eu-west-1",
      accessKeyId: "AKIAEXAMPLEEXAMPLE00",
      secretAccessKey: "kept-secret",
      sessionToken: "t",
      endpointUrl: "http://a",
      services: "local",
      stsEndpointUrl: "http://sts",
      ignoreConfiguredEndpointUrls: true,
      stsRegionalEndpoints: "legacy",
      useFips: false,
      useDualstack: true,
      credentialProcess: "p",
      webIdentityTokenFile: "/t",
      ssoSession: "s",
      ssoStartUrl: "https://s",
      ssoRegion: "eu-west-1",
      ssoAccountId: "012345678901",
      ssoRoleName: "R",
      mfaProcess: "code",
      shareAwsCache: true,
    });
  },
});

const long = (length: number) => "x".repeat(length);

/** A setting, and whether it keeps to the rules of STS. */
const rules: readonly (readonly [setting: string, isGood: boolean])[] = [
  ["role_session_name = ab", true],
  ["role_session_name = Kim_1+=,.@-", true],
  [`role_session_name = ${long(64)}`, true],
  ["role_session_name = a", false],
  [`role_session_name = ${long(65)}`, false],
  ["role_session_name = a/b", false],
  ["role_session_name = a:b", false],
  ["role_session_name = k\u00efm", false],
  ["external_id = ab", true],
  ["external_id = a/b:c-1", true],
  [`external_id = ${long(1224)}`, true],
  ["external_id = a", false],
  [`external_id = ${long(1225)}`, false],
  ["external_id = a b", false],
  ["mfa_serial = GAHT12345", true],
  ["mfa_serial = arn:aws:iam::3788881165911:mfa/BillCaster", true],
  [`mfa_serial = ${long(256)}`, true],
  ["mfa_serial = GAHT1234", false],
  [`mfa_serial = ${long(257)}`, false],
  ["mfa_serial = arn:aws:iam::1:mfa/kim smith", false],
  ["role_arn = arn:aws:iam::123456789:role/RoleA", true],
  ["role_arn = arn:aws-us-gov:iam::123456789012:role/path/to/R", true],
  [`role_arn = arn:aws:iam::123456789012:role/${long(2017)}`, true],
  [`role_arn = arn:aws:iam::123456789012:role/${long(2018)}`, false],
  ["role_arn = arn:aws:iam:::role/x", true],
  ["role_arn = arn:aws:iam::RGW12345678901234567:role/S3Access", true],
  ["role_arn = arn:minio:iam:::role/idmp-client", true],
  ["role_arn = urn:sgws:identity::12345678901234567890:role/r", true],
  ["role_arn = arn:aws:iam::1:role/", true],
  ["role_arn = arn:aws:iam::1:role", false],
  ["role_arn = Deploy", false],
  ["duration_seconds = 900", true],
  ["duration_seconds = 43200", true],
  ["duration_seconds = 899", false],
  ["duration_seconds = 43201", false],
  ["duration_seconds = 1h", false],
  ["duration_seconds = -900", false],
  ["duration_seconds = 1e3", false],
  ["duration_seconds = 3600.5", false],
  ["use_fips_endpoint = yes", false],
  ["sts_regional_endpoints = global", false],
  ["credential_source = environment", true],
  ["credential_source = Moon", false],
  ["services = nowhere", false],
];

for (const [setting, isGood] of rules) {
  const shown = setting.length > 60 ? `${setting.slice(0, 40)}… (${setting.length})` : setting;
  Deno.test({
    name: `createProfile() ${isGood ? "takes" : "finds fault with"} ${shown}`,
    permissions: "none",
    async fn() {
      const { problems } = await profileOf(`# first\n${setting}\n`);
      assertEquals(problems.length, isGood ? 0 : 1);
      const [key, value = ""] = setting.split(" = ");
      for (const { message } of problems) {
        const start = `${key} of profile "a" at "${configPath}", line 3 is "${value.slice(0, 80)}`;
        assert(message.startsWith(start), message);
        assert(message.includes(", wanted "), message);
      }
    },
  });
}

Deno.test({
  name: "createProfile() takes an empty value for none, and says so",
  permissions: "none",
  async fn() {
    const config = await configOf({ credentials: `[a]\n${keys}aws_session_token =\n` });
    assertEquals(config.profiles.get("a")?.sessionToken, undefined);
    assertEquals(config.warnings.map(({ place, message }) => [place.line, message]), [
      [4, 'setting ignored: "aws_session_token" is empty'],
    ]);
  },
});

Deno.test({
  name: "createProfile() never shows what stands in indented lines or in a secret",
  permissions: "none",
  async fn() {
    const indented = "\n  aws_secret_access_key = kept-secret";
    const names = ["role_arn", "region", "duration_seconds", "use_fips_endpoint", "source_profile"];
    for (const name of [...names, "aws_secret_access_key", "services", "endpoint_url"]) {
      const { problems } = await profileOf(`${name} = kept-secret${indented}\n`);
      assertEquals(problems.length, 1);
      const message = problems[0]?.message ?? "";
      assert(!message.includes("kept-secret"), message);
    }
  },
});

Deno.test({
  name: "createProfile() shows no control characters",
  permissions: "none",
  async fn() {
    const { problems } = await profileOf("role_session_name = a\u001b[31mb\u0007\n");
    assert(!/\p{Cc}/u.test(problems[0]?.message ?? ""));
  },
});

Deno.test({
  name: "createProfile() takes no endpoint from a services section that has none for STS",
  permissions: "none",
  async fn() {
    for (const section of ["", "s3 =\n  endpoint_url = http://a", "sts =\n  endpoint_url ="]) {
      const profile = await profileOf(`services = s\n[services s]\n${section}\n`);
      assertEquals([profile.stsEndpointUrl, profile.problems.length], [undefined, 0]);
    }
  },
});

Deno.test({
  name: "formatRole() gives AWS's spelling in the original's order, and no keys",
  permissions: "none",
  async fn() {
    const profile = await profileOf(
      `${keys}aws_session_token = kept-secret\nregion = eu-west-1\nduration_seconds = 1800\n` +
        `source_profile = user\nmfa_serial = ${serialOf("kim")}\nrole_arn = ${roleArn("A")}\n`,
    );
    assertEquals(Object.entries(formatRole(profile)), [
      ["role_arn", roleArn("A")],
      ["mfa_serial", serialOf("kim")],
      ["source_profile", "user"],
      ["duration_seconds", "1800"],
      ["region", "eu-west-1"],
    ]);
  },
});

Deno.test({
  name: "formatRole() gives every setting of a role, in its order",
  permissions: "none",
  async fn() {
    const rows: [string, string][] = [
      ["role_arn", roleArn("A")],
      ["mfa_serial", serialOf("kim")],
      ["source_profile", "user"],
      ["credential_source", "Environment"],
      ["external_id", "id-1"],
      ["duration_seconds", "1800"],
      ["role_session_name", "kim"],
      ["region", "eu-west-1"],
      ["endpoint_url", "https://sts.example.com"],
      ["sts_regional_endpoints", "regional"],
      ["use_fips_endpoint", "true"],
      ["use_dualstack_endpoint", "false"],
      ["web_identity_token_file", "/t.jwt"],
      ["web_identity_token_process", "token"],
      ["policy", "s3-read"],
      ["policy_arns", "arn:aws:iam::aws:policy/ReadOnlyAccess"],
      ["session_tags", "team=core"],
      ["transitive_session_tags", "team"],
      ["source_identity", "kim"],
      ["scope_policy", "sts"],
    ];
    const text = rows.toReversed().map(([key, value]) => `${key} = ${value}\n`).join("");
    assertEquals(Object.entries(formatRole(await profileOf(keys + text))), rows);
  },
});
