import { assert, assertEquals, assertRejects } from "@std/assert";
import { resolvePlans } from "../../src/config/plan/plan.ts";
import { unknownKey } from "../../src/config/file/known_settings.ts";
import { settingNames } from "../../src/config/profile.ts";
import { ConfigError } from "../../src/errors.ts";
import { configOf, configPath, keys, roleArn, serialOf } from "./in_memory.ts";

function test(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

/** What is warned of, as "line: message", and the profile that it belongs to. */
async function warningsOf(config: string): Promise<readonly string[]> {
  const { warnings } = await configOf({ config });
  return warnings.map(({ place, message, profile = "-" }) =>
    `${place.line} ${profile}: ${message}`
  );
}

test("aws_security_token is read as the session token, with a notice", async () => {
  const credentials =
    `[a]\n${keys}AWS_Security_Token = old\n[b]\n${keys}aws_session_token = new\n` +
    `aws_security_token = old\n[c]\n${keys}aws_session_token =\naws_security_token = old\n`;
  const { profiles, warnings } = await configOf({ credentials });
  const tokens = [...profiles.values()].map(({ sessionToken }) => sessionToken);
  assertEquals(tokens, ["old", "new", "old"]);
  assertEquals(
    warnings.filter(({ byRule }) => !byRule).map(({ profile, message }) => [profile, message]),
    [
      ["a", '"aws_security_token" is read as "aws_session_token", its newer name'],
      [
        "b",
        'setting ignored: "aws_session_token" stands beside "aws_security_token", its older name',
      ],
      ["c", '"aws_security_token" is read as "aws_session_token", its newer name'],
    ],
  );
});

test("AWS_SECURITY_TOKEN is read where AWS_SESSION_TOKEN is not set", async () => {
  const read = async (env: Readonly<Record<string, string>>) => {
    const { environment } = await configOf({ env });
    return [environment.sessionToken, environment.sessionVariable];
  };
  assertEquals(await read({ AWS_SECURITY_TOKEN: "o" }), ["o", "AWS_SECURITY_TOKEN"]);
  const both = { AWS_SECURITY_TOKEN: "o", AWS_SESSION_TOKEN: "n" };
  assertEquals(await read(both), ["n", "AWS_SESSION_TOKEN"]);
  assertEquals(await read({}), [undefined, undefined]);
});

test("a key that is not known is told with its line and the nearest one, and whether it matters", async () => {
  assertEquals(
    await warningsOf(
      `[profile a]\nmfa_serail = x\nrole-arn = y\nsaml_provider = z\nfrobnicate = 1\ngranted_color = red\n` +
        "x_security_token_expires = 2026\noutput = json\ncli_pager =\ns3 =\n  my_key = 1\nmax_atempts = 3\n",
    ).then((all) => all.filter((one) => !one.includes("is empty"))),
    [
      '2 a: setting ignored: "mfa_serail" is not known to stsaval; did you mean "mfa_serial"?',
      '3 a: setting ignored: "role-arn" is not known to stsaval; did you mean "role_arn"?',
      '4 a: setting ignored: "saml_provider" is not known to stsaval',
      '5 -: setting ignored: "frobnicate" is not known to stsaval',
      '12 -: setting ignored: "max_atempts" is not known to stsaval; did you mean "max_attempts"?',
    ],
  );
  assertEquals(unknownKey("mfa_serial"), undefined);
});

test("a key that may be a piece of a secret is not told", async () => {
  const [warning = ""] = await warningsOf(
    "[profile a]\nwJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY= 1\n",
  );
  assert(warning.includes("its key is not known") && !/wjalr/i.test(warning), warning);
});

test("include_profile gives what a profile does not set itself, as aws-vault reads it", async () => {
  const { profiles } = await configOf({
    config: `[default]\nregion = r0\nmfa_serial = ${serialOf("nobody")}\noutput = json\n` +
      `[profile base]\nmfa_serial = ${
        serialOf("kim")
      }\nsource_profile = user\nduration_seconds = 900\n` +
      `[profile mid]\nparent_profile = base\nduration_seconds = 1800\n` +
      `[profile dev]\ninclude_profile = mid\nrole_arn = ${roleArn("Dev")}\nexternal_id =\n` +
      `[profile own]\ninclude_profile = base\nrole_arn = ${
        roleArn("Own")
      }\nsource_profile = other\n` +
      `[profile env]\ninclude_profile = base\nrole_arn = ${
        roleArn("E")
      }\ncredential_source = Environment\n` +
      `[profile none]\nrole_arn = ${roleArn("None")}\n`,
    credentials: `[user]\n${keys}[base]\n${keys}`,
  });
  const dev = profiles.get("dev");
  assertEquals(
    [dev?.mfaSerial, dev?.sourceProfile, dev?.durationSeconds, dev?.region, dev?.accessKeyId],
    [serialOf("kim"), "user", 1_800, "r0", undefined],
  );
  assertEquals(dev?.places.mfaSerial, { file: configPath, line: 6 });
  assertEquals(profiles.get("own")?.sourceProfile, "other");
  assertEquals(profiles.get("env")?.sourceProfile, undefined);
  assertEquals([profiles.get("none")?.region, profiles.get("none")?.mfaSerial], [
    undefined,
    undefined,
  ]);
});

test("include_profile gives every setting but keys", async () => {
  const values = {
    ...{ roleArn: roleArn("R"), mfaSerial: serialOf("kim"), sourceProfile: "s", externalId: "e" },
    ...{ durationSeconds: "900", roleSessionName: "n", region: "eu-west-1" },
    ...{ endpointUrl: "http://127.0.0.1:1", stsRegionalEndpoints: "legacy", caBundle: "/ca" },
    ...{ webIdentityTokenFile: "/token", webIdentityTokenProcess: "t", credentialProcess: "p" },
    ...{ mfaProcess: "m", mfaStore: "true", sealCache: "true", ssoSession: "my" },
    ...{ policy: "s3-read", policyArns: "arn:aws:iam::aws:policy/A", sessionTags: "a=1" },
    ...{ transitiveSessionTags: "a", sourceIdentity: "kim", scopePolicy: "s3-read" },
    ...{ ssoStartUrl: "https://kim.awsapps.com/start", ssoRegion: "us-east-1" },
    ...{ ssoAccountId: "123456789012", ssoRoleName: "R" },
  } as const;
  for (const [field, value] of Object.entries(values) as [keyof typeof values, string][]) {
    const { profiles } = await configOf({
      config: `[profile a]\ninclude_profile = b\n[profile b]\n${settingNames[field]} = ${value}\n`,
    });
    const [a, b] = [profiles.get("a"), profiles.get("b")];
    assert(b?.[field] !== undefined, field);
    assertEquals([a?.[field], a?.places[field]?.line], [b[field], 4], field);
  }
  const { profiles } = await configOf({
    config: `[profile a]\ninclude_profile = b\n[profile b]\n${keys}`,
  });
  assertEquals([profiles.get("a")?.accessKeyId, profiles.get("a")?.secretAccessKey], [
    ...[undefined, undefined],
  ]);
});

test("an included profile that does not exist, or includes in turn, is named where the profile is used", async () => {
  const config = await configOf({
    config:
      `[profile a]\ninclude_profile = b\nrole_arn = ${roleArn("A")}\nsource_profile = user\n` +
      `[profile b]\ninclude_profile = a\n` +
      `[profile c]\ninclude_profile = usr\nrole_arn = ${roleArn("C")}\nsource_profile = user\n`,
    credentials: `[user]\n${keys}`,
  });
  const { plans, problems } = resolvePlans(config, ["a", "c", "user"]);
  assertEquals(plans.map(({ profile }) => profile), ["user"]);
  assertEquals(problems.map(({ message }) => message.replace(/^.*": /, "")), [
    `include_profile of profile "b" at "${configPath}", line 6 is "a", which includes it in turn`,
    `include_profile of profile "c" at "${configPath}", line 8 is "usr", which does not exist; did you mean "user"?`,
  ]);
});

test("what only a role needs breaks the role alone, and what nothing needs breaks nothing", async () => {
  const config = await configOf({
    config: `[profile user]\nduration_seconds = 1h\nrole_session_name = a b\nexternal_id = x\n` +
      `credential_source = Moon\nshare_aws_cache = perhaps\nmfa_serial = short\nregion = eu-west-1\n` +
      `[profile dev]\nrole_arn = ${roleArn("D")}\nsource_profile = user\nmfa_serial = ${
        serialOf("kim")
      }\n` +
      `[profile long]\nrole_arn = ${roleArn("L")}\nsource_profile = user\nduration_seconds = 1h\n` +
      `[profile fips]\nrole_arn = ${
        roleArn("F")
      }\nsource_profile = user\nuse_fips_endpoint = perhaps\n` +
      `mfa_serial = ${serialOf("kim")}\n[profile plain]\nrole_arn = ${
        roleArn("P")
      }\nsource_profile = user\n`,
    credentials: `[user]\n${keys}`,
  });
  const { plans, problems } = resolvePlans(config, ["dev", "long", "fips", "plain"]);
  assertEquals(plans.map(({ profile }) => profile), ["dev"]);
  assertEquals(
    problems.map(({ profile, message }) => [profile, /(\w+) of profile "\w+"/.exec(message)?.[0]]),
    [
      ["long", 'duration_seconds of profile "long"'],
      ["fips", 'use_fips_endpoint of profile "fips"'],
      ["plain", 'mfa_serial of profile "user"'],
    ],
  );
  // What the request or the environment says comes before what cannot be read.
  const asked = resolvePlans(config, ["plain"], { mfaSerial: serialOf("kim") });
  assertEquals(asked.problems, []);
  const { environment } = await configOf({ env: { AWS_USE_FIPS_ENDPOINT: "false" } });
  assertEquals(resolvePlans({ ...config, environment }, ["fips"]).problems, []);
});

test("a byte that is not UTF-8 harms the value that it is in", async () => {
  const text =
    `[profile a]\n# m\ufffdller\noutput = \ufffd\nregion = \ufffd\nrole_arn = ${roleArn("A")}\n` +
    `source_profile = user\n[profile b]\nrole_arn = ${
      roleArn("B")
    }\nsource_profile = user\nregion = \0\n`;
  const config = await configOf({ config: text, credentials: `[user]\n${keys}` });
  const { problems } = resolvePlans(config, ["a", "b"]);
  assertEquals(problems.map(({ message }) => message.replace(/^.*": /, "")), [
    `region of profile "a" at "${configPath}", line 4 holds a byte that is not UTF-8`,
    `region of profile "b" at "${configPath}", line 10 holds a byte that is not UTF-8`,
  ]);
  assertEquals(resolvePlans(config, ["a", "b"], { region: "eu-west-1" }).problems, []);
  await assertRejects(() => configOf({ credentials: "[\0a\0]\0" }), ConfigError, "UTF-16");
});

test("a key in another tool's words is told with the one that is meant", () => {
  const meant = {
    ...{ mfa_arn: "mfa_serial", "mfa-device": "mfa_serial", profile: "source_profile" },
    ...{ aws_secret_key: "aws_secret_access_key", accesskeyid: "aws_access_key_id" },
    ...{ duration: "duration_seconds", aws_region: "region", sessiontoken: "aws_session_token" },
  };
  for (const [key, nearest] of Object.entries(meant)) {
    assertEquals(unknownKey(key), { nearest, matters: true });
  }
});

test("a row of 10,000 profiles that include each other has its error, in time", async () => {
  const config = Array.from(
    { length: 10_000 },
    (_, index) => `[profile p${index}]\ninclude_profile = p${index + 1}\n`,
  ).join("");
  const { profiles } = await configOf({ config: `${config}[profile p10000]\nregion = x\n` });
  const [problem] = profiles.get("p0")?.problems ?? [];
  assertEquals(problem?.message, 'profile "p0" includes more than 100 others in a row');
  assertEquals(profiles.get("p9990")?.region, "x");
});

test("a value in quotes, and a region that is none, are told with their line", async () => {
  const { profiles } = await configOf({
    config: `[profile a]\nrole_arn = "${
      roleArn("A")
    }"\nduration_seconds = '3600'\nregion = eu_west/1\n`,
  });
  assertEquals(profiles.get("a")?.problems.map(({ message }) => message), [
    `role_arn of profile "a" at "${configPath}", line 2 stands in quotes, which would be part of it`,
    `duration_seconds of profile "a" at "${configPath}", line 3 stands in quotes, which would be part of it`,
    `region of profile "a" at "${configPath}", line 4 is "eu_west/1", wanted letters, digits and hyphens, such as "eu-west-1"`,
  ]);
});

test("a hundred profiles in a row can be included, and each gives what those before it lack", async () => {
  const rows = (count: number) =>
    Array.from(
      { length: count },
      (_, index) => `[profile p${index}]\ninclude_profile = p${index + 1}\n`,
    ).join("") +
    `[profile p${count}]\nregion = eu-west-1\n`;
  for (const [count, works] of [[100, true], [101, false]] as const) {
    const { profiles } = await configOf({ config: rows(count) });
    const { region, problems = [] } = profiles.get("p0") ?? {};
    assertEquals([region, problems.length], works ? ["eu-west-1", 0] : [undefined, 1], `${count}`);
  }
});

test("what is included is everything but keys, and only where it is not set", async () => {
  const settings = {
    "role_arn": roleArn("A"),
    "mfa_serial": serialOf("kim"),
    "external_id": "outer",
    "duration_seconds": "1800",
    "role_session_name": "name",
    "region": "eu-west-1",
    "endpoint_url": "https://x.example",
    "sts_regional_endpoints": "legacy",
    "ca_bundle": "/ca.pem",
    "web_identity_token_file": "/token",
    "credential_process": "/bin/keys",
    "mfa_process": "oathtool",
    "sso_session": "corp",
    "sso_start_url": "https://corp.awsapps.com/start",
    "sso_region": "us-east-1",
    "sso_account_id": "123456789012",
    "sso_role_name": "Dev",
    "source_profile": "base",
  };
  const others = { "output": "json", "login_session": "arn:x", "share_aws_cache": "true" };
  const text = (values: Record<string, string>) =>
    Object.entries(values).map(([name, value]) => `${name} = ${value}\n`).join("");
  const config = `[profile inner]\n${keys}${text({ ...settings, ...others })}` +
    "[profile outer]\ninclude_profile = inner\nexternal_id = own\nregion =\n" +
    "[profile environment]\ninclude_profile = inner\ncredential_source = Environment\n";
  const { profiles } = await configOf({ config });
  const outer = profiles.get("outer");
  assertEquals([outer?.externalId, outer?.accessKeyId, outer?.loginSession, outer?.shareAwsCache], [
    ...["own", undefined, undefined, undefined],
  ]);
  const inner = profiles.get("inner");
  const inherited = [
    ...["roleArn", "mfaSerial", "durationSeconds", "roleSessionName", "region", "endpointUrl"],
    ...["stsRegionalEndpoints", "caBundle", "webIdentityTokenFile", "credentialProcess"],
    ...["mfaProcess", "ssoSession", "ssoStartUrl", "ssoRegion", "ssoAccountId", "ssoRoleName"],
    ...["sourceProfile"],
  ] as const;
  for (const field of inherited as readonly (keyof NonNullable<typeof inner>)[]) {
    assert(inner?.[field] !== undefined, field);
    assertEquals(outer?.[field], inner[field], field);
  }
  assertEquals(profiles.get("environment")?.sourceProfile, undefined);
});

test("an include that leads nowhere names what may be meant, and a circle says so", async () => {
  const { profiles } = await configOf({
    config: "[profile base]\nregion = eu-west-1\n[profile a]\ninclude_profile = bas\n" +
      "[profile b]\ninclude_profile = nothing-like-it\n[profile c]\ninclude_profile = d\n" +
      "[profile d]\ninclude_profile = c\n",
  });
  const of = (name: string) =>
    profiles.get(name)?.problems.map(({ message }) => message.replace(/ at .* is /, " is "));
  assertEquals(of("a"), [
    'include_profile of profile "a" is "bas", which does not exist; did you mean "base"?',
  ]);
  assertEquals(of("b"), [
    'include_profile of profile "b" is "nothing-like-it", which does not exist',
  ]);
  assertEquals(of("c"), ['include_profile of profile "d" is "c", which includes it in turn']);
});
